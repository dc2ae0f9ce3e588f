//! A statement and its parameters.

use odata::{EntitySet, Literal, Order, Query, Type};
use postgres_types::{ToSql, Type as SqlType};
use uuid::Uuid;

use super::condition;
use crate::exports::select::{NAMES, unordered};
use crate::{Error, Result};

pub(super) struct Statement {
    pub(super) sql: String,
    values: Vec<(Box<dyn ToSql + Sync + Send>, SqlType)>,
}

impl Statement {
    pub(super) fn page(
        tenant_id: Uuid,
        set: &EntitySet,
        query: &Query,
        limit: u64,
    ) -> Result<Self> {
        let mut statement = Statement::of(tenant_id);
        let selected = query.select.iter().copied();
        let ordered = query.order.iter().map(|order| order.property);
        let columns: Vec<String> =
            selected.chain(ordered).map(|property| column(set, property)).collect();
        statement.from(set, &columns.join(", "), query)?;
        let order: Vec<String> = query.order.iter().map(|order| direction(set, *order)).collect();
        statement.sql.extend([" order by ", &order.join(", ")]);
        let limit = statement.bind(number(limit), SqlType::INT8);
        statement.sql.extend([" limit ", &limit]);
        // A place is behind the rows that were skipped.
        if query.skip > 0 && query.after.is_none() {
            let skip = statement.bind(number(query.skip), SqlType::INT8);
            statement.sql.extend([" offset ", &skip]);
        }
        Ok(statement)
    }

    pub(super) fn count(tenant_id: Uuid, set: &EntitySet, query: &Query) -> Result<Self> {
        let mut statement = Statement::of(tenant_id);
        let all = Query { after: None, ..query.clone() };
        statement.from(set, "count(*)", &all)?;
        Ok(statement)
    }

    pub(super) fn parameters(&self) -> Vec<(&(dyn ToSql + Sync), SqlType)> {
        self.values
            .iter()
            .map(|(value, kind)| (&**value as &(dyn ToSql + Sync), kind.clone()))
            .collect()
    }

    /// Adds a parameter, and returns its place in the text.
    pub(super) fn bind(
        &mut self,
        value: impl ToSql + Sync + Send + 'static,
        kind: SqlType,
    ) -> String {
        self.values.push((Box::new(value), kind));
        format!("${}", self.values.len())
    }

    /// Adds a value of a query. Null is never a parameter.
    pub(super) fn literal(&mut self, literal: &Literal) -> String {
        match literal {
            Literal::Null => "null".to_owned(),
            Literal::Text(text) => self.bind(text.clone(), SqlType::TEXT),
            Literal::Integer(number) => self.bind(*number, SqlType::INT8),
            Literal::Decimal(number) => self.bind(*number, SqlType::NUMERIC),
            Literal::Boolean(truth) => self.bind(*truth, SqlType::BOOL),
            Literal::Date(date) => self.bind(*date, SqlType::DATE),
            Literal::Timestamp(instant) => self.bind(*instant, SqlType::TIMESTAMPTZ),
            Literal::Uuid(id) => self.bind(*id, SqlType::UUID),
        }
    }

    /// Begins with the tenant as `$1`.
    fn of(tenant_id: Uuid) -> Self {
        let mut statement = Statement { sql: String::new(), values: Vec::new() };
        statement.bind(tenant_id, SqlType::UUID);
        statement
    }

    fn from(&mut self, set: &EntitySet, what: &str, query: &Query) -> Result<()> {
        let table = unordered(set.name).ok_or_else(|| {
            Error::Invalid(format!("`{}` is not a table of the export", set.name))
        })?;
        if table.contains("export_names") {
            let names = NAMES.replace(":tenant", "$1");
            self.sql = format!("with export_names as ({names}) ");
        }
        self.sql.extend(["select ", what, " from (", &table, ") as t"]);
        let mut conditions = Vec::new();
        if let Some(filter) = &query.filter {
            conditions.push(condition::of(self, set, filter));
        }
        if let Some(place) = &query.after {
            conditions.push(condition::behind(self, set, &query.order, place));
        }
        if !conditions.is_empty() {
            self.sql.extend([" where ", &conditions.join(" and ")]);
        }
        Ok(())
    }
}

/// A column of ours. A key of a fact is made of the name only here: see `exports::select`.
pub(super) fn column(set: &EntitySet, property: usize) -> String {
    let property = &set.properties[property];
    match property.kind {
        Type::Key => format!("nullif(lower(btrim(t.{}) collate \"C\"), '')", property.name),
        _ => format!("t.{}", property.name),
    }
}

/// Null is less than every value in OData, in both directions.
fn direction(set: &EntitySet, order: Order) -> String {
    let column = column(set, order.property);
    match (order.is_descending, set.order.contains(&order.property)) {
        (true, true) => format!("{column} desc"),
        (true, false) => format!("{column} desc nulls last"),
        // Never null: an index has this order.
        (false, true) => column,
        (false, false) => format!("{column} asc nulls first"),
    }
}

fn number(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use odata::Property;

    fn tickets() -> EntitySet {
        let kinds = [
            ("created_date", Type::Date),
            ("ticket_id", Type::Text),
            ("source", Type::Text),
            ("created_at", Type::Timestamp),
            ("board_key", Type::Key),
        ];
        let properties = kinds.map(|(name, kind)| Property { name, kind }).into();
        EntitySet { name: "fact_ticket", properties, key: vec![2, 1], order: vec![3, 2, 1] }
    }

    fn page(options: &[(&str, &str)]) -> Statement {
        let options: Vec<(String, String)> =
            options.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let set = tickets();
        let query = Query::parse(&set, &options).unwrap();
        Statement::page(Uuid::nil(), &set, &query, 11).unwrap()
    }

    #[test]
    fn days_are_folded_to_the_instants_of_the_index() {
        let filter = "created_date ge 2026-01-01 and created_date lt 2026-02-01";
        let sql = page(&[("$filter", filter), ("$select", "source")]).sql;
        let (_, condition) = sql.split_once(" as t where ").unwrap();
        assert!(condition.starts_with("((t.created_at >= case when ($2::timestamptz"), "{sql}");
        assert!(condition.contains(" and (t.created_at < case when ($3::timestamptz"), "{sql}");
        assert!(!condition.contains("created_date"), "{sql}");
    }

    #[test]
    fn a_place_in_the_order_of_the_index_is_one_comparison() {
        let token = r#"[null,["2026-01-24T08:30:00Z","mock","T1"]]"#;
        let sql = page(&[("$skiptoken", token)]).sql;
        let place = "t.created_at >= $2 and (t.created_at, t.source, t.ticket_id) > ($2, $3, $4)";
        assert!(sql.contains(place), "{sql}");
        assert!(sql.ends_with("order by t.created_at, t.source, t.ticket_id limit $5"), "{sql}");
    }

    #[test]
    fn nothing_that_was_sent_is_in_the_text() {
        let evil = "'; drop table tenants; --";
        let quoted = evil.replace('\'', "''");
        let filter = format!("contains(ticket_id,'{quoted}') or board_key in ('{quoted}')");
        let statement =
            page(&[("$filter", &filter), ("$orderby", "board_key desc"), ("$skip", "7")]);
        assert!(!statement.sql.contains("drop"), "{}", statement.sql);
        // The tenant, two texts, the limit and the rows to skip.
        assert_eq!(statement.parameters().len(), 5);
    }
}
