//! Steps 5 and 7 where there are cards and no tenants: nothing is ingested, and the shop is looked at.

use reqwest::Method;
use settings::ExposeSecret as _;
use store::card_stats::card_stats;

use super::Walk;
use super::calls::send;
use super::requests::{answered, order};
use super::workflows::published;
use crate::check::{Cause, Check};

/// What is read of the API.
const CALLS: [(&str, Cause, &str); 3] = [
    ("health", Cause::Network, "/health"),
    ("quota", Cause::Token, "/internal/quota"),
    ("prices", Cause::Results, "/v1/prices?limit=1"),
];
/// The price list as a file: the way through broker, worker and volume, and no call to eBay.
const EXPORT: &str = "/internal/exports/cards";

/// Step 5.
pub(super) async fn calls(walk: &Walk) -> anyhow::Result<Vec<Check>> {
    let commands = CALLS.map(|(_, _, path)| curl("", &walk.calls.url(path)));
    walk.proof.command(&commands)?;
    let mut transcript = String::new();
    let mut checks = Vec::new();
    for (name, cause, path) in CALLS {
        let request = walk.calls.request(Method::GET, path);
        let answer = send(request.bearer_auth(walk.token.expose_secret())).await;
        transcript += &answer.transcript;
        checks.push(answered(name, cause, &answer));
    }
    walk.proof.output("api_tests.txt", &transcript)?;
    Ok(checks)
}

/// Step 7.
pub(super) async fn export(walk: &Walk) -> anyhow::Result<Vec<Check>> {
    walk.proof.command(&[curl("-X POST ", &walk.calls.url(EXPORT))])?;
    let ordered = order(walk, "price list", EXPORT).await;
    let stats = card_stats(&walk.store.client().await?).await?;
    let files = published(&walk.files.exports);
    let text = format!(
        "{}\n{} cards, {} with a query, {} with a price\n\nexports:\n{}\n",
        ordered.transcript,
        stats.cards,
        stats.with_query,
        stats.with_price,
        files.join("\n")
    );
    walk.proof.output("db_verification.txt", &text)?;
    let mut checks = vec![ordered.check];
    if checks[0].ok && files.is_empty() {
        let detail = format!("{} holds no file", walk.files.exports.display());
        let advice = "mount the volume of the exports here as in the worker";
        checks.push(Check::ill(Cause::Volumes, "exports", detail, advice));
    }
    Ok(checks)
}

fn curl(method: &str, url: &str) -> String {
    format!("curl {method}-H \"Authorization: Bearer $SERVICE_TOKEN\" \"{url}\"")
}
