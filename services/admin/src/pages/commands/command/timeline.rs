//! What happened, newest first, with what comes next on top; and the same as a strip.

use jiff::Timestamp;
use store::commands::{Attempt, CommandRow};

use crate::plot::{Bar, Mark, Plot, XTick, YTick};
use crate::say::Say;

/// A line of the timeline.
#[derive(Default)]
pub(super) struct Event {
    /// `ok`, `bad`, `warn`, `run` or `idle`.
    pub(super) tone: &'static str,
    pub(super) icon: &'static str,
    pub(super) title: String,
    pub(super) detail: String,
    /// What went wrong, as it was written, where the detail does not say it all.
    pub(super) raw: String,
    pub(super) at: Option<Timestamp>,
}

pub(super) fn events(
    say: &Say,
    command: &CommandRow,
    attempts: &[Attempt],
    due_at: Option<Timestamp>,
    most: i64,
) -> Vec<Event> {
    let mut events = Vec::new();
    events.extend(next(say, command, due_at, most));
    events.extend(present(say, command));
    events.extend(attempts.iter().rev().map(|attempt| past(say, attempt)));
    events.push(Event {
        tone: "idle",
        icon: "dot",
        title: say.t("event-created"),
        at: Some(command.created_at),
        ..Event::default()
    });
    events
}

fn next(say: &Say, command: &CommandRow, due_at: Option<Timestamp>, most: i64) -> Option<Event> {
    let waits = matches!(command.status.as_str(), "retrying" | "postponed");
    let due_at = due_at.filter(|_| waits)?;
    let (attempt, left) = (i64::from(command.attempt) + 1, most - i64::from(command.attempt));
    let detail = match command.status.as_str() {
        "retrying" => say.t2("event-next-left", ("span", say.ago(due_at)), ("left", left)),
        _ => say.t1("event-next-postponed", "span", say.ago(due_at)),
    };
    let title = say.t1("event-next", "n", attempt);
    Some(Event { tone: "warn", icon: "clock", title, detail, at: Some(due_at), ..Event::default() })
}

/// The attempt that runs, or the one that succeeded: those leave no row of their own.
fn present(say: &Say, command: &CommandRow) -> Option<Event> {
    let n = i64::from(command.attempt);
    match command.status.as_str() {
        "running" => Some(Event {
            tone: "run",
            icon: "ring",
            title: say.t1("event-running", "n", n),
            at: command.started_at,
            ..Event::default()
        }),
        "succeeded" => Some(Event {
            tone: "ok",
            icon: "tick",
            title: say.t1("event-succeeded", "n", n),
            detail: match (command.started_at, command.finished_at) {
                (Some(from), Some(to)) => say.between(from, to),
                _ => String::new(),
            },
            at: command.finished_at,
            ..Event::default()
        }),
        "queued" => Some(Event {
            tone: "idle",
            icon: "dashed",
            title: say.t("event-queued"),
            ..Event::default()
        }),
        _ => None,
    }
}

fn past(say: &Say, attempt: &Attempt) -> Event {
    let n = i64::from(attempt.attempt);
    let (tone, icon, key) = match attempt.outcome.as_str() {
        "retrying" => ("bad", "cross", "event-failed"),
        "dead" => ("bad", "cross", "event-dead"),
        "postponed" => ("warn", "clock", "event-postponed"),
        _ => ("idle", "slash", "event-cancelled"),
    };
    let span = attempt.started_at.map(|from| say.between(from, attempt.finished_at));
    let told = attempt.detail.as_deref().map(|detail| say.cause(detail)).unwrap_or_default();
    let cause = Some(told.words).filter(|words| !words.is_empty());
    let words: Vec<String> = [attempt.worker.clone(), span, cause].into_iter().flatten().collect();
    Event {
        tone,
        icon,
        title: say.try_t1(key, "n", n),
        detail: words.join(" · "),
        raw: told.detail,
        at: Some(attempt.finished_at),
    }
}

