//! Ingest: tickets from a file into their table, first and again.

use std::time::Duration;

use serde_json::json;

use super::ground::Ground;
use super::market;
use super::report::{Row, thousands};
use super::roles::Role;
use super::{Bench, Result, tools};

const N_TICKETS: u32 = 100_000;
/// Rounds in which everything is done once; the medians count.
const ROUNDS: usize = 3;

/// Seconds of one round, or of many.
#[derive(Default)]
struct Times {
    copy: Vec<f64>,
    first: [Vec<f64>; 2],
    again: [Vec<f64>; 2],
}

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let ground = Ground::new().await?;
    let (files, tenant) = market::files(N_TICKETS.into()).await?;
    market::register(&ground, &[tenant]).await?;
    let meter = bench.servers.meter();
    let mut times = Times::default();
    let csv = files.path().join("tickets.csv");
    let csv = csv.to_str().ok_or("a folder is not UTF-8")?;
    for round in 0..ROUNDS {
        for (index, n_connections) in [1, 2].into_iter().enumerate() {
            empty(&ground).await?;
            let load = || market::load(&ground.store, files.path(), tenant, n_connections);
            times.first[index].push(load().await?.as_secs_f64());
            ground.owner.batch_execute("vacuum raw_tickets").await?;
            ground.checkpoint().await?;
            times.again[index].push(load().await?.as_secs_f64());
        }
        let columns = market::columns(&ground, "raw_tickets").await?;
        if round == 0 {
            copy(&ground, &format!("(select {columns} from raw_tickets) to '{csv}' csv")).await?;
        }
        empty(&ground).await?;
        let loading = copy(&ground, &format!("raw_tickets ({columns}) from '{csv}' csv")).await?;
        times.copy.push(loading.as_secs_f64());
    }
    let load = meter.load();
    report(bench, &mut times, load);
    memory(bench, &ground, files.path(), tenant).await?;
    ground.end().await
}

fn report(bench: &mut Bench, times: &mut Times, load: super::load::Load) {
    let copy = median(&mut times.copy);
    let limit = format!(r"psql `\copy` of the same rows: {copy:.2} s, {}/s", per_second(copy));
    let aims = [["≥ 0.8", "≥ 4.0"], ["≥ 1.1", "≥ 5.5"]];
    for (index, connections) in ["one connection", "two connections"].into_iter().enumerate() {
        let [first_aim, again_aim] = aims[index];
        let first = median(&mut times.first[index]);
        let again = median(&mut times.again[index]);
        for (what, seconds, aim) in
            [("first ingest", first, first_aim), ("unchanged reload", again, again_aim)]
        {
            bench.report.row(Row {
                what: format!("{what} of {} tickets, {connections}", thousands(N_TICKETS.into())),
                measured: format!("{seconds:.2} s, {}/s", per_second(seconds)),
                limit: limit.clone(),
                ratio: Some(copy / seconds),
                aim,
                load: Some(load),
            });
        }
    }
}

fn per_second(seconds: f64) -> String {
    thousands(f64::from(N_TICKETS) / seconds)
}

/// The same by the command, in a worker that does nothing else.
async fn memory(
    bench: &mut Bench,
    ground: &Ground,
    files: &std::path::Path,
    tenant: uuid::Uuid,
) -> Result<()> {
    empty(ground).await?;
    let scheduler = Role::scheduler(ground).await?;
    let worker = Role::worker(ground, &["ingest"], files).await?;
    let meter = bench.servers.meter();
    let (_, seconds) = ground.run("ingest.tickets", json!({"tenant_id": tenant})).await?;
    let load = meter.load();
    let peak = worker.memory()?.peak_mib();
    drop((scheduler, worker));
    bench.report.row(Row {
        what: format!("`ingest.tickets` of {} tickets by a worker", thousands(N_TICKETS.into())),
        measured: format!("{seconds:.2} s, {}/s, peak memory {peak:.0} MiB", per_second(seconds)),
        limit: String::new(),
        ratio: None,
        aim: "memory flat",
        load: Some(load),
    });
    Ok(())
}

async fn empty(ground: &Ground) -> Result<()> {
    let empty = "truncate raw_tickets, ticket_past_spans, ticket_status_events, kpi_dirty";
    ground.owner.batch_execute(empty).await?;
    ground.owner.batch_execute("vacuum analyze raw_tickets").await?;
    ground.checkpoint().await
}

async fn copy(ground: &Ground, what: &str) -> Result<Duration> {
    tools::psql(&ground.database.url(), &format!("\\copy {what}\n")).await
}

pub(super) fn median(seconds: &mut [f64]) -> f64 {
    seconds.sort_unstable_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}
