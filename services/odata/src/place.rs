//! Where a page ended: what `$skiptoken` carries.

use serde_json::{Value, json};

use crate::{EntitySet, Literal, Order, Type};

/// The last row of a page, in the terms of the order.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// The row's values of the properties that it is ordered by, in that order.
    pub values: Vec<Literal>,
    /// Rows of `$top` that are still wanted; `None` without `$top`.
    pub left: Option<u64>,
}

impl Place {
    /// The token for a row. `values` are texts as [`Literal::parse`] reads them.
    pub fn token(values: &[Option<String>], left: Option<u64>) -> String {
        json!([left, values]).to_string()
    }

    /// Reads a token of ours; `None` for any other, and for one of another order.
    pub(crate) fn parse(set: &EntitySet, order: &[Order], token: &str) -> Option<Place> {
        let token: Value = serde_json::from_str(token).ok()?;
        let [left, values] = token.as_array()?.as_slice() else { return None };
        let left = if left.is_null() { None } else { Some(left.as_u64()?) };
        let values = values.as_array().filter(|values| values.len() == order.len())?;
        let values = values.iter().zip(order);
        let values =
            values.map(|(value, order)| literal(set.properties.get(order.property)?.kind, value));
        Some(Place { values: values.collect::<Option<_>>()?, left })
    }
}

fn literal(kind: Type, value: &Value) -> Option<Literal> {
    match value {
        Value::Null => Some(Literal::Null),
        Value::String(text) if !text.contains('\0') => Literal::parse(kind, text),
        _ => None,
    }
}
