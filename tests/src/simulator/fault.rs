//! Ways to go wrong, ordered by tests or by hand.

use std::io::Write as _;
use std::str::FromStr;
use std::sync::LazyLock;
use std::time::Duration;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;

use super::http::{Ending, Reply};
use super::ledger::Endpoint;
use super::notice;

/// How one answer goes wrong. The request has arrived, so it counts all the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// `500`, `503`, `400`…: that status, with an error in eBay's words.
    Status(u16),
    /// `429` or `429+30`: as if the limit were reached, maybe with a `Retry-After` in seconds.
    Limit { retry_after_s: Option<u64> },
    /// `503+30`: eBay wants to be left alone for so many seconds.
    Busy { retry_after_s: u64 },
    /// `delay+250`: the right answer, that many milliseconds later.
    Delay(Duration),
    /// `hang`: half of the answer, then silence until the client gives up.
    Hang,
    /// `cut`: half of the answer, then the end of the connection.
    Cut,
    /// `reset`: no answer, a reset connection.
    Reset,
    /// `truncated`: a whole answer over HTTP whose JSON ends in the middle.
    Truncated,
    /// `wrong-type`: an answer whose total is text.
    WrongType,
    /// `html`: a page in place of JSON, with status 200.
    Html,
    /// `gzip-bomb`: a small body that unfolds to 16 MiB.
    GzipBomb,
    /// `unreadable`: the right answer, but for the price of its first listing.
    Unreadable,
    /// `warnings`: the right answer, with a warning that a filter was ignored.
    Warnings,
    /// `errors`: status 200 with nothing but errors.
    Errors,
    /// `redirect`: to another place on this server.
    Redirect,
}

/// A fault for the next requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Injection {
    /// Every endpoint when it is not named.
    pub endpoint: Option<Endpoint>,
    pub fault: Fault,
    pub times: u32,
}

/// What is to go wrong, in the order in which it was told.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Injection>);

impl Faults {
    pub(super) fn push(&mut self, injection: Injection) {
        self.0.push(injection);
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// Takes the fault of the request that has just arrived.
    pub(super) fn take(&mut self, endpoint: Endpoint) -> Option<Fault> {
        self.0.retain(|injection| injection.times > 0);
        let matches = |it: &&mut Injection| it.endpoint.is_none_or(|wanted| wanted == endpoint);
        let injection = self.0.iter_mut().find(matches)?;
        injection.times -= 1;
        Some(injection.fault.clone())
    }
}

impl Fault {
    /// An answer that needs no right one.
    pub(super) fn reply(&self) -> Option<Reply> {
        Some(match self {
            Fault::Status(status) => status_reply(*status),
            Fault::Limit { retry_after_s: None } => notice::limit_reached(),
            Fault::Limit { retry_after_s: Some(seconds) } => {
                notice::limit_reached().with("retry-after", seconds.to_string())
            }
            Fault::Busy { retry_after_s } => {
                status_reply(503).with("retry-after", retry_after_s.to_string())
            }
            Fault::Reset => Reply::empty(200).ending(Ending::Reset),
            Fault::Html => Reply::of("text/html", 200, "<html><body>Maintenance</body></html>"),
            Fault::GzipBomb => Reply::json(200, GZIP_BOMB.clone()).with("content-encoding", "gzip"),
            Fault::Errors => Reply::json(200, notice::envelope("errors", &notice::IGNORED)),
            Fault::Redirect => Reply::empty(302).with("location", "/stats"),
            Fault::Delay(_)
            | Fault::Hang
            | Fault::Cut
            | Fault::Truncated
            | Fault::WrongType
            | Fault::Unreadable
            | Fault::Warnings => return None,
        })
    }

