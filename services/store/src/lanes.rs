//! Table `lane_pauses`: lanes that people have stopped for a while.
//!
//! Workers read it, and take nothing from a paused lane; what waits stays with the broker.

use jiff::Timestamp;
use serde::Serialize;

use crate::{Client, Error, Result};

/// A lane that is paused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Pause {
    pub lane: String,
    pub paused_at: Timestamp,
    /// `None`: until somebody resumes it.
    pub resume_at: Option<Timestamp>,
    pub reason: String,
    /// Who paused it.
    pub actor: String,
}

/// The pauses that hold now, by lane, and the database's clock.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn pauses(client: &Client) -> Result<(Vec<Pause>, Timestamp)> {
    let statement = "
        select now.now, lane, paused_at, resume_at, reason, actor
        from (select clock_timestamp() as now) as now
        left join lane_pauses on resume_at is null or resume_at > now.now
        order by lane";
    let statement = client.prepare_cached(statement).await?;
    let rows = client.query(&statement, &[]).await?;
    let now = rows.first().ok_or_else(|| Error::Value("the clock says nothing".into()))?.get(0);
    let pauses = rows.iter().filter_map(|row| {
        let lane: Option<String> = row.get("lane");
        Some(Pause {
            lane: lane?,
            paused_at: row.get("paused_at"),
            resume_at: row.get("resume_at"),
            reason: row.get("reason"),
            actor: row.get("actor"),
        })
    });
    Ok((pauses.collect(), now))
}

const PAUSE: &str = "
with paused as (
    insert into lane_pauses (lane, resume_at, reason, actor)
    select $1, $2, $3, $4 where $2::timestamptz is null or $2 > clock_timestamp()
    on conflict (lane) do update
    set paused_at = excluded.paused_at, resume_at = excluded.resume_at, reason = excluded.reason,
        actor = excluded.actor
    returning lane, resume_at, reason
), logged as (
    insert into audit_log (actor, action, resource, detail)
    select $4, 'lane.pause', lane, jsonb_build_object('resume_at', resume_at, 'reason', reason)
    from paused
)
select pg_notify('lanes', lane) from paused";

/// Pauses a lane, or changes the pause that it has; audited. The caller has checked its name.
///
/// # Errors
/// [`Error::Invalid`] when `resume_at` is past, or there is no reason.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn pause(
    client: &Client,
    actor: &str,
    lane: &str,
    resume_at: Option<Timestamp>,
    reason: &str,
) -> Result<()> {
    if reason.trim().is_empty() {
        return Err(Error::Invalid("reason: is required, for those who wonder".into()));
    }
    match client.query_opt(PAUSE, &[&lane, &resume_at, &reason.trim(), &actor]).await? {
        Some(_) => Ok(()),
        None => Err(Error::Invalid("resume_at: is past, give an instant to come".into())),
    }
}

/// Resumes a lane now; audited. Returns whether it was paused.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn resume(client: &Client, actor: &str, lane: &str) -> Result<bool> {
    let statement = "
        with resumed as (
            delete from lane_pauses where lane = $1
            returning lane, resume_at is null or resume_at > clock_timestamp() as was_paused
        ), logged as (
            insert into audit_log (actor, action, resource)
            select $2, 'lane.resume', lane from resumed where was_paused
        )
        select was_paused, pg_notify('lanes', lane) from resumed";
    let row = client.query_opt(statement, &[&lane, &actor]).await?;
    Ok(row.is_some_and(|row| row.get(0)))
}
