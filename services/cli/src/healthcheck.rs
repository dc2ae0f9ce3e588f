//! `courtier healthcheck`: asks a running API, for containers that have no curl.

use std::{net::SocketAddr, process::ExitCode, time::Duration};

use anyhow::Context;

use crate::{options::HealthcheckArguments, output, start};

const TIMEOUT: Duration = Duration::from_secs(3);

pub(crate) async fn run(arguments: HealthcheckArguments) -> anyhow::Result<ExitCode> {
    let base = match arguments.url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", local(start::load(settings::api::listen)?)),
    };
    let path = if arguments.ready { "/health/ready" } else { "/health/live" };
    let client = reqwest::Client::builder().timeout(TIMEOUT).build()?;
    let response = client.get(format!("{base}{path}")).send().await;
    let response = response.with_context(|| format!("{base} does not answer"))?;
    let status = response.status();
    output::line(response.text().await.unwrap_or_default());
    Ok(if status.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// An address that listens everywhere is asked on this host.
fn local(listen: SocketAddr) -> SocketAddr {
    let mut address = listen;
    if address.ip().is_unspecified() {
        address.set_ip(std::net::Ipv4Addr::LOCALHOST.into());
    }
    address
}
