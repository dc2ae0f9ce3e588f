//! A lean HTTP client: the load must not cost more than what it measures.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use futures::future::try_join_all;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::Result;
use super::roles::TOKEN;

/// One connection that is kept alive.
pub(super) struct Connection {
    stream: TcpStream,
    /// Filled up to `n_read`.
    buffer: Vec<u8>,
    n_read: usize,
}

/// What a load saw.
#[derive(Debug, Default)]
pub(super) struct Seen {
    pub(super) seconds: f64,
    /// One for each request.
    latencies: Vec<Duration>,
}

/// Largest answer that is expected.
const BUFFER_BYTES: usize = 16 * 1024;

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> Result<Connection> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, buffer: vec![0; BUFFER_BYTES], n_read: 0 })
    }

    /// Sends one request, reads its whole answer, and returns the status.
    pub(super) async fn send(&mut self, request: &[u8]) -> Result<u16> {
        self.stream.write_all(request).await?;
        self.n_read = 0;
        loop {
            if let Some(status) = complete(&self.buffer[..self.n_read]) {
                return Ok(status);
            }
            if self.n_read == self.buffer.len() {
                return Err("an answer is larger than expected".into());
            }
            match self.stream.read(&mut self.buffer[self.n_read..]).await? {
                0 => return Err("the API closed a connection".into()),
                n_bytes => self.n_read += n_bytes,
            }
        }
    }
}

/// The status, when all of an answer is here.
fn complete(answer: &[u8]) -> Option<u16> {
    let (mut head_end, mut length) = (0, 0);
    loop {
        let line_end = head_end + answer[head_end..].iter().position(|byte| *byte == b'\n')?;
        let line = answer[head_end..line_end].trim_ascii_end();
        head_end = line_end + 1;
        if line.is_empty() {
            break;
        }
        if let Some(value) = content_length(line) {
            length = value;
        }
    }
    let is_whole = answer.len() >= head_end + length;
    is_whole.then(|| std::str::from_utf8(answer.get(9..12)?).ok()?.parse().ok())?
}

fn content_length(line: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"content-length:";
    let (name, value) = line.split_at_checked(NAME.len())?;
    let is_it = name.eq_ignore_ascii_case(NAME);
    is_it.then(|| std::str::from_utf8(value.trim_ascii()).ok()?.parse().ok())?
}

impl Seen {
    /// What another load saw, at another time.
    pub(super) fn add(&mut self, other: Seen) {
        self.seconds += other.seconds;
        self.latencies.extend(other.latencies);
    }

    pub(super) fn n_requests(&self) -> usize {
        self.latencies.len()
    }

    pub(super) fn per_second(&self) -> f64 {
        count(self.latencies.len()) / self.seconds
    }

    /// The latency that `share` of the requests did not exceed, in milliseconds.
    pub(super) fn percentile_ms(&mut self, share: f64) -> f64 {
        self.latencies.sort_unstable();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of a length is an index"
        )]
        let index = (count(self.latencies.len()) * share) as usize;
        let last = self.latencies.len().saturating_sub(1);
        self.latencies.get(index.min(last)).map_or(0.0, |latency| latency.as_secs_f64() * 1e3)
    }
}

#[expect(clippy::cast_precision_loss, reason = "numbers of requests are small")]
fn count(n: usize) -> f64 {
    n as f64
}

/// A ping; each has a key of its own when `keyed`.
fn ping(number: usize, keyed: bool) -> String {
    let key = if keyed { format!("Idempotency-Key: bench-{number}\r\n") } else { String::new() };
    format!(
        "POST /internal/diagnostics/ping HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {TOKEN}\r\n\
         {key}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{{}}"
    )
}

async fn must_accept(connection: &mut Connection, number: usize, keyed: bool) -> Result<()> {
    match connection.send(ping(number, keyed).as_bytes()).await? {
        201 => Ok(()),
        status => Err(format!("a ping was answered with {status}").into()),
    }
}