/// The attempts on one line of time, from the acceptance to the end or to what comes next.
pub(super) fn strip(
    say: &Say,
    command: &CommandRow,
    attempts: &[Attempt],
    due_at: Option<Timestamp>,
) -> Plot {
    let from = command.created_at;
    let open = command.finished_at.is_none();
    let end = command.finished_at.unwrap_or(say.now).max(due_at.filter(|_| open).unwrap_or(from));
    let long = end.duration_since(from).as_secs_f64().max(0.001);
    let x =
        |at: Timestamp| (at.duration_since(from).as_secs_f64() / long * 100.0).clamp(0.0, 100.0);
    let bar = |class, begin: Timestamp, end: Timestamp| Bar {
        class,
        x: x(begin).min(99.2),
        width: (x(end) - x(begin)).max(0.8),
        y: 34.0,
        height: 32.0,
    };
    let mut bars = vec![Bar { class: "b3", x: 0.0, width: 100.0, y: 40.0, height: 20.0 }];
    let mut marks = Vec::new();
    for attempt in attempts {
        let begin = attempt.started_at.unwrap_or(attempt.finished_at).max(from);
        let class = if attempt.outcome == "postponed" { "b-warn" } else { "b-bad" };
        bars.push(bar(class, begin, attempt.finished_at.max(begin)));
        let text = say.n(attempt.attempt);
        marks.push(Mark { x: x(begin), y: 8.0, dy: 6, anchor: "start", class: "on", text });
    }
    if let (Some(begin), "running" | "succeeded") = (command.started_at, command.status.as_str()) {
        let class = if open { "b1" } else { "b-ok" };
        bars.push(bar(class, begin.max(from), command.finished_at.unwrap_or(say.now)));
    }
    Plot {
        class: "short",
        label: say.t2(
            "command-strip",
            ("n", attempts.len()),
            ("span", say.between(from, command.finished_at.unwrap_or(say.now))),
        ),
        y: vec![YTick { at: 50.0, text: String::new(), class: "grid-l" }],
        x: vec![
            XTick { at: 0.0, text: say.clock_s(from), anchor: "start", alt: false },
            XTick { at: 100.0, text: say.clock_s(end), anchor: "end", alt: false },
        ],
        bars,
        marks,
        ..Plot::default()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::say::Lang;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + seconds).unwrap()
    }

    fn command(status: &str) -> CommandRow {
        CommandRow {
            id: uuid::Uuid::nil(),
            name: "ingest.tickets".into(),
            status: status.into(),
            tenant_id: None,
            payload: json!({}),
            result: None,
            error: None,
            progress: None,
            attempt: 2,
            cancel_requested: false,
            created_at: at(0),
            started_at: Some(at(10)),
            finished_at: None,
            callback_url: None,
            callback_id: None,
        }
    }

    #[test]
    fn the_next_attempt_stands_on_top() {
        let say = Say { now: at(30), ..Say::new(Lang::En, "UTC") };
        let failed = |n| Attempt {
            attempt: n,
            outcome: "retrying".into(),
            detail: Some("401 from http://x/?token=hush".into()),
            worker: Some("courtier-2".into()),
            started_at: Some(at(10 * i64::from(n))),
            finished_at: at(10 * i64::from(n) + 1),
        };
        let attempts = [failed(1), failed(2)];
        let events = events(&say, &command("retrying"), &attempts, Some(at(68)), 5);
        let titles: Vec<&str> = events.iter().map(|event| event.title.as_str()).collect();
        assert_eq!(titles.len(), 4);
        assert!(titles[0].contains('3') && titles[1].contains('2') && titles[2].contains('1'));
        assert!(events[0].detail.contains("38") && events[0].detail.contains('3'));
        assert!(events.iter().all(|event| !event.raw.contains("hush")));
        let strip = strip(&say, &command("retrying"), &attempts, Some(at(100)));
        assert_eq!((strip.bars.len(), strip.bars[1].x, strip.marks.len()), (3, 10.0, 2));
    }
}
