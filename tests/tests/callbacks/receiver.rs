//! Somebody who waits for callbacks, and answers as the test says.

use std::collections::VecDeque;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use sha2::{Digest, Sha256};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What came in.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    /// The first line and the headers, names in small letters.
    pub(crate) head: Vec<String>,
    pub(crate) body: Vec<u8>,
}

/// What it answers.
#[derive(Clone, Debug)]
pub(crate) enum Answer {
    Status(u16),
    /// 302, to this address.
    Redirect(String),
    /// 200, and a body that never ends.
    Flood,
    /// Nothing, until the other side gives up.
    Silence,
}

pub(crate) struct Receiver {
    port: u16,
    received: Arc<Mutex<Vec<Received>>>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// Gives these answers in turn; the last one stays.
    pub(crate) async fn start(answers: impl IntoIterator<Item = Answer>) -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let received = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&received);
        let mut answers: VecDeque<Answer> = answers.into_iter().collect();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let answer = answers.front().cloned().unwrap();
                if answers.len() > 1 {
                    answers.pop_front();
                }
                // Whoever sends may leave before the answer has ended.
                drop(serve(stream, &keep, answer).await);
            }
        });
        Receiver { port, received, task }
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Ends it: from then on nobody listens at its port.
    pub(crate) async fn leave(mut self) {
        self.task.abort();
        drop((&mut self.task).await);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        let start = format!("{name}: ");
        let found = self.head.iter().find_map(|line| line.strip_prefix(&start));
        found.unwrap_or_else(|| panic!("no {name} in {:?}", self.head))
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The signature as any receiver computes it, from what came in.
    pub(crate) fn signature(&self, secret: &[u8]) -> Vec<u8> {
        let (id, timestamp) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        let signed = [format!("{id}.{timestamp}.").as_bytes(), &self.body].concat();
        hmac(secret, &signed)
    }
}

/// RFC 2104 with SHA-256, for keys of at most 64 bytes.
fn hmac(key: &[u8], message: &[u8]) -> Vec<u8> {
    let mut block = [0; 64];
    block[..key.len()].copy_from_slice(key);
    let padded = |pad: u8| block.map(|byte| byte ^ pad);
    let inner = Sha256::new().chain_update(padded(0x36)).chain_update(message).finalize();
    Sha256::new().chain_update(padded(0x5c)).chain_update(inner).finalize().to_vec()
}

async fn serve(
    stream: TcpStream,
    received: &Mutex<Vec<Received>>,
    answer: Answer,
) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    let request = read(&mut stream).await?;
    received.lock().unwrap_or_else(PoisonError::into_inner).push(request);
    let head = match &answer {
        Answer::Status(status) => format!("HTTP/1.1 {status} As Told\r\ncontent-length: 0\r\n\r\n"),
        Answer::Redirect(to) => {
            format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n")
        }
        Answer::Flood => "HTTP/1.1 200 OK\r\ncontent-length: 9999999999\r\n\r\n".to_owned(),
        Answer::Silence => {
            let mut rest = Vec::new();
            stream.read_to_end(&mut rest).await?;
            return Ok(());
        }
    };
    stream.write_all(head.as_bytes()).await?;
    if matches!(answer, Answer::Flood) {
        loop {
            stream.write_all(&[b'x'; 4096]).await?;
        }
    }
    stream.shutdown().await
}

async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Received> {
    let mut head = Vec::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        match line.split_once(": ") {
            Some((name, value)) => head.push(format!("{}: {value}", name.to_ascii_lowercase())),
            None => head.push(line.to_owned()),
        }
    }
    let mut received = Received { head, body: Vec::new() };
    received.body.resize(received.header("content-length").parse().unwrap(), 0);
    stream.read_exact(&mut received.body).await?;
    Ok(received)
}
