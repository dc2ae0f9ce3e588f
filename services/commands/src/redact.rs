//! What can be shown of a payload to those who need not read it.

use serde_json::Value;

/// What stands in the place of a text.
const HIDDEN: &str = "•••";

/// The payload with its texts hidden: which parameters there are, numbers, and nothing that a person
/// wrote. Ids stay, because people look for them.
pub fn redact(payload: &Value) -> Value {
    match payload {
        Value::String(text) if text.parse::<uuid::Uuid>().is_ok() => payload.clone(),
        Value::String(_) => HIDDEN.into(),
        Value::Array(values) => values.iter().map(redact).collect(),
        Value::Object(fields) => {
            fields.iter().map(|(name, value)| (name.clone(), redact(value))).collect()
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => payload.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_are_hidden_at_every_depth_and_ids_are_not() {
        let id = "550e8400-e29b-41d4-a716-446655440000";
        let payload = json!({"tenant_id": id, "note": "secret", "deep": [{"b": "x", "n": 1}]});
        let shown = json!({"tenant_id": id, "note": "•••", "deep": [{"b": "•••", "n": 1}]});
        assert_eq!(redact(&payload), shown);
    }
}
