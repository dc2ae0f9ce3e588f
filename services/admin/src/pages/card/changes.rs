//! What somebody does with a card.

use cards::query;
use commands::{Failure as Refusal, Verdict};
use serde_json::{Value, json};
use store::catalogue::{self, CardRef};
use store::{audit, prices};
use uuid::Uuid;
use warp::reply::Response;

use super::{Typed, card_id, refused};
use crate::failure::Failure;
use crate::icon::Mark;
use crate::order::order;
use crate::pages::card::fields::{Overrides, PriceFields};
use crate::reply;
use crate::router::ours;
use crate::say::Say;
use crate::told::Told;
use crate::visit::Visit;

/// A look at a card that somebody ordered.
pub(super) struct OrderView {
    pub(super) id: Uuid,
    pub(super) mark: Mark,
    /// Tone of the message: `run`, `ok`, `warn` or `bad`.
    pub(super) tone: &'static str,
    pub(super) words: String,
    pub(super) detail: String,
    pub(super) trouble: Told,
}

/// Longest note on a decision.
const MAX_NOTE: usize = 500;

/// Orders a look at the card.
pub(super) async fn reprice(visit: Visit) -> Result<Response, Failure> {
    let id = card_id(visit.segment())?;
    let command = order(&visit, "cards.reprice", json!({ "card_id": id })).await?;
    Ok(reply::see_other(&format!("/cards/{id}?command={command}")))
}

/// Writes the corrections.
pub(super) async fn save(visit: Visit) -> Result<Response, Failure> {
    let id = card_id(visit.segment())?;
    let client = visit.db().await?;
    let stored = catalogue::find(&client, CardRef::Id(id)).await?.ok_or(Failure::NotFound)?;
    let typed = Overrides::typed(&visit.say, &stored.card, &visit.form);
    if !typed.errors().is_empty() {
        drop(client);
        return refused(&visit, id, Typed { overrides: Some(typed), prices: None }).await;
    }
    let mut card = stored.card.clone();
    typed.apply(&mut card);
    catalogue::save(&client, id, &card, query::build(&card).as_deref()).await?;
    visit.site.forget_counts().await;
    let detail = json!({ "before": told(&stored.card), "after": told(&card) });
    audit::log(&client, visit.actor(), "cards.save", &card.tcgdex_id, &detail).await?;
    Ok(done(&format!("/cards/{id}"), id, "card-saved"))
}

/// What the audit log keeps of a card.
fn told(card: &cards::Card) -> Value {
    json!({
        "overrides": card.overrides,
        "query": card.ebay_query_override,
        "number_format": card.card_number_format,
        "padded": card.card_number_padded,
        "active": card.is_active,
    })
}

/// Carries out a decision, and goes back to where it was taken.
pub(super) async fn decide(visit: Visit) -> Result<Response, Failure> {
    let id = card_id(visit.segment())?;
    let (verdict, key) = match visit.form.get("decision") {
        "approve" => (Verdict::Approve, "card-decided"),
        "reject" => (Verdict::Reject, "card-decided"),
        "withdraw" => (Verdict::Withdraw, "card-withdrawn"),
        "set" => match PriceFields::typed(&visit.say, &visit.form) {
            Ok(prices) => (Verdict::Set(prices), "card-set"),
            Err(fields) => {
                let typed = Typed { overrides: None, prices: Some(fields) };
                return refused(&visit, id, typed).await;
            }
        },
        _ => return Err(Failure::Broken),
    };
    let note: String = visit.form.get("note").trim().chars().take(MAX_NOTE).collect();
    let note = Some(note.as_str()).filter(|note| !note.is_empty());
    let client = visit.db().await?;
    if verdict == Verdict::Approve && !is_as_seen(&client, id, visit.form.get("proposal")).await {
        return Ok(done(&back(&visit, id), id, "card-changed"));
    }
    let is_decided = carry_out(&visit, &client, id, verdict, note).await?;
    visit.site.forget_counts().await;
    if !is_decided {
        return Err(Failure::Invalid("decision-refused"));
    }
    Ok(done(&back(&visit, id), id, key))
}

