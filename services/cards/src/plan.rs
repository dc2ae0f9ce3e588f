//! Which cards a batch asks the marketplace about, and in which order.
//!
//! A call is spent where it is expected to change most: cards that were never looked at first, then
//! by price × volatility × days since the last look. A card that a look found no price for goes by
//! its reference. The value of a card that waits grows without bound, so that no card waits for ever.

mod candidate;
mod forecast;
mod volatility;

use std::cmp::Ordering;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

pub use candidate::{Candidate, Exclusion, Priority, Standing, Wait};
use forecast::Arrivals;
pub use volatility::volatility;

/// Constants of the planning.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PlanConfig {
    /// Cards with a lower price, or reference without a price, are of low value (setting `low_value_threshold`).
    pub low_value_threshold_eur: Decimal,
    /// Days after which they are priced again (setting `low_value_refresh_days`), and for which
    /// cards that keep failing are left alone.
    pub low_value_refresh_days: u32,
    /// Failures in a row from which a card keeps failing (setting `max_error_retries`).
    pub max_error_retries: u32,
    /// Hours for which a card is left alone after a failure.
    pub error_cooldown_hours: u32,
    /// Hours after a snapshot in which another would tell nothing new.
    pub min_refresh_hours: u32,
    /// Standard deviation of a day's change of the log price, where too little history is known.
    pub default_volatility: f64,
}

impl Default for PlanConfig {
    fn default() -> Self {
        Self {
            low_value_threshold_eur: Decimal::TEN,
            low_value_refresh_days: 60,
            max_error_retries: 3,
            error_cooldown_hours: 24,
            min_refresh_hours: 12,
            default_volatility: 0.02,
        }
    }
}

/// What may be spent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Calls that this batch may make.
    pub budget_calls: u64,
    /// Cards that it may take; all that fit when absent.
    pub max_cards: Option<usize>,
    /// Calls that the batches of the days to come may make each.
    pub calls_per_day: u64,
    /// Whether cards that need not be asked about yet are taken all the same.
    pub waits: Waits,
}

/// What cooldowns and refresh times mean to a batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Waits {
    /// Cards wait.
    #[default]
    Kept,
    /// The cards were asked for by name.
    Ignored,
}

/// A card that is due.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Due {
    /// Its place among the candidates.
    pub place: usize,
    pub priority: Priority,
    /// What a refresh is worth ([`Candidate::standing`]), EUR.
    pub value_eur: f64,
    /// Calls that it takes.
    pub calls: u32,
    /// Whether it fits into the budget; else it is deferred.
    pub is_picked: bool,
}

/// What a batch does.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Plan {
    /// Cards that are due, in the order of their turn.
    pub due: Vec<Due>,
    /// Calls of those that are picked.
    pub calls: u64,
    pub counts: Counts,
    /// Whole days until each card that is due, or fails at present, has been asked about once
    /// more: 0 when this batch is enough, `None` when there are calls for none.
    pub days_until_fresh: Option<u32>,
}

/// How many cards are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    pub picked: usize,
    /// Due, and beyond the limits.
    pub deferred: usize,
    /// Due by priority: never looked at, low value, high value.
    pub never_priced: usize,
    pub low_value: usize,
    pub high_value: usize,
    /// Left alone after failures.
    pub cooling_down: usize,
    /// Of low value, and priced not long ago.
    pub low_value_fresh: usize,
    /// Priced a few hours ago.
    pub fresh: usize,
    pub hidden: usize,
    pub inactive: usize,
}

impl Plan {
    /// The cards of this batch, in the order of their turn.
    pub fn picked(&self) -> impl Iterator<Item = &Due> {
        self.due.iter().filter(|due| due.is_picked)
    }

    /// Due cards that this batch cannot pay for.
    pub fn deferred(&self) -> impl Iterator<Item = &Due> {
        self.due.iter().filter(|due| !due.is_picked)
    }

    /// When the catalogue will be fresh, counted from the time of the plan.
    pub fn fresh_at(&self, now: Timestamp) -> Option<Timestamp> {
        let hours = i64::from(self.days_until_fresh?) * 24;
        now.checked_add(SignedDuration::from_hours(hours)).ok()
    }
}

/// Plans a batch. The same candidates in the same order give the same plan.
pub fn plan(
    candidates: &[Candidate],
    limits: &Limits,
    config: &PlanConfig,
    now: Timestamp,
) -> Plan {
    let mut plan = Plan::default();
    let mut arrivals = Arrivals::new(now);
    plan.due.reserve_exact(candidates.len());
    for (place, candidate) in candidates.iter().enumerate() {
        let standing = candidate.standing(limits.waits, config, now);
        plan.counts.add(&standing);
        let calls = candidate.calls.max(1);
        match standing {
            Standing::Due { priority, value_eur } => {
                plan.due.push(Due { place, priority, value_eur, calls, is_picked: false });
            }
            Standing::Waiting { wait: Wait::CoolingDown, until } => arrivals.add(until, calls),
            Standing::Waiting { .. } | Standing::Excluded(_) => {}
        }
    }
    plan.due.sort_unstable_by(turn);
    plan.pick(limits);
    let deferred = plan.deferred().map(|due| u64::from(due.calls)).sum();
    plan.days_until_fresh = arrivals.days_until_done(deferred, limits.calls_per_day);
    plan
}

/// Cards that were never looked at first, then the most valuable refresh; among equals, the earlier place.
fn turn(left: &Due, right: &Due) -> Ordering {
    let is_late = |due: &Due| due.priority != Priority::NeverPriced;
    is_late(left)
        .cmp(&is_late(right))
        .then_with(|| right.value_eur.total_cmp(&left.value_eur))
        .then_with(|| left.place.cmp(&right.place))
}

impl Plan {
    /// Takes what fits, in turn. A card that is too dear for what is left is passed over.
    fn pick(&mut self, limits: &Limits) {
        let max_cards = limits.max_cards.unwrap_or(usize::MAX);
        for due in &mut self.due {
            let calls = self.calls + u64::from(due.calls);
            if self.counts.picked < max_cards && calls <= limits.budget_calls {
                due.is_picked = true;
                self.calls = calls;
                self.counts.picked += 1;
            } else {
                self.counts.deferred += 1;
            }
        }
    }
}

impl Counts {
    fn add(&mut self, standing: &Standing) {
        let count = match standing {
            Standing::Due { priority: Priority::NeverPriced, .. } => &mut self.never_priced,
            Standing::Due { priority: Priority::LowValue, .. } => &mut self.low_value,
            Standing::Due { priority: Priority::HighValue, .. } => &mut self.high_value,
            Standing::Waiting { wait: Wait::CoolingDown, .. } => &mut self.cooling_down,
            Standing::Waiting { wait: Wait::LowValueFresh, .. } => &mut self.low_value_fresh,
            Standing::Waiting { wait: Wait::Fresh, .. } => &mut self.fresh,
            Standing::Excluded(Exclusion::Hidden) => &mut self.hidden,
            Standing::Excluded(Exclusion::Inactive) => &mut self.inactive,
        };
        *count += 1;
    }
}

#[cfg(test)]
mod tests;
