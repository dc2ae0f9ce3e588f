//! Makes room for what comes, and removes what nobody will ask for any more.

use std::time::Duration;

use store::{
    Store, listing_months, migrate,
    prune::{self, Retention},
};
use tokio::time::interval;
use tokio_util::sync::CancellationToken;

const PRUNE: Duration = Duration::from_mins(1);
/// Rows of one kind in one statement: short transactions, no long locks.
const LIMIT: i64 = 5_000;

/// Makes months and prunes, at once and every minute, until `shutdown`.
pub(crate) async fn run(store: Store, retention: Retention, shutdown: CancellationToken) {
    let mut ticks = interval(PRUNE);
    loop {
        tokio::select! {
            () = shutdown.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) = make_months(&store).await {
            tracing::warn!(%error, "months of listings cannot be made: will try again");
        }
        if let Err(error) = prune(&store, retention).await {
            tracing::warn!(%error, "pruning failed: will try again");
        }
    }
}

async fn make_months(store: &Store) -> store::Result<()> {
    let client = store.client().await?;
    let n_made = listing_months::make(&client, migrate::now(&client).await?).await?;
    if n_made > 0 {
        tracing::info!(n_made, "months of listings made");
    }
    Ok(())
}

async fn prune(store: &Store, retention: Retention) -> store::Result<()> {
    let client = store.client().await?;
    // The database's clock: a machine with a wrong one would remove for good what is young.
    let now = migrate::now(&client).await?;
    while prune::prune(&client, now, retention, LIMIT).await? > 0 {}
    Ok(())
}
