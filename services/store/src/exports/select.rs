//! The columns of each table of the star schema, and the order of its export.
//!
//! `:tenant` is the tenant's id, `:days` a condition on the day; both are put in as text, because
//! COPY takes no parameters. The literal id also gives the planner the tenant's own statistics.
//! The output names are those of the files.
//!
//! A key is a name in ASCII lower case (`collate "C"`) without surrounding spaces. Only dimensions
//! make it here, to group by it; facts give the name, and the writer of the files makes the same
//! key of it at a tenth of the cost.

use jiff::civil::Date;
use uuid::Uuid;

/// Names that tickets use, once: the dimensions would otherwise read every ticket four times.
pub(crate) const NAMES: &str = "
    select company, board, priority, owner, bool_or(high_priority) as is_high
    from raw_tickets where tenant_id = :tenant
    group by company, board, priority, owner";

const DIM_DATE: &str = "
    select day::date as date, extract(year from day)::int as year,
           extract(quarter from day)::int as quarter, extract(month from day)::int as month,
           extract(day from day)::int as day, to_char(day, 'YYYY-MM') as year_month,
           extract(isoyear from day)::int as iso_year, extract(week from day)::int as iso_week,
           extract(isodow from day)::int as weekday, extract(isodow from day) > 5 as is_weekend
    from (
        select least(
                   (select min(created_at_remote)::date from raw_tickets where tenant_id = :tenant),
                   (select min(date_worked) from raw_time_entries where tenant_id = :tenant),
                   (select min(kpi_date) from kpi_daily where tenant_id = :tenant)
               )::timestamp as first,
               greatest(
                   (select max(created_at_remote)::date from raw_tickets where tenant_id = :tenant),
                   (select max(closed_at)::date from raw_tickets where tenant_id = :tenant),
                   (select max(date_worked) from raw_time_entries where tenant_id = :tenant),
                   (select max(kpi_date) from kpi_daily where tenant_id = :tenant)
               )::timestamp as last
    ) known,
    generate_series(
        date_trunc('year', greatest(first, timestamp '1990-01-01')),
        date_trunc('year', least(last, timestamp '2100-01-01')) + interval '1 year - 1 day',
        interval '1 day'
    ) as series (day)
    where first is not null";

const DIM_TENANT: &str = "
    select id as tenant_id, name as tenant, timezone, is_active from tenants where id = :tenant";

