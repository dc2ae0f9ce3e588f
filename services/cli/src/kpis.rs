//! `courtier kpis`: a tenant's days as a table, and their course as a small chart.

use std::process::ExitCode;

use anyhow::Context;
use jiff::{ToSpan, civil::Date};
use msp::kpi::DailyKpis;
use serde_json::json;
use store::{Role, Tenant, kpi_daily};

use crate::{options::KpisArguments, output, start};

/// Days of the chart when no range is given.
const DEFAULT_DAYS: i64 = 30;
/// Days of the table: the newest.
const TABLE_DAYS: usize = 7;
/// Columns of a chart; more days than that share one.
const CHART_COLUMNS: usize = 60;

/// A line of the chart: its name, and the figure of a day.
type Course = (&'static str, fn(&DailyKpis) -> f64);

const COURSES: [Course; 4] = [
    ("created", |day| as_float(day.kpis.ticket_trends.tickets_created)),
    ("closed", |day| as_float(day.kpis.ticket_trends.tickets_closed)),
    ("open", |day| as_float(day.kpis.ticket_trends.tickets_open)),
    ("hours", |day| as_float(day.kpis.time_consumption.total_minutes) / 60.0),
];

pub(crate) async fn run(arguments: KpisArguments) -> anyhow::Result<ExitCode> {
    let mut client = start::client(Role::Worker).await?;
    let today = kpi_daily::today(&client, arguments.tenant).await?;
    let today = today.with_context(|| format!("there is no tenant {}", arguments.tenant))?;
    let to = arguments.to.unwrap_or(today);
    let from = match arguments.from {
        Some(from) => from,
        None => to.checked_sub((DEFAULT_DAYS - 1).days())?,
    };
    let tenant = Tenant::begin(&mut client, arguments.tenant).await?;
    let days = kpi_daily::range(&tenant, from, to).await?;
    if arguments.format.json {
        output::json(&json!(days));
    } else if days.is_empty() {
        output::line(format_args!("nothing is computed from {from} to {to}"));
    } else {
        table(&days);
        charts(&days);
    }
    Ok(ExitCode::SUCCESS)
}

fn table(days: &[DailyKpis]) {
    let rows = days[days.len().saturating_sub(TABLE_DAYS)..].iter().map(|day| {
        let (trends, efficiency) = (&day.kpis.ticket_trends, &day.kpis.tech_efficiency);
        let time = &day.kpis.time_consumption;
        vec![
            weekday(day.date),
            trends.tickets_created.to_string(),
            trends.tickets_closed.to_string(),
            trends.tickets_open.to_string(),
            trends.tickets_high_priority.to_string(),
            rounded(efficiency.median_first_response_minutes, 0),
            rounded(efficiency.median_resolution_minutes.map(|minutes| minutes / 60.0), 1),
            rounded(efficiency.first_call_resolution_rate, 0),
            rounded(efficiency.sla_resolution_met_pct, 0),
            rounded(Some(as_float(time.total_minutes) / 60.0), 1),
            rounded(percent(time.billable_minutes, time.total_minutes), 0),
            if trends.anomaly_detected { rounded(trends.z_score, 1) } else { String::new() },
        ]
    });
    let header = [
        "day",
        "new",
        "closed",
        "open",
        "high",
        "response min",
        "resolve h",
        "FCR %",
        "SLA %",
        "hours",
        "billable %",
        "anomaly z",
    ];
    output::table(&header, rows.collect());
}

fn charts(days: &[DailyKpis]) {
    let (first, last) = (days[0].date, days[days.len() - 1].date);
    output::line(format_args!("{:>8}  {first} … {last}", ""));
    for (name, figure) in COURSES {
        let figures: Vec<f64> = days.iter().map(figure).collect();
        let lowest = figures.iter().copied().fold(f64::INFINITY, f64::min);
        let highest = figures.iter().copied().fold(0.0, f64::max);
        output::line(format_args!("{name:>8}  {}  {lowest:.0}–{highest:.0}", chart(&figures)));
    }
}

/// One block for each day, or for the mean of a few days, from nothing to the highest.
fn chart(figures: &[f64]) -> String {
    const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let days_each = figures.len().div_ceil(CHART_COLUMNS).max(1);
    let means: Vec<f64> = figures.chunks(days_each).map(mean).collect();
    let highest = means.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    means
        .iter()
        .map(|mean| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a share of 7 is between 0 and 7"
            )]
            let height = (mean.max(0.0) / highest * 7.0).round() as usize;
            BLOCKS[height.min(7)]
        })
        .collect()
}

#[expect(clippy::cast_precision_loss, reason = "a chunk holds a few days")]
fn mean(days: &[f64]) -> f64 {
    days.iter().sum::<f64>() / days.len() as f64
}

fn weekday(date: Date) -> String {
    format!("{} {date}", date.strftime("%a"))
}

fn rounded(figure: Option<f64>, decimals: usize) -> String {
    output::or_dash(figure.map(|figure| format!("{figure:.decimals$}")))
}

fn percent(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| 100.0 * as_float(part) / as_float(whole))
}

#[expect(clippy::cast_precision_loss, reason = "counts of a day are far below 2^53")]
fn as_float(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chart_reaches_from_nothing_to_the_highest() {
        assert_eq!(chart(&[0.0, 1.0, 2.0, 7.0]), "▁▂▃█");
        assert_eq!(chart(&[0.0; 3]), "▁▁▁");
        assert_eq!(chart(&[]), "");
        assert_eq!(chart(&[3.0; 365]).chars().count(), 53);
    }
}
