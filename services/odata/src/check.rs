//! Types: which values can be compared, and what a function takes. Errors are reasons.

use crate::{EntitySet, Expression, Function, Literal, Operator, Type};

/// The type of an expression; `None` for null.
pub(crate) fn kind(set: &EntitySet, expression: &Expression) -> Option<Type> {
    match expression {
        Expression::Property(index) => set.properties.get(*index).map(|property| property.kind),
        Expression::Literal(literal) => literal.kind(),
        Expression::Call(function, _) => Some(result(*function)),
        _ => Some(Type::Boolean),
    }
}

/// Refuses what is neither true nor false.
pub(crate) fn condition(set: &EntitySet, expression: &Expression) -> Result<(), String> {
    match kind(set, expression) {
        Some(Type::Boolean) => Ok(()),
        _ => Err(format!("`{}` is no condition", expression.text(set))),
    }
}

/// The two sides of a comparison, with a value of the other side's type where one can be meant.
pub(crate) fn comparison(
    set: &EntitySet,
    operator: Operator,
    left: Expression,
    right: Expression,
) -> Result<(Expression, Expression), String> {
    let (left_kind, right_kind) = (kind(set, &left), kind(set, &right));
    let (left, right) = (meant(left, right_kind), meant(right, left_kind));
    let (left_kind, right_kind) = (kind(set, &left), kind(set, &right));
    let is_equality = matches!(operator, Operator::Eq | Operator::Ne);
    if !is_equality && [left_kind, right_kind].contains(&Some(Type::Boolean)) {
        return Err("true and false have no order".into());
    }
    match (left_kind, right_kind) {
        (Some(a), Some(b)) if class(a) != class(b) => Err(mismatch(set, &left, a, &right, b)),
        _ => Ok((left, right)),
    }
}

/// A value of the list after `in`.
pub(crate) fn member(
    set: &EntitySet,
    value: &Expression,
    literal: Literal,
) -> Result<Literal, String> {
    let value = value.clone();
    match comparison(set, Operator::Eq, value, Expression::Literal(literal))? {
        (_, Expression::Literal(literal)) => Ok(literal),
        _ => Err("the list after `in` holds values only".into()),
    }
}

/// Refuses arguments that a function does not take.
pub(crate) fn call(
    set: &EntitySet,
    function: Function,
    arguments: &[Expression],
) -> Result<(), String> {
    let (n_wanted, accepts, wanted): (usize, fn(Type) -> bool, &str) = match function {
        Function::Contains | Function::StartsWith | Function::EndsWith => (2, is_text, "two texts"),
        Function::Length | Function::ToLower | Function::ToUpper | Function::Trim => {
            (1, is_text, "a text")
        }
        Function::Year | Function::Month | Function::Day => (1, is_time, "a date or an instant"),
        Function::Hour | Function::Minute | Function::Second | Function::Date => {
            (1, |kind| kind == Type::Timestamp, "an instant")
        }
    };
    let fits = |argument| kind(set, argument).is_none_or(accepts);
    if arguments.len() == n_wanted && arguments.iter().all(fits) {
        return Ok(());
    }
    Err(format!("`{}` takes {wanted}", function.name()))
}

fn result(function: Function) -> Type {
    match function {
        Function::Contains | Function::StartsWith | Function::EndsWith => Type::Boolean,
        Function::ToLower | Function::ToUpper | Function::Trim => Type::Text,
        Function::Date => Type::Date,
        _ => Type::Integer,
    }
}

fn is_text(kind: Type) -> bool {
    matches!(kind, Type::Text | Type::Key)
}

fn is_time(kind: Type) -> bool {
    matches!(kind, Type::Date | Type::Timestamp)
}

/// Types of one class can be compared.
fn class(kind: Type) -> Type {
    match kind {
        Type::Key => Type::Text,
        Type::Integer => Type::Decimal,
        other => other,
    }
}

/// A quoted UUID becomes one beside a UUID: older clients quote them.
fn meant(expression: Expression, beside: Option<Type>) -> Expression {
    match (&expression, beside) {
        (Expression::Literal(Literal::Text(text)), Some(Type::Uuid)) => {
            Literal::parse(Type::Uuid, text).map_or(expression, Expression::Literal)
        }
        _ => expression,
    }
}

fn mismatch(set: &EntitySet, left: &Expression, a: Type, right: &Expression, b: Type) -> String {
    let advice = match (a, b) {
        (Type::Date, Type::Timestamp) | (Type::Timestamp, Type::Date) => {
            ": a date is 2026-01-24, an instant 2026-01-24T00:00:00Z"
        }
        (Type::Text | Type::Key, _) | (_, Type::Text | Type::Key) => {
            ": only texts stand in single quotes"
        }
        _ => "",
    };
    let (left, right) = (left.text(set), right.text(set));
    format!("`{left}` ({}) cannot be compared with `{right}` ({}){advice}", a.edm(), b.edm())
}
