//! `GET /metrics`, in the text format of Prometheus.

use metrics::gauge;
use warp::reply::Response;

use crate::problem::Problem;
use crate::reply;
use crate::route::{Access, Call, Route};
use crate::state::Api;

/// States and ages are those of this many newest commands: enough to see a backlog, and cheap with
/// any number of finished ones.
const NEWEST: i64 = 10_000;
/// A worker that was silent for so long counts as gone.
const LIVING_SECONDS: f64 = 120.0;
const STATES: [&str; 7] =
    ["queued", "running", "succeeded", "retrying", "postponed", "cancelled", "dead"];
const CONTENT_TYPE: &str = "text/plain; version=0.0.4";

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/metrics", Access::Public, |api, call| Box::pin(scrape(api, call)))
            .about("health", "Metrics of this process and of the queue, for Prometheus.")
            .answers_text(CONTENT_TYPE, "The metrics."),
    ]
}

async fn scrape(api: Api, _: Call) -> Result<Response, Problem> {
    let (open, idle, waiting) = api.store.pool_status();
    for (state, connections) in [("size", open), ("available", idle), ("waiting", waiting)] {
        gauge!(format!("db_pool_{state}")).set(count(connections));
    }
    // A scrape must tell about this process even when the database is away.
    match fabric(&api).await {
        Ok(()) => gauge!("db_up").set(1.0),
        Err(error) => {
            tracing::warn!(%error, "the queue's figures could not be read");
            gauge!("db_up").set(0.0);
        }
    }
    Ok(reply::bytes(CONTENT_TYPE, (api.metrics)()))
}

async fn fabric(api: &Api) -> store::Result<()> {
    let client = api.store.client().await?;
    let lag = store::outbox::lag(&client).await?;
    gauge!("outbox_pending").set(count(usize::try_from(lag.entries).unwrap_or(0)));
    gauge!("outbox_oldest_seconds").set(lag.oldest_seconds);
    let mut in_state = STATES.map(|state| (state, 0));
    for (_, status, commands) in store::commands::counts(&client, NEWEST).await? {
        for (state, sum) in &mut in_state {
            *sum += if *state == status { commands } else { 0 };
        }
    }
    for (state, commands) in in_state {
        gauge!("jobs_in_state", "state" => state)
            .set(count(usize::try_from(commands).unwrap_or(0)));
    }
    let waiting = store::commands::waiting(&client, NEWEST).await?;
    for lane in commands::LANES {
        let seconds = waiting.iter().find(|(name, _)| name == lane.name).map_or(0.0, |(_, s)| *s);
        gauge!("oldest_waiting_job_seconds", "queue" => lane.name).set(seconds);
    }
    let workers = store::workers::living(&client, LIVING_SECONDS).await?;
    gauge!("workers_living").set(count(workers.len()));
    let today = store::quota::current(&client, commands::PROVIDER).await?.day;
    gauge!("quota_limit").set(f64::from(today.daily_limit));
    gauge!("quota_used").set(f64::from(today.used));
    gauge!("quota_reserved").set(f64::from(today.reserved));
    gauge!("quota_drift").set(today.reported.map_or(0.0, |reported| f64::from(reported.drift)));
    Ok(())
}

fn count(things: usize) -> f64 {
    u32::try_from(things).map_or(f64::MAX, f64::from)
}
