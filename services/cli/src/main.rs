//! `courtier`: every role and every operator's tool, in one binary.

mod options;
mod output;
mod start;

mod api_keys;
mod backup;
mod batch;
mod broker_definitions;
mod card;
mod check;
mod commands_action;
mod dead_letters;
mod decide;
mod doctor;
mod enqueue;
mod explain;
mod export_cards;
mod generate_queries;
mod hash_password;
mod healthcheck;
mod import_catalogue;
mod import_csv;
mod kpis;
mod lanes;
mod listings;
mod manual;
mod migrate;
mod price;
mod replay;
mod restore;
mod roles;
mod run_batch;
mod schedules;
mod seed;
mod shop_settings;
mod stats;
mod status;
mod tenants;
mod test_query;
mod verify;

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
        Subcommand::Admin => roles::admin().await,
        Subcommand::Worker(lanes) => roles::worker(lanes).await,
        Subcommand::Scheduler => roles::scheduler().await,
        Subcommand::All(lanes) => Box::pin(roles::all(lanes)).await,
        Subcommand::Migrate => migrate::run().await,
        Subcommand::Seed(arguments) => seed::run(arguments).await,
        Subcommand::Enqueue(arguments) => enqueue::run(arguments).await,
        Subcommand::Stats(format) => stats::run(format).await,
        Subcommand::Settings(action) => shop_settings::run(action).await,
        Subcommand::Schedules(action) => schedules::run(action).await,
        Subcommand::Status(arguments) => status::run(arguments).await,
        Subcommand::Commands(action) => commands_action::run(action).await,
        Subcommand::DeadLetters(action) => dead_letters::run(action).await,
        Subcommand::Lanes(action) => lanes::run(action).await,
        Subcommand::Batch(action) => batch::run(action).await,
        Subcommand::Backup(arguments) => backup::run(arguments).await,
        Subcommand::Restore(arguments) => restore::run(arguments).await,
        Subcommand::ImportCatalogue(arguments) => import_catalogue::run(arguments).await,
        Subcommand::ImportCsv(arguments) => import_csv::run(arguments).await,
        Subcommand::GenerateQueries(arguments) => generate_queries::run(arguments).await,
        Subcommand::TestQuery(arguments) => test_query::run(arguments).await,
        Subcommand::RunBatch(arguments) => run_batch::run(arguments).await,
        Subcommand::Price(arguments) => price::run(arguments).await,
        Subcommand::Explain(arguments) => explain::run(arguments).await,
        Subcommand::Listings(arguments) => listings::run(arguments).await,
        Subcommand::Decide(arguments) => decide::run(arguments).await,
        Subcommand::Replay(arguments) => replay::run(arguments).await,
        Subcommand::ExportCards(arguments) => export_cards::run(arguments).await,
        Subcommand::Kpis(arguments) => kpis::run(arguments).await,
        Subcommand::Tenants(format) => tenants::run(format).await,
        Subcommand::ApiKeys(action) => api_keys::run(action).await,
        Subcommand::HashPassword => hash_password::run(),
        Subcommand::Doctor(arguments) => Box::pin(doctor::run(arguments)).await,
        Subcommand::Verify(arguments) => Box::pin(verify::run(arguments)).await,
        Subcommand::BrokerDefinitions(arguments) => broker_definitions::run(&arguments),
        Subcommand::Healthcheck(arguments) => healthcheck::run(arguments).await,
        Subcommand::Completions(arguments) => Ok(manual::completions(&arguments)),
        Subcommand::Man(arguments) => manual::pages(&arguments),
    }
}
