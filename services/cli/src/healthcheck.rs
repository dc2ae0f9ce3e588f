//! `courtier healthcheck`: asks a running API, for containers that have no curl.

use std::{process::ExitCode, time::Duration};

use anyhow::Context;

use crate::{doctor::network, options::HealthcheckArguments, output, start};

const TIMEOUT: Duration = Duration::from_secs(3);

pub(crate) async fn run(arguments: HealthcheckArguments) -> anyhow::Result<ExitCode> {
    let base = match arguments.url {
        Some(url) => url.trim_end_matches('/').to_owned(),
        None => format!("http://{}", network::on_this_host(start::load(settings::api::listen)?)),
    };
    let path = if arguments.ready { "/health/ready" } else { "/health/live" };
    let client = reqwest::Client::builder().timeout(TIMEOUT).build()?;
    let response = client.get(format!("{base}{path}")).send().await;
    let response = response.with_context(|| format!("{base} does not answer"))?;
    let status = response.status();
    output::line(response.text().await.unwrap_or_default());
    Ok(if status.is_success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
