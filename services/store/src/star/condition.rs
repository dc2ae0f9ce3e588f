//! Conditions of a query as SQL.
//!
//! OData has two values of truth: a comparison with null is false, or true for `ne`. SQL's third one
//! counts as false wherever it ends, and `not` turns it into true by asking `is not true`.

use odata::{EntitySet, Expression, Function, Literal, Operator, Order, Place, Type};
use postgres_types::Type as SqlType;

use super::statement::{Statement, column};

/// Columns that are days of an instant which is never null, by table.
const DAYS_OF_INSTANTS: [(&str, &str, &str); 1] = [("fact_ticket", "created_date", "created_at")];

/// An expression of a query.
pub(super) fn of(statement: &mut Statement, set: &EntitySet, expression: &Expression) -> String {
    match expression {
        Expression::Property(property) => column(set, *property),
        Expression::Literal(literal) => statement.literal(literal),
        Expression::Call(function, arguments) => call(statement, set, *function, arguments),
        Expression::Compare(operator, left, right) => {
            compare(statement, set, *operator, left, right)
        }
        Expression::In(value, literals) => {
            let any = literals.iter().map(|literal| {
                let literal = Expression::Literal(literal.clone());
                compare(statement, set, Operator::Eq, value, &literal)
            });
            format!("({})", any.collect::<Vec<_>>().join(" or "))
        }
        Expression::Not(inner) => format!("({} is not true)", of(statement, set, inner)),
        Expression::And(parts) => joined(statement, set, parts, " and "),
        Expression::Or(parts) => joined(statement, set, parts, " or "),
    }
}

fn joined(
    statement: &mut Statement,
    set: &EntitySet,
    parts: &[Expression],
    between: &str,
) -> String {
    let parts: Vec<String> = parts.iter().map(|part| of(statement, set, part)).collect();
    format!("({})", parts.join(between))
}

fn compare(
    statement: &mut Statement,
    set: &EntitySet,
    operator: Operator,
    left: &Expression,
    right: &Expression,
) -> String {
    if let Some(sql) = folded(statement, set, operator, left, right) {
        return sql;
    }
    let is_null = |side: &Expression| *side == Expression::Literal(Literal::Null);
    let (sign, is_equality) = match operator {
        Operator::Eq if is_null(left) || is_null(right) => ("is not distinct from", true),
        Operator::Eq if is_value(left) || is_value(right) => ("=", true),
        Operator::Eq => ("is not distinct from", true),
        Operator::Ne => ("is distinct from", true),
        Operator::Gt => (">", false),
        Operator::Ge => (">=", false),
        Operator::Lt => ("<", false),
        Operator::Le => ("<=", false),
    };
    if !is_equality && (is_null(left) || is_null(right)) {
        return "false".to_owned();
    }
    let collation = collation(set, left, right);
    let (left, right) = (side(statement, set, left), side(statement, set, right));
    format!("({left}{collation} {sign} {right})")
}

/// Texts are compared byte by byte; columns of two collations could not be compared at all.
fn collation(set: &EntitySet, left: &Expression, right: &Expression) -> &'static str {
    if is_text(set, left) || is_text(set, right) { " collate \"C\"" } else { "" }
}

fn is_text(set: &EntitySet, expression: &Expression) -> bool {
    match expression {
        Expression::Property(property) => {
            matches!(set.properties[*property].kind, Type::Text | Type::Key)
        }
        Expression::Literal(literal) => matches!(literal, Literal::Text(_)),
        Expression::Call(function, _) => {
            matches!(function, Function::ToLower | Function::ToUpper | Function::Trim)
        }
        _ => false,
    }
}

/// A literal that is not null.
fn is_value(side: &Expression) -> bool {
    matches!(side, Expression::Literal(literal) if *literal != Literal::Null)
}

/// One side of a comparison: a condition has two values of truth there.
fn side(statement: &mut Statement, set: &EntitySet, expression: &Expression) -> String {
    let sql = of(statement, set, expression);
    match expression {
        Expression::Property(_) | Expression::Literal(_) => sql,
        Expression::Call(function, _) if !is_condition(*function) => sql,
        _ => format!("({sql} is true)"),
    }
}

fn is_condition(function: Function) -> bool {
    matches!(function, Function::Contains | Function::StartsWith | Function::EndsWith)
}

