//! `courtier lanes`.

use std::process::ExitCode;

use commands::{LANES, Lane, lane_of};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::command_states::{self, NameState};
use store::lanes::{self, Pause};
use store::{Client, Role};

use crate::options::{FormatArgument, LanesAction};
use crate::{output, start};

/// Who the audit log says it was.
const ACTOR: &str = "cli";
/// Commands that the counts look at; older ones are history.
const NEWEST: i64 = 100_000;

/// A lane as the database knows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct LaneFigures {
    pub(crate) lane: &'static str,
    pub(crate) running: i64,
    /// Accepted, and not begun.
    pub(crate) queued: i64,
    /// They wait for an instant: retries and postponed ones.
    pub(crate) later: i64,
    /// When the oldest queued one was accepted.
    pub(crate) oldest: Option<Timestamp>,
    pub(crate) pause: Option<Pause>,
}

pub(crate) async fn run(action: LanesAction) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    match action {
        LanesAction::List(format) => list(&client, format).await,
        LanesAction::Pause { lane, reason, duration, until } => {
            let resume_at = duration.map(|duration| Timestamp::now() + duration).or(until);
            lanes::pause(&client, ACTOR, lane.name, resume_at, &reason).await?;
            let end = resume_at.map_or_else(
                || format!("until `courtier lanes resume {}`", lane.name),
                |at| format!("until {at:.0}"),
            );
            output::line(format_args!("{} is paused {end}; what runs goes on", lane.name));
            Ok(ExitCode::SUCCESS)
        }
        LanesAction::Resume { lane } => {
            let was_paused = lanes::resume(&client, ACTOR, lane.name).await?;
            let what = if was_paused { "is resumed" } else { "was not paused" };
            output::line(format_args!("{} {what}", lane.name));
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn list(client: &Client, format: FormatArgument) -> anyhow::Result<ExitCode> {
    let figures = figures(client).await?;
    if format.json {
        output::json(&json!(figures));
        return Ok(ExitCode::SUCCESS);
    }
    let now = Timestamp::now();
    let rows = figures.into_iter().map(|figures| {
        vec![
            figures.lane.to_owned(),
            figures.running.to_string(),
            figures.queued.to_string(),
            figures.later.to_string(),
            output::or_dash(figures.oldest.map(|oldest| age(now, oldest))),
            output::or_dash(figures.pause.as_ref().map(paused)),
        ]
    });
    let header = ["lane", "running", "queued", "later", "oldest", "paused"];
    output::table(&header, rows.collect());
    Ok(ExitCode::SUCCESS)
}

/// All lanes, in their order.
pub(crate) async fn figures(client: &Client) -> store::Result<Vec<LaneFigures>> {
    let states = command_states::by_name(client, NEWEST).await?;
    let (pauses, _) = lanes::pauses(client).await?;
    Ok(LANES.iter().map(|lane| add_up(lane, &states, &pauses)).collect())
}

fn add_up(lane: &Lane, states: &[NameState], pauses: &[Pause]) -> LaneFigures {
    let own = || states.iter().filter(|state| lane_of(&state.name) == lane.name);
    let count = |words: &[&str]| {
        own().filter(|state| words.contains(&state.status.as_str())).map(|state| state.n).sum()
    };
    LaneFigures {
        lane: lane.name,
        running: count(&["running"]),
        queued: count(&["queued"]),
        later: count(&["retrying", "postponed"]),
        oldest: own().filter(|state| state.status == "queued").map(|state| state.oldest).min(),
        pause: pauses.iter().find(|pause| pause.lane == lane.name).cloned(),
    }
}

/// What a pause says of itself.
pub(crate) fn paused(pause: &Pause) -> String {
    let end = pause.resume_at.map_or_else(String::new, |at| format!(" until {at:.0}"));
    format!("by {}{end}: {}", pause.actor, pause.reason)
}

/// How long ago something was, in one unit.
pub(crate) fn age(now: Timestamp, then: Timestamp) -> String {
    let seconds = now.duration_since(then).max(SignedDuration::ZERO).as_secs();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7_200 => format!("{} min", seconds / 60),
        7_200..172_800 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_count_in_the_lane_that_carries_them() {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1);
        let state = |name: &str, status: &str, n| NameState {
            name: name.into(),
            status: status.into(),
            n,
            oldest: now,
        };
        let states = [
            state("cards.price", "queued", 5),
            state("cards.reprice", "queued", 1),
            state("cards.reprice", "postponed", 2),
            state("cards.price", "succeeded", 9),
        ];
        let pause = Pause {
            lane: "cards".into(),
            paused_at: now,
            resume_at: None,
            reason: "eBay is down".into(),
            actor: "ann".into(),
        };
        let figures = |name: &str| {
            add_up(&commands::lane(name).unwrap(), &states, std::slice::from_ref(&pause))
        };
        let (cards, reprice) = (figures("cards"), figures("reprice"));
        assert_eq!((cards.queued, cards.later, cards.oldest), (5, 0, Some(now)));
        assert_eq!((reprice.queued, reprice.later, reprice.running), (1, 2, 0));
        assert_eq!(cards.pause.as_ref().map(paused), Some("by ann: eBay is down".into()));
        assert_eq!(reprice.pause, None);
    }

    #[test]
    fn ages_have_one_unit() {
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1_000);
        let ago = |seconds| age(now, now - SignedDuration::from_secs(seconds));
        assert_eq!(
            [0, 119, 120, 7_199, 7_200, 172_800].map(ago),
            ["0 s", "119 s", "2 min", "119 min", "2 h", "2 days"]
        );
        assert_eq!(age(now, now + SignedDuration::from_secs(5)), "0 s", "clocks differ");
    }
}
