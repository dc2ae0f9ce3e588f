//! What a role costs that has nothing to do: memory, and the time until it is ready.

use std::path::Path;
use std::time::Duration;

use super::ground::Ground;
use super::report::Row;
use super::roles::Role;
use super::{Bench, Result};

/// Time in which connections are made and buffers grow to their size at rest.
const SETTLE: Duration = Duration::from_secs(3);
const STARTS: usize = 5;

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let ground = Ground::new().await?;
    let mut ready: [Vec<Duration>; 3] = Default::default();
    let meter = bench.servers.meter();
    let mut roles = start(&ground).await?;
    for _ in 1..STARTS {
        note(&mut ready, &roles);
        drop(roles);
        until_gone(&ground).await?;
        roles = start(&ground).await?;
    }
    note(&mut ready, &roles);
    tokio::time::sleep(SETTLE).await;
    let load = meter.load();
    for ((name, role), mut ready) in ["api", "worker", "scheduler"].iter().zip(&roles).zip(ready) {
        ready.sort_unstable();
        let (median, slowest) = (ready[STARTS / 2].as_millis(), ready[STARTS - 1].as_millis());
        bench.report.row(Row {
            what: format!("{name}, idle"),
            measured: format!(
                "{:.1} MiB resident; ready after {median} ms, at most {slowest} ms",
                role.memory()?.now_mib()
            ),
            limit: String::new(),
            ratio: None,
            aim: "≤ 25 MiB, ≤ 300 ms",
            load: Some(load),
        });
    }
    drop(roles);
    ground.end().await
}

async fn start(ground: &Ground) -> Result<[Role; 3]> {
    let lanes: Vec<&str> = commands::LANES.iter().map(|lane| lane.name).collect();
    let worker = Role::worker(ground, &lanes, Path::new("/nonexistent")).await?;
    Ok([Role::api(ground).await?.0, worker, Role::scheduler(ground).await?])
}

fn note(ready: &mut [Vec<Duration>; 3], roles: &[Role; 3]) {
    for (ready, role) in ready.iter_mut().zip(roles) {
        ready.push(role.ready_after);
    }
}

/// Waits until the broker has noticed that nobody consumes any more.
async fn until_gone(ground: &Ground) -> Result<()> {
    while ground.broker.depths().await?.iter().any(|depth| depth.consumers > 0) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
