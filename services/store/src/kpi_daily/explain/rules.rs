//! How each figure follows from its records.

use super::records::{
    BACKLOG, CLOSINGS, CREATED, CREATED_AND_CLOSED, DAYS, ENTRIES, FIRST_CALLS, REOPENINGS,
    RESPONSES, SCORES, TARGETS,
};

/// One figure: a column of `kpi_daily`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) kpi: &'static str,
    /// In words, as `docs/KPIS.md` has it.
    pub(super) formula: &'static str,
    /// The query for its records.
    pub(super) records: &'static str,
    /// Which of them belong to it.
    pub(super) only: &'static str,
    /// What the arithmetic is made of: names and expressions over the records.
    pub(super) terms: &'static [(&'static str, &'static str)],
    /// The figure, as an expression over the records.
    pub(super) value: &'static str,
}

const ALL: &str = "true";
const COUNT: &[(&str, &str)] = &[("records", "count(*)")];
const MINUTES: &[(&str, &str)] = &[("minutes", "coalesce(sum(value), 0)"), ("records", "count(*)")];
const SUM_OF_MINUTES: &str = "coalesce(sum(value::bigint), 0)";
/// Over records of which all count.
const SECONDS: &[(&str, &str)] =
    &[("sum_of_seconds", "coalesce(sum(value), 0)"), ("records", "count(*)")];
const MEAN: &str = "round(avg(value::bigint) / 60, 2)";
const MEDIAN: &str =
    "round((percentile_cont(0.5) within group (order by value::bigint) / 60)::numeric, 2)";
const P90: &str =
    "round((percentile_cont(0.9) within group (order by value::bigint) / 60)::numeric, 2)";
const TARGET_TERMS: &[(&str, &str)] =
    &[("met", "count(*) filter (where not counted)"), ("decided", "count(*)")];
const MET_PCT: &str = "round(100.0 * count(*) filter (where not counted) / nullif(count(*), 0), 2)";
const DEVIATION: &[(&str, &str)] = &[
    ("created_on_the_day", "min(value) filter (where not counted)"),
    ("days_before", "count(*) filter (where counted)"),
    ("mean_before", "round(avg(value::bigint) filter (where counted), 4)"),
    ("deviation_before", "round(stddev_samp(value::bigint) filter (where counted), 4)"),
];
/// Null when there is too little history to tell.
macro_rules! z_score {
    () => {
        "case when count(*) filter (where counted) >= 14
            then round((min(value) filter (where not counted)
                        - avg(value::bigint) filter (where counted))
                       / nullif(stddev_samp(value::bigint) filter (where counted), 0), 4) end"
    };
}
const Z_SCORE: &str = z_score!();
const IS_ANOMALY: &str = concat!("coalesce(abs(", z_score!(), ") > 2, false)");
macro_rules! members {
    () => {
        "(select count(distinct member) from raw_time_entries
          where tenant_id = $1 and date_worked = $2)"
    };
}
const MEMBERS: &str = members!();
const CLOSINGS_PER_MEMBER: &str =
    concat!("round(count(*)::numeric / nullif(", members!(), ", 0), 4)");

/// Short for a rule; the order is that of its fields.
const fn rule(
    kpi: &'static str,
    formula: &'static str,
    records: &'static str,
    only: &'static str,
    terms: &'static [(&'static str, &'static str)],
    value: &'static str,
) -> Rule {
    Rule { kpi, formula, records, only, terms, value }
}

