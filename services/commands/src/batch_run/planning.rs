//! Which cards a batch looks at.

use cards::plan::{Candidate, Limits, Plan, PlanConfig, Waits, plan as order_cards};
use serde_json::{Value, json};
use store::batches::{PlanInput, Scope, plan_inputs};
use store::settings::Settings;
use store::{Client, quota};

use super::estimate::BatchEstimate;
use crate::Failure;
use crate::market::PROVIDER;

/// What a batch was asked to look at.
pub(super) struct Order<'a> {
    pub(super) set: Option<&'a str>,
    pub(super) cards: Option<&'a [i64]>,
    pub(super) limit: Option<u32>,
}

/// The cards of a batch, and what the plan says about all others.
pub(super) struct Planned {
    inputs: Vec<PlanInput>,
    plan: Plan,
    /// Due cards that neither the calls of this day nor the batch's own limit reach.
    pub(super) n_beyond: usize,
    free_calls: i32,
}

impl Planned {
    /// Card and set of each, in their turn.
    pub(super) fn items(&self) -> Vec<(i64, &str)> {
        let input = |place: usize| &self.inputs[place];
        self.plan
            .picked()
            .map(|due| (input(due.place).card_id, input(due.place).set_id.as_str()))
            .collect()
    }

    pub(super) fn estimate(&self) -> BatchEstimate {
        BatchEstimate {
            counts: self.plan.counts,
            calls: self.plan.calls,
            free_calls: self.free_calls,
            days_until_fresh: self.plan.days_until_fresh,
        }
    }

    pub(super) fn summary(&self) -> Value {
        json!({
            "counts": self.plan.counts,
            "calls": self.plan.calls,
            "free_calls": self.free_calls,
            "days_until_fresh": self.plan.days_until_fresh,
        })
    }
}

pub(super) async fn plan(
    client: &Client,
    order: &Order<'_>,
    settings: &Settings,
) -> Result<Planned, Failure> {
    let scope = Scope { set_id: order.set, card_ids: order.cards };
    let inputs = plan_inputs(client, scope).await?;
    if inputs.is_empty() {
        return Err(Failure::reject(nothing(order)));
    }
    let usage = quota::current(client, PROVIDER).await?;
    let per_day = settings.daily_api_limit * (100 - settings.interactive_reserve_percent) / 100;
    let limits = Limits {
        budget_calls: u64::try_from(usage.free_for_batches).unwrap_or(0),
        max_cards: order.limit.and_then(|limit| usize::try_from(limit).ok()),
        calls_per_day: u64::try_from(per_day).unwrap_or(0),
        waits: if order.cards.is_some() { Waits::Ignored } else { Waits::Kept },
    };
    let config = PlanConfig {
        low_value_threshold_eur: settings.low_value_threshold,
        low_value_refresh_days: settings.low_value_refresh_days.unsigned_abs(),
        max_error_retries: settings.max_error_retries.unsigned_abs(),
        ..PlanConfig::default()
    };
    let candidates: Vec<Candidate> = inputs.iter().map(|input| input.candidate).collect();
    let plan = order_cards(&candidates, &limits, &config, usage.now);
    let n_beyond = plan.deferred().count();
    Ok(Planned { inputs, plan, n_beyond, free_calls: usage.free_for_batches })
}

fn nothing(order: &Order<'_>) -> String {
    match (order.set, order.cards) {
        (Some(set), _) => {
            format!(
                "there is no card of set `{set}`: `courtier import-catalogue --set {set}` imports it"
            )
        }
        (None, Some(_)) => "none of these cards is in the catalogue".to_owned(),
        (None, None) => {
            "the catalogue is empty: import it with `courtier import-catalogue`".to_owned()
        }
    }
}
