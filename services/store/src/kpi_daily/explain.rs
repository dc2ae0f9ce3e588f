//! What one figure of one day is made of: its records, and the arithmetic from them to the number.

mod records;
mod rules;

use jiff::{Timestamp, civil::Date};
use serde_json::Value;
use tokio_postgres::types::Type;

use super::compute::Calendar;
use crate::{Error, Result, Tenant};
use msp::kpi::Period;
use rules::{RULES, Rule};

/// A figure with what it is made of.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// How it follows from its records, in words.
    pub formula: &'static str,
    /// The number as it is kept: a number, a truth value, or null.
    pub value: Value,
    /// The number that the records of now give. It differs from `value` only when records were
    /// loaded since, and the day not computed again yet.
    pub from_records: Value,
    pub agrees: bool,
    /// Records were loaded that may change the day; it will be computed again.
    pub is_stale: bool,
    pub revision: i32,
    pub computed_at: Timestamp,
    /// What the arithmetic is made of, by name.
    pub terms: Value,
    /// All records, of which `records` may be the first ones only.
    pub n_records: i64,
    /// By instant, then by id.
    pub records: Vec<Record>,
}

/// A record behind a figure.
#[derive(Clone, Debug)]
pub struct Record {
    pub source: String,
    /// Of a ticket or a time entry, as the source has it.
    pub id: String,
    pub at: Option<Timestamp>,
    /// What it adds: seconds, minutes, days of age, a score, or a number of tickets.
    pub value: Option<f64>,
    /// Whether it counts where the figure is a share.
    pub counted: bool,
    pub note: String,
}

/// Names of the figures that can be explained: all there are.
pub fn explainable() -> impl Iterator<Item = &'static str> {
    RULES.iter().map(|rule| rule.kpi)
}

/// Explains `kpi` of a day with its first `limit` records; `None` when the day was never computed.
/// Wants a transaction in one snapshot: [`Tenant::snapshot`].
///
/// # Errors
/// [`Error::Invalid`] when there is no such figure.
pub async fn explain(
    tenant: &Tenant<'_>,
    date: Date,
    kpi: &str,
    limit: i64,
) -> Result<Option<Explanation>> {
    let rule = RULES.iter().find(|rule| rule.kpi == kpi);
    let rule = rule.ok_or_else(|| Error::Invalid(format!("there is no figure called {kpi}")))?;
    let Ok(period) = Period::new(date, date) else { return Ok(None) };
    let calendar = Calendar::of(tenant, period).await?;
    let (begin, end) = (calendar.begin_of_last(), calendar.end_of_last());
    let row = tenant
        .query_typed(
            &statement(rule),
            &[
                (&tenant.id(), Type::UUID),
                (&date, Type::DATE),
                (&begin, Type::TIMESTAMPTZ),
                (&end, Type::TIMESTAMPTZ),
                (&calendar.midnights, Type::TIMESTAMPTZ_ARRAY),
                (&limit, Type::INT8),
            ],
        )
        .await?;
    let Some(row) = row.first() else { return Ok(None) };
    Ok(Some(Explanation {
        formula: rule.formula,
        value: row.get("kept"),
        from_records: row.get("counted"),
        agrees: row.get("agrees"),
        is_stale: row.get("is_stale"),
        revision: row.get("revision"),
        computed_at: row.get("computed_at"),
        terms: row.get("terms"),
        n_records: row.get("n_records"),
        records: records(&row.get("records")),
    }))
}

/// Sent with the types of its parameters, because not every rule uses all of them.
fn statement(rule: &Rule) -> String {
    let terms: Vec<String> =
        rule.terms.iter().map(|(name, term)| format!("'{name}', {term}")).collect();
    format!(
        "with record as materialized (
            select * from ({records}) as every_record where {only}
        ), counted as (
            select to_jsonb({value}) as value, jsonb_build_object({terms}) as terms,
                   count(*) as n_records
            from record
        ), shown as (
            select jsonb_agg(to_jsonb(first) order by at, source, id) as records
            from (select * from record order by at, source, id limit $6) as first
        )
        select coalesce(to_jsonb(kept) -> '{kpi}', 'null') as kept,
               coalesce(counted.value, 'null') as counted,
               coalesce(to_jsonb(kept) -> '{kpi}', 'null') = coalesce(counted.value, 'null')
                   as agrees,
               exists (select 1 from kpi_dirty where tenant_id = $1 and days @> $2::date)
                   as is_stale,
               kept.revision, kept.computed_at, counted.terms, counted.n_records,
               coalesce(shown.records, '[]') as records
        from kpi_daily as kept, counted, shown
        where kept.tenant_id = $1 and kept.kpi_date = $2",
        records = rule.records,
        only = rule.only,
        value = rule.value,
        terms = terms.join(", "),
        kpi = rule.kpi,
    )
}

fn records(rows: &Value) -> Vec<Record> {
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let record = |row: &Value| Record {
        source: text(row, "source"),
        id: text(row, "id"),
        at: row["at"].as_str().and_then(|at| at.parse().ok()),
        value: row["value"].as_f64(),
        counted: row["counted"].as_bool().unwrap_or_default(),
        note: text(row, "note"),
    };
    rows.as_array().into_iter().flatten().map(record).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_one_rule() {
        let figures = serde_json::to_value(msp::kpi::Kpis::default()).unwrap();
        let groups = figures.as_object().unwrap().values();
        let mut kept: Vec<&str> = groups
            .flat_map(|group| group.as_object().unwrap().keys())
            .map(String::as_str)
            .collect();
        let mut explained: Vec<&str> = explainable().collect();
        kept.sort_unstable();
        explained.sort_unstable();
        assert_eq!(explained, kept);
    }
}