const DIM_COMPANY: &str = "
    select lower(btrim(company) collate \"C\") as company_key,
           min(btrim(company) collate \"C\") as company
    from export_names where btrim(company) <> '' group by 1";

const DIM_MEMBER: &str = "
    select lower(btrim(member) collate \"C\") as member_key,
           min(btrim(member) collate \"C\") as member
    from (
        select owner as member from export_names
        union all
        select distinct member from raw_time_entries where tenant_id = :tenant
    ) people
    where btrim(member) <> '' group by 1";

const DIM_BOARD: &str = "
    select lower(btrim(board) collate \"C\") as board_key, min(btrim(board) collate \"C\") as board
    from export_names where btrim(board) <> '' group by 1";

const DIM_PRIORITY: &str = "
    select lower(btrim(priority) collate \"C\") as priority_key,
           min(btrim(priority) collate \"C\") as priority, bool_or(is_high) as is_high
    from export_names where btrim(priority) <> '' group by 1";

const FACT_TICKET: &str = "
    select t.tenant_id, t.created_at_remote::date as created_date, t.cw_ticket_id as ticket_id,
           t.source, t.board as board_key, t.priority as priority_key, t.company as company_key,
           t.owner as owner_key,
           t.status, t.is_closed, t.high_priority as is_high_priority, t.summary,
           t.closed_at::date as closed_date, t.created_at_remote as created_at,
           t.updated_at_remote as updated_at, t.first_response_at, t.resolved_at, t.closed_at,
           t.reopened_at, t.sla_status, t.sla_response_met, t.sla_resolution_met,
           t.estimated_hours, t.satisfaction_score
    from raw_tickets t where t.tenant_id = :tenant :days";

const FACT_TIME_ENTRY: &str = "
    select e.tenant_id, e.date_worked as work_date, e.cw_time_entry_id as time_entry_id, e.source,
           e.cw_ticket_id as ticket_id,
           e.member as member_key, e.work_type,
           e.billable as is_billable, e.billable_class = 2 as is_no_charge, e.minutes
    from raw_time_entries e where e.tenant_id = :tenant :days";

const FACT_KPI_DAILY: &str = "
    select tenant_id, kpi_date,
           total_minutes, billable_minutes, non_billable_minutes, no_charge_minutes,
           avg_resolution_minutes, median_resolution_minutes, p90_resolution_minutes, n_resolution,
           first_call_resolution_rate, avg_satisfaction_score, n_satisfaction,
           avg_first_response_minutes, median_first_response_minutes, p90_first_response_minutes,
           n_first_response,
           tickets_sla_breached, sla_response_met_pct, sla_resolution_met_pct,
           tickets_per_technician,
           tickets_created, tickets_closed, tickets_reopened, tickets_net_change,
           tickets_open, tickets_high_priority,
           tickets_open_0d, tickets_open_1_2d, tickets_open_3_6d,
           tickets_open_7_13d, tickets_open_14_29d, tickets_open_30d_up,
           anomaly_detected, z_score, computed_at, revision, is_final
    from kpi_daily where tenant_id = :tenant :days";

/// A table: its columns, its order, and the condition on its days.
struct Source {
    columns: &'static str,
    order: &'static str,
    days: fn(Option<&[Date]>) -> String,
}

fn source(table: &str) -> Option<Source> {
    let dimension = |columns| Source { columns, order: "1", days: |_| String::new() };
    Some(match table {
        "dim_date" => dimension(DIM_DATE),
        "dim_tenant" => dimension(DIM_TENANT),
        "dim_company" => dimension(DIM_COMPANY),
        "dim_member" => dimension(DIM_MEMBER),
        "dim_board" => dimension(DIM_BOARD),
        "dim_priority" => dimension(DIM_PRIORITY),
        "fact_ticket" => Source {
            columns: FACT_TICKET,
            order: "t.created_at_remote, t.cw_ticket_id, t.source",
            days: |days| instants("t.created_at_remote", days),
        },
        "fact_time_entry" => Source {
            columns: FACT_TIME_ENTRY,
            order: "e.date_worked, e.cw_time_entry_id, e.source",
            days: |days| dates("e.date_worked", days),
        },
        "fact_kpi_daily" => Source {
            columns: FACT_KPI_DAILY,
            order: "kpi_date",
            days: |days| dates("kpi_date", days),
        },
        _ => return None,
    })
}

/// The query of `table`, `None` for an unknown one. `days` limits a fact to these days.
pub fn select(table: &str, tenant_id: Uuid, days: Option<&[Date]>) -> Option<String> {
    let Source { columns, order, days: condition } = source(table)?;
    let sql = format!("{columns} order by {order}").replace(":days", &condition(days));
    Some(for_tenant(&sql, tenant_id))
}

/// The statement that collects the names for the dimensions, for the length of a transaction.
pub fn names(tenant_id: Uuid) -> String {
    let statement = format!("create temp table export_names on commit drop as {NAMES}");
    for_tenant(&statement, tenant_id)
}

/// All rows of `table` in no order, for statements whose `$1` is the tenant. Dimensions select from
/// a table `export_names`, which is [`NAMES`].
pub(crate) fn unordered(table: &str) -> Option<String> {
    let sql = source(table)?.columns.replace(":days", "");
    Some(sql.replace(":tenant", "$1"))
}

fn for_tenant(sql: &str, tenant_id: Uuid) -> String {
    sql.replace(":tenant", &format!("'{tenant_id}'::uuid"))
}

/// Days of an instant. The bounds are for the index, midnights of the session's time zone, with a
/// day to spare: where the clock goes back to midnight, there are two.
fn instants(column: &str, days: Option<&[Date]>) -> String {
    let Some(days) = days else { return String::new() };
    let (Some(first), Some(last)) = (days.iter().min(), days.iter().max()) else {
        return "and false".to_owned();
    };
    format!(
        "and {column} >= date '{first}' - 1 and {column} < date '{last}' + 2
         and {column}::date = any (array[{}]::date[])",
        list(days)
    )
}

fn dates(column: &str, days: Option<&[Date]>) -> String {
    days.map_or_else(String::new, |days| {
        format!("and {column} = any (array[{}]::date[])", list(days))
    })
}

fn list(days: &[Date]) -> String {
    let days: Vec<String> = days.iter().map(|day| format!("'{day}'")).collect();
    days.join(",")
}
