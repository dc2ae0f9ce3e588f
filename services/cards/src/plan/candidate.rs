//! Whether a card is due, and what asking about it is worth.

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde::{Deserialize, Serialize};

use super::{PlanConfig, Waits};

/// What the planning needs to know about a card.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Candidate {
    pub is_active: bool,
    /// Its set or its series is hidden.
    pub is_hidden: bool,
    /// When its last snapshot was taken, whether or not a price came of it.
    pub priced_at: Option<Timestamp>,
    /// What it sells for by the last snapshot that could tell: the estimate.
    pub price_eur: Option<Decimal>,
    /// What Cardmarket says.
    pub reference_eur: Option<Decimal>,
    /// Standard deviation of a day's change of the log price.
    pub volatility: Option<f64>,
    pub error_count: u32,
    pub last_error_at: Option<Timestamp>,
    /// Calls that it is expected to take: its pages.
    pub calls: u32,
}

/// Classes of cards that are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Priority {
    /// Was never looked at, or only in vain, and does not keep failing yet. Each card has few such
    /// turns, so that those without a price cannot take every call there is.
    #[serde(rename = "P0")]
    NeverPriced,
    /// Worth less than [`PlanConfig::low_value_threshold_eur`], and its snapshot is old.
    #[serde(rename = "P1")]
    LowValue,
    #[serde(rename = "P2")]
    HighValue,
}

/// Why a card is never planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exclusion {
    Hidden,
    Inactive,
}

/// Why a card is not planned yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wait {
    /// It failed: [`PlanConfig::error_cooldown_hours`], or
    /// [`PlanConfig::low_value_refresh_days`] when it keeps failing.
    CoolingDown,
    /// It is of low value, and was priced less than [`PlanConfig::low_value_refresh_days`] ago.
    LowValueFresh,
    /// It was priced less than [`PlanConfig::min_refresh_hours`] ago.
    Fresh,
}

/// Where a card stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Standing {
    /// `value_eur` is what a refresh is worth: how far the price is expected to have drifted, or
    /// the price itself before the first look.
    Due {
        priority: Priority,
        value_eur: f64,
    },
    Waiting {
        wait: Wait,
        until: Timestamp,
    },
    Excluded(Exclusion),
}

impl Candidate {
    /// Where the card stands at `now`.
    pub fn standing(&self, waits: Waits, config: &PlanConfig, now: Timestamp) -> Standing {
        if !self.is_active {
            return Standing::Excluded(Exclusion::Inactive);
        }
        if self.is_hidden {
            return Standing::Excluded(Exclusion::Hidden);
        }
        let waiting = self.wait(config).filter(|&(_, until)| until > now);
        match waiting {
            Some((wait, until)) if waits == Waits::Kept => Standing::Waiting { wait, until },
            _ => Standing::Due {
                priority: self.priority(config),
                value_eur: self.value_eur(config, now),
            },
        }
    }

    fn priority(&self, config: &PlanConfig) -> Priority {
        match self.looked_at(config) {
            None => Priority::NeverPriced,
            Some(_) if self.worth(config) < config.low_value_threshold_eur => Priority::LowValue,
            Some(_) => Priority::HighValue,
        }
    }

    /// The last look after which the card takes its turn among the others.
    fn looked_at(&self, config: &PlanConfig) -> Option<Timestamp> {
        self.priced_at.or_else(|| self.last_error_at.filter(|_| self.keeps_failing(config)))
    }

    fn keeps_failing(&self, config: &PlanConfig) -> bool {
        self.error_count >= config.max_error_retries
    }

    /// Its price, else its reference, else the threshold of low value.
    fn worth(&self, config: &PlanConfig) -> Decimal {
        let known = self.price_eur.or(self.reference_eur).filter(|eur| *eur > Decimal::ZERO);
        known.unwrap_or(config.low_value_threshold_eur)
    }

    /// Until when the card is left alone, be it in the past.
    fn wait(&self, config: &PlanConfig) -> Option<(Wait, Timestamp)> {
        let refresh = i64::from(config.low_value_refresh_days) * 24;
        if self.error_count > 0 {
            let keeps_failing = self.keeps_failing(config);
            let hours = if keeps_failing { refresh } else { config.error_cooldown_hours.into() };
            let until = self.last_error_at.map(|failed_at| after(failed_at, hours));
            return until.map(|until| (Wait::CoolingDown, until));
        }
        let priced_at = self.priced_at?;
        Some(match self.priority(config) {
            Priority::LowValue => (Wait::LowValueFresh, after(priced_at, refresh)),
            Priority::NeverPriced | Priority::HighValue => {
                (Wait::Fresh, after(priced_at, config.min_refresh_hours.into()))
            }
        })
    }

    /// What it is worth × volatility × days since the last look; before that, what it is worth.
    fn value_eur(&self, config: &PlanConfig, now: Timestamp) -> f64 {
        let worth = self.worth(config).to_f64().unwrap_or(0.0).max(0.0);
        let Some(looked_at) = self.looked_at(config) else { return worth };
        let known = self.volatility.filter(|known| known.is_finite() && *known > 0.0);
        let volatility = known.unwrap_or(config.default_volatility).min(1.0);
        let days = now.duration_since(looked_at).as_secs_f64() / 86_400.0;
        worth * volatility * days.max(0.0)
    }
}

fn after(start: Timestamp, hours: i64) -> Timestamp {
    start.checked_add(SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MAX)
}
