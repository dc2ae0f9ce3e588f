//! The tables of the export: names, columns and types. Columns are only ever appended; renaming,
//! moving or removing one breaks the reports that people have built.

use serde::{Deserialize, Serialize};

/// Type of a column, as the manifest names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// May be neutralised: see [`crate::write_table`].
    Text,
    /// A text in ASCII lower case without surrounding blanks; null when nothing is left. The
    /// manifest says `text`.
    Key,
    Integer,
    Decimal,
    Boolean,
    /// `YYYY-MM-DD`.
    Date,
    /// `YYYY-MM-DDThh:mm:ssZ`, with six more digits when there are fractions of a second.
    Timestamp,
    Uuid,
}

/// Digits of every decimal, before and after the point together. Once files have been published,
/// neither this nor [`DECIMAL_SCALE`] can change: readers have typed their columns by them.
pub const DECIMAL_PRECISION: u8 = 18;
/// Digits of every decimal after the point.
pub const DECIMAL_SCALE: u8 = 4;

/// A column of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    pub name: &'static str,
    pub kind: Kind,
}

/// A table of the export.
#[derive(Debug, PartialEq, Eq)]
pub struct Table {
    pub name: &'static str,
    pub columns: &'static [Column],
    /// Index of the date column that splits the table into one file per day; its rows come in the
    /// order of that column. `None`: one file.
    pub day_column: Option<usize>,
}

/// The table of a name.
pub fn table(name: &str) -> Option<&'static Table> {
    TABLES.iter().find(|table| table.name == name)
}

const fn text(name: &'static str) -> Column {
    Column { name, kind: Kind::Text }
}
const fn key(name: &'static str) -> Column {
    Column { name, kind: Kind::Key }
}
const fn integer(name: &'static str) -> Column {
    Column { name, kind: Kind::Integer }
}
const fn decimal(name: &'static str) -> Column {
    Column { name, kind: Kind::Decimal }
}
const fn boolean(name: &'static str) -> Column {
    Column { name, kind: Kind::Boolean }
}
const fn date(name: &'static str) -> Column {
    Column { name, kind: Kind::Date }
}
const fn timestamp(name: &'static str) -> Column {
    Column { name, kind: Kind::Timestamp }
}
const fn uuid(name: &'static str) -> Column {
    Column { name, kind: Kind::Uuid }
}

/// Every table, dimensions first.
///
/// A key is the same in databases of every locale, and unique for readers that compare without
/// case, as Power BI does.
pub static TABLES: &[Table] = &[
    Table { name: "dim_date", columns: DIM_DATE, day_column: None },
    Table { name: "dim_tenant", columns: DIM_TENANT, day_column: None },
    Table {
        name: "dim_company",
        columns: &[key("company_key"), text("company")],
        day_column: None,
    },
    Table { name: "dim_member", columns: &[key("member_key"), text("member")], day_column: None },
    Table { name: "dim_board", columns: &[key("board_key"), text("board")], day_column: None },
    Table { name: "dim_priority", columns: DIM_PRIORITY, day_column: None },
    Table { name: "fact_ticket", columns: FACT_TICKET, day_column: Some(1) },
    Table { name: "fact_time_entry", columns: FACT_TIME_ENTRY, day_column: Some(1) },
    Table { name: "fact_kpi_daily", columns: FACT_KPI_DAILY, day_column: Some(1) },
];

/// Contiguous from a January 1st to a December 31st, so that it can be marked as a date table.
const DIM_DATE: &[Column] = &[
    date("date"),
    integer("year"),
    integer("quarter"),
    integer("month"),
    integer("day"),
    text("year_month"),
    integer("iso_year"),
    integer("iso_week"),
    // 1 is Monday.
    integer("weekday"),
    boolean("is_weekend"),
];

const DIM_TENANT: &[Column] =
    &[uuid("tenant_id"), text("tenant"), text("timezone"), boolean("is_active")];

const DIM_PRIORITY: &[Column] = &[key("priority_key"), text("priority"), boolean("is_high")];

/// Dates are days of the tenant's time zone, timestamps are UTC.
const FACT_TICKET: &[Column] = &[
    uuid("tenant_id"),
    date("created_date"),
    text("ticket_id"),
    text("source"),
    key("board_key"),
    key("priority_key"),
    key("company_key"),
    key("owner_key"),
    text("status"),
    boolean("is_closed"),
    boolean("is_high_priority"),
    text("summary"),
    date("closed_date"),
    timestamp("created_at"),
    timestamp("updated_at"),
    timestamp("first_response_at"),
    timestamp("resolved_at"),
    timestamp("closed_at"),
    timestamp("reopened_at"),
    text("sla_status"),
    boolean("sla_response_met"),
    boolean("sla_resolution_met"),
    decimal("estimated_hours"),
    decimal("satisfaction_score"),
];

const FACT_TIME_ENTRY: &[Column] = &[
    uuid("tenant_id"),
    date("work_date"),
    text("time_entry_id"),
    text("source"),
    text("ticket_id"),
    key("member_key"),
    text("work_type"),
    boolean("is_billable"),
    boolean("is_no_charge"),
    integer("minutes"),
];

/// The columns of the same names in `kpi_daily`: `docs/KPIS.md` defines them.
const FACT_KPI_DAILY: &[Column] = &[
    uuid("tenant_id"),
    date("kpi_date"),
    integer("total_minutes"),
    integer("billable_minutes"),
    integer("non_billable_minutes"),
    integer("no_charge_minutes"),
    decimal("avg_resolution_minutes"),
    decimal("median_resolution_minutes"),
    decimal("p90_resolution_minutes"),
    integer("n_resolution"),
    decimal("first_call_resolution_rate"),
    decimal("avg_satisfaction_score"),
    integer("n_satisfaction"),
    decimal("avg_first_response_minutes"),
    decimal("median_first_response_minutes"),
    decimal("p90_first_response_minutes"),
    integer("n_first_response"),
    integer("tickets_sla_breached"),
    decimal("sla_response_met_pct"),
    decimal("sla_resolution_met_pct"),
    decimal("tickets_per_technician"),
    integer("tickets_created"),
    integer("tickets_closed"),
    integer("tickets_reopened"),
    integer("tickets_net_change"),
    integer("tickets_open"),
    integer("tickets_high_priority"),
    integer("tickets_open_0d"),
    integer("tickets_open_1_2d"),
    integer("tickets_open_3_6d"),
    integer("tickets_open_7_13d"),
    integer("tickets_open_14_29d"),
    integer("tickets_open_30d_up"),
    boolean("anomaly_detected"),
    decimal("z_score"),
    timestamp("computed_at"),
    integer("revision"),
    boolean("is_final"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_snake_case_and_unique() {
        let snake =
            |name: &str| name.bytes().all(|b| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'_'));
        for table in TABLES {
            assert!(snake(table.name));
            assert_eq!(TABLES.iter().filter(|other| other.name == table.name).count(), 1);
            for column in table.columns {
                assert!(snake(column.name), "{}", column.name);
                let same = table.columns.iter().filter(|other| other.name == column.name);
                assert_eq!(same.count(), 1, "{}.{}", table.name, column.name);
            }
        }
    }

    #[test]
    fn facts_are_split_by_a_date() {
        for table in TABLES {
            let kind = table.day_column.map(|index| table.columns[index].kind);
            let wanted = table.name.starts_with("fact_").then_some(Kind::Date);
            assert_eq!(kind, wanted, "{}", table.name);
        }
    }
}
