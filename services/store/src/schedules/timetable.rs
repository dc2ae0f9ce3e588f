//! Schedules as they stand now: each with its tenants, its zone, and what of it is settled.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{Condition, Decision, Recurrence, Schedule, Settled, decide, edit};
use crate::settings::{self, Settings};
use crate::{Client, Error, Result};

/// Everything that may fire.
#[derive(Clone, Debug, Default)]
pub struct Timetable {
    pub entries: Vec<Entry>,
    /// Schedules that cannot be read, each with its name and reason.
    pub problems: Vec<String>,
}

/// A schedule that is on, for one tenant or for none.
#[derive(Clone, Debug)]
pub struct Entry {
    /// In `schedule_fire`: the name, or `name/tenant id` for one of several tenants.
    pub key: String,
    pub schedule: String,
    pub command: String,
    pub parameters: Value,
    /// Id and name.
    pub tenant: Option<(Uuid, String)>,
    pub recurrence: Recurrence,
    /// Slots until then do not fire.
    pub since: Timestamp,
    pub condition: Option<Condition>,
    /// Whether the condition holds now.
    pub is_ready: bool,
    pub settled: Option<Settled>,
}

/// Slots of one schedule at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Upcoming {
    pub slot: Timestamp,
    pub schedule: String,
    pub command: String,
    /// Commands that it will order: one, or one for each tenant.
    pub n_commands: usize,
    /// The tenant, when it is one.
    pub tenant_id: Option<Uuid>,
    pub tenant_name: Option<String>,
}

impl Entry {
    /// What is to be done about it at `now`.
    pub fn decide(&self, now: Timestamp) -> Decision {
        if !self.is_ready {
            return Decision::default();
        }
        let mut decision = decide(&self.recurrence, self.since, self.settled, now);
        if self.condition == Some(Condition::DirtyDays) {
            // Nobody knows whether there were any at that time.
            decision.missed.clear();
        }
        decision
    }
}

impl Timetable {
    /// The first slot after `now` of any schedule.
    pub fn next(&self, now: Timestamp) -> Option<Timestamp> {
        let ready = self.entries.iter().filter(|entry| entry.is_ready);
        ready.filter_map(|entry| entry.recurrence.next(now)).min()
    }

    /// The next `limit` slots after `now`, tenants of one schedule together.
    pub fn upcoming(&self, now: Timestamp, limit: usize) -> Vec<Upcoming> {
        let mut all: Vec<Upcoming> = Vec::new();
        for entry in self.entries.iter().filter(|entry| entry.is_ready) {
            let after = now.max(entry.since);
            let slots = std::iter::successors(entry.recurrence.next(after), |slot| {
                entry.recurrence.next(*slot)
            });
            all.extend(slots.take(limit).map(|slot| entry.upcoming(slot)));
        }
        all.sort_by(|a, b| (a.slot, &a.schedule).cmp(&(b.slot, &b.schedule)));
        all.dedup_by(|later, first| {
            let are_one = later.slot == first.slot && later.schedule == first.schedule;
            if are_one {
                first.n_commands += later.n_commands;
                (first.tenant_id, first.tenant_name) = (None, None);
            }
            are_one
        });
        all.truncate(limit);
        all
    }
}

impl Entry {
    fn upcoming(&self, slot: Timestamp) -> Upcoming {
        let (tenant_id, tenant_name) = self.tenant.clone().unzip();
        Upcoming {
            slot,
            schedule: self.schedule.clone(),
            command: self.command.clone(),
            n_commands: 1,
            tenant_id,
            tenant_name,
        }
    }
}

/// The next `limit` fires by the database's clock, for people.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn upcoming(client: &Client, limit: usize) -> Result<Vec<Upcoming>> {
    let now = crate::migrate::now(client).await?;
    Ok(timetable(client, now).await?.upcoming(now, limit))
}

const ENTRIES: &str = "
select s.*, t.id as for_id, t.name as for_name, t.timezone as for_timezone,
       greatest(s.changed_at, t.updated_at) as since
from schedules s
left join tenants t on t.is_active and (s.each_tenant or t.id = s.tenant_id)
where (s.is_enabled or s.cron is null)
  and (t.id is not null or (s.tenant_id is null and not s.each_tenant))
order by s.name, t.name, t.id";

