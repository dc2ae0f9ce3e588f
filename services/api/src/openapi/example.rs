//! Examples, made from the schemas: each answer and each parameter of the document gets one.
//!
//! They are made and not written, so that no change of a type leaves one behind that is wrong.

use serde_json::{Map, Value, json};

/// Refers to definitions so deep at most; a type that holds itself would have no end.
const MAX_DEPTH: u8 = 12;
const INSTANT: &str = "2026-01-24T08:30:00Z";
const DAY: &str = "2026-01-24";
const ID: &str = "550e8400-e29b-41d4-a716-446655440000";

/// Texts whose name says more than their type.
const TEXTS: &[(&str, &str)] = &[
    ("access_token", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiI1NTBlIn0.c2lnbmF0dXJl"),
    ("as_of", "2026-01-31"),
    ("board", "Service Desk"),
    ("by", "company"),
    ("class", "billable"),
    ("command_url", "/internal/commands/550e8400-e29b-41d4-a716-446655440000"),
    ("company", "Acme"),
    ("cursor", ""),
    ("detail", "date: must be a date such as 2026-01-24"),
    ("Idempotency-Key", "n8n-2026-01-24"),
    ("If-None-Match", "\"0\""),
    ("If-Range", "\"0\""),
    ("kpi", "tickets_created"),
    ("lane", "kpi"),
    ("max_price", "100.00"),
    ("member", "Ann"),
    ("min_price", "1.00"),
    ("name", "kpi.compute-daily"),
    ("owner", "Ann"),
    ("Prefer", "wait=5"),
    ("priority", "High"),
    ("Range", "bytes=0-1023"),
    ("request_id", "0197a1b2-0000-7000-8000-000000000000"),
    ("scope", "kpis exports"),
    ("search", "pikachu"),
    ("set", "base2"),
    ("sort", "name"),
    ("source", "mock"),
    ("status", "succeeded"),
    ("status_url", "/internal/commands/550e8400-e29b-41d4-a716-446655440000"),
    ("table", "fact_ticket"),
    ("timezone", "Europe/Paris"),
    ("title", "Unprocessable Entity"),
    ("token_type", "Bearer"),
    ("type", "urn:courtier:problem:invalid-parameters"),
    ("url", "/v1/exports/fact_ticket_2026-01-24.csv"),
    ("variant", "HOLO"),
    ("verdict", "OK"),
];

/// Puts an example beside every schema of the document that has none.
pub(super) fn fill(document: &mut Value) {
    let definitions = document["components"]["schemas"].clone();
    let paths = document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut);
    for operation in paths.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        for parameter in operation["parameters"].as_array_mut().into_iter().flatten() {
            let name = parameter["name"].as_str().unwrap_or_default().to_owned();
            put(parameter, &name, &definitions);
        }
        contents(&mut operation["requestBody"], &definitions);
        for response in operation["responses"].as_object_mut().into_iter().flat_map(Map::values_mut)
        {
            contents(response, &definitions);
        }
        // Reading a missing part has put a null there.
        if let Some(operation) = operation.as_object_mut() {
            operation.retain(|_, part| !part.is_null());
        }
    }
}

fn contents(part: &mut Value, definitions: &Value) {
    let Some(contents) = part.get_mut("content").and_then(Value::as_object_mut) else { return };
    for (content_type, content) in contents {
        if content_type == "application/json" && content.get("examples").is_none() {
            put(content, "", definitions);
        }
    }
}

fn put(holder: &mut Value, name: &str, definitions: &Value) {
    let Some(fields) = holder.as_object_mut() else { return };
    if fields.contains_key("example") {
        return;
    }
    if let Some(example) = fields.get("schema").map(|schema| make(schema, name, definitions, 0)) {
        fields.insert("example".to_owned(), example);
    }
}

/// A value that the schema takes.
fn make(schema: &Value, name: &str, definitions: &Value, depth: u8) -> Value {
    if depth > MAX_DEPTH {
        return Value::Null;
    }
    let given = schema["examples"].get(0).or_else(|| schema["enum"].get(0));
    if let Some(given) = given.or_else(|| schema.get("const")) {
        return given.clone();
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let referred = reference.rsplit('/').next().unwrap_or_default();
        return make(&definitions[referred], name, definitions, depth + 1);
    }
    let forms = ["anyOf", "oneOf", "allOf"].into_iter().find_map(|of| schema[of].as_array());
    if let Some(form) = forms.and_then(|forms| forms.iter().find(|form| form["type"] != "null")) {
        return make(form, name, definitions, depth + 1);
    }
    match kind(schema) {
        "object" => object(schema, definitions, depth),
        "array" => json!([make(&schema["items"], name, definitions, depth + 1)]),
        "integer" => schema.get("minimum").cloned().unwrap_or(json!(1)),
        "number" => json!(12.5),
        "boolean" => json!(true),
        "string" => text(schema, name).into(),
        _ => Value::Object(Map::new()),
    }
}

fn object(schema: &Value, definitions: &Value, depth: u8) -> Value {
    let properties = schema["properties"].as_object().into_iter().flatten();
    properties
        .map(|(name, property)| (name.clone(), make(property, name, definitions, depth + 1)))
        .collect::<Map<_, _>>()
        .into()
}

/// The first type that is not null.
fn kind(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(kind) => kind,
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).find(|kind| *kind != "null").unwrap_or_default()
        }
        _ => "",
    }
}

fn text<'a>(schema: &Value, name: &'a str) -> &'a str {
    // The only texts with a pattern are amounts.
    if schema.get("pattern").is_some() {
        return "12.50";
    }
    match schema["format"].as_str() {
        Some("date") => DAY,
        Some("date-time") => INSTANT,
        Some("uuid") => ID,
        _ => TEXTS.iter().find(|(known, _)| *known == name).map_or(name, |(_, text)| text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_has_the_form_of_its_schema() {
        let definitions = json!({ "Day": {
            "type": "object",
            "properties": {
                "date": { "type": "string", "format": "date" },
                "n": { "type": ["integer", "null"], "minimum": 0 },
                "again": { "anyOf": [{ "$ref": "#/components/schemas/Day" }, { "type": "null" }] },
            },
        } });
        let schema = json!({ "type": "array", "items": { "$ref": "#/components/schemas/Day" } });
        let example = make(&schema, "days", &definitions, 0);
        assert_eq!(example[0]["date"], "2026-01-24");
        assert_eq!(example[0]["n"], 0);
        assert_eq!(example[0]["again"]["date"], "2026-01-24");
        let amount = json!({ "type": ["string", "null"], "pattern": "[0-9]" });
        assert_eq!(make(&amount, "price", &definitions, 0), "12.50");
        assert_eq!(make(&json!({ "enum": ["a", "b"] }), "x", &definitions, 0), "a");
    }
}
