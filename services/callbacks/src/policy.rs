//! Which addresses a client may name.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;
use settings::callbacks::{Host, Hosts};

use crate::address::{Reach, reach};

/// Longest address, in bytes.
const MAX_LENGTH: usize = 2048;

/// The hosts that callbacks may go to, as the operator lists them.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    hosts: Hosts,
}

/// How a listed host may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trust {
    /// By https, at public addresses.
    Public,
    /// By http too, at private addresses.
    Private,
}

/// An address that a callback may be sent to, as far as its text can tell.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    pub(crate) url: Url,
}

/// Why an address is refused, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    #[error(
        "must be an address such as https://hooks.example.com/done, at most {MAX_LENGTH} bytes"
    )]
    NotAnAddress,
    #[error(
        "must name its host plainly: no user, no escapes, an IP address in its usual form; here \
         it would mean `{meant}`"
    )]
    Disguised { meant: String },
    #[error(
        "`{0}` is not a host that callbacks may go to: the operator lists them in \
         CALLBACK_ALLOWED_HOSTS or CALLBACK_PRIVATE_HOSTS, with their port when it is not the usual one"
    )]
    NotListed(String),
    #[error("must begin with https://: only hosts of CALLBACK_PRIVATE_HOSTS are called by http")]
    NotEncrypted,
    #[error("{0}")]
    Address(#[from] Unreachable),
}

/// An IP address that a listed host may not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{host}` is at {address}, {what}")]
pub struct Unreachable {
    host: String,
    address: IpAddr,
    what: &'static str,
}

impl Policy {
    pub fn new(hosts: Hosts) -> Policy {
        Policy { hosts }
    }

    /// Judges the text of an address, without asking anybody where its host is: that is done when
    /// the connection is made, and for that very connection.
    ///
    /// # Errors
    /// [`Refused`] says what would be right.
    pub fn check(&self, text: &str) -> Result<Target, Refused> {
        let is_plain = |byte: u8| byte.is_ascii_graphic() && byte != b'\\';
        if text.len() > MAX_LENGTH || !text.bytes().all(is_plain) {
            return Err(Refused::NotAnAddress);
        }
        let url = Url::parse(text).map_err(|_| Refused::NotAnAddress)?;
        let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
            return Err(Refused::NotAnAddress);
        };
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Refused::NotAnAddress);
        }
        if !is_written_as(text, host, port, url.port().is_none()) {
            return Err(Refused::Disguised { meant: format!("{host}:{port}") });
        }
        let trust = self.listed(host, port, url.scheme());
        match trust.ok_or_else(|| Refused::NotListed(format!("{host}:{port}")))? {
            Trust::Public if url.scheme() == "http" => return Err(Refused::NotEncrypted),
            trust => {
                if let Ok(address) = bare(host).parse() {
                    allow(trust, host, address)?;
                }
            }
        }
        Ok(Target { url })
    }

    /// Judges an address that the name of a listed host leads to.
    ///
    /// # Errors
    /// [`Unreachable`] when a callback may not go there.
    pub(crate) fn allow(&self, host: &str, address: IpAddr) -> Result<(), Unreachable> {
        match self.trust(host) {
            Some(trust) => allow(trust, host, address),
            None => Err(unreachable(host, address, "and no host that callbacks may go to")),
        }
    }

    fn listed(&self, host: &str, port: u16, scheme: &str) -> Option<Trust> {
        let usual = if scheme == "http" { 80 } else { 443 };
        let is_it = |listed: &&Host| listed.name == host && listed.port.unwrap_or(usual) == port;
        if self.hosts.private.iter().any(|listed| is_it(&listed)) {
            return Some(Trust::Private);
        }
        // By http as well, to say which of the two is wrong.
        let is_usual =
            |listed: &Host| listed.name == host && listed.port.is_none() && port == usual;
        let allowed = &self.hosts.allowed;
        allowed.iter().any(|listed| is_it(&listed) || is_usual(listed)).then_some(Trust::Public)
    }

    /// A name stands in one list only.
    fn trust(&self, host: &str) -> Option<Trust> {
        let is_in = |hosts: &[Host]| hosts.iter().any(|listed| listed.name == host);
        if is_in(&self.hosts.private) {
            return Some(Trust::Private);
        }
        is_in(&self.hosts.allowed).then_some(Trust::Public)
    }
}

/// Whether the text says the host as it is understood: no user before it, no escapes, no number
/// that stands for an IP address, no wide digits. The usual port may be said or left out.
fn is_written_as(text: &str, host: &str, port: u16, is_usual_port: bool) -> bool {
    let Some((_, rest)) = text.split_once("://") else { return false };
    let written = rest.split(['/', '?', '#']).next().unwrap_or_default();
    written.eq_ignore_ascii_case(&format!("{host}:{port}"))
        || is_usual_port && written.eq_ignore_ascii_case(host)
}

/// An IPv6 address without its brackets.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

fn allow(trust: Trust, host: &str, address: IpAddr) -> Result<(), Unreachable> {
    let what = match (reach(address), trust) {
        (Reach::Public, Trust::Public) | (Reach::Private, Trust::Private) => return Ok(()),
        (Reach::Private, Trust::Public) => {
            "a private address: only hosts of CALLBACK_PRIVATE_HOSTS may have one"
        }
        (Reach::Public, Trust::Private) => {
            "a public address: it belongs in CALLBACK_ALLOWED_HOSTS, to be called by https"
        }
        (Reach::Forbidden, _) => "which is no host that a callback may go to",
    };
    Err(unreachable(host, address, what))
}

fn unreachable(host: &str, address: IpAddr, what: &'static str) -> Unreachable {
    Unreachable { host: host.to_owned(), address, what }
}

impl Target {
    /// Where it goes, for people: without the query, which may hold a key.
    pub fn shown(&self) -> String {
        let mut shown = self.url.clone();
        shown.set_query(None);
        shown.set_fragment(None);
        shown.into()
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Target").field(&self.shown()).finish()
    }
}

#[cfg(test)]
mod tests;