    /// Spoils the right answer.
    pub(super) fn spoil(&self, reply: Reply) -> Reply {
        match self {
            Fault::Hang => reply.ending(Ending::Silence),
            Fault::Cut => reply.ending(Ending::Cut),
            Fault::Truncated => {
                let body = reply.body.slice(..reply.body.len() / 2);
                Reply { body, ..reply }
            }
            Fault::WrongType => retyped(reply),
            Fault::Unreadable => {
                replaced(reply, "\"price\":{\"value\":\"", "\"price\":{\"value\":\"?")
            }
            Fault::Warnings => prefixed(reply),
            _ => reply,
        }
    }
}

fn status_reply(status: u16) -> Reply {
    match status {
        401 => notice::reply(401, &notice::INVALID_TOKEN),
        403 => notice::reply(403, &notice::FORBIDDEN),
        404 => notice::reply(404, &notice::NOT_FOUND),
        409 => notice::reply(409, &notice::NO_MARKETPLACE),
        400..500 => notice::reply(status, &notice::NO_QUERY),
        _ => notice::reply(status, &notice::INTERNAL),
    }
}

/// The first number of the answer becomes text.
fn retyped(reply: Reply) -> Reply {
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    // A colon behind a quote: others may be in an address.
    let is_number_before = |at: usize| {
        text[..at].ends_with('"') && text[at + 1..].starts_with(|it: char| it.is_ascii_digit())
    };
    let Some(colon) = text.match_indices(':').map(|(at, _)| at).find(|at| is_number_before(*at))
    else {
        return reply;
    };
    let digits = text[colon + 1..].chars().take_while(char::is_ascii_digit).count();
    let (before, rest) = text.split_at(colon + 1);
    let (number, after) = rest.split_at(digits);
    Reply { body: format!("{before}\"{number}\"{after}").into(), ..reply }
}

fn prefixed(reply: Reply) -> Reply {
    let warnings = format!("{{\"warnings\":[{}],", notice::entry(&notice::IGNORED));
    replaced(reply, "{", &warnings)
}

/// The first one.
fn replaced(reply: Reply, text: &str, by: &str) -> Reply {
    let body = String::from_utf8_lossy(&reply.body).replacen(text, by, 1);
    Reply { body: body.into(), ..reply }
}

static GZIP_BOMB: LazyLock<Bytes> = LazyLock::new(|| {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    let spaces = vec![b' '; 1 << 20];
    for _ in 0..16 {
        encoder.write_all(&spaces).unwrap();
    }
    encoder.finish().unwrap().into()
});

impl FromStr for Fault {
    type Err = String;

    fn from_str(text: &str) -> Result<Fault, String> {
        let (name, number) = match text.split_once('+') {
            Some((name, number)) => {
                let number = number.parse::<u64>();
                (name, Some(number.map_err(|_| format!("`{text}`: a number follows the plus"))?))
            }
            None => (text, None),
        };
        Ok(match (name, number) {
            ("429", retry_after_s) => Fault::Limit { retry_after_s },
            ("503", Some(retry_after_s)) => Fault::Busy { retry_after_s },
            ("delay", Some(milliseconds)) => Fault::Delay(Duration::from_millis(milliseconds)),
            ("hang", None) => Fault::Hang,
            ("cut", None) => Fault::Cut,
            ("reset", None) => Fault::Reset,
            ("truncated", None) => Fault::Truncated,
            ("wrong-type", None) => Fault::WrongType,
            ("html", None) => Fault::Html,
            ("gzip-bomb", None) => Fault::GzipBomb,
            ("unreadable", None) => Fault::Unreadable,
            ("warnings", None) => Fault::Warnings,
            ("errors", None) => Fault::Errors,
            ("redirect", None) => Fault::Redirect,
            (status, None) => match status.parse() {
                Ok(status @ 400..600) => Fault::Status(status),
                _ => return Err(format!("`{text}` is not a fault")),
            },
            _ => return Err(format!("`{text}` is not a fault")),
        })
    }
}

/// `search:500*3`, `429`, `item:delay+250`: endpoint and number may be left out.
impl FromStr for Injection {
    type Err = String;

    fn from_str(text: &str) -> Result<Injection, String> {
        let (endpoint, rest) = match text.split_once(':') {
            Some((endpoint, rest)) => (Some(endpoint.parse()?), rest),
            None => (None, text),
        };
        let (fault, times) = match rest.split_once('*') {
            Some((fault, times)) => {
                (fault, times.parse().map_err(|_| format!("`{text}`: how many times?"))?)
            }
            None => (rest, 1),
        };
        Ok(Injection { endpoint, fault: fault.parse()?, times })
    }
}
