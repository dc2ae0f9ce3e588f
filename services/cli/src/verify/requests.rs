//! Step 5: the six calls by which a deployment is tried, each answered with 200 or 201.

use std::fmt::Write as _;

use reqwest::Method;
use serde_json::Value;
use settings::ExposeSecret as _;

use super::calls::{Answer, send};
use super::{Walk, shop};
use crate::check::{Cause, Check};

pub(super) async fn step(walk: &Walk) -> anyhow::Result<Vec<Check>> {
    if walk.is_shop {
        return shop::calls(walk).await;
    }
    let tenant = walk.tenants.first().map(|tenant| tenant.id);
    let id = tenant.map_or_else(|| "TENANT".to_owned(), |id| id.to_string());
    let date = walk.date;
    let orders = [
        ("ingest of tickets", format!("/internal/ingest/tickets?tenant_id={id}")),
        ("ingest of time entries", format!("/internal/ingest/time_entries?tenant_id={id}")),
        ("KPIs of a day", format!("/internal/kpi/compute-daily?tenant_id={id}&date={date}")),
    ];
    walk.proof.command(&commands(walk, &orders))?;

    let mut transcript = String::new();
    let mut checks = Vec::new();
    let health = send(walk.calls.request(Method::GET, "/health")).await;
    transcript += &health.transcript;
    checks.push(answered("health", Cause::Network, &health));

    let token = walk.token.expose_secret();
    let listed =
        send(walk.calls.request(Method::GET, "/internal/tenants").bearer_auth(token)).await;
    transcript += &listed.transcript;
    checks.push(answered("list of tenants", Cause::Token, &listed));
    if tenant.is_none() || !listed.is_well() {
        transcript += "the other calls need the service token and a tenant: not made\n";
        walk.proof.output("api_tests.txt", &transcript)?;
        return Ok(checks);
    }
    for (name, path) in &orders {
        let ordered = order(walk, name, path).await;
        transcript += &ordered.transcript;
        checks.push(ordered.check);
    }
    if let Some(key) = &walk.key {
        let path = format!("/v1/kpis/daily?date={date}");
        let request = walk.calls.request(Method::GET, &path);
        let shown = send(request.header("X-API-Key", key.expose_secret())).await;
        transcript += &shown.transcript;
        checks.push(answered("the public API with a key", Cause::Results, &shown));
    }
    walk.proof.output("api_tests.txt", &transcript)?;
    Ok(checks)
}

/// A command that was ordered, and what became of it.
pub(super) struct Ordered {
    pub(super) check: Check,
    /// The status of the answer; zero when there was none.
    pub(super) status: u16,
    /// The ended command, or null.
    pub(super) row: Value,
    pub(super) transcript: String,
}

/// Orders a command as n8n would, and waits for its end.
pub(super) async fn order(walk: &Walk, name: &'static str, path: &str) -> Ordered {
    let token = walk.token.expose_secret();
    let answer = send(walk.calls.request(Method::POST, path).bearer_auth(token)).await;
    let check = answered(name, Cause::Results, &answer);
    let (status, mut transcript) = (answer.status, answer.transcript.clone());
    if !check.ok {
        return Ordered { check, status, row: Value::Null, transcript };
    }
    let end = walk.calls.end(&answer, token).await;
    let row = end.as_ref().ok().cloned().unwrap_or(Value::Null);
    if !row.is_null() {
        _ = writeln!(transcript, "= {row:#}\n");
    }
    Ordered { check: ended(name, end), status, row, transcript }
}

fn commands(walk: &Walk, orders: &[(&str, String)]) -> Vec<String> {
    let url = |path: &str| walk.calls.url(path);
    let bearer = "-H \"Authorization: Bearer $SERVICE_TOKEN\"";
    let mut lines = vec![
        format!("curl {}", url("/health")),
        format!("curl {bearer} {}", url("/internal/tenants")),
    ];
    lines.extend(orders.iter().map(|(_, path)| format!("curl -X POST {bearer} \"{}\"", url(path))));
    let kpis = url(&format!("/v1/kpis/daily?date={}", walk.date));
    lines.push(format!("curl -H \"X-API-Key: $TENANT_API_KEY\" \"{kpis}\""));
    lines
}

/// What an answer says about the installation.
pub(super) fn answered(name: &'static str, cause: Cause, answer: &Answer) -> Check {
    if answer.is_well() {
        return Check::well(cause, name, answer.brief());
    }
    let (cause, advice) = match answer.status {
        0 => (Cause::Network, "see step 1"),
        401 | 403 => (Cause::Token, "SERVICE_TOKEN must be the same in the API and here"),
        503 => (Cause::Database, "the API cannot reach its database: read its log"),
        _ => (cause, "read the log of the API under the request's id"),
    };
    Check::ill(cause, name, answer.brief(), advice)
}

/// What became of a command.
fn ended(name: &'static str, end: Result<Value, String>) -> Check {
    match end {
        Ok(row) if row["status"] == "succeeded" => {
            Check::well(Cause::Results, name, format!("succeeded: {}", row["result"]))
        }
        Ok(row) => {
            let error = row["error"].as_str().unwrap_or("it does not say why");
            let status = row["status"].as_str().unwrap_or_default();
            // The source's files are the one thing that lies outside of the database.
            let is_volume = ["MOCK_DATA_PATH", "EXPORTS_PATH", "No such file", "cannot be read"]
                .iter()
                .any(|word| error.contains(word));
            let cause = if is_volume { Cause::Volumes } else { Cause::Results };
            let advice = "see `courtier commands show` and `courtier dead-letters`";
            Check::ill(cause, name, format!("{status}: {error}"), advice)
        }
        Err(why) => Check::ill(
            Cause::Broker,
            name,
            why,
            "start `courtier scheduler` (it relays) and `courtier worker` (it runs), and see \
             `courtier lanes list` for a pause",
        ),
    }
}
