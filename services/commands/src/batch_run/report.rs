//! What came of a batch.

use serde_json::{Value, json};
use store::batches::{self, ItemState};
use store::prices::Bounds;
use store::{Client, prices, quota, segment_ratios, settings};
use uuid::Uuid;

use super::planning::Planned;
use crate::Failure;
use crate::market::PROVIDER;

/// Prices that moved by more than this share are worth a line.
const MOVE_SHARE: f64 = 0.15;
const MAX_MOVES: i64 = 20;
const MAX_FAILURES: i64 = 20;

const MAX_ANOMALIES: i64 = 20;

/// Counts, moves, what is odd, failures and calls of a batch whose cards have all ended.
pub(super) async fn write(
    client: &Client,
    id: Uuid,
    planned: Option<&Planned>,
) -> Result<Value, Failure> {
    let run = batches::get(client, id).await?;
    let run = run.ok_or_else(|| Failure::reject("the batch has been removed"))?;
    let progress = batches::progress(client, id).await?;
    let usage = quota::current(client, PROVIDER).await?;
    let failures = batches::items(client, id, Some(ItemState::Failed), None, MAX_FAILURES).await?;
    let classic = settings::all(client).await?.pricing.classic;
    let bounds = Bounds { move_rate: classic.anomaly_rate, dispersion: classic.dispersion_bad };
    // Estimates are made of these.
    let ratios = match run.mode.as_str() {
        "hybrid" => Some(segment_ratios::all(client).await?),
        _ => None,
    };
    // What was planned is known only to the first run; later ones keep what that one wrote.
    let plan = planned.map(Planned::summary).or_else(|| run.report?.get("plan").cloned());
    Ok(json!({
        "mode": run.mode,
        "set": run.set_id,
        "progress": progress,
        "plan": plan,
        "top_moves": prices::top_moves(client, id, MOVE_SHARE, MAX_MOVES).await?,
        "anomalies": prices::anomalies(client, id, bounds, MAX_ANOMALIES).await?,
        "ratios": ratios,
        "failures": failures,
        "stop_reason": run.stop_reason,
        "quota": {
            "used": usage.day.used,
            "reserved": usage.day.reserved,
            "daily_limit": usage.day.daily_limit,
            "free": usage.free,
            "window_end": usage.day.window_end,
        },
    }))
}
