//! What happened on the way, besides prices.

use jiff::Timestamp;
use store::batches::{self, Event, ItemState, Run};
use uuid::Uuid;

use crate::failure::Failure;
use crate::icon::Mark;
use crate::say::Say;
use crate::shop;

pub(super) struct EventRow {
    pub(super) at: Timestamp,
    pub(super) clock: String,
    pub(super) mark: Mark,
    pub(super) card_id: Option<i64>,
    pub(super) name: String,
    pub(super) words: String,
}

const N_SHOWN: i64 = 7;
/// Longer details are cut: the card's page shows them whole.
const LENGTH: usize = 140;

pub(super) async fn read(
    say: &Say,
    client: &store::Client,
    id: Uuid,
    run: Option<&Run>,
) -> Result<Vec<EventRow>, Failure> {
    let Some(run) = run else { return Ok(Vec::new()) };
    let events = batches::events(client, id, N_SHOWN).await?;
    let mut rows: Vec<EventRow> = events.iter().map(|event| row(say, event)).collect();
    rows.push(EventRow {
        at: run.started_at,
        clock: say.clock_s(run.started_at),
        mark: Mark::new("run", "sent", say.t("event-begin")),
        card_id: None,
        name: String::new(),
        words: say.t1("event-cards", "n", i64::from(run.cards_targeted)),
    });
    if let (Some(end), Some(reason)) = (run.finished_at, &run.stop_reason) {
        let row = EventRow {
            at: end,
            clock: say.clock_s(end),
            mark: Mark::new("idle", "pause", say.t("batch-stopped")),
            card_id: None,
            name: String::new(),
            words: say.cause(reason).line().to_owned(),
        };
        rows.insert(0, row);
    }
    Ok(rows)
}

fn row(say: &Say, event: &Event) -> EventRow {
    let (mark, words) = if let (ItemState::Succeeded, Some(reason)) = (event.state, &event.reason) {
        let mark = Mark::new("warn", "warning", say.t("shelf-review"));
        (mark, shop::reason(say, reason))
    } else {
        let told = say.cause(event.detail.as_deref().unwrap_or_default());
        (Mark::new("bad", "cross", say.t("shelf-failing")), shortened(told.line()))
    };
    EventRow {
        at: event.at,
        clock: say.clock_s(event.at),
        mark,
        card_id: Some(event.card_id),
        name: format!("{} {}", event.name, event.number),
        words,
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LENGTH) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
