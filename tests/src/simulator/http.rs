//! Just enough HTTP/1.1 to be a server that misbehaves on purpose.

use std::io;

use bytes::{Buf as _, Bytes};
use reqwest::Url;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;

use super::world::World;

const MAX_HEAD_BYTES: usize = 16 << 10;
const MAX_BODY_BYTES: usize = 64 << 10;

/// A request, read whole.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    /// Path and query, for reading only: the host is not the real one.
    pub(super) url: Url,
    /// Names in lower case.
    headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

/// An answer, and how it goes wrong.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: u16,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: Bytes,
    pub(super) ending: Ending,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    Whole,
    /// Half of the body, then the end of the connection.
    Cut,
    /// The head and half of the body, then silence.
    Silence,
    /// No answer at all: the connection is reset.
    Reset,
}

impl Request {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(found, _)| found == name);
        found.map(|(_, value)| value.as_str())
    }

    /// A parameter of the query.
    pub(super) fn parameter(&self, name: &str) -> Option<String> {
        let found = self.url.query_pairs().find(|(found, _)| found == name);
        found.map(|(_, value)| value.into_owned())
    }

    /// What follows `prefix` in the path, decoded.
    pub(super) fn path_after(&self, prefix: &str) -> Option<String> {
        let rest = self.url.path().strip_prefix(prefix)?;
        // In a query everything that is escaped in a path is escaped as well.
        let decoded = Url::parse(&format!("http://simulator/?rest={rest}")).ok()?;
        decoded.query_pairs().next().map(|(_, value)| value.into_owned())
    }

    fn wants_close(&self) -> bool {
        self.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"))
    }
}

impl Reply {
    pub(super) fn json(status: u16, body: impl Into<Bytes>) -> Reply {
        Reply::of("application/json", status, body)
    }

    pub(super) fn of(content_type: &str, status: u16, body: impl Into<Bytes>) -> Reply {
        let headers = vec![("content-type", content_type.to_owned())];
        Reply { status, headers, body: body.into(), ending: Ending::Whole }
    }

    pub(super) fn empty(status: u16) -> Reply {
        Reply { status, headers: Vec::new(), body: Bytes::new(), ending: Ending::Whole }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Reply {
        self.headers.retain(|(found, _)| *found != name);
        self.headers.push((name, value.into()));
        self
    }

    pub(super) fn ending(self, ending: Ending) -> Reply {
        Reply { ending, ..self }
    }
}

/// Answers the requests of one connection until either side ends it.
pub(super) async fn serve(stream: TcpStream, world: &World) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufReader::new(stream);
    while let Some(request) = read(&mut stream).await? {
        let reply = world.answer(&request).await;
        let is_over = reply.ending != Ending::Whole || request.wants_close();
        write(&mut stream, reply).await?;
        if is_over {
            break;
        }
    }
    Ok(())
}

async fn read(stream: &mut BufReader<TcpStream>) -> io::Result<Option<Request>> {
    let mut lines = Vec::new();
    let mut n_bytes = 0;
    loop {
        let mut line = String::new();
        let n_read = stream.read_line(&mut line).await?;
        n_bytes += n_read;
        if n_read == 0 || n_bytes > MAX_HEAD_BYTES {
            return Ok(None);
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        lines.push(line.to_owned());
    }
    let Some(mut request) = head(&lines) else {
        return Err(io::Error::other("this is not HTTP"));
    };
    let length = request.header("content-length").and_then(|value| value.parse().ok()).unwrap_or(0);
    if length > MAX_BODY_BYTES {
        return Err(io::Error::other("the request is too long"));
    }
    request.body.resize(length, 0);
    stream.read_exact(&mut request.body).await?;
    Ok(Some(request))
}

fn head(lines: &[String]) -> Option<Request> {
    let (first, rest) = lines.split_first()?;
    let mut words = first.split(' ');
    let method = words.next()?.to_owned();
    let url = Url::parse(&format!("http://simulator{}", words.next()?)).ok()?;
    let pairs = rest.iter().filter_map(|line| line.split_once(':'));
    let headers =
        pairs.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect();
    Some(Request { method, url, headers, body: Vec::new() })
}

async fn write(stream: &mut BufReader<TcpStream>, reply: Reply) -> io::Result<()> {
    let stream = stream.get_mut();
    if reply.ending == Ending::Reset {
        // With nothing left to send for, closing becomes a reset.
        return stream.set_zero_linger();
    }
    let n_sent = match reply.ending {
        Ending::Whole => reply.body.len(),
        _ => reply.body.len() / 2,
    };
    let mut message = Bytes::from(head_of(&reply)).chain(reply.body.slice(..n_sent));
    stream.write_all_buf(&mut message).await?;
    if reply.ending == Ending::Silence {
        // Until the client gives up: this is the end of its patience, not of ours.
        let mut ignored = [0; 1];
        while stream.read(&mut ignored).await? > 0 {}
    }
    Ok(())
}

fn head_of(reply: &Reply) -> String {
    let mut head = format!("HTTP/1.1 {} {}\r\n", reply.status, words(reply.status));
    for (name, value) in &reply.headers {
        head.extend([*name, ": ", value, "\r\n"]);
    }
    if reply.status != 204 {
        head.extend(["content-length: ", &reply.body.len().to_string(), "\r\n"]);
    }
    head.push_str("\r\n");
    head
}

fn words(status: u16) -> &'static str {
    match status {
        200 => "OK",
        204 => "No Content",
        302 => "Found",
        400 => "Bad Request",
        401 => "Unauthorized",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        409 => "Conflict",
        429 => "Too Many Requests",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "Status",
    }
}