/// Decides about a card; `false` when there is nothing to decide about any more.
pub(in crate::pages) async fn carry_out(
    visit: &Visit,
    client: &store::Client,
    id: i64,
    verdict: Verdict,
    note: Option<&str>,
) -> Result<bool, Failure> {
    match commands::decide(client, CardRef::Id(id), visit.actor(), verdict, note).await {
        Ok(_) => Ok(true),
        Err(Refusal::Reject(_)) => Ok(false),
        Err(failure) => {
            tracing::error!(%failure, "a decision could not be carried out");
            Err(Failure::Internal)
        }
    }
}

/// Whether the proposal is still the one that lay before the person.
pub(in crate::pages) async fn is_as_seen(client: &store::Client, id: i64, seen: &str) -> bool {
    let explained = commands::explain(client, CardRef::Id(id)).await.ok();
    let proposal = explained.and_then(|explained| explained.proposal());
    // Without one, the refusal says so.
    proposal.is_none_or(|(_, prices)| seen.parse().ok() == Some(prices.neuf))
}

/// Takes the last decision back.
pub(super) async fn undo(visit: Visit) -> Result<Response, Failure> {
    let id = card_id(visit.segment())?;
    let mut client = visit.db().await?;
    let is_undone = take_back(&visit, &mut client, id).await?;
    visit.site.forget_counts().await;
    let key = if is_undone { "card-undone" } else { "card-not-undone" };
    Ok(done(&back(&visit, id), id, key))
}

/// Takes the last decision about a card back, unless something has changed since.
pub(in crate::pages) async fn take_back(
    visit: &Visit,
    client: &mut store::Client,
    id: i64,
) -> Result<bool, Failure> {
    let stored = catalogue::find(client, CardRef::Id(id)).await?.ok_or(Failure::NotFound)?;
    let is_undone = prices::undo(client, id).await?;
    if is_undone {
        let resource = &stored.card.tcgdex_id;
        audit::log(client, visit.actor(), "cards.undo", resource, &json!({})).await?;
    }
    Ok(is_undone)
}

/// Where the form stood.
fn back(visit: &Visit, id: i64) -> String {
    let wanted = ours(visit.form.get("back"));
    if wanted == "/" { format!("/cards/{id}") } else { wanted }
}

fn done(path: &str, id: i64, key: &str) -> Response {
    let sign = if path.contains('?') { '&' } else { '?' };
    reply::see_other(&format!("{path}{sign}done={key}&card={id}"))
}

/// How far the look is, if it is one at this card.
pub(super) async fn view(
    say: &Say,
    client: &store::Client,
    command: Option<Uuid>,
    card_id: i64,
) -> Result<Option<OrderView>, Failure> {
    let Some(id) = command else { return Ok(None) };
    let row = store::commands::get(client, id).await?;
    let Some(row) = row.filter(|row| row.payload["card_id"] == json!(card_id)) else {
        return Ok(None);
    };
    let (tone, words) = match row.status.as_str() {
        "succeeded" => ("ok", say.t("reprice-done")),
        "dead" | "cancelled" => ("bad", say.t("reprice-failed")),
        "postponed" => ("warn", say.t("reprice-postponed")),
        "retrying" => ("warn", say.t("reprice-retrying")),
        _ => ("run", say.t("reprice-running")),
    };
    let detail = row.result.as_ref().filter(|_| tone == "ok").map(|it| told_of(say, it));
    let detail = detail.unwrap_or_default();
    let trouble = row.error.as_deref().filter(|_| tone != "ok").map(|error| say.cause(error));
    let trouble = trouble.unwrap_or_default();
    let mark = Mark::of_status(say, &row.status);
    Ok(Some(OrderView { id, mark, tone, words, detail, trouble }))
}

/// What a look found.
fn told_of(say: &Say, result: &Value) -> String {
    let amount = |value: &Value| -> Option<rust_decimal::Decimal> {
        serde_json::from_value(value.clone()).ok()
    };
    let n = result["listings"].as_i64().unwrap_or_default();
    let found = say.t1("reprice-listings", "n", n);
    let verdict = result["verdict"].as_str().unwrap_or_default();
    let verdict = crate::shop::word(say, "verdict", verdict);
    match amount(&result["anchor_eur"]) {
        Some(anchor) => {
            format!(
                "{found} {}",
                say.t2("reprice-anchor", ("price", say.eur(anchor)), ("verdict", verdict))
            )
        }
        None => format!("{found} {verdict}."),
    }
}
