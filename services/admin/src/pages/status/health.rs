//! Database, broker, outbox, eBay: well or not, and by what figure.

use super::overview::Overview;
use crate::icon::Mark;
use crate::say::Say;

/// A line of the list.
pub(super) struct HealthLine {
    pub(super) mark: Mark,
    pub(super) detail: String,
}

/// An outbox entry older than this shows that nobody relays.
const LATE_SECONDS: f64 = 30.0;

pub(super) fn lines(say: &Say, overview: &Overview) -> Vec<HealthLine> {
    let mut lines = vec![database(say, overview), broker(say, overview)];
    lines.extend(outbox(say, overview));
    lines.extend(market(say, overview));
    lines
}

fn well(name: &str, detail: String) -> HealthLine {
    HealthLine { mark: Mark::new("ok", "tick", name), detail }
}

fn ill(name: &str, detail: String) -> HealthLine {
    HealthLine { mark: Mark::new("bad", "cross", name), detail }
}

fn database(say: &Say, overview: &Overview) -> HealthLine {
    let (open, idle, _) = overview.pool;
    let busy = i64::try_from(open.saturating_sub(idle)).unwrap_or(i64::MAX);
    match overview.database_ms {
        Some(ms) => {
            let ms = say.float(ms, 1);
            well("PostgreSQL", say.t2("health-database", ("ms", ms), ("n", busy)))
        }
        None => ill("PostgreSQL", say.t("health-unreachable")),
    }
}

fn broker(say: &Say, overview: &Overview) -> HealthLine {
    match &overview.broker {
        Ok(broker) => {
            let consumers: u32 = broker.queues.iter().map(|queue| queue.consumers).sum();
            let ms = say.float(broker.answered_ms, 1);
            well("RabbitMQ", say.t2("health-broker", ("ms", ms), ("n", i64::from(consumers))))
        }
        Err(_) => ill("RabbitMQ", say.t("health-broker-away")),
    }
}

fn outbox(say: &Say, overview: &Overview) -> Option<HealthLine> {
    let lag = overview.outbox?;
    let name = say.t("health-outbox");
    if lag.entries == 0 {
        return Some(well(&name, say.t("health-outbox-empty")));
    }
    let span = say.span(lag.oldest_seconds);
    let detail = say.t2("health-outbox-waiting", ("n", lag.entries), ("span", span));
    let is_late = lag.oldest_seconds > LATE_SECONDS;
    Some(if is_late {
        HealthLine { mark: Mark::new("warn", "warning", name), detail }
    } else {
        well(&name, detail)
    })
}

fn market(say: &Say, overview: &Overview) -> Option<HealthLine> {
    let usage = &overview.quota.as_ref()?.usage;
    Some(match &usage.blocked {
        Some(block) => HealthLine {
            mark: Mark::new("warn", "warning", "eBay"),
            detail: say.t1("health-ebay-blocked", "until", say.moment(block.until)),
        },
        None => match &usage.day.reported {
            Some(reported) => well(
                "eBay",
                say.t2(
                    "health-ebay",
                    ("n", i64::from(reported.used)),
                    ("at", say.moment(reported.at)),
                ),
            ),
            None => well("eBay", say.t("health-ebay-open")),
        },
    })
}
