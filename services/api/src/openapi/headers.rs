//! The headers of answers.

use serde_json::{Value, json};

use crate::route::Route;

/// Every header that an answer may have, by name: what it says, and an example.
const ALL: [(&str, &str, &str); 10] = [
    ("X-Request-Id", "Quote it when asking the operator.", "0197a1b2-0000-7000-8000-000000000000"),
    ("ETag", "Send it as `If-None-Match` next time.", "W/\"9f86d0\""),
    (
        "Link",
        "The next page, on all but the last one.",
        "</v1/cards?cursor=name.7.Abra>; rel=\"next\"",
    ),
    ("Location", "The command.", "/internal/commands/550e8400-e29b-41d4-a716-446655440000"),
    (
        "Idempotent-Replayed",
        "`true`: an earlier request with this key has made the command.",
        "true",
    ),
    ("Preference-Applied", "`wait`: the answer has waited for the end of the command.", "wait"),
    ("Accept-Ranges", "Parts can be asked for, in bytes.", "bytes"),
    ("Content-Range", "Which part this is, and of how many bytes.", "bytes 0-1023/146515"),
    (
        "Content-Disposition",
        "The name to save it under.",
        "attachment; filename=\"fact_ticket_2026-01-24.csv\"",
    ),
    ("OData-Version", "The version that the answer follows.", "4.0"),
];

/// The headers as components of the document.
pub(super) fn all() -> Value {
    let header = |(name, description, example): (&str, &str, &str)| {
        let schema = json!({ "type": "string" });
        let told = json!({ "description": description, "schema": schema, "example": example });
        (name.to_owned(), told)
    };
    ALL.into_iter().map(header).collect()
}

/// References to some of them.
pub(super) fn references(names: &[&str]) -> Value {
    let reference = |name: &&str| {
        ((*name).to_owned(), json!({ "$ref": format!("#/components/headers/{name}") }))
    };
    names.iter().map(reference).collect()
}

/// The headers of an answer that is no error.
pub(super) fn of(route: &Route, status: u16) -> Value {
    let takes = |header: &str| route.doc.query.iter().any(|parameter| parameter.name == header);
    let mut names = vec!["X-Request-Id"];
    names.extend(route.doc.has_etag.then_some("ETag"));
    names.extend(route.doc.is_paged.then_some("Link"));
    names.extend(route.doc.is_odata.then_some("OData-Version"));
    names.extend((status == 201).then_some("Location"));
    if takes("Idempotency-Key") {
        names.push("Idempotent-Replayed");
        names.extend((status == 200).then_some("Preference-Applied"));
    }
    if takes("Range") {
        names.push("Content-Disposition");
        names.extend((status != 304).then_some("Accept-Ranges"));
        names.extend((status == 206).then_some("Content-Range"));
    }
    references(&names)
}
