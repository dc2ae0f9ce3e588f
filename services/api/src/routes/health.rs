//! `/health`, `/health/live`, `/health/ready`.
//!
//! Ready means: commands can be accepted. That takes the database and its migrations; without the
//! broker the outbox keeps what is accepted, so that a broker outage only shows as `degraded`.

use std::collections::BTreeMap;
use std::future;

use http::StatusCode;
use schemars::JsonSchema;
use serde::Serialize;
use warp::reply::Response;

use crate::problem::Problem;
use crate::reply;
use crate::route::{Access, Call, Route};
use crate::state::Api;

/// An outbox entry older than this shows that the relay does not keep up.
const LATE_SECONDS: f64 = 60.0;

/// That the process answers.
#[derive(Debug, Serialize, JsonSchema)]
struct Health {
    /// `ok`
    status: &'static str,
    version: &'static str,
    /// Tickets and time entries come from files.
    mock_mode: bool,
}

/// Whether the process can do its work.
#[derive(Debug, Serialize, JsonSchema)]
struct Readiness {
    /// `ready`, `degraded` (commands are accepted, their run is delayed) or `unavailable`.
    status: &'static str,
    checks: BTreeMap<&'static str, Check>,
}

/// One thing that the process needs.
#[derive(Debug, Serialize, JsonSchema)]
struct Check {
    ok: bool,
    detail: String,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::get("/health", Access::Public, |api, _| Box::pin(future::ready(Ok(health(&api)))))
            .about("health", "Says that the process answers.")
            .answers::<Health>(200, "It does."),
        Route::get("/health/live", Access::Public, |api, _| {
            Box::pin(future::ready(Ok(health(&api))))
        })
        .about("health", "Says that the process answers; for restarts.")
        .answers::<Health>(200, "It does."),
        Route::get("/health/ready", Access::Public, |api, call| Box::pin(ready(api, call)))
            .about("health", "Says whether commands can be accepted; for load balancers.")
            .answers::<Readiness>(200, "They can.")
            .answers::<Readiness>(503, "They cannot."),
    ]
}

fn health(api: &Api) -> Response {
    let version = env!("CARGO_PKG_VERSION");
    reply::ok(&Health { status: "ok", version, mock_mode: api.mock_mode })
}

async fn ready(api: Api, _: Call) -> Result<Response, Problem> {
    let (stored, broker) = tokio::join!(stored(&api), broker(&api));
    let mut checks = BTreeMap::from([("broker", broker)]);
    let accepts = match stored {
        Ok(stored) => {
            let accepts = stored.iter().all(|(name, check)| check.ok || *name == "outbox");
            checks.insert("database", Check { ok: true, detail: "answers".into() });
            checks.extend(stored);
            accepts
        }
        Err(error) => {
            tracing::warn!(%error, "the database is not ready");
            checks.insert("database", Check { ok: false, detail: "does not answer".into() });
            false
        }
    };
    let all = checks.values().all(|check| check.ok);
    let (code, status) = match (accepts, all) {
        (true, true) => (StatusCode::OK, "ready"),
        (true, false) => (StatusCode::OK, "degraded"),
        (false, _) => (StatusCode::SERVICE_UNAVAILABLE, "unavailable"),
    };
    Ok(reply::json(code, &Readiness { status, checks }))
}

async fn stored(api: &Api) -> store::Result<Vec<(&'static str, Check)>> {
    let client = api.store.client().await?;
    let migrations = store::migrate::status(&client).await?;
    let detail = match migrations.pending.as_slice() {
        [] => format!("{} applied", migrations.known),
        pending => format!("run `courtier migrate`: {} missing", pending.join(", ")),
    };
    let migrations = Check { ok: migrations.pending.is_empty(), detail };
    if !migrations.ok {
        return Ok(vec![("migrations", migrations)]);
    }
    let lag = store::outbox::lag(&client).await?;
    let detail = format!("{} waiting, the oldest for {:.1} s", lag.entries, lag.oldest_seconds);
    let outbox = Check { ok: lag.oldest_seconds < LATE_SECONDS, detail };
    Ok(vec![("migrations", migrations), ("outbox", outbox)])
}

async fn broker(api: &Api) -> Check {
    match &api.broker {
        None => Check { ok: true, detail: "not checked by this role".into() },
        Some(probe) => match probe().await {
            Ok(()) => Check { ok: true, detail: "answers".into() },
            Err(error) => {
                tracing::warn!(error, "the broker is not ready");
                Check { ok: false, detail: "does not answer; commands wait in the outbox".into() }
            }
        },
    }
}