/// Every figure, in the order of `docs/KPIS.md`.
#[rustfmt::skip]
pub(super) const RULES: &[Rule] = &[
    rule("total_minutes", "sum of minutes", ENTRIES, ALL, MINUTES, SUM_OF_MINUTES),
    rule("billable_minutes", "sum of minutes of billable entries", ENTRIES, "note = 'billable'",
        MINUTES, SUM_OF_MINUTES),
    rule("non_billable_minutes", "sum of minutes of entries that are not billable", ENTRIES,
        "note <> 'billable'", MINUTES, SUM_OF_MINUTES),
    rule("no_charge_minutes", "sum of minutes of entries at no charge", ENTRIES,
        "note = 'no charge'", MINUTES, SUM_OF_MINUTES),

    rule("avg_resolution_minutes", "mean of the seconds from creation to closing, of closings that hold, / 60",
        CLOSINGS, "counted", SECONDS, MEAN),
    rule("median_resolution_minutes", "median of the seconds from creation to closing, of closings that hold, / 60",
        CLOSINGS, "counted", SECONDS, MEDIAN),
    rule("p90_resolution_minutes", "90th percentile of the seconds from creation to closing, of closings that hold, / 60",
        CLOSINGS, "counted", SECONDS, P90),
    rule("n_resolution", "number of closings that hold", CLOSINGS, "counted", COUNT, "count(*)"),
    rule("first_call_resolution_rate", "100 * first closings that hold, of tickets with one time entry / closings",
        FIRST_CALLS, ALL,
        &[("settled", "count(*) filter (where counted)"), ("closings", "count(*)")],
        "round(100.0 * count(*) filter (where counted) / nullif(count(*), 0), 2)"),
    rule("avg_satisfaction_score", "mean of the scores", SCORES, ALL,
        &[("sum_of_scores", "coalesce(sum(value), 0)"), ("records", "count(*)")],
        "round(avg(value), 2)"),
    rule("n_satisfaction", "number of scores", SCORES, ALL, COUNT, "count(*)"),
    rule("avg_first_response_minutes", "mean of the seconds from creation to first response / 60",
        RESPONSES, ALL, SECONDS, MEAN),
    rule("median_first_response_minutes", "median of the seconds from creation to first response / 60",
        RESPONSES, ALL, SECONDS, MEDIAN),
    rule("p90_first_response_minutes", "90th percentile of the seconds from creation to first response / 60",
        RESPONSES, ALL, SECONDS, P90),
    rule("n_first_response", "number of first responses", RESPONSES, ALL, COUNT, "count(*)"),
    rule("tickets_sla_breached", "number of tickets that missed a target", TARGETS, "counted",
        &[("targets_missed", "count(*)"), ("tickets", "count(distinct (source, id))")],
        "count(distinct (source, id))"),
    rule("sla_response_met_pct", "100 * response targets met / response targets decided", TARGETS,
        "note = 'response target'", TARGET_TERMS, MET_PCT),
    rule("sla_resolution_met_pct", "100 * resolution targets met / resolution targets decided",
        TARGETS, "note = 'resolution target'", TARGET_TERMS, MET_PCT),
    rule("tickets_per_technician", "closings / members with a time entry on the day", CLOSINGS, ALL,
        &[("closings", "count(*)"), ("members", MEMBERS)],
        CLOSINGS_PER_MEMBER),

    rule("tickets_created", "number of tickets created", CREATED, ALL, COUNT, "count(*)"),
    rule("tickets_closed", "number of closings", CLOSINGS, ALL, COUNT, "count(*)"),
    rule("tickets_reopened", "number of reopenings", REOPENINGS, ALL, COUNT, "count(*)"),
    rule("tickets_net_change", "created - closed", CREATED_AND_CLOSED, ALL,
        &[("created", "count(*) filter (where note = 'created')"),
          ("closed", "count(*) filter (where note = 'closed')")],
        "count(*) filter (where note = 'created') - count(*) filter (where note = 'closed')"),
    rule("tickets_open", "number of tickets open at the end of the day", BACKLOG, ALL, COUNT,
        "count(*)"),
    rule("tickets_high_priority", "number of tickets of a high priority open at the end of the day",
        BACKLOG, "counted", COUNT, "count(*)"),
    rule("tickets_open_0d", "open tickets, created on the day", BACKLOG, "value = 0", COUNT,
        "count(*)"),
    rule("tickets_open_1_2d", "open tickets, 1 or 2 days old", BACKLOG, "value between 1 and 2",
        COUNT, "count(*)"),
    rule("tickets_open_3_6d", "open tickets, 3 to 6 days old", BACKLOG, "value between 3 and 6",
        COUNT, "count(*)"),
    rule("tickets_open_7_13d", "open tickets, 7 to 13 days old", BACKLOG, "value between 7 and 13",
        COUNT, "count(*)"),
    rule("tickets_open_14_29d", "open tickets, 14 to 29 days old", BACKLOG,
        "value between 14 and 29", COUNT, "count(*)"),
    rule("tickets_open_30d_up", "open tickets, 30 days old or older", BACKLOG, "value >= 30", COUNT,
        "count(*)"),
    rule("z_score", "(created on the day - mean of the 30 days before) / their sample standard deviation",
        DAYS, ALL, DEVIATION, Z_SCORE),
    rule("anomaly_detected", "the z-score is beyond 2 either way", DAYS, ALL, DEVIATION, IS_ANOMALY),
];
