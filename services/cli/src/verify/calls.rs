//! Calls of the API, each with a transcript, and waiting for what they order.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};

/// Longest a call may take.
const TIMEOUT: Duration = Duration::from_secs(70);
/// Longest a command may take from its acceptance to its end: a large tenant is ingested meanwhile.
const PATIENCE: Duration = Duration::from_mins(10);
/// A command that nobody has begun by then will not be.
const BEGUN: Duration = Duration::from_mins(1);
/// Pause between two looks at a command.
const POLL: Duration = Duration::from_millis(200);
/// Longer bodies are cut in the transcript.
const SHOWN_BYTES: usize = 4_000;

/// A client of the API that keeps what was said.
pub(super) struct Calls {
    http: reqwest::Client,
    base: String,
}

/// What a call brought.
#[derive(Clone, Debug)]
pub(super) struct Answer {
    /// Zero when there was none.
    pub(super) status: u16,
    pub(super) body: String,
    pub(super) json: Value,
    /// The request and the answer, as people read them.
    pub(super) transcript: String,
}

impl Answer {
    /// 200 or 201.
    pub(super) fn is_well(&self) -> bool {
        matches!(self.status, 200 | 201)
    }

    /// The answer in a few words.
    pub(super) fn brief(&self) -> String {
        let detail = self.json["detail"].as_str().map(|detail| format!(": {detail}"));
        match self.status {
            0 => self.body.clone(),
            status => format!("{status}{}", detail.unwrap_or_default()),
        }
    }
}

impl Calls {
    pub(super) fn new(base: &str) -> anyhow::Result<Calls> {
        let http = reqwest::Client::builder().timeout(TIMEOUT).build()?;
        Ok(Calls { http, base: base.trim_end_matches('/').to_owned() })
    }

    pub(super) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// A request; nothing is sent yet.
    pub(super) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path))
    }

    /// Waits for the end of what `ordered` has answered: the command's row, or why there is none.
    pub(super) async fn end(&self, ordered: &Answer, token: &str) -> Result<Value, String> {
        let Some(path) = ordered.json["status_url"].as_str() else {
            return Err(format!("no command was accepted: {}", ordered.brief()));
        };
        let started = Instant::now();
        loop {
            let found = send(self.request(Method::GET, path).bearer_auth(token)).await;
            let status = found.json["status"].as_str().unwrap_or_default().to_owned();
            if ["succeeded", "dead", "cancelled"].contains(&status.as_str()) {
                return Ok(found.json);
            }
            if !found.is_well() {
                return Err(format!("the command cannot be read: {}", found.brief()));
            }
            if status == "queued" && started.elapsed() > BEGUN {
                return Err("accepted, but no worker has begun it within a minute".to_owned());
            }
            if started.elapsed() > PATIENCE {
                return Err(format!("still {status} after ten minutes"));
            }
            tokio::time::sleep(POLL).await;
        }
    }
}

/// Sends a request and reads the answer, whatever it is.
pub(super) async fn send(request: RequestBuilder) -> Answer {
    let about = request.try_clone().and_then(|request| request.build().ok());
    let about = about.map(|request| format!("{} {}", request.method(), request.url()));
    let mut transcript = format!("> {}\n", about.unwrap_or_default());
    match request.send().await {
        Ok(response) => {
            let status = response.status();
            _ = writeln!(transcript, "< {status}");
            for (name, value) in response.headers() {
                if ["location", "www-authenticate", "content-type"].contains(&name.as_str()) {
                    _ = writeln!(transcript, "< {name}: {}", value.to_str().unwrap_or("?"));
                }
            }
            let body = response.text().await.unwrap_or_default();
            let shown: String = body.chars().take(SHOWN_BYTES).collect();
            _ = writeln!(transcript, "{shown}\n");
            let json = serde_json::from_str(&body).unwrap_or(Value::Null);
            Answer { status: status.as_u16(), body, json, transcript }
        }
        Err(error) => {
            let why = if error.is_timeout() { "no answer in time" } else { "no answer" };
            _ = writeln!(transcript, "< {why}\n");
            Answer { status: 0, body: why.to_owned(), json: json!(null), transcript }
        }
    }
}
