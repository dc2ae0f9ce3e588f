//! Daily KPIs of one tenant: the figures, their groups, and the rules that are not SQL.
//!
//! `docs/KPIS.md` defines each figure. A day is a calendar day of the tenant's time zone. Durations
//! are minutes, rates are percentages, and `None` means "nothing to divide by", never zero.

mod period;

use jiff::{Timestamp, civil::Date};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub use period::{FIRST_DATE, MAX_DAYS, Period, PeriodError};

/// Version of the definitions. A change of meaning raises it, and every day is computed again.
pub const DEFINITION_VERSION: i32 = 1;

/// The figures of one tenant and day, as `GET /v1/kpis/daily` shows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct DailyKpis {
    pub tenant_id: Uuid,
    /// Calendar day in the tenant's time zone.
    pub date: Date,
    pub kpis: Kpis,
    /// When this row was last written; a computation that changes nothing leaves it.
    pub computed_at: Timestamp,
    /// 1 at first, and one more each time a figure changed.
    pub revision: i32,
    /// [`DEFINITION_VERSION`] of the computation.
    pub definition_version: i32,
    /// False until seven days after the end of the day: a reopened ticket still takes its closing
    /// out of the first-call and resolution figures. Late records may change a final row too.
    pub is_final: bool,
}

/// The figures in their three groups.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Kpis {
    pub time_consumption: TimeConsumption,
    pub tech_efficiency: TechEfficiency,
    pub ticket_trends: TicketTrends,
}

/// Minutes of the time entries worked on the day.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimeConsumption {
    /// `billable_minutes + non_billable_minutes`.
    pub total_minutes: i64,
    pub billable_minutes: i64,
    /// Everything that is not billable, `no_charge_minutes` included.
    pub non_billable_minutes: i64,
    /// Part of `non_billable_minutes` that the client sees on the invoice at no charge.
    pub no_charge_minutes: i64,
}

/// How fast and how well tickets were answered and closed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TechEfficiency {
    /// From creation to a closing on the day that held.
    pub avg_resolution_minutes: Option<f64>,
    pub median_resolution_minutes: Option<f64>,
    pub p90_resolution_minutes: Option<f64>,
    /// Closings behind the resolution figures.
    pub n_resolution: i64,
    /// Percentage of the day's closings that one time entry settled for good.
    pub first_call_resolution_rate: Option<f64>,
    /// Mean survey score of the tickets closed on the day, in the unit of the source.
    pub avg_satisfaction_score: Option<f64>,
    /// Scores behind the mean.
    pub n_satisfaction: i64,
    /// From creation to a first response on the day.
    pub avg_first_response_minutes: Option<f64>,
    pub median_first_response_minutes: Option<f64>,
    pub p90_first_response_minutes: Option<f64>,
    /// Responses behind the first-response figures.
    pub n_first_response: i64,
    /// Tickets that missed their response or their resolution target on the day.
    pub tickets_sla_breached: i64,
    /// Percentage of the response targets decided on the day that were met.
    pub sla_response_met_pct: Option<f64>,
    /// Percentage of the resolution targets decided on the day that were met.
    pub sla_resolution_met_pct: Option<f64>,
    /// Closings per person who logged time on the day.
    pub tickets_per_technician: Option<f64>,
}

/// Flow of tickets through the day, and the backlog at its end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TicketTrends {
    pub tickets_created: i64,
    /// Every closing, also of a ticket that was opened again later.
    pub tickets_closed: i64,
    pub tickets_reopened: i64,
    /// `tickets_created - tickets_closed`. The backlog changes by this plus `tickets_reopened`.
    pub tickets_net_change: i64,
    /// Backlog at the end of the day.
    pub tickets_open: i64,
    /// Part of the backlog with a high or critical priority.
    pub tickets_high_priority: i64,
    /// The backlog by age in calendar days; the six sum to `tickets_open`.
    pub tickets_open_0d: i64,
    pub tickets_open_1_2d: i64,
    pub tickets_open_3_6d: i64,
    pub tickets_open_7_13d: i64,
    pub tickets_open_14_29d: i64,
    pub tickets_open_30d_up: i64,
    /// Whether `z_score` is beyond 2 either way.
    pub anomaly_detected: bool,
    /// Deviation of `tickets_created` from the 30 days before, in standard deviations.
    pub z_score: Option<f64>,
}
