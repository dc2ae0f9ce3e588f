//! Whether commands that ended long ago slow down the new ones.

use super::ground::Ground;
use super::roles::Role;
use super::{Bench, Result, accept, execute, limits};

/// Finished commands, in thousands of thousands.
const MILLIONS: [i64; 2] = [0, 1];
const MILLIONS_FULL: [i64; 3] = [0, 1, 5];
const LIMIT_SECONDS: u32 = 4;
const LIMIT_MESSAGES: usize = 50_000;

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let sizes: &[i64] = if bench.full { &MILLIONS_FULL } else { &MILLIONS };
    for millions in sizes {
        let ground = Ground::new().await?;
        if *millions > 0 {
            ground.add_finished(millions * 1_000_000).await?;
        }
        let after = match millions {
            0 => "with no finished commands".to_owned(),
            _ => format!("with {millions},000,000 finished commands"),
        };
        let inserts = limits::inserts(&ground, LIMIT_SECONDS).await?;
        let (api, address) = Role::api(&ground).await?;
        let what = format!("accept {after}");
        accept::run(bench, &ground, address, &what, inserts, false).await?;
        drop(api);
        // What was just accepted is not to be executed.
        ground
            .owner
            .batch_execute("truncate outbox; delete from commands where status = 'queued'")
            .await?;
        ground.owner.batch_execute("vacuum commands, outbox").await?;
        limits::publish(&ground, LIMIT_MESSAGES).await?;
        let consume = limits::consume(&ground, LIMIT_MESSAGES).await?;
        execute::run(bench, &ground, &format!("execute {after}"), consume).await?;
        ground.end().await?;
    }
    Ok(())
}
