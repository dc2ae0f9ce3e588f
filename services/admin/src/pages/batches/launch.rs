//! Starts a batch: what it would do comes first.

use commands::{BatchEstimate, Failure as Refusal, estimate_batch};
use serde_json::json;
use store::catalogue::StoredSet;
use warp::reply::Response;

use crate::failure::Failure;
use crate::form::Form;
use crate::order::order;
use crate::pages::cards::Choice;
use crate::reply;
use crate::say::Say;
use crate::visit::Visit;

/// What somebody wants to look at.
pub(super) struct Launch {
    pub(super) set: String,
    pub(super) mode: &'static str,
    pub(super) limit: String,
    pub(super) limit_error: Option<String>,
    pub(super) sets: Vec<Choice>,
    pub(super) modes: Vec<Choice>,
}

/// What it would do.
pub(super) enum Estimate {
    Known(BatchEstimate),
    /// No card would be looked at; why.
    Nothing(String),
}

const MODES: [&str; 2] = ["full", "hybrid"];

impl Launch {
    pub(super) fn read(say: &Say, form: &Form, sets: &[StoredSet]) -> Launch {
        let set = form.get("set").to_owned();
        let mode = MODES.into_iter().find(|mode| *mode == form.get("mode")).unwrap_or(MODES[0]);
        let all =
            Choice { value: String::new(), label: say.t("cards-all-sets"), is_on: set.is_empty() };
        let shown = sets.iter().filter(|it| !it.is_hidden).map(|it| Choice {
            value: it.set.id.clone(),
            label: it.set.name.clone(),
            is_on: it.set.id == set,
        });
        let limit = form.get("limit").trim().to_owned();
        Launch {
            limit_error: (limit_of(&limit).is_err())
                .then(|| say.t1("launch-limit-rule", "given", limit.as_str())),
            limit,
            sets: std::iter::once(all).chain(shown).collect(),
            modes: MODES
                .into_iter()
                .map(|known| Choice {
                    value: known.to_owned(),
                    label: crate::shop::word(say, "mode", known),
                    is_on: known == mode,
                })
                .collect(),
            set,
            mode,
        }
    }
}

/// At most so many cards; all when the field is empty.
fn limit_of(text: &str) -> Result<Option<u32>, ()> {
    let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if digits.is_empty() {
        return Ok(None);
    }
    digits.parse().ok().filter(|n| *n > 0).map(Some).ok_or(())
}

/// The estimate that was asked for.
pub(super) async fn estimate(
    say: &Say,
    client: &store::Client,
    query: &Form,
    launch: &Launch,
) -> Result<Option<Estimate>, Failure> {
    let Ok(limit) = limit_of(&launch.limit) else { return Ok(None) };
    if !query.has("estimate") {
        return Ok(None);
    }
    let set = Some(launch.set.as_str()).filter(|set| !set.is_empty());
    match estimate_batch(client, set, limit).await {
        Ok(estimate) if estimate.counts.picked == 0 => {
            let key =
                if estimate.free_calls > 0 { "launch-nothing-due" } else { "launch-no-calls" };
            Ok(Some(Estimate::Nothing(say.try_t(key).unwrap_or_default())))
        }
        Ok(estimate) => Ok(Some(Estimate::Known(estimate))),
        Err(Refusal::Reject(_)) => Ok(Some(Estimate::Nothing(say.t("launch-no-cards")))),
        Err(failure) => {
            tracing::error!(%failure, "a batch could not be planned");
            Err(Failure::Internal)
        }
    }
}

/// Orders the batch, and leads to its page.
pub(super) async fn start(visit: Visit) -> Result<Response, Failure> {
    let form = &visit.form;
    let limit = limit_of(form.get("limit")).map_err(|()| Failure::Broken)?;
    let mut parameters = json!({ "mode": form.given("mode").unwrap_or(MODES[0]) });
    if let Some(set) = form.given("set") {
        parameters["set"] = json!(set);
    }
    if let Some(limit) = limit {
        parameters["limit"] = json!(limit);
    }
    let id = order(&visit, "batch.run", parameters).await?;
    Ok(reply::see_other(&format!("/batches/{id}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_count_or_nothing() {
        assert_eq!(limit_of(""), Ok(None));
        assert_eq!(limit_of("2\u{202f}400"), Ok(Some(2_400)));
        for wrong in ["0", "-1", "many", "1.5"] {
            assert_eq!(limit_of(wrong), Err(()), "{wrong}");
        }
    }
}