/// What may fire at `now`. A schedule that cannot be read does not keep the others from firing.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn timetable(client: &Client, now: Timestamp) -> Result<Timetable> {
    let shop = Shop::read(client).await?;
    let ready = Ready::read(client).await?;
    let mut timetable = Timetable::default();
    for row in client.query(ENTRIES, &[]).await? {
        let schedule = edit::schedule(&row)?;
        let for_id: Option<Uuid> = row.get("for_id");
        let tenant = for_id.map(|id| (id, row.get("for_name")));
        let since = row.get("since");
        match shop.recurrence(&schedule, row.get("for_timezone")) {
            Ok(Some((recurrence, changed_at))) => {
                let ready_since = ready.since(schedule.only_when, for_id);
                timetable.entries.push(Entry {
                    key: key(&schedule, for_id),
                    is_ready: ready_since.is_some(),
                    since: changed_at.max(ready_since).map_or(since, |at| at.max(since)),
                    schedule: schedule.name,
                    command: schedule.command,
                    parameters: schedule.parameters,
                    tenant,
                    recurrence,
                    condition: schedule.only_when,
                    settled: None,
                });
            }
            Ok(None) => {}
            Err(reason) => timetable.problems.push(format!("{}: {reason}", schedule.name)),
        }
    }
    timetable.problems.dedup();
    settle(client, &mut timetable, now).await?;
    Ok(timetable)
}

fn key(schedule: &Schedule, tenant_id: Option<Uuid>) -> String {
    match tenant_id {
        Some(id) if schedule.each_tenant => format!("{}/{id}", schedule.name),
        _ => schedule.name.clone(),
    }
}

/// What the shop's settings say about schedules.
struct Shop {
    /// A wrong one keeps only those schedules from firing that need it.
    settings: Result<Settings, String>,
    /// When a setting of the batch was changed last.
    changed_at: Option<Timestamp>,
}

impl Shop {
    async fn read(client: &Client) -> Result<Shop> {
        let settings = match settings::all(client).await {
            Err(Error::Value(reason)) => Err(reason),
            settings => Ok(settings?),
        };
        let statement = "
            select max(updated_at) from settings
            where key in ('batch_enabled', 'batch_hour', 'batch_minute', 'batch_timezone')";
        let changed_at = client.query_one(statement, &[]).await?.get(0);
        Ok(Shop { settings, changed_at })
    }

    /// When a schedule is due, and since when if the settings say so; `None` when it is off.
    fn recurrence(
        &self,
        schedule: &Schedule,
        tenant_zone: Option<String>,
    ) -> Result<Option<(Recurrence, Option<Timestamp>)>, String> {
        let (cron, changed_at) = if let Some(cron) = &schedule.cron {
            (cron.clone(), None)
        } else {
            let settings = self.settings.as_ref().map_err(Clone::clone)?;
            if !settings.batch_enabled {
                return Ok(None);
            }
            let Settings { batch_minute, batch_hour, .. } = settings;
            (format!("{batch_minute} {batch_hour} * * *"), self.changed_at)
        };
        let zone = match schedule.timezone.clone().or(tenant_zone) {
            Some(zone) => zone,
            None => self.settings.as_ref().map_err(Clone::clone)?.batch_timezone.clone(),
        };
        let zone = TimeZone::get(&zone).map_err(|_| format!("`{zone}` is not a time zone"))?;
        Ok(Some((Recurrence::new(&cron, zone)?, changed_at)))
    }
}

/// Which conditions hold.
struct Ready {
    first_card_at: Option<Timestamp>,
    dirty: HashSet<Uuid>,
}

impl Ready {
    async fn read(client: &Client) -> Result<Ready> {
        let first_card = "select created_at from cards order by id limit 1";
        let first_card = client.query_opt(first_card, &[]).await?;
        let dirty = "select tenants_with_dirty_days('1 minute')";
        let dirty = client.query(dirty, &[]).await?;
        Ok(Ready {
            first_card_at: first_card.map(|row| row.get(0)),
            dirty: dirty.iter().map(|row| row.get(0)).collect(),
        })
    }

    /// Since when a condition holds; `None` when it does not.
    fn since(&self, condition: Option<Condition>, tenant_id: Option<Uuid>) -> Option<Timestamp> {
        match condition {
            None => Some(Timestamp::UNIX_EPOCH),
            Some(Condition::Cards) => self.first_card_at,
            Some(Condition::DirtyDays) => {
                tenant_id.filter(|id| self.dirty.contains(id)).map(|_| Timestamp::UNIX_EPOCH)
            }
        }
    }
}

/// Reads the newest settled slot of each entry, up to `now`.
async fn settle(client: &Client, timetable: &mut Timetable, now: Timestamp) -> Result<()> {
    let keys: Vec<&str> = timetable.entries.iter().map(|entry| entry.key.as_str()).collect();
    let statement = "
        select key, slot, outcome = 'missed' from unnest($1::text[]) as key
        cross join lateral (
            select slot, outcome from schedule_fire
            where schedule = key and slot <= $2 order by slot desc limit 1
        ) newest";
    let rows = client.query(statement, &[&keys, &now]).await?;
    let mut settled: HashMap<String, Settled> = rows
        .iter()
        .map(|row| (row.get(0), Settled { slot: row.get(1), is_missed: row.get(2) }))
        .collect();
    for entry in &mut timetable.entries {
        entry.settled = settled.remove(&entry.key);
    }
    Ok(())
}
