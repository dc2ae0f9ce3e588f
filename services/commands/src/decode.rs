//! From query strings and JSON bodies to parameters, with errors that name the field.

use std::fmt;

use schemars::Schema;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// A parameter that cannot be used, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub struct Invalid {
    /// The field; empty when the whole is wrong.
    pub field: String,
    pub message: String,
}

impl Invalid {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Invalid {
        Invalid { field: field.into(), message: message.into() }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field.as_str() {
            "" => f.write_str(&self.message),
            field => write!(f, "{field}: {}", self.message),
        }
    }
}

/// Merges the pairs of a query string with a JSON body.
///
/// # Errors
/// [`Invalid`] when a field is given twice with different values, or the body is not an object.
pub fn merge(query: &[(String, String)], body: Option<Value>) -> Result<Value, Invalid> {
    let mut fields = match body {
        None | Some(Value::Null) => Map::new(),
        Some(Value::Object(fields)) => fields,
        Some(_) => return Err(Invalid::new("", "the body must be a JSON object of parameters")),
    };
    for (name, text) in query {
        let value = Value::String(text.clone());
        match fields.get(name) {
            Some(other) if plain(other) != *text => {
                let message = format!("is `{}` in one place and `{text}` in another", plain(other));
                return Err(Invalid::new(name, message));
            }
            Some(_) => {}
            None => {
                fields.insert(name.clone(), value);
            }
        }
    }
    Ok(Value::Object(fields))
}

fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Turns texts into the numbers and booleans that the schema wants; what does not fit stays, so
/// that decoding can name it.
///
/// The schema is made only when there is such a text: it costs more than the rest of a request.
pub(crate) fn coerce(parameters: &mut Value, schema: impl FnOnce() -> Schema) {
    let Some(fields) = parameters.as_object_mut() else { return };
    if !fields.values().any(|value| value.as_str().is_some_and(|text| plain_value(text).is_some()))
    {
        return;
    }
    let schema = schema();
    for (name, value) in fields {
        let Value::String(text) = &*value else { continue };
        let wanted = &schema.as_value()["properties"][name]["type"];
        let wants = |kind: &str| {
            wanted == kind || wanted.as_array().is_some_and(|kinds| kinds.iter().any(|k| k == kind))
        };
        if (wants("integer") || wants("number") || wants("boolean"))
            && let Some(parsed) = plain_value(text)
        {
            *value = parsed;
        }
    }
}

/// The number or boolean that a text spells.
fn plain_value(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().filter(|value: &Value| value.is_number() || value.is_boolean())
}

/// Decodes parameters.
pub(crate) fn decode<T: DeserializeOwned>(parameters: Value) -> Result<T, Invalid> {
    serde_path_to_error::deserialize(parameters).map_err(|error| {
        let path = error.path().to_string();
        let message = error.into_inner().to_string();
        let field = if path == "." { quoted(&message).unwrap_or_default() } else { path };
        Invalid::new(field, explain(&message))
    })
}

/// The field that serde names in a message about a missing or unknown one.
fn quoted(message: &str) -> Option<String> {
    let (_, rest) = message.split_once('`')?;
    rest.split_once('`').map(|(field, _)| field.to_owned())
}

fn explain(message: &str) -> String {
    if message.starts_with("missing field") {
        return "is required".to_owned();
    }
    if let Some((_, expected)) = message.split_once(", expected ")
        && message.starts_with("unknown field")
    {
        return format!("is not a parameter; there are {}", expected.replace("one of ", ""));
    }
    if message.starts_with("unknown field") {
        return "is not a parameter; there are none".to_owned();
    }
    message.to_owned()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, Deserialize, PartialEq, schemars::JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Sample {
        day: jiff::civil::Date,
        count: Option<u8>,
        #[serde(default)]
        deep: bool,
    }

    fn read(query: &[(&str, &str)], body: Option<Value>) -> Result<Sample, Invalid> {
        let query: Vec<_> = query.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect();
        let mut merged = merge(&query, body)?;
        coerce(&mut merged, || schemars::schema_for!(Sample));
        decode(merged)
    }

    #[test]
    fn texts_become_what_the_field_wants() {
        let sample = read(&[("day", "2026-01-24"), ("count", "7"), ("deep", "true")], None);
        let day = jiff::civil::date(2026, 1, 24);
        assert_eq!(sample, Ok(Sample { day, count: Some(7), deep: true }));
    }

    #[test]
    fn query_and_body_are_one_request() {
        let sample = read(&[("day", "2026-01-24")], Some(json!({"count": 3})));
        assert_eq!(sample.map(|sample| sample.count), Ok(Some(3)));
        let same = read(&[("count", "3"), ("day", "2026-01-24")], Some(json!({"count": 3})));
        assert_eq!(same.map(|sample| sample.count), Ok(Some(3)));
        let other = read(&[("count", "4")], Some(json!({"count": 3}))).unwrap_err();
        assert_eq!(other.to_string(), "count: is `3` in one place and `4` in another");
    }

    #[test]
    fn errors_name_the_field() {
        let missing = read(&[], None).unwrap_err();
        assert_eq!(missing, Invalid::new("day", "is required"));
        let unknown = read(&[("dya", "2026-01-24")], None).unwrap_err();
        assert_eq!(unknown.field, "dya");
        assert!(unknown.message.contains("`day`"), "{unknown}");
        let wrong = read(&[("day", "yesterday")], None).unwrap_err();
        assert_eq!(wrong.field, "day");
        let range = read(&[("day", "2026-01-24"), ("count", "300")], None).unwrap_err();
        assert_eq!(range.field, "count");
        let list = read(&[], Some(json!([1]))).unwrap_err();
        assert_eq!(list.field, "");
    }
}
