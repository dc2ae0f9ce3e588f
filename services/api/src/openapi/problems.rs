//! Which problems a route can answer with, by status.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value, json};

use crate::problem::{self, Problem};
use crate::route::{Access, Route, is_placeholder};

/// The problems of a route by their stable names, without those that any route can have.
fn slugs(route: &Route) -> Vec<&'static str> {
    let mut slugs = vec!["internal-error", "timed-out"];
    if route.access != Access::Public {
        slugs.extend(["unauthorized", "forbidden", "rate-limited", "database-unavailable"]);
        slugs.push("invalid-parameters");
    }
    if route.doc.is_odata {
        slugs.retain(|slug| *slug != "invalid-parameters");
        slugs.extend(["malformed-request", "not-implemented"]);
    }
    if route.parts().any(is_placeholder) {
        slugs.push("not-found");
    }
    if route.doc.body.is_some() {
        slugs.extend(["malformed-request", "body-too-large", "unsupported-media-type"]);
    }
    if route.method == Method::POST && route.doc.query.iter().any(|p| p.name == "Idempotency-Key") {
        slugs.extend(["conflict", "idempotency-key-reused", "overloaded"]);
    }
    if route.doc.query.iter().any(|parameter| parameter.name == "Range") {
        slugs.push("range-not-satisfiable");
    }
    slugs.extend_from_slice(route.doc.problems);
    slugs
}

/// The error answers of a route: a reference for each status.
pub(super) fn responses(route: &Route, shared: &mut Map<String, Value>) -> Map<String, Value> {
    let wanted = slugs(route);
    let mut by_status: BTreeMap<u16, Vec<Problem>> = BTreeMap::new();
    for problem in problem::samples() {
        let (status, slug) = problem.kind();
        if wanted.contains(&slug) {
            by_status.entry(status.as_u16()).or_default().push(problem);
        }
    }
    let answer = |(status, problems): (u16, Vec<Problem>)| {
        if route.doc.is_odata {
            return (status.to_string(), json!({ "$ref": "#/components/responses/ODataError" }));
        }
        let names: Vec<&str> = problems.iter().map(|problem| problem.kind().1).collect();
        let name = names.join("-or-");
        let reference = json!({ "$ref": format!("#/components/responses/{name}") });
        shared.entry(name).or_insert_with(|| response(&problems));
        (status.to_string(), reference)
    };
    by_status.into_iter().map(answer).collect()
}

/// An answer that is one of these problems, which share their status.
fn response(problems: &[Problem]) -> Value {
    let examples: Map<String, Value> = problems
        .iter()
        .map(|problem| (problem.kind().1.to_owned(), json!({ "value": problem.document() })))
        .collect();
    let described: Vec<String> = problems.iter().map(Problem::detail).collect();
    let mut headers = json!({ "X-Request-Id": { "$ref": "#/components/headers/X-Request-Id" } });
    for problem in problems {
        if let Some((name, value)) = problem.header() {
            let text = value.to_str().unwrap_or_default();
            headers[header_name(name.as_str())] =
                json!({ "schema": { "type": "string" }, "example": text });
        }
    }
    json!({
        "description": format!("Such as: {}.", described.join("; or ")),
        "headers": headers,
        "content": { "application/problem+json": {
            "schema": { "$ref": "#/components/schemas/Problem" },
            "examples": examples,
        } },
    })
}

/// `retry-after` as people write it: `Retry-After`.
fn header_name(name: &str) -> String {
    let word = |word: &str| match word {
        "www" => "WWW".to_owned(),
        word => word[..1].to_uppercase() + &word[1..],
    };
    name.split('-').map(word).collect::<Vec<_>>().join("-")
}
