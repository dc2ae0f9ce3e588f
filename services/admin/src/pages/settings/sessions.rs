//! Who is signed in, and the way to end every other session.

use jiff::Timestamp;
use serde_json::json;
use store::admin_sessions;
use warp::reply::Response;

use crate::failure::Failure;
use crate::reply;
use crate::session::LIFETIME;
use crate::visit::Visit;

/// A session in one line.
pub(super) struct SessionRow {
    /// As the browser names itself, shortened.
    pub(super) agent: String,
    pub(super) address: String,
    pub(super) begun_at: Timestamp,
    pub(super) seen_at: Timestamp,
}

const AGENT_LENGTH: usize = 40;

pub(super) async fn all(client: &store::Client) -> store::Result<Vec<SessionRow>> {
    let sessions = admin_sessions::list(client, LIFETIME).await?;
    Ok(sessions
        .into_iter()
        .map(|session| SessionRow {
            agent: session.user_agent.chars().take(AGENT_LENGTH).collect(),
            address: session.address,
            begun_at: session.created_at,
            seen_at: session.seen_at,
        })
        .collect())
}

/// Ends every session but the one that asks.
pub(super) async fn end_others(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let n_ended = admin_sessions::revoke_others(&client, &visit.session.id).await?;
    let detail = json!({ "sessions": n_ended });
    store::audit::log(&client, visit.actor(), "session.end-others", "admin", &detail).await?;
    Ok(reply::see_other("/settings"))
}
