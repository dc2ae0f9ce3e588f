//! `courtier`: every role and every operator's tool, in one binary.

mod options;
mod output;
mod start;

mod api_keys;
mod doctor;
mod enqueue;
mod healthcheck;
mod kpis;
mod migrate;
mod roles;
mod seed;
mod stats;
mod tenants;

use std::process::ExitCode;

use clap::Parser;

use crate::options::{Options, Subcommand};

#[tokio::main]
async fn main() -> ExitCode {
    let _scenario = fail::FailScenario::setup();
    match run(Options::parse()).await {
        Ok(code) => code,
        Err(error) => output::failure(&error),
    }
}

async fn run(options: Options) -> anyhow::Result<ExitCode> {
    match options.subcommand {
        Subcommand::Api => roles::api().await,
        Subcommand::Worker(lanes) => roles::worker(lanes).await,
        Subcommand::Scheduler => roles::scheduler().await,
        Subcommand::All(lanes) => roles::all(lanes).await,
        Subcommand::Migrate => migrate::run().await,
        Subcommand::Seed(arguments) => seed::run(arguments).await,
        Subcommand::Enqueue(arguments) => enqueue::run(arguments).await,
        Subcommand::Stats(format) => stats::run(format).await,
        Subcommand::Kpis(arguments) => kpis::run(arguments).await,
        Subcommand::Tenants(format) => tenants::run(format).await,
        Subcommand::ApiKeys(action) => api_keys::run(action).await,
        Subcommand::Doctor(format) => doctor::run(format).await,
        Subcommand::Healthcheck(arguments) => healthcheck::run(arguments).await,
    }
}
