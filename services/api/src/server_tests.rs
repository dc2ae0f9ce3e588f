//! The accept loop of `web` with the routes and layers of the API around it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use warp::Filter as _;
use web::{Limits, run};

use crate::cors::Cors;

struct Server {
    address: SocketAddr,
    shutdown: CancellationToken,
    running: JoinHandle<()>,
}

/// A server whose only route reads a body and says how long it was.
async fn start(limits: impl FnOnce(&mut Limits)) -> Server {
    let mut chosen = Limits {
        trusted_proxies: Arc::default(),
        max_connections: 16,
        header_read_timeout: Duration::from_secs(10),
        grace: Duration::from_secs(10),
    };
    limits(&mut chosen);
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let shutdown = CancellationToken::new();
    let routes = warp::header::headers_cloned().and(warp::body::stream()).then(
        |headers, stream| async move {
            match crate::body::fields(&headers, crate::body::unread(stream)).await {
                Ok(fields) => crate::reply::ok(&fields),
                Err(problem) => problem.into_response(),
            }
        },
    );
    let service = crate::layers::wrap(routes.boxed(), Cors::default(), Duration::from_secs(10));
    let running = tokio::spawn(run(listener, service, chosen, shutdown.clone()));
    Server { address, shutdown, running }
}

impl Server {
    /// Sends `text` and reads until the server closes.
    async fn tell(&self, text: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

#[tokio::test]
async fn a_slow_head_is_closed() {
    let server = start(|limits| limits.header_read_timeout = Duration::from_millis(50)).await;
    let answer = server.tell("POST / HTTP/1.1\r\nHost: x\r\n").await;
    assert!(!answer.contains("200"), "{answer}");
    assert_eq!(server.tell("").await, "", "silence is a slow head too");
}

#[tokio::test]
async fn a_chunked_body_is_read_up_to_the_limit() {
    let server = start(|_| ()).await;
    let head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    let small = server.tell(&format!("{head}2\r\n{{}}\r\n0\r\n\r\n")).await;
    assert!(small.starts_with("HTTP/1.1 200"), "{small}");
    let chunk = format!("{:x}\r\n{}\r\n", 64 * 1024, " ".repeat(64 * 1024));
    let large = server.tell(&format!("{head}{}0\r\n\r\n", chunk.repeat(5))).await;
    assert!(large.starts_with("HTTP/1.1 413"), "{large}");
    assert!(large.contains("application/problem+json"), "{large}");
}

#[tokio::test]
async fn a_body_that_announces_too_much_is_refused_with_a_reason() {
    let server = start(|_| ()).await;
    let body = " ".repeat(17 * 1024 * 1024);
    let head = format!(
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let answer = server.tell(&format!("{head}{body}")).await;
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.contains("262144 bytes"), "{answer}");
}

#[tokio::test]
async fn more_connections_than_allowed_wait_for_their_turn() {
    let server = start(|limits| limits.max_connections = 1).await;
    let first = TcpStream::connect(server.address).await.unwrap();
    let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let second = server.tell(request);
    tokio::pin!(second);
    let early = tokio::time::timeout(Duration::from_millis(50), &mut second).await;
    assert!(early.is_err(), "the only slot is taken");
    drop(first);
    assert!(second.await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_stop_lets_a_running_request_finish() {
    let server = start(|_| ()).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    // The server asks for the body: the request is running.
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).await.unwrap();
    server.shutdown.cancel();
    stream.write_all(b"{}").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    server.running.await.unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn a_stop_cuts_off_what_outlives_the_grace_period() {
    let server = start(|limits| limits.grace = Duration::from_millis(50)).await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).await.unwrap();
    server.shutdown.cancel();
    server.running.await.unwrap();
}
