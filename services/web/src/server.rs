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
use crate::origin::ByProxy;

/// What the loop grants its clients.
#[derive(Clone, Debug)]
pub struct Limits {
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[Network]>,
    /// Connections served at once; further ones wait in the kernel's backlog.
    pub max_connections: usize,
    /// Longest wait for a complete request head, also on an idle connection.
    pub header_read_timeout: Duration,
    /// Longest a request that is being served may hold up the stop.
    pub grace: Duration,
}

/// Largest request head, in bytes.
const MAX_HEAD_BYTES: usize = 64 * 1024;
/// Pause after a failed accept: the usual cause is a lack of file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves `listener` until `shutdown`, then lets running requests finish within the grace period.
pub async fn run<S, B>(
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
        let is_trusted = |network: &Network| network.contains(peer.ip().to_canonical());
        let by_proxy = ByProxy(trusted.iter().any(is_trusted));
        request.extensions_mut().insert(client);
        request.extensions_mut().insert(by_proxy);
        request
    })
}
