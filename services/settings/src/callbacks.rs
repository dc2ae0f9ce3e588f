//! Callbacks: where commands may be answered to, and what signs the answers.

use std::{fmt, net::IpAddr, str::FromStr};

use base64::{
    Engine as _,
    alphabet::STANDARD as ALPHABET,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use secrecy::{ExposeSecret, SecretSlice};

use crate::{Reader, Variable, optional, optional_secret};

/// The hosts that callbacks may go to. Nobody stands in both lists.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hosts {
    /// `CALLBACK_ALLOWED_HOSTS`: hosts of the internet, called by https.
    pub allowed: Vec<Host>,
    /// `CALLBACK_PRIVATE_HOSTS`: hosts of a network of one's own, called by http too.
    pub private: Vec<Host>,
}

/// How a worker sends callbacks.
#[derive(Clone, Debug)]
pub struct Callbacks {
    pub hosts: Hosts,
    /// `CALLBACK_SECRET`: the keys of the signature, the newest first.
    pub secrets: Vec<SecretSlice<u8>>,
}

/// A host and perhaps its port, written `n8n:5678`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Host {
    /// In small letters; an IPv6 address in brackets.
    pub name: String,
    /// `None` is the usual port: 443, or 80 by http.
    pub port: Option<u16>,
}

/// A text that is not a host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a host such as hooks.example.com or n8n:5678")]
pub struct NotAHost(String);

const ALLOWED_HOSTS: Variable = optional("CALLBACK_ALLOWED_HOSTS", "");
const PRIVATE_HOSTS: Variable = optional("CALLBACK_PRIVATE_HOSTS", "");
const SECRET: Variable = optional_secret("CALLBACK_SECRET");

pub(crate) const VARIABLES: &[Variable] = &[ALLOWED_HOSTS, PRIVATE_HOSTS, SECRET];

/// Shorter keys can be guessed; longer ones are no better.
const SECRET_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

impl Hosts {
    pub fn load(reader: &mut Reader<'_>) -> Hosts {
        let hosts =
            Hosts { allowed: list(reader, ALLOWED_HOSTS), private: list(reader, PRIVATE_HOSTS) };
        let twice = |host: &&Host| hosts.allowed.iter().any(|other| other.name == host.name);
        if let Some(host) = hosts.private.iter().find(twice) {
            let message = format!("`{}` is in CALLBACK_ALLOWED_HOSTS too: choose one", host.name);
            reader.problem(PRIVATE_HOSTS.name, message);
        }
        hosts
    }

    pub fn is_empty(&self) -> bool {
        self.allowed.is_empty() && self.private.is_empty()
    }
}

impl Callbacks {
    pub fn load(reader: &mut Reader<'_>) -> Callbacks {
        let hosts = Hosts::load(reader);
        let secrets = secrets(reader);
        if secrets.is_empty() && !hosts.is_empty() && !reader.is_set(SECRET) {
            let advice = "is not set, but hosts for callbacks are: use `openssl rand -base64 32`";
            reader.problem(SECRET.name, advice);
        }
        Callbacks { hosts, secrets }
    }
}

fn list(reader: &mut Reader<'_>, variable: Variable) -> Vec<Host> {
    let text = reader.text(variable);
    let mut hosts = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part.parse() {
            Ok(host) => hosts.push(host),
            Err(error @ NotAHost(_)) => reader.problem(variable.name, error.to_string()),
        }
    }
    hosts
}

/// One, or two while the first takes over from the second.
fn secrets(reader: &mut Reader<'_>) -> Vec<SecretSlice<u8>> {
    let text = reader.secret(SECRET);
    let parts = text.expose_secret().split(',').map(str::trim).filter(|part| !part.is_empty());
    let mut secrets = Vec::new();
    for part in parts {
        match decode(part) {
            Some(secret) => secrets.push(secret),
            None => reader.problem(
                SECRET.name,
                "is not base64 of 24 to 64 bytes: use `openssl rand -base64 32`",
            ),
        }
    }
    secrets
}

/// Hexadecimal digits are base64 as well.
fn decode(text: &str) -> Option<SecretSlice<u8>> {
    let config =
        GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let base64 = GeneralPurpose::new(&ALPHABET, config);
    let bytes = base64.decode(text.strip_prefix("whsec_").unwrap_or(text)).ok()?;
    SECRET_BYTES.contains(&bytes.len()).then(|| bytes.into())
}

impl FromStr for Host {
    type Err = NotAHost;

    fn from_str(text: &str) -> Result<Host, NotAHost> {
        let wrong = || NotAHost(text.to_owned());
        let (name, port) = match text.rsplit_once(':') {
            Some((name, port)) if !port.ends_with(']') => (name, Some(port)),
            _ => (text, None),
        };
        let port = port.map(|port| port.parse().map_err(|_| wrong())).transpose()?;
        let name = canonical(&name.to_ascii_lowercase()).ok_or_else(wrong)?;
        Ok(Host { name, port })
    }
}

/// An IP address in its usual form, or a name of letters, digits and hyphens.
fn canonical(name: &str) -> Option<String> {
    if let Some(address) = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        let address: std::net::Ipv6Addr = address.parse().ok()?;
        return Some(format!("[{address}]"));
    }
    if let Ok(IpAddr::V4(address)) = name.parse() {
        return Some(address.to_string());
    }
    let is_label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    // A name that ends in a number would be read as an IP address.
    let ends_in_a_number = name.rsplit('.').next()?.bytes().all(|byte| byte.is_ascii_digit());
    (name.split('.').all(is_label) && !ends_in_a_number).then(|| name.to_owned())
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)?;
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(text: &str) -> Option<String> {
        text.parse::<Host>().ok().map(|host| host.to_string())
    }

    #[test]
    fn hosts_have_a_name_and_perhaps_a_port() {
        for text in ["n8n:5678", "hooks.example.com", "127.0.0.1:80", "[::1]:80", "[fd00::1]"] {
            assert_eq!(host(text).as_deref(), Some(text));
        }
        assert_eq!(host("N8N.Example"), Some("n8n.example".into()));
        assert_eq!(host("[0:0::1]"), Some("[::1]".into()));
        for text in [
            "https://n8n",
            "n8n:",
            "n8n:70000",
            "n8n/path",
            "user@n8n",
            "*.example.com",
            "n8n.",
            "::1",
            "127.1",
            "2130706433",
            "10.0.0.0/8",
            "a b",
        ] {
            assert_eq!(host(text), None, "{text}");
        }
    }
}
