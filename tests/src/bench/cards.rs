//! Cards through the whole path: batch, queue, quota, simulated eBay, rules, snapshot and price.

use std::time::{Duration, Instant};

use serde_json::json;

use super::ground::Ground;
use super::report::{Row, thousands};
use super::roles::Role;
use super::{Bench, Result};
use crate::simulator::{Options, Simulator};

/// How the marketplace answers, and how fast it may be asked.
struct Trial {
    what: &'static str,
    n_cards: usize,
    listings_per_card: u64,
    requests_per_second: &'static str,
    aim: &'static str,
}

const TRIALS: [Trial; 3] = [
    Trial {
        what: "4 workers, no throttle, 20 ms latency, 20 listings a card",
        n_cards: 6_000,
        listings_per_card: 20,
        requests_per_second: "10000",
        aim: "≥ 1,000/s",
    },
    Trial {
        what: "4 workers, no throttle, 20 ms latency, 200 listings a card",
        n_cards: 2_000,
        listings_per_card: 200,
        requests_per_second: "10000",
        aim: "CPU ≤ 1 ms a card",
    },
    Trial {
        what: "4 workers throttled to 20/s",
        n_cards: 1_200,
        listings_per_card: 20,
        requests_per_second: "20",
        aim: "within 2 %",
    },
];
const N_WORKERS: usize = 4;
const LATENCY: Duration = Duration::from_millis(20);

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    for trial in &TRIALS {
        run(bench, trial).await?;
    }
    Ok(())
}

async fn run(bench: &mut Bench, trial: &Trial) -> Result<()> {
    let ground = Ground::new().await?;
    let simulator = Simulator::start(Options {
        limit: 1_000_000,
        latency: LATENCY,
        listings_per_card: Some(trial.listings_per_card),
        ..Options::default()
    })
    .await?;
    prepare(&ground, trial).await?;
    let lanes = ["batch", "cards"];
    let scheduler = Role::scheduler(&ground).await?;
    let mut workers = Vec::new();
    for _ in 0..N_WORKERS {
        workers.push(Role::card_worker(&ground, &lanes, &simulator).await?);
    }
    let before = workers.iter().map(Role::cpu_seconds).sum::<Result<f64>>()?;
    let meter = bench.servers.meter();
    let started = Instant::now();
    ground.run("batch.run", json!({})).await?;
    let seconds = started.elapsed().as_secs_f64();
    let load = meter.load();
    let cpu = workers.iter().map(Role::cpu_seconds).sum::<Result<f64>>()? - before;
    drop((scheduler, workers));
    let n_cards = count(trial.n_cards);
    let spread = rate(&ground).await?;
    bench.report.row(Row {
        what: trial.what.to_owned(),
        measured: format!(
            "{}/s in {seconds:.1} s, {spread:.2}/s from the first card to the last; {:.2} ms of \
             the workers' CPU a card",
            thousands(n_cards / seconds),
            cpu * 1_000.0 / n_cards
        ),
        limit: String::new(),
        ratio: None,
        aim: trial.aim,
        load: Some(load),
    });
    ground.end().await
}

/// Cards a second between the first end and the last.
async fn rate(ground: &Ground) -> Result<f64> {
    let statement = "
        select ((count(*) - 1) / extract(epoch from max(finished_at) - min(finished_at)))::float8
        from batch_items where state = 'succeeded'";
    Ok(ground.owner.query_one(statement, &[]).await?.get(0))
}

async fn prepare(ground: &Ground, trial: &Trial) -> Result<()> {
    let mut client = ground.store.client().await?;
    let limits = [
        ("ebay_requests_per_second", trial.requests_per_second),
        ("interactive_reserve_percent", "0"),
        ("daily_api_limit", "1000000"),
    ];
    store::settings::set(&client, "bench", &limits).await?;
    crate::stock(&mut client, trial.n_cards).await?;
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "numbers of cards are small")]
fn count(n: usize) -> f64 {
    n as f64
}
