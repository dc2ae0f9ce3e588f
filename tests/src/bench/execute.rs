//! Executing: pings from a full queue, leased, run, recorded and acknowledged by one worker.

use std::path::Path;

use super::ground::Ground;
use super::limits;
use super::report::{Row, thousands};
use super::roles::Role;
use super::{Bench, Result};

const N_COMMANDS: usize = 100_000;

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let ground = Ground::new().await?;
    limits::publish(&ground, N_COMMANDS).await?;
    let limit = limits::consume(&ground, N_COMMANDS).await?;
    run(bench, &ground, "execute", limit).await?;
    ground.end().await
}

/// Fills the queue and has one worker empty it; returns commands a second.
pub(super) async fn run(bench: &mut Bench, ground: &Ground, what: &str, limit: f64) -> Result<f64> {
    let ids = ground.accept(N_COMMANDS).await?;
    let scheduler = Role::scheduler(ground).await?;
    ground.until("select not exists (select from outbox) or $1::uuid[] is null", &[]).await?;
    drop(scheduler);
    ground.checkpoint().await?;
    let meter = bench.servers.meter();
    let worker = Role::worker(ground, &["diagnostics"], Path::new("/nonexistent")).await?;
    ground.until_finished(&ids).await?;
    let load = meter.load();
    drop(worker);
    let rate = rate(ground, &ids).await?;
    bench.report.row(Row {
        what: format!("{what}, one worker"),
        measured: format!("{}/s", thousands(rate)),
        limit: format!("consume and ack: {}/s", thousands(limit)),
        ratio: Some(rate / limit),
        aim: "≥ 30,000/s",
        load: Some(load),
    });
    Ok(rate)
}

/// By the database's clock, from the first lease to the last record.
async fn rate(ground: &Ground, ids: &[uuid::Uuid]) -> Result<f64> {
    let statement = "
        select (count(*) / extract(epoch from max(finished_at) - min(started_at)))::float8
        from commands where id = any($1)";
    Ok(ground.owner.query_one(statement, &[&ids]).await?.get(0))
}
