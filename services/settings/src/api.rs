//! The HTTP API.

use std::net::SocketAddr;

use secrecy::SecretString;

use crate::api_keys::ApiKeys;
use crate::callbacks::Hosts;
use crate::tokens::Tokens;
use crate::{Network, Reader, Variable, optional, optional_secret, secret};

/// Where the API listens, and whom it lets in.
#[derive(Clone, Debug)]
pub struct Api {
    /// `API_LISTEN`: address and port.
    pub listen: SocketAddr,
    /// `SERVICE_TOKEN`: the bearer token of `/internal`, at least 32 characters.
    pub service_token: SecretString,
    /// `SERVICE_PREVIOUS_TOKEN`: the one before, taken as well while somebody still sends it.
    pub previous_service_token: Option<SecretString>,
    /// `API_RATE_LIMIT`: requests a minute for each API key.
    pub rate_limit_per_minute: u32,
    /// `SERVICE_RATE_LIMIT`: requests a minute for the service token; 0 is no limit.
    pub service_rate_limit_per_minute: u32,
    /// `TRUSTED_PROXIES`: proxies whose `X-Forwarded-For` is believed: addresses or blocks such as
    /// 172.16.0.0/12, separated by commas.
    pub trusted_proxies: Vec<Network>,
    /// `API_ALLOWED_ORIGINS`: sites whose scripts may read `/v1` in a browser, such as
    /// `https://reports.example`, separated by commas; none by default.
    pub allowed_origins: Vec<String>,
    /// What the keys of tenants are hashed with.
    pub api_keys: ApiKeys,
    /// What the tokens are signed with that keys are exchanged for.
    pub tokens: Tokens,
    /// `CALLBACK_ALLOWED_HOSTS`, `CALLBACK_PRIVATE_HOSTS`: where a `callback_url` may lead.
    pub callback_hosts: Hosts,
}

const LISTEN: Variable = optional("API_LISTEN", "0.0.0.0:8000");
const SERVICE_TOKEN: Variable = secret("SERVICE_TOKEN");
const SERVICE_PREVIOUS_TOKEN: Variable = optional_secret("SERVICE_PREVIOUS_TOKEN");
const RATE_LIMIT: Variable = optional("API_RATE_LIMIT", "100");
const SERVICE_RATE_LIMIT: Variable = optional("SERVICE_RATE_LIMIT", "0");
const ALLOWED_ORIGINS: Variable = optional("API_ALLOWED_ORIGINS", "");
pub(crate) const TRUSTED_PROXIES: Variable = optional("TRUSTED_PROXIES", "");

pub(crate) const VARIABLES: &[Variable] = &[
    LISTEN,
    SERVICE_TOKEN,
    SERVICE_PREVIOUS_TOKEN,
    RATE_LIMIT,
    SERVICE_RATE_LIMIT,
    ALLOWED_ORIGINS,
    TRUSTED_PROXIES,
];

impl Api {
    pub fn load(reader: &mut Reader<'_>) -> Api {
        Api {
            listen: listen(reader),
            service_token: secret::strong(reader, SERVICE_TOKEN),
            previous_service_token: secret::strong_if_set(reader, SERVICE_PREVIOUS_TOKEN),
            rate_limit_per_minute: reader.parsed(RATE_LIMIT, "a number of requests a minute"),
            service_rate_limit_per_minute: reader
                .parsed(SERVICE_RATE_LIMIT, "a number of requests a minute"),
            trusted_proxies: proxies(reader),
            allowed_origins: origins(reader),
            api_keys: ApiKeys::load(reader),
            tokens: Tokens::load(reader),
            callback_hosts: Hosts::load(reader),
        }
    }
}

/// `API_LISTEN` alone, for tools that only want to know where the API is.
pub fn listen(reader: &mut Reader<'_>) -> SocketAddr {
    reader.address(LISTEN)
}

pub(crate) fn proxies(reader: &mut Reader<'_>) -> Vec<Network> {
    let text = reader.text(TRUSTED_PROXIES);
    let mut proxies = Vec::new();
    for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
        match part.parse::<Network>() {
            Ok(network) => proxies.push(network),
            Err(error) => reader.problem(TRUSTED_PROXIES.name, error.to_string()),
        }
    }
    proxies
}

/// A scheme, a host and perhaps a port; browsers send no path and no `/` at the end.
fn origins(reader: &mut Reader<'_>) -> Vec<String> {
    let text = reader.text(ALLOWED_ORIGINS);
    let mut origins = Vec::new();
    for origin in text.split(',').map(str::trim).filter(|origin| !origin.is_empty()) {
        let host = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://"));
        let is_host = |host: &str| {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            !host.is_empty() && host.bytes().all(|byte| plain(byte) || b".:-[]".contains(&byte))
        };
        if host.is_some_and(is_host) {
            origins.push(origin.to_owned());
        } else {
            let message = format!("`{origin}` is no origin such as https://reports.example");
            reader.problem(ALLOWED_ORIGINS.name, message);
        }
    }
    origins
}
