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
    let alone = ["api", "worker", "scheduler"];
    figures(bench, &ground, &alone, each, "≤ 25 MiB, ≤ 300 ms").await?;
    until_gone(&ground).await?;
    figures(bench, &ground, &["all of them and the admin site in one process"], all, "≤ 60 MiB")
        .await?;
    ground.end().await
}

/// Starts the processes of these names several times, and looks at the last ones.
async fn figures(
    bench: &mut Bench,
    ground: &Ground,
    names: &[&str],
    start: impl AsyncFn(&Ground) -> Result<Vec<Role>>,
    aim: &'static str,
) -> Result<()> {
    let mut ready = vec![Vec::new(); names.len()];
    let meter = bench.servers.meter();
    let mut roles = start(ground).await?;
    for _ in 1..STARTS {
        note(&mut ready, &roles);
        drop(roles);
        until_gone(ground).await?;
        roles = start(ground).await?;
    }
    note(&mut ready, &roles);
    tokio::time::sleep(SETTLE).await;
    let load = meter.load();
    for ((name, role), mut ready) in names.iter().zip(&roles).zip(ready) {
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
            aim,
            load: Some(load),
        });
    }
    Ok(())
}

async fn each(ground: &Ground) -> Result<Vec<Role>> {
    let worker = Role::worker(ground, &lanes(), Path::new("/nonexistent")).await?;
    Ok(vec![Role::api(ground).await?.0, worker, Role::scheduler(ground).await?])
}

async fn all(ground: &Ground) -> Result<Vec<Role>> {
    Ok(vec![Role::all(ground, &lanes()).await?])
}

fn lanes() -> Vec<&'static str> {
    commands::LANES.iter().map(|lane| lane.name).collect()
}

fn note(ready: &mut [Vec<Duration>], roles: &[Role]) {
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