fn call(
    statement: &mut Statement,
    set: &EntitySet,
    function: Function,
    arguments: &[Expression],
) -> String {
    let mut sql: Vec<String> =
        arguments.iter().map(|argument| of(statement, set, argument)).collect();
    // Null alone has no type that a function could be chosen by.
    sql.iter_mut().filter(|sql| *sql == "null").for_each(|sql| null(function).clone_into(sql));
    let first = sql.first().map(String::as_str).unwrap_or_default();
    let second = sql.get(1).map(String::as_str).unwrap_or_default();
    let part = |name: &str| match arguments.first() {
        Some(Expression::Property(property)) if set.properties[*property].kind == Type::Date => {
            format!("extract({name} from {first})::bigint")
        }
        Some(Expression::Literal(Literal::Date(_)) | Expression::Call(Function::Date, _)) => {
            format!("extract({name} from {first})::bigint")
        }
        _ => format!("trunc(extract({name} from {first} at time zone 'UTC'))::bigint"),
    };
    match function {
        // None of the pattern's characters has a meaning of its own.
        Function::Contains => format!("(strpos({first} collate \"C\", {second}) > 0)"),
        Function::StartsWith => format!("starts_with({first} collate \"C\", {second})"),
        Function::EndsWith => {
            format!("(right({first} collate \"C\", length({second})) = {second})")
        }
        Function::Length => format!("length({first})::bigint"),
        Function::ToLower => format!("lower({first})"),
        Function::ToUpper => format!("upper({first})"),
        Function::Trim => format!("btrim({first})"),
        Function::Year => part("year"),
        Function::Month => part("month"),
        Function::Day => part("day"),
        Function::Hour => part("hour"),
        Function::Minute => part("minute"),
        Function::Second => part("second"),
        Function::Date => format!("({first} at time zone 'UTC')::date"),
    }
}

fn null(function: Function) -> &'static str {
    match function {
        Function::Year
        | Function::Month
        | Function::Day
        | Function::Hour
        | Function::Minute
        | Function::Second
        | Function::Date => "null::timestamptz",
        _ => "null::text",
    }
}

/// A comparison of the day of an instant, as one of the instant itself: that is what the index has,
/// and what the planner knows the spread of.
fn folded(
    statement: &mut Statement,
    set: &EntitySet,
    operator: Operator,
    left: &Expression,
    right: &Expression,
) -> Option<String> {
    let (day, operator, date) = match (left, right) {
        (Expression::Property(day), Expression::Literal(Literal::Date(date))) => {
            (*day, operator, *date)
        }
        (Expression::Literal(Literal::Date(date)), Expression::Property(day)) => {
            (*day, operator.mirrored(), *date)
        }
        _ => return None,
    };
    let name = set.properties[day].name;
    let known = DAYS_OF_INSTANTS.iter().find(|entry| entry.0 == set.name && entry.1 == name);
    let instant = format!("t.{}", known?.2);
    let date = statement.bind(date, SqlType::DATE);
    let (begin, end) = (begin_of(&date), begin_of(&format!("({date} + 1)")));
    Some(match operator {
        Operator::Ge => format!("({instant} >= {begin})"),
        Operator::Lt => format!("({instant} < {begin})"),
        Operator::Gt => format!("({instant} >= {end})"),
        Operator::Le => format!("({instant} < {end})"),
        Operator::Eq => format!("({instant} >= {begin} and {instant} < {end})"),
        Operator::Ne => format!("({instant} < {begin} or {instant} >= {end})"),
    })
}

/// The first instant of a day in the session's time zone. Where the clock goes back to midnight,
/// there are two midnights, and the server takes the second.
fn begin_of(date: &str) -> String {
    let midnight = format!("{date}::timestamptz");
    let before = format!("{midnight} - interval '1 hour'");
    format!("case when ({before})::date >= {date} then {before} else {midnight} end")
}

/// Rows behind a place of an order.
pub(super) fn behind(
    statement: &mut Statement,
    set: &EntitySet,
    order: &[Order],
    place: &Place,
) -> String {
    let is_plain = |order: &Order| !order.is_descending && set.order.contains(&order.property);
    if order.iter().all(is_plain) && !place.values.contains(&Literal::Null) {
        return behind_row(statement, set, order, place);
    }
    let mut alternatives = Vec::new();
    let mut equal: Vec<String> = Vec::new();
    for (order, value) in order.iter().zip(&place.values) {
        let column = column(set, order.property);
        if let Some(beyond) = beyond(statement, &column, order.is_descending, value) {
            let parts: Vec<&str> = equal.iter().map(String::as_str).chain([&*beyond]).collect();
            alternatives.push(format!("({})", parts.join(" and ")));
        }
        let value = statement.literal(value);
        equal.push(format!("{column} is not distinct from {value}"));
    }
    match alternatives.as_slice() {
        [] => "false".to_owned(),
        _ => format!("({})", alternatives.join(" or ")),
    }
}

/// No column is null and all ascend: one comparison, and one of the first column for the index.
fn behind_row(
    statement: &mut Statement,
    set: &EntitySet,
    order: &[Order],
    place: &Place,
) -> String {
    let columns: Vec<String> = order.iter().map(|order| column(set, order.property)).collect();
    let values: Vec<String> = place.values.iter().map(|value| statement.literal(value)).collect();
    let first = columns.iter().zip(&values).next();
    let first = first.map_or(String::new(), |(column, value)| format!("{column} >= {value} and "));
    format!("({first}({}) > ({}))", columns.join(", "), values.join(", "))
}

/// What comes behind a value of one column; `None` when nothing does.
fn beyond(
    statement: &mut Statement,
    column: &str,
    is_descending: bool,
    value: &Literal,
) -> Option<String> {
    match (value, is_descending) {
        (Literal::Null, false) => Some(format!("{column} is not null")),
        (Literal::Null, true) => None,
        (value, false) => Some(format!("{column} > {}", statement.literal(value))),
        (value, true) => {
            Some(format!("({column} < {} or {column} is null)", statement.literal(value)))
        }
    }
}
