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
    /// Browser and system, or as much as it says of itself.
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
            agent: agent(&session.user_agent),
            address: session.address,
            begun_at: session.created_at,
            seen_at: session.seen_at,
        })
        .collect())
}

/// `Firefox · Windows`. Every browser also names those that it resembles, so that the order counts.
fn agent(text: &str) -> String {
    let browsers = [
        ("Edg", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chrom", "Chrome"),
        ("Safari/", "Safari"),
    ];
    let systems = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    ];
    let known = |names: &[(&str, &'static str)]| {
        names.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name)
    };
    match (known(&browsers), known(&systems)) {
        (Some(browser), Some(system)) => format!("{browser} · {system}"),
        _ => text.chars().take(AGENT_LENGTH).collect(),
    }
}

/// Ends every session but the one that asks.
pub(super) async fn end_others(visit: Visit) -> Result<Response, Failure> {
    let client = visit.db().await?;
    let n_ended = admin_sessions::revoke_others(&client, &visit.session.id).await?;
    let detail = json!({ "sessions": n_ended });
    store::audit::log(&client, visit.actor(), "session.end-others", "admin", &detail).await?;
    Ok(reply::see_other("/settings"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_called_by_its_name() {
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like \
                    Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0.0.0";
        assert_eq!(agent(edge), "Edge · Windows");
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 \
                     (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1";
        assert_eq!(agent(phone), "Safari · iPhone");
        assert_eq!(agent("curl/8.5.0"), "curl/8.5.0");
    }
}
