//! A command through the whole path: database, outbox, broker, worker, and back.

use std::time::Duration;

use store::accept::{Accepter, NewCommand};
use store::{Session, Store};
use uuid::Uuid;

use crate::check::{Cause, Check};

/// Longest wait for the ping.
const PING: Duration = Duration::from_secs(15);
const POLL: Duration = Duration::from_millis(50);

pub(super) async fn check(store: &Store) -> Check {
    let name = "ping";
    let advice = "read the logs of the scheduler (it relays) and of the worker (it runs)";
    let started = std::time::Instant::now();
    match tokio::time::timeout(PING, send(store)).await {
        Ok(Ok(())) => {
            let detail = format!("through the whole path in {} ms", started.elapsed().as_millis());
            Check::well(Cause::Broker, name, detail)
        }
        Ok(Err(error)) => Check::ill(Cause::Database, name, error.to_string(), advice),
        Err(_) => {
            let detail = format!("not run within {} s", PING.as_secs());
            Check::ill(Cause::Broker, name, detail, advice)
        }
    }
}

async fn send(store: &Store) -> store::Result<()> {
    let id = Uuid::now_v7();
    let command = NewCommand {
        id,
        name: "diagnostics.ping",
        tenant_id: None,
        payload: serde_json::json!({}),
        traceparent: None,
        waited: false,
        idempotency: None,
        callback_url: None,
    };
    Accepter::new(store.connect(Session::Durable).await?).await?.accept(&[command]).await?;
    let client = store.client().await?;
    loop {
        let found = store::commands::get(&client, id).await?;
        if found.is_some_and(|command| command.status == "succeeded") {
            return Ok(());
        }
        tokio::time::sleep(POLL).await;
    }
}
