//! A whole catalogue: read from a file, and planned.

use std::time::Instant;

use settings::{Environment, Source};

use super::ground::Ground;
use super::ingest::median;
use super::report::{Row, thousands};
use super::{Bench, Result, pages};

const ROUNDS: usize = 5;
const N_PLANNED: usize = 100_000;
/// Of our own, and small: `CATALOGUE_CSV` names a dump of the card database.
const FIXTURE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/catalogue.csv");

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    import(bench).await?;
    plan(bench).await
}

/// The file once into an empty catalogue, as `courtier import-csv` does.
async fn import(bench: &mut Bench) -> Result<()> {
    let path = Environment.get("CATALOGUE_CSV").unwrap_or_else(|| {
        eprintln!("# CATALOGUE_CSV is not set: the catalogue is a small one of our own");
        FIXTURE.to_owned()
    });
    let file = std::fs::read(&path).map_err(|error| format!("{path}: {error}"))?;
    let ground = Ground::new().await?;
    let mut client = ground.store.client().await?;
    let meter = bench.servers.meter();
    let started = Instant::now();
    let imported = commands::import_csv(&mut client, "bench", &file, false).await;
    let imported = imported.map_err(|failure| failure.to_string())?;
    let seconds = started.elapsed().as_secs_f64();
    let load = meter.load();
    let n_cards = f64::from(u32::try_from(imported.cards.created)?);
    bench.report.row(Row {
        what: format!("import of {} cards from CSV, with their queries", thousands(n_cards)),
        measured: format!("{seconds:.2} s, {}/s", thousands(n_cards / seconds)),
        limit: String::new(),
        ratio: None,
        aim: "23,639 in ≤ 3 s",
        load: Some(load),
    });
    drop(client);
    ground.end().await
}

/// What `batch.run` does before it sends the first card, with prices to order the cards by.
async fn plan(bench: &mut Bench) -> Result<()> {
    let ground = Ground::new().await?;
    crate::stock(&mut ground.store.client().await?, N_PLANNED).await?;
    ground.owner.batch_execute(pages::PAST).await?;
    ground.owner.batch_execute("vacuum analyze").await?;
    let client = ground.store.client().await?;
    let meter = bench.servers.meter();
    let mut rounds_ms = Vec::new();
    for _ in 0..ROUNDS {
        let started = Instant::now();
        let estimate = commands::estimate_batch(&client, None, None).await;
        estimate.map_err(|failure| failure.to_string())?;
        rounds_ms.push(started.elapsed().as_secs_f64() * 1e3);
    }
    let load = meter.load();
    bench.report.row(Row {
        what: format!("plan of {} cards", thousands(f64::from(u32::try_from(N_PLANNED)?))),
        measured: format!("{:.0} ms", median(&mut rounds_ms)),
        limit: String::new(),
        ratio: None,
        aim: "≤ 1,000 ms",
        load: Some(load),
    });
    drop(client);
    ground.end().await
}
