//! A collector of traces: takes OTLP over HTTP, and keeps what it was sent.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// A running collector.
pub(crate) struct Collector {
    url: String,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    requests: Vec<Value>,
    authorization: String,
}

impl Collector {
    pub(crate) async fn start() -> Collector {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let taken = Arc::new(Mutex::new(Taken::default()));
        let keep = Arc::clone(&taken);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&keep)));
            }
        });
        Collector { url, taken }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    pub(crate) fn authorization(&self) -> String {
        self.taken.lock().unwrap().authorization.clone()
    }

    /// Who sent spans.
    pub(crate) fn services(&self) -> BTreeSet<String> {
        let taken = self.taken.lock().unwrap();
        let resources = taken.requests.iter().map(|it| &it["resourceSpans"][0]["resource"]);
        resources
            .map(|resource| attribute(resource, "service.name").as_str().unwrap().to_owned())
            .collect()
    }

    /// All spans of a trace.
    pub(crate) fn trace(&self, trace_id: &str) -> Trace {
        let taken = self.taken.lock().unwrap();
        let spans = taken
            .requests
            .iter()
            .flat_map(|it| it["resourceSpans"][0]["scopeSpans"][0]["spans"].as_array().unwrap());
        Trace(spans.filter(|span| span["traceId"] == trace_id).cloned().collect())
    }
}

/// The spans of one trace.
pub(crate) struct Trace(Vec<Value>);

impl Trace {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn all(&self, name: &str) -> Vec<&Value> {
        self.0.iter().filter(|span| span["name"] == name).collect()
    }

    pub(crate) fn one(&self, name: &str) -> &Value {
        let found = self.all(name);
        let names: Vec<_> = self.0.iter().map(|span| &span["name"]).collect();
        assert_eq!(found.len(), 1, "{name} among {names:?}");
        found[0]
    }

    pub(crate) fn of_database(&self) -> Vec<&Value> {
        let is_of_database = |span: &&Value| attribute(span, "db.system.name") == "postgresql";
        self.0.iter().filter(is_of_database).collect()
    }

    /// Whether the way up from `span` passes `above`.
    pub(crate) fn is_below(&self, span: &Value, above: &Value) -> bool {
        let mut span = span;
        loop {
            if span["parentSpanId"] == above["spanId"] {
                return true;
            }
            let parent = self.0.iter().find(|other| other["spanId"] == span["parentSpanId"]);
            let Some(parent) = parent else { return false };
            span = parent;
        }
    }
}

/// The value of an attribute, whatever its kind.
pub(crate) fn attribute(of: &Value, name: &str) -> Value {
    let attributes = of["attributes"].as_array().unwrap();
    let found = attributes.iter().find(|attribute| attribute["key"] == name);
    let values = found.and_then(|attribute| attribute["value"].as_object());
    values.and_then(|values| values.values().next()).cloned().unwrap_or(Value::Null)
}

async fn serve(stream: TcpStream, taken: Arc<Mutex<Taken>>) {
    let mut stream = BufReader::new(stream);
    loop {
        let (mut length, mut first) = (0, String::new());
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
                return;
            }
            if first.is_empty() {
                first.clone_from(&line);
            }
            let (name, value) = line.split_once(':').unwrap_or((line.trim(), ""));
            match name.to_ascii_lowercase().as_str() {
                "" => break,
                "content-length" => length = value.trim().parse().unwrap(),
                "authorization" => {
                    value.trim().clone_into(&mut taken.lock().unwrap().authorization);
                }
                _ => {}
            }
        }
        assert!(first.starts_with("POST /v1/traces "), "{first}");
        let mut body = vec![0; length];
        stream.read_exact(&mut body).await.unwrap();
        taken.lock().unwrap().requests.push(serde_json::from_slice(&body).unwrap());
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        stream.write_all(answer).await.unwrap();
    }
}
