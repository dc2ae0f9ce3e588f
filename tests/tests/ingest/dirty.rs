//! Random histories: the marked days are those that differ, and every figure that changed is of a
//! marked day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use msp::kpi::Period;
use msp::ticket::{Ticket, TicketRecord};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::model::{Span, State, differing};
use crate::{Fixture, time_entry};

/// A small generator: the seed tells everything.
struct Random(u64);

impl Random {
    fn below(&mut self, n: u64) -> u64 {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % n
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// Up to `hours` after `instant`, never on the hour.
    fn after(&mut self, instant: Timestamp, hours: u64) -> Timestamp {
        let seconds = self.below(hours * 3600) + 1;
        instant + i64::try_from(seconds).unwrap().seconds()
    }
}

struct World {
    random: Random,
    now: Timestamp,
    today: Date,
    zone: TimeZone,
    /// The last record that was sent for each ticket, and what it should have become.
    records: BTreeMap<String, Value>,
    states: BTreeMap<String, State>,
}

fn instant(value: &Value) -> Option<Timestamp> {
    value.as_str().map(|text| text.parse().unwrap())
}

fn check(record: &Value) -> Option<Ticket<'static>> {
    // Leaked, so that the ticket can outlive the text: a test may.
    let text: &'static str = Box::leak(record.to_string().into_boxed_str());
    serde_json::from_str::<TicketRecord<'static>>(text).unwrap().check().ok()
}

impl World {
    fn new(seed: u64, now: Timestamp) -> World {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let today = zone.to_datetime(now).date();
        let (records, states) = Default::default();
        World { random: Random(seed), now, today, zone, records, states }
    }

    /// The next version of a ticket: a few fields changed, valid as a record.
    fn next_version(&mut self, id: &str) -> (Value, Ticket<'static>) {
        loop {
            let mut record = self.records.get(id).cloned().unwrap_or_else(|| {
                let created = self.random.after(self.now - 2_600.hours(), 2_700);
                json!({"cw_ticket_id": id, "status": "New", "priority": "Low",
                       "created_at_remote": created, "updated_at_remote": created})
            });
            for _ in 0..=self.random.below(3) {
                self.change(&mut record, id);
            }
            record["nonce"] = json!(self.random.below(1_000_000));
            if let Some(ticket) = check(&record) {
                return (record, ticket);
            }
        }
    }

    fn change(&mut self, record: &mut Value, id: &str) {
        let created = instant(&record["created_at_remote"]).unwrap();
        let updated = instant(&record["updated_at_remote"]).unwrap();
        let later = self.random.after(created, 900);
        match self.random.below(12) {
            0 => record["priority"] = json!(if self.random.one_in(2) { "High" } else { "Low" }),
            1 => record["first_response_at"] = json!(later),
            2 => record["sla_response_due_at"] = json!(later),
            3 => record["sla_resolution_due_at"] = json!(later),
            4 => record["satisfaction_score"] = json!(self.random.below(6)),
            5 => record["resolved_at"] = json!(later),
            6 | 7 => record["status"] = json!("Closed"),
            8 => {
                record["status"] = json!("New");
                record["closed_at"] = Value::Null;
            }
            9 => record["closed_at"] = json!(later),
            10 if self.random.one_in(2) => self.rewrite_history(record, created),
            // Earlier always; later only while no past span would have to follow.
            10 if self.states.get(id).is_none_or(|state| state.past.is_empty()) => {
                record["created_at_remote"] =
                    json!(self.random.after(created - 1_000.hours(), 1_500));
                record["reopened"] = Value::Null;
            }
            _ => record["created_at_remote"] = json!(created - 30.hours()),
        }
        let earlier = updated - 10.hours();
        let updated = if self.random.one_in(8) { earlier } else { self.random.after(updated, 200) };
        record["updated_at_remote"] = json!(updated.max(created));
    }

    fn rewrite_history(&mut self, record: &mut Value, created: Timestamp) {
        let mut at = created;
        let mut history = Vec::new();
        for _ in 0..=self.random.below(2) {
            let closed_at = self.random.after(at, 300);
            at = self.random.after(closed_at, 1_200);
            history.push(json!({"closed_at": closed_at, "reopened_at": at}));
        }
        record["reopened"] = json!(history);
        record["closed_at"] =
            if self.random.one_in(2) { Value::Null } else { json!(self.random.after(at, 500)) };
        record["status"] = json!("New");
    }

    /// Sends some tickets' next versions; returns them with the days that should be marked.
    fn step(&mut self) -> (Vec<Value>, BTreeSet<Date>) {
        let mut records = Vec::new();
        let mut days = BTreeSet::new();
        let n_tickets = 1 + self.random.below(4);
        let ids: BTreeSet<_> =
            (0..n_tickets).map(|_| format!("T-{}", self.random.below(9))).collect();
        for id in ids {
            let (record, ticket) = self.next_version(&id);
            records.push(record.clone());
            let before = self.states.get(&id);
            if before.is_some_and(|state| ticket.updated_at < state.ticket.updated_at) {
                continue;
            }
            let after =
                before.map_or_else(|| State::first(ticket.clone()), |b| b.then(ticket.clone()));
            let old = before.map(|state| state.facts(&self.zone, self.today)).unwrap_or_default();
            days.extend(differing(&old, &after.facts(&self.zone, self.today)));
            self.records.insert(id.clone(), record);
            self.states.insert(id, after);
        }
        (records, days)
    }

    /// The day of the first ticket.
    fn first_day(&self) -> Option<Date> {
        let created = self.states.values().map(|state| state.ticket.created_at).min();
        created.map(|created| self.zone.to_datetime(created).date())
    }
}