/// Each of `n_connections` sends its next ping as soon as the last was answered.
pub(super) async fn closed_loop(
    address: SocketAddr,
    n_connections: usize,
    duration: Duration,
    keyed: bool,
) -> Result<Seen> {
    let started = Instant::now();
    let clients = (0..n_connections).map(move |client| {
        tokio::spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut latencies = Vec::new();
            let mut number = client;
            while started.elapsed() < duration {
                let sent = Instant::now();
                must_accept(&mut connection, number, keyed).await?;
                latencies.push(sent.elapsed());
                number += n_connections;
            }
            Result::Ok(latencies)
        })
    });
    seen(started, clients).await
}

/// Each of `n_connections` sends its next request as soon as the last was answered, in turn.
pub(super) async fn closed_gets(
    address: SocketAddr,
    n_connections: usize,
    duration: Duration,
    requests: &Arc<[Vec<u8>]>,
) -> Result<Seen> {
    let started = Instant::now();
    let requests = Arc::clone(requests);
    let clients = (0..n_connections).map(move |client| {
        let requests = Arc::clone(&requests);
        tokio::spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut latencies = Vec::new();
            for request in requests.iter().cycle().skip(client % requests.len()) {
                if started.elapsed() >= duration {
                    break;
                }
                let sent = Instant::now();
                match connection.send(request).await? {
                    200 => latencies.push(sent.elapsed()),
                    status => return Err(format!("a read was answered with {status}").into()),
                }
            }
            Result::Ok(latencies)
        })
    });
    seen(started, clients).await
}

/// The length of the body that answers a request.
pub(super) async fn answer_bytes(address: SocketAddr, request: &[u8]) -> Result<usize> {
    let mut connection = Connection::open(address).await?;
    match connection.send(request).await? {
        200 => {}
        status => return Err(format!("a read was answered with {status}").into()),
    }
    let answer = &connection.buffer[..connection.n_read];
    let head = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or_default();
    Ok(answer.len() - head - 4)
}

/// Pings at a steady rate, whether or not the answers keep up. Latencies count from the moment at
/// which a request was due.
pub(super) async fn open_loop(
    address: SocketAddr,
    n_connections: usize,
    per_second: u32,
    duration: Duration,
) -> Result<Seen> {
    let started = Instant::now();
    let between = Duration::from_secs(1) / per_second;
    let clients = (0..n_connections).map(move |client| {
        tokio::spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut latencies = Vec::new();
            for number in (client..).step_by(n_connections) {
                let due = between * u32::try_from(number)?;
                if due >= duration {
                    break;
                }
                tokio::time::sleep_until((started + due).into()).await;
                must_accept(&mut connection, number, false).await?;
                latencies.push(started.elapsed().saturating_sub(due));
            }
            Result::Ok(latencies)
        })
    });
    seen(started, clients).await
}

type Client = tokio::task::JoinHandle<Result<Vec<Duration>>>;

/// Lets all clients run, on one thread: of several, each answer would wake one, and the load would
/// take turns on the processors with what it measures.
async fn seen(
    started: Instant,
    clients: impl Iterator<Item = Client> + Send + 'static,
) -> Result<Seen> {
    let run = move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        runtime.block_on(async {
            let ended = try_join_all(clients.collect::<Vec<_>>()).await?;
            let latencies = ended.into_iter().collect::<Result<Vec<_>>>()?;
            Ok(Seen { seconds: started.elapsed().as_secs_f64(), latencies: latencies.concat() })
        })
    };
    tokio::task::spawn_blocking(run).await?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_complete_with_its_body() {
        let answer = b"HTTP/1.1 201 Created\r\nContent-Length: 4\r\n\r\nbody";
        assert_eq!(complete(answer), Some(201));
        assert_eq!(complete(&answer[..answer.len() - 1]), None);
        assert_eq!(complete(&answer[..20]), None);
        assert_eq!(complete(b"HTTP/1.1 204 No Content\r\n\r\n"), Some(204));
    }

    #[test]
    fn percentiles_are_of_what_was_seen() {
        let latencies = (1..=100).rev().map(Duration::from_millis).collect();
        let mut seen = Seen { seconds: 2.0, latencies };
        assert!((seen.percentile_ms(0.5) - 51.0).abs() < 1e-9);
        assert!((seen.percentile_ms(1.0) - 100.0).abs() < 1e-9);
        assert!((seen.per_second() - 50.0).abs() < 1e-9);
    }
}
