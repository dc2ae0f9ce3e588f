//! Reads computed days, in a tenant's transaction.

use jiff::civil::Date;
use msp::kpi::{DailyKpis, Kpis, TechEfficiency, TicketTrends, TimeConsumption};
use tokio_postgres::Row;

use crate::{Result, Tenant};

// The client has no type for `numeric` but an exact one; these are figures to look at.
pub(super) const COLUMNS: &str = "
    tenant_id, kpi_date,
    total_minutes, billable_minutes, non_billable_minutes, no_charge_minutes,
    avg_resolution_minutes::float8, median_resolution_minutes::float8,
    p90_resolution_minutes::float8, n_resolution,
    first_call_resolution_rate::float8, avg_satisfaction_score::float8, n_satisfaction,
    avg_first_response_minutes::float8, median_first_response_minutes::float8,
    p90_first_response_minutes::float8, n_first_response,
    tickets_sla_breached, sla_response_met_pct::float8, sla_resolution_met_pct::float8,
    tickets_per_technician::float8,
    tickets_created, tickets_closed, tickets_reopened, tickets_net_change,
    tickets_open, tickets_high_priority,
    tickets_open_0d, tickets_open_1_2d, tickets_open_3_6d,
    tickets_open_7_13d, tickets_open_14_29d, tickets_open_30d_up,
    anomaly_detected, z_score::float8,
    computed_at, revision, definition_version, is_final";

/// One day; `None` when it was never computed.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn day(tenant: &Tenant<'_>, date: Date) -> Result<Option<DailyKpis>> {
    Ok(range(tenant, date, date).await?.pop())
}

/// Of these days the computed ones, in no order.
///
/// # Errors
/// When the database cannot be read.
pub async fn days(tenant: &Tenant<'_>, dates: &[Date]) -> Result<Vec<DailyKpis>> {
    let statement = format!(
        "select {COLUMNS} from kpi_daily where tenant_id = $1 and kpi_date = any($2::date[])"
    );
    let statement = tenant.prepare_cached(&statement).await?;
    let rows = tenant.query(&statement, &[&tenant.id(), &dates]).await?;
    Ok(rows.iter().map(daily_kpis).collect())
}

/// The computed days from `from` to `to`, both included, in order.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn range(tenant: &Tenant<'_>, from: Date, to: Date) -> Result<Vec<DailyKpis>> {
    let statement = format!(
        "select {COLUMNS} from kpi_daily
         where tenant_id = $1 and kpi_date between $2 and $3 order by kpi_date"
    );
    let statement = tenant.prepare_cached(&statement).await?;
    let rows = tenant.query(&statement, &[&tenant.id(), &from, &to]).await?;
    Ok(rows.iter().map(daily_kpis).collect())
}

pub(super) fn daily_kpis(row: &Row) -> DailyKpis {
    DailyKpis {
        tenant_id: row.get("tenant_id"),
        date: row.get("kpi_date"),
        kpis: Kpis {
            time_consumption: time_consumption(row),
            tech_efficiency: tech_efficiency(row),
            ticket_trends: ticket_trends(row),
        },
        computed_at: row.get("computed_at"),
        revision: row.get("revision"),
        definition_version: row.get("definition_version"),
        is_final: row.get("is_final"),
    }
}

fn time_consumption(row: &Row) -> TimeConsumption {
    TimeConsumption {
        total_minutes: row.get("total_minutes"),
        billable_minutes: row.get("billable_minutes"),
        non_billable_minutes: row.get("non_billable_minutes"),
        no_charge_minutes: row.get("no_charge_minutes"),
    }
}

fn tech_efficiency(row: &Row) -> TechEfficiency {
    TechEfficiency {
        avg_resolution_minutes: row.get("avg_resolution_minutes"),
        median_resolution_minutes: row.get("median_resolution_minutes"),
        p90_resolution_minutes: row.get("p90_resolution_minutes"),
        n_resolution: row.get("n_resolution"),
        first_call_resolution_rate: row.get("first_call_resolution_rate"),
        avg_satisfaction_score: row.get("avg_satisfaction_score"),
        n_satisfaction: row.get("n_satisfaction"),
        avg_first_response_minutes: row.get("avg_first_response_minutes"),
        median_first_response_minutes: row.get("median_first_response_minutes"),
        p90_first_response_minutes: row.get("p90_first_response_minutes"),
        n_first_response: row.get("n_first_response"),
        tickets_sla_breached: row.get("tickets_sla_breached"),
        sla_response_met_pct: row.get("sla_response_met_pct"),
        sla_resolution_met_pct: row.get("sla_resolution_met_pct"),
        tickets_per_technician: row.get("tickets_per_technician"),
    }
}

fn ticket_trends(row: &Row) -> TicketTrends {
    TicketTrends {
        tickets_created: row.get("tickets_created"),
        tickets_closed: row.get("tickets_closed"),
        tickets_reopened: row.get("tickets_reopened"),
        tickets_net_change: row.get("tickets_net_change"),
        tickets_open: row.get("tickets_open"),
        tickets_high_priority: row.get("tickets_high_priority"),
        tickets_open_0d: row.get("tickets_open_0d"),
        tickets_open_1_2d: row.get("tickets_open_1_2d"),
        tickets_open_3_6d: row.get("tickets_open_3_6d"),
        tickets_open_7_13d: row.get("tickets_open_7_13d"),
        tickets_open_14_29d: row.get("tickets_open_14_29d"),
        tickets_open_30d_up: row.get("tickets_open_30d_up"),
        anomaly_detected: row.get("anomaly_detected"),
        z_score: row.get("z_score"),
    }
}