/// From the first border day to thirty days after the last, as far as they are past.
fn around(days: &[Option<Date>], today: Date) -> BTreeSet<Date> {
    let (Some(first), Some(last)) = (days.iter().flatten().min(), days.iter().flatten().max())
    else {
        return BTreeSet::new();
    };
    first.series(1.day()).take_while(|day| *day <= (*last + 30.days()).min(today)).collect()
}

async fn marked(fixture: &Fixture) -> BTreeSet<Date> {
    let statement = "
        with taken as (delete from kpi_dirty returning days)
        select generate_series(lower(r), upper(r) - 1, interval '1 day')::date
        from taken, unnest(days) r";
    let rows = fixture.owner.query(statement, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

type Figures = BTreeMap<Date, Value>;

/// All figures of all days, computed anew.
async fn figures(fixture: &Fixture, world: &World) -> Figures {
    let mut client = fixture.store.client().await.unwrap();
    let period = Period::new(world.today - 160.days(), world.today).unwrap();
    store::kpi_daily::compute(&mut client, fixture.tenant, period).await.unwrap();
    let statement = "select kpi_date, kpi_figures(k) from kpi_daily k where tenant_id = $1";
    let rows = fixture.owner.query(statement, &[&fixture.tenant]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

async fn stored_spans(
    fixture: &Fixture,
) -> BTreeMap<String, (Option<Timestamp>, Option<Timestamp>, Vec<Span>)> {
    let mut tickets = BTreeMap::new();
    let statement =
        "select cw_ticket_id, reopened_at, closed_at from raw_tickets where tenant_id = $1";
    for row in fixture.owner.query(statement, &[&fixture.tenant]).await.unwrap() {
        tickets.insert(row.get(0), (row.get(1), row.get(2), Vec::new()));
    }
    let statement = "
        select cw_ticket_id, opened_at, closed_at, next_opened_at from ticket_past_spans
        where tenant_id = $1 order by opened_at";
    for row in fixture.owner.query(statement, &[&fixture.tenant]).await.unwrap() {
        let span = Span { opened: row.get(1), closed: row.get(2), next: row.get(3) };
        tickets.get_mut(row.get::<_, &str>(0)).unwrap().2.push(span);
    }
    tickets
}

async fn run(fixture: &Fixture, seed: u64) {
    let now: Timestamp = fixture.value("select now()").await;
    let mut world = World::new(seed, now);
    let mut before = Figures::new();
    for step in 0..8 {
        let first_before = world.first_day();
        let (records, expected) = world.step();
        let sent = records.iter().map(Value::to_string).collect::<Vec<_>>().join("\n");
        let counted = fixture.tickets(&records).await;
        assert_eq!(counted[4], 0, "seed {seed} step {step}:\n{sent}");

        let model = world
            .states
            .iter()
            .map(|(id, state)| (id.clone(), (state.reopened, state.closed, state.past.clone())));
        assert_eq!(
            stored_spans(fixture).await,
            model.collect(),
            "seed {seed} step {step}:\n{sent}"
        );

        let marked = marked(fixture).await;
        let missing: Vec<_> = expected.difference(&marked).collect();
        assert!(missing.is_empty(), "seed {seed} step {step}: {missing:?} not marked by\n{sent}");
        let first_after = world.first_day();
        let mut allowed = expected;
        if first_before.is_some() && first_before != first_after {
            allowed.extend(around(&[first_before, first_after], world.today));
        }
        let needless: Vec<_> = marked.difference(&allowed).collect();
        assert!(needless.is_empty(), "seed {seed} step {step}: {needless:?} marked by\n{sent}");

        let after = figures(fixture, &world).await;
        for (day, row) in &after {
            let stale = !before.is_empty() && before.get(day) != Some(row) && !marked.contains(day);
            let was = before.get(day);
            assert!(!stale, "seed {seed} step {step}: {day} unmarked:\n{was:?}\n{row}\nby\n{sent}");
        }
        before = after;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_marked_days_are_the_days_that_differ() {
    let mut fixture = Fixture::new().await;
    for seed in 0..12 {
        // A tenant for each history: as good as a database, and cheaper.
        fixture.tenant = Uuid::from_u128(1_000 + u128::from(seed));
        fixture.add_tenant(fixture.tenant).await;
        run(&fixture, seed).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn time_entries_mark_the_day_worked_and_the_closing_of_their_ticket() {
    let fixture = Fixture::new().await;
    let closed = json!({"cw_ticket_id": "T-1", "created_at_remote": "2026-03-02T09:00:00Z",
        // Paris is an hour ahead: already the next day there.
        "closed_at": "2026-03-10T23:30:00Z"});
    fixture.tickets(&[closed]).await;
    marked(&fixture).await;
    let days =
        |text: &[&str]| text.iter().map(|day| day.parse().unwrap()).collect::<BTreeSet<Date>>();

    fixture.time_entries(&[time_entry("E-1", json!({}))]).await;
    assert_eq!(marked(&fixture).await, days(&["2026-03-03", "2026-03-11"]));
    fixture.time_entries(&[time_entry("E-1", json!({"notes": "called back"}))]).await;
    assert_eq!(marked(&fixture).await, days(&[]));
    fixture.time_entries(&[time_entry("E-1", json!({"minutes": 45}))]).await;
    assert_eq!(marked(&fixture).await, days(&["2026-03-03"]));
    let moved = json!({"minutes": 45, "date_worked": "2026-03-05"});
    fixture.time_entries(&[time_entry("E-1", moved)]).await;
    assert_eq!(marked(&fixture).await, days(&["2026-03-03", "2026-03-05"]));
    let other = json!({"minutes": 45, "date_worked": "2026-03-05", "cw_ticket_id": "T-2"});
    fixture.time_entries(&[time_entry("E-1", other)]).await;
    assert_eq!(marked(&fixture).await, days(&["2026-03-11"]));
}
