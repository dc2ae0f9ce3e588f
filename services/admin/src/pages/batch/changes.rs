//! Stops a batch, lets it go on, and repeats what failed.

use serde_json::json;
use store::batches;
use store::commands::{self, Changed};
use warp::reply::Response;

use crate::failure::Failure;
use crate::order::order;
use crate::reply;
use crate::visit::Visit;

/// Cancels the command: cards on their way still end, and the rest can be resumed.
pub(super) async fn stop(visit: Visit) -> Result<Response, Failure> {
    let id = visit.id()?;
    let client = visit.db().await?;
    require_batch(&client, id).await?;
    match commands::cancel(&client, id).await? {
        Changed::Missing => return Err(Failure::NotFound),
        // It has ended meanwhile: its page says so.
        Changed::Done | Changed::Requested | Changed::Refused => {}
    }
    audit(&visit, &client, "batch.stop", id).await?;
    Ok(reply::see_other(&format!("/batches/{id}")))
}

/// Retries the command: the batch goes on with what it has not looked at.
pub(super) async fn resume(visit: Visit) -> Result<Response, Failure> {
    let id = visit.id()?;
    let client = visit.db().await?;
    require_batch(&client, id).await?;
    if commands::retry(&client, id).await? == Changed::Missing {
        return Err(Failure::NotFound);
    }
    audit(&visit, &client, "batch.resume", id).await?;
    Ok(reply::see_other(&format!("/batches/{id}")))
}

/// Starts a batch of the cards that ended in one state for one reason.
pub(super) async fn again(visit: Visit) -> Result<Response, Failure> {
    let id = visit.id()?;
    let state = visit.form.get("state").parse().map_err(|_| Failure::Broken)?;
    let client = visit.db().await?;
    let cards = batches::ended_so(&client, id, state, visit.form.get("detail")).await?;
    drop(client);
    if cards.is_empty() {
        return Err(Failure::NotFound);
    }
    let next = order(&visit, "batch.run", json!({ "cards": cards })).await?;
    Ok(reply::see_other(&format!("/batches/{next}")))
}

/// Other commands have pages of their own.
async fn require_batch(client: &store::Client, id: uuid::Uuid) -> Result<(), Failure> {
    let command = commands::get(client, id).await?;
    let is_batch = command.is_some_and(|command| command.name == "batch.run");
    if is_batch { Ok(()) } else { Err(Failure::NotFound) }
}

async fn audit(
    visit: &Visit,
    client: &store::Client,
    action: &str,
    id: uuid::Uuid,
) -> Result<(), Failure> {
    store::audit::log(client, visit.actor(), action, &id.to_string(), &json!({})).await?;
    Ok(())
}
