//! Whether the API is found by its name, answers, and knows our token.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use reqwest::{StatusCode, Url};
use serde_json::Value;
use settings::{ExposeSecret, SecretString};
use tokio::net::lookup_host;

use crate::check::{Cause, Check};

/// What workflows of n8n call.
pub(crate) const INSIDE: &str = "http://analytics-api:8000";

const NAME: &str = "network";
const TIMEOUT: Duration = Duration::from_secs(5);

/// An address that listens everywhere is asked on this host.
pub(crate) fn on_this_host(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// Whether the name in `url` leads anywhere.
pub(crate) async fn is_known(url: &str) -> bool {
    matches!(resolve(url).await, Ok(addresses) if !addresses.is_empty())
}

async fn resolve(url: &str) -> Result<Vec<SocketAddr>, String> {
    let url = Url::parse(url).map_err(|error| error.to_string())?;
    let host = url.host_str().ok_or("it names no host")?.trim_matches(['[', ']']);
    let port = url.port_or_known_default().ok_or("it names no port")?;
    let looked_up = tokio::time::timeout(TIMEOUT, lookup_host((host, port))).await;
    let found = looked_up.map_err(|_| "no answer in time".to_owned())?;
    found.map(Iterator::collect).map_err(|error| error.to_string())
}

/// Name, port, who answers there, and whether the token opens it.
pub(crate) async fn checks(url: &str, token: Option<&SecretString>) -> Vec<Check> {
    let addresses = match resolve(url).await {
        Ok(addresses) if !addresses.is_empty() => addresses,
        Ok(_) => return vec![unknown(url, "no address")],
        Err(error) => return vec![unknown(url, &error)],
    };
    let client = match reqwest::Client::builder().timeout(TIMEOUT).build() {
        Ok(client) => client,
        Err(error) => return vec![Check::ill(Cause::Network, NAME, error.to_string(), "")],
    };
    let answer = client.get(format!("{url}/health")).send().await;
    let health: Option<Value> = match answer {
        Ok(answer) => answer.json().await.ok(),
        Err(error) => return vec![silent(url, &addresses, &error)],
    };
    if health.is_none_or(|health| health["mock_mode"].is_null()) {
        return vec![Check::ill(
            Cause::Network,
            NAME,
            format!("{url} ({}) is answered by something else than Courtier", list(&addresses)),
            "another container has this name or this port: give Courtier's service its own",
        )];
    }
    let mut checks =
        vec![Check::well(Cause::Network, NAME, format!("{url} answers ({})", list(&addresses)))];
    if let Some(token) = token {
        checks.push(opens(&client, url, token).await);
    }
    checks
}

fn unknown(url: &str, error: &str) -> Check {
    let advice = "put both containers on one network: services of one Compose file are; on Coolify, \
                  a stack of its own finds the API by its alias on the network of the destination";
    Check::ill(
        Cause::Network,
        NAME,
        format!("the name in {url} is not known here: {error}"),
        advice,
    )
}

fn silent(url: &str, addresses: &[SocketAddr], error: &reqwest::Error) -> Check {
    let why = match error {
        error if error.is_timeout() => "no answer in time",
        error if error.is_connect() => "nobody takes the connection",
        _ => "no answer in HTTP",
    };
    let advice = "start `courtier api`, and let API_LISTEN be 0.0.0.0:8000 in a container";
    Check::ill(Cause::Network, NAME, format!("{url} ({}): {why}", list(addresses)), advice)
}

/// Whether the API takes this token.
pub(crate) async fn opens(client: &reqwest::Client, url: &str, token: &SecretString) -> Check {
    let name = "token at the API";
    let tenants = client.get(format!("{url}/internal/tenants")).bearer_auth(token.expose_secret());
    match tenants.send().await.map(|answer| answer.status()) {
        Ok(StatusCode::OK) => Check::well(Cause::Token, name, "is accepted"),
        Ok(status @ (StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)) => Check::ill(
            Cause::Token,
            name,
            format!("is refused ({status})"),
            "SERVICE_TOKEN must be the same in the API, here, and in n8n's credential after `Bearer `",
        ),
        Ok(status) => Check::ill(
            Cause::Database,
            name,
            format!("cannot be tried: {status}"),
            "read the log of the API, and run `courtier healthcheck --ready` beside it",
        ),
        Err(_) => Check::ill(Cause::Network, name, "cannot be tried: no answer", "see the network"),
    }
}

fn list(addresses: &[SocketAddr]) -> String {
    let ips: Vec<String> = addresses.iter().map(|address| address.ip().to_string()).collect();
    ips.join(", ")
}
