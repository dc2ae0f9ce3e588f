//! Has commands run, as the API would.

use serde_json::{Value, json};
use store::Session;
use store::accept::{Accepter, NewCommand};
use uuid::Uuid;

use crate::failure::Failure;
use crate::visit::Visit;

/// Accepts a command with these parameters, which the page has checked before, and returns its id.
pub(crate) async fn order(visit: &Visit, name: &str, parameters: Value) -> Result<Uuid, Failure> {
    let definition = commands::find(name).ok_or(Failure::NotFound)?;
    let accepted = definition.accept(parameters).map_err(|invalid| {
        tracing::warn!(%invalid, name, "a page ordered what cannot be");
        Failure::Broken
    })?;
    let id = Uuid::now_v7();
    let command = NewCommand {
        id,
        name: definition.name,
        tenant_id: accepted.tenant_id,
        payload: accepted.payload.clone(),
        traceparent: None,
        waited: false,
        idempotency: None,
        callback_url: None,
    };
    // People order a few commands a day: a connection each is cheaper than one kept for them.
    let connection = visit.site.store.connect(Session::Durable).await?;
    Accepter::new(connection).await?.accept(&[command]).await?;
    let detail = json!({ "command": name, "parameters": accepted.payload });
    let client = visit.db().await?;
    store::audit::log(&client, visit.actor(), "commands.order", &id.to_string(), &detail).await?;
    Ok(id)
}
