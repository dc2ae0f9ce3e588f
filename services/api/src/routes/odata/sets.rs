//! The sets: the tables of the export, with what tells their rows apart.

use std::sync::LazyLock;

use exports::{Column, DECIMAL_PRECISION, DECIMAL_SCALE, Kind, TABLES, Table};
use odata::{EntitySet, Property, Type};

use crate::problem::Problem;

static SETS: LazyLock<Vec<EntitySet>> = LazyLock::new(|| TABLES.iter().map(set).collect());
static METADATA: LazyLock<String> =
    LazyLock::new(|| odata::metadata(&SETS, DECIMAL_PRECISION, DECIMAL_SCALE));

pub(super) fn all() -> &'static [EntitySet] {
    &SETS
}

/// `$metadata`.
pub(super) fn metadata() -> &'static str {
    &METADATA
}

pub(super) fn find(name: &str) -> Result<&'static EntitySet, Problem> {
    let found = SETS.iter().find(|set| set.name == name);
    found.ok_or_else(|| Problem::NotFound(format!("there is no set `{name}`")))
}

/// The columns of properties.
pub(super) fn columns(set: &EntitySet, properties: impl Iterator<Item = usize>) -> Vec<Column> {
    let columns = exports::table(set.name).map_or(&[][..], |table| table.columns);
    properties.filter_map(|index| columns.get(index).copied()).collect()
}

fn set(table: &Table) -> EntitySet {
    let property = |column: &Column| Property { name: column.name, kind: kind(column.kind) };
    let mut set = EntitySet {
        name: table.name,
        properties: table.columns.iter().map(property).collect(),
        key: Vec::new(),
        order: Vec::new(),
    };
    // The order is that of an index wherever a table is large.
    let (key, order): (&[&str], &[&str]) = match table.name {
        "fact_ticket" => (&["source", "ticket_id"], &["created_at", "source", "ticket_id"]),
        "fact_time_entry" => {
            (&["source", "time_entry_id"], &["work_date", "source", "time_entry_id"])
        }
        "fact_kpi_daily" => (&["kpi_date"], &["kpi_date"]),
        _ => (&[table.columns[0].name], &[table.columns[0].name]),
    };
    set.key = key.iter().filter_map(|name| set.index(name)).collect();
    set.order = order.iter().filter_map(|name| set.index(name)).collect();
    set
}

fn kind(kind: Kind) -> Type {
    match kind {
        Kind::Text => Type::Text,
        Kind::Key => Type::Key,
        Kind::Integer => Type::Integer,
        Kind::Decimal => Type::Decimal,
        Kind::Boolean => Type::Boolean,
        Kind::Date => Type::Date,
        Kind::Timestamp => Type::Timestamp,
        Kind::Uuid => Type::Uuid,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_is_a_set_whose_order_tells_its_rows_apart() {
        assert_eq!(all().len(), TABLES.len());
        for set in all() {
            assert!(!set.key.is_empty() && set.order.ends_with(&set.key), "{}", set.name);
        }
        let ticket = find("fact_ticket").unwrap();
        assert_eq!(ticket.order.len(), 3);
        assert!(find("FACT_TICKET").is_err());
    }
}
