//! Relaying: from a full outbox to confirmed messages.

use std::time::Instant;

use super::ground::Ground;
use super::limits::{self, per_second};
use super::report::{Row, thousands};
use super::roles::Role;
use super::{Bench, Result};

const N_MESSAGES: usize = 100_000;

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let ground = Ground::new().await?;
    let before = limits::publish(&ground, N_MESSAGES).await?;
    let ids = ground.accept(N_MESSAGES).await?;
    ground.owner.batch_execute("vacuum analyze outbox").await?;
    ground.checkpoint().await?;
    let meter = bench.servers.meter();
    let scheduler = Role::scheduler(&ground).await?;
    // From the first entry that is gone to the last; connecting is no part of it.
    ground
        .until("select not exists (select from outbox where command_id = any($1))", &ids[..1])
        .await?;
    let started = Instant::now();
    let left: i64 = ground.owner.query_one("select count(*) from outbox", &[]).await?.get(0);
    ground.until("select not exists (select from outbox) or $1::uuid[] is null", &[]).await?;
    let rate = per_second(usize::try_from(left)?, started.elapsed());
    let load = meter.load();
    drop(scheduler);
    let after = limits::publish(&ground, N_MESSAGES).await?;
    let limit = before.max(after);
    bench.report.row(Row {
        what: format!("relay of {} commands", thousands(count(N_MESSAGES))),
        measured: format!("{}/s", thousands(rate)),
        limit: format!("confirmed publishing, window 256: {}/s", thousands(limit)),
        ratio: Some(rate / limit),
        aim: "≥ 0.85",
        load: Some(load),
    });
    ground.end().await
}

#[expect(clippy::cast_precision_loss, reason = "numbers of messages are small")]
fn count(n: usize) -> f64 {
    n as f64
}
