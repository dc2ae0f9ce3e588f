//! The system query options of a request.

use crate::{EntitySet, Error, Expression, Place, Result, parser};

/// What a request asks of a set.
#[derive(Clone, Debug, PartialEq)]
pub struct Query {
    pub filter: Option<Expression>,
    /// Indexes of the properties that are wanted, each once, in the order of the set.
    pub select: Vec<usize>,
    /// Whether `$select` was there.
    pub is_selected: bool,
    /// Ends with what tells rows apart, so that it is the order of all rows.
    pub order: Vec<Order>,
    pub top: Option<u64>,
    pub skip: u64,
    /// The number of all rows is wanted too.
    pub count: bool,
    /// Only rows behind this one.
    pub after: Option<Place>,
    /// `$format`, as it was sent.
    pub format: Option<String>,
}

/// One property of an order. Null comes before every value, and after every value in descending
/// order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Order {
    /// Index of the property.
    pub property: usize,
    pub is_descending: bool,
}

/// What OData has and this service has not.
const UNSUPPORTED: [&str; 8] = [
    "$expand",
    "$search",
    "$apply",
    "$compute",
    "$levels",
    "$index",
    "$schemaversion",
    "$deltatoken",
];

impl Query {
    /// Reads decoded query options.
    ///
    /// # Errors
    /// [`Error`] names the option. An option that is unknown, or given twice, is an error too: a
    /// filter that is not heard would answer with rows that nobody asked for.
    pub fn parse(set: &EntitySet, options: &[(String, String)]) -> Result<Query> {
        let mut query = Query {
            filter: None,
            select: (0..set.properties.len()).collect(),
            is_selected: false,
            order: Vec::new(),
            top: None,
            skip: 0,
            count: false,
            after: None,
            format: None,
        };
        let mut token = None;
        for (n, (name, value)) in options.iter().enumerate() {
            if options[..n].iter().any(|(other, _)| other == name) {
                return Err(Error::invalid(name, "is given twice"));
            }
            if value.contains('\0') {
                return Err(Error::invalid(name, "must not hold the character NUL"));
            }
            match name.as_str() {
                "$filter" => query.filter = Some(parser::filter(set, name, value)?),
                "$select" => (query.select, query.is_selected) = (select(set, value)?, true),
                "$orderby" => query.order = order_by(set, value)?,
                "$top" => query.top = Some(number(name, value)?),
                "$skip" => query.skip = number(name, value)?,
                "$count" => query.count = truth(name, value)?,
                "$skiptoken" => token = Some(value),
                "$format" => query.format = Some(value.clone()),
                _ => return Err(unknown(name)),
            }
        }
        complete(set, &mut query.order);
        if let Some(token) = token {
            let place = Place::parse(set, &query.order, token);
            let advice = "is not from a link of this query: begin again without it";
            query.after = Some(place.ok_or_else(|| Error::invalid("$skiptoken", advice))?);
        }
        Ok(query)
    }
}

fn unknown(name: &str) -> Error {
    if UNSUPPORTED.contains(&name) {
        return Error::unsupported(name, "is not implemented");
    }
    if name.starts_with('$') {
        return Error::unsupported(name, "is not an option here");
    }
    Error::invalid(name, "is not an option: those of OData begin with `$`")
}

fn number(name: &str, value: &str) -> Result<u64> {
    // The database counts with 63 bits.
    let number: Option<i64> = value.parse().ok();
    let number = number.and_then(|number| u64::try_from(number).ok());
    number.ok_or_else(|| Error::invalid(name, "must be a whole number from 0 on"))
}

fn truth(name: &str, value: &str) -> Result<bool> {
    value.parse().map_err(|_| Error::invalid(name, "must be true or false"))
}

fn select(set: &EntitySet, value: &str) -> Result<Vec<usize>> {
    let mut wanted = Vec::new();
    for name in value.split(',').map(str::trim) {
        if name == "*" {
            return Ok((0..set.properties.len()).collect());
        }
        wanted.push(property(set, "$select", name)?);
    }
    wanted.sort_unstable();
    wanted.dedup();
    Ok(wanted)
}

fn order_by(set: &EntitySet, value: &str) -> Result<Vec<Order>> {
    let mut order: Vec<Order> = Vec::new();
    for part in value.split(',').map(str::trim) {
        let (name, direction) = part.split_once(' ').unwrap_or((part, "asc"));
        let is_descending = match direction.trim() {
            "asc" => false,
            "desc" => true,
            _ => return Err(Error::invalid("$orderby", "a direction is asc or desc")),
        };
        if name.contains('(') {
            return Err(Error::unsupported("$orderby", "orders by properties only"));
        }
        let property = property(set, "$orderby", name)?;
        // A property that comes again decides nothing.
        if order.iter().all(|before| before.property != property) {
            order.push(Order { property, is_descending });
        }
    }
    Ok(order)
}

fn property(set: &EntitySet, option: &str, name: &str) -> Result<usize> {
    set.index(name)
        .ok_or_else(|| Error::invalid(option, format!("{} has no property `{name}`", set.name)))
}

/// Adds what tells rows apart; the set's own order when the request names none.
fn complete(set: &EntitySet, order: &mut Vec<Order>) {
    let rest = if order.is_empty() { &set.order } else { &set.key };
    for property in rest {
        if order.iter().all(|before| before.property != *property) {
            order.push(Order { property: *property, is_descending: false });
        }
    }
}

#[cfg(test)]
mod tests;
