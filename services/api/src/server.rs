//! The accept loop: TCP connections in, one service call per request.
//!
//! Our own loop, because `warp::serve` has no header timeout, no cap on connections and no
//! deadline for a graceful stop.

use std::convert::Infallible;
use std::error::Error as StdError;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use hyper::body::{Body, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tower::{Service, ServiceExt as _};

use settings::Network;

use crate::client;

/// What the loop grants its clients.
#[derive(Clone, Debug)]
pub(crate) struct Limits {
    /// Proxies whose `X-Forwarded-For` is believed.
    pub(crate) trusted_proxies: Arc<[Network]>,
    /// Connections served at once; further ones wait in the kernel's backlog.
    pub(crate) max_connections: usize,
    /// Longest wait for a complete request head, also on an idle connection.
    pub(crate) header_read_timeout: Duration,
    /// Longest a request that is being served may hold up the stop.
    pub(crate) grace: Duration,
}

/// Largest request head, in bytes.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// Pause after a failed accept: the usual cause is a lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `listener` until `shutdown`, then lets running requests finish within the grace period.
pub(crate) async fn run<S, B>(
    listener: TcpListener,
    service: S,
    limits: Limits,
    shutdown: CancellationToken,
) where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible>
        + Clone
        + Send
        + 'static,
    S::Future: Send,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    let slots = Arc::new(Semaphore::new(limits.max_connections));
    let builder = builder(limits.header_read_timeout);
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        let (stream, peer, slot) = tokio::select! {
            biased;
            () = shutdown.cancelled() => break,
            Some(_) = connections.join_next(), if !connections.is_empty() => continue,
            accepted = accept(&listener, &slots) => accepted,
        };
        let service = TowerToHyperService::new(with_client(
            service.clone(),
            peer,
            Arc::clone(&limits.trusted_proxies),
        ));
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        let connection = graceful.watch(connection);
        connections.spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, %peer, "connection closed early");
            }
            drop(slot);
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.grace, graceful.shutdown()).await.is_err() {
        tracing::warn!(left = connections.len(), "requests were cut off by the stop");
    }
}

/// HTTP/1 only: the reverse proxy in front speaks HTTP/2 and TLS with the world, and without the
/// protocol guess the header timeout starts with the first byte awaited.
fn builder(header_read_timeout: Duration) -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(header_read_timeout)
        .max_buf_size(MAX_HEAD_BYTES)
        .pipeline_flush(true);
    builder
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    let slot = Arc::clone(slots).acquire_owned().await.expect("the semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, %peer, "TCP_NODELAY was refused");
                }
                return (stream, peer, slot);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// `service` for the requests of one connection, each marked with its client.
fn with_client<S, B>(
    service: S,
    peer: SocketAddr,
    trusted: Arc<[Network]>,
) -> impl Service<Request<Incoming>, Response = Response<B>, Error = Infallible, Future = S::Future>
+ Clone
where
    S: Service<Request<Incoming>, Response = Response<B>, Error = Infallible> + Clone,
{
    service.map_request(move |mut request: Request<Incoming>| {
        let client = client::resolve(peer, request.headers(), &trusted);
        request.extensions_mut().insert(client);
        request
    })
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::task::JoinHandle;
    use warp::Filter as _;

    use super::*;

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
        let service = crate::layers::wrap(routes.boxed(), Duration::from_secs(10));
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
        let head =
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
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
        let head =
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut interim = [0; 25];
        stream.read_exact(&mut interim).await.unwrap();
        server.shutdown.cancel();
        server.running.await.unwrap();
    }
}
