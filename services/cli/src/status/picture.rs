//! What the picture shows, and how it is written.

use broker::Broker;
use commands::PROVIDER;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::{Value, json};
use store::batches::{self, Progress, Run};
use store::quota::{self, Day, Usage};
use store::schedules::{self, Upcoming};
use store::workers::{self, Worker};
use store::{Client, outbox, settings};

use crate::lanes::{LaneFigures, age, figures, paused};
use crate::{batch, output, schedules as schedules_tool};

/// A worker that was silent for so long is not shown.
const LIVING_SECONDS: f64 = 120.0;
const N_FIRES: usize = 5;
/// Characters of the gauge of calls.
const GAUGE: i32 = 30;

/// Everything at one moment.
#[derive(Debug, Serialize)]
pub(super) struct Picture {
    now: Timestamp,
    quota: Usage,
    batch: Option<Batch>,
    lanes: Vec<LaneLine>,
    /// Why the broker's own figures are missing.
    broker_error: Option<String>,
    workers: Vec<Worker>,
    outbox: Value,
    next: Vec<Upcoming>,
    /// Zone in which times are shown to people.
    timezone: String,
}

/// The newest batch.
#[derive(Debug, Serialize)]
struct Batch {
    run: Run,
    progress: Progress,
}

/// A lane with what the broker says of it.
#[derive(Debug, Serialize)]
struct LaneLine {
    #[serde(flatten)]
    figures: LaneFigures,
    /// Messages that no worker has taken.
    ready: Option<u32>,
    consumers: Option<u32>,
}

impl Picture {
    pub(super) async fn take(client: &Client, broker: &Broker) -> anyhow::Result<Picture> {
        let (depths, broker_error) = match broker.depths().await {
            Ok(depths) => (depths, None),
            Err(error) => (Vec::new(), Some(error.to_string())),
        };
        let lag = outbox::lag(client).await?;
        let line = |figures: LaneFigures| {
            let depth = depths.iter().find(|depth| depth.lane == figures.lane);
            let (ready, consumers) = depth.map(|depth| (depth.ready, depth.consumers)).unzip();
            LaneLine { figures, ready, consumers }
        };
        let quota = quota::current(client, PROVIDER).await?;
        Ok(Picture {
            now: quota.now,
            quota,
            batch: newest_batch(client).await?,
            lanes: figures(client).await?.into_iter().map(line).collect(),
            broker_error,
            workers: workers::living(client, LIVING_SECONDS).await?,
            outbox: json!({ "entries": lag.entries, "oldest_seconds": lag.oldest_seconds }),
            next: schedules::upcoming(client, N_FIRES).await?,
            timezone: settings::all(client).await?.batch_timezone,
        })
    }

    /// For people, in lines.
    pub(super) fn text(&self) -> String {
        let mut parts = vec![self.head(), self.calls()];
        parts.extend(self.batch.as_ref().map(Batch::text));
        parts.push(self.lanes());
        if let Some(error) = &self.broker_error {
            parts.push(format!("the broker does not say what waits: {error}"));
        }
        parts.push(self.workers());
        parts.push(self.fires());
        parts.join("\n")
    }

    /// An instant on the shop's clock.
    fn on_the_clock(&self, instant: Timestamp) -> String {
        let zone = TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC);
        instant.to_zoned(zone).strftime("%a %Y-%m-%d %H:%M:%S").to_string()
    }

    fn head(&self) -> String {
        let now = self.on_the_clock(self.now);
        let entries = output::text(&self.outbox["entries"]);
        let seconds = self.outbox["oldest_seconds"].as_f64().unwrap_or_default();
        format!(
            "{now} {}   outbox: {entries} waiting, the oldest for {seconds:.1} s",
            self.timezone
        )
    }

    fn calls(&self) -> String {
        let Usage { day, free, blocked, .. } = &self.quota;
        let block = blocked.as_ref().map_or_else(String::new, |block| {
            format!(", blocked until {}: {}", self.on_the_clock(block.until), block.reason)
        });
        format!(
            "calls {} {} of {} used, {} held, {free} left until {}{block}",
            gauge(day),
            day.used,
            day.daily_limit,
            day.reserved,
            self.on_the_clock(day.window_end)
        )
    }

    fn lanes(&self) -> String {
        let rows = self.lanes.iter().map(|line| {
            let LaneFigures { lane, running, queued, later, oldest, pause } = &line.figures;
            vec![
                (*lane).to_owned(),
                output::or_dash(line.ready),
                running.to_string(),
                queued.to_string(),
                later.to_string(),
                output::or_dash(oldest.map(|oldest| age(self.now, oldest))),
                output::or_dash(line.consumers),
                pause
                    .as_ref()
                    .map_or_else(String::new, |pause| format!("paused {}", paused(pause))),
            ]
        });
        let header = ["lane", "ready", "running", "queued", "later", "oldest", "consumers", ""];
        output::table_text(&header, rows.collect())
    }

    fn workers(&self) -> String {
        if self.workers.is_empty() {
            return "no worker lives: start `courtier worker`".to_owned();
        }
        let rows = self.workers.iter().map(|worker| {
            vec![
                worker.host.clone(),
                worker.version.clone(),
                worker.slots.to_string(),
                format!("{} ago", age(self.now, worker.seen_at)),
                worker.lanes.join(" "),
            ]
        });
        output::table_text(&["worker", "version", "slots", "seen", "lanes"], rows.collect())
    }

    fn fires(&self) -> String {
        if self.next.is_empty() {
            return "no schedule fires".to_owned();
        }
        schedules_tool::table(&self.next, &self.timezone)
    }
}

impl Batch {
    fn text(&self) -> String {
        let state = self.run.state.as_str();
        format!("batch {} {state}: {}", self.run.id, batch::summary(&self.progress))
    }
}

async fn newest_batch(client: &Client) -> store::Result<Option<Batch>> {
    let Some(run) = batches::list(client, None, 1).await?.pop() else { return Ok(None) };
    let progress = batches::progress(client, run.id).await?;
    Ok(progress.map(|progress| Batch { run, progress }))
}

/// Calls used and held, as a bar.
fn gauge(day: &Day) -> String {
    let share = |n: i32| {
        (n.saturating_mul(GAUGE)).checked_div(day.daily_limit).unwrap_or(0).clamp(0, GAUGE)
    };
    let (used, held) = (share(day.used), share(day.used.saturating_add(day.reserved)));
    (0..GAUGE)
        .map(|column| match column {
            column if column < used => '█',
            column if column < held => '▒',
            _ => '░',
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gauge_shows_what_is_used_held_and_left() {
        let day = |used, reserved, daily_limit| Day {
            usage_date: jiff::civil::date(2026, 11, 22),
            window_end: Timestamp::UNIX_EPOCH,
            used,
            reserved,
            daily_limit,
            reported: None,
        };
        assert_eq!(gauge(&day(0, 0, 5_000)), "░".repeat(30));
        let half = ["█".repeat(15), "▒".repeat(3), "░".repeat(12)].concat();
        assert_eq!(gauge(&day(2_500, 500, 5_000)), half);
        assert_eq!(gauge(&day(5_000, 0, 5_000)), "█".repeat(30));
        assert_eq!(gauge(&day(0, 0, 0)), "░".repeat(30), "no call is allowed");
    }
}
