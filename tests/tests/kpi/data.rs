//! Tickets and time entries as rows, and a database to put them in.

use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use serde::Serialize;
use store::{Client, Role, Store};
use tests::TestDatabase;
use tokio_postgres::types::Json;
use uuid::Uuid;

/// A ticket's row; what a test does not care about is left out.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Ticket {
    pub(crate) cw_ticket_id: String,
    pub(crate) status: Option<&'static str>,
    pub(crate) high_priority: bool,
    pub(crate) created_at_remote: Timestamp,
    pub(crate) updated_at_remote: Option<Timestamp>,
    pub(crate) first_response_at: Option<Timestamp>,
    pub(crate) resolved_at: Option<Timestamp>,
    pub(crate) closed_at: Option<Timestamp>,
    pub(crate) reopened_at: Option<Timestamp>,
    pub(crate) sla_response_due_at: Option<Timestamp>,
    pub(crate) sla_resolution_due_at: Option<Timestamp>,
    pub(crate) sla_response_verdict: Option<bool>,
    pub(crate) sla_resolution_verdict: Option<bool>,
    pub(crate) satisfaction_score: Option<f64>,
}

/// An earlier time during which a ticket was open.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct PastSpan {
    pub(crate) cw_ticket_id: String,
    pub(crate) created_at_remote: Timestamp,
    pub(crate) opened_at: Timestamp,
    pub(crate) closed_at: Timestamp,
    pub(crate) next_opened_at: Timestamp,
    pub(crate) high_priority: bool,
}

#[derive(Clone, Debug, Serialize)]
pub(crate) struct TimeEntry {
    pub(crate) cw_time_entry_id: String,
    pub(crate) cw_ticket_id: Option<String>,
    pub(crate) member: Option<String>,
    pub(crate) billable_class: i16,
    pub(crate) minutes: i32,
    pub(crate) date_worked: Date,
}

/// A database with one tenant, and connections of both kinds.
pub(crate) struct Market {
    pub(crate) tenant_id: Uuid,
    pub(crate) owner: tokio_postgres::Client,
    pub(crate) worker: Store,
    pub(crate) timezone: TimeZone,
    _database: TestDatabase,
}

impl Market {
    pub(crate) async fn new(timezone: &str) -> Market {
        let database = tests::database().await;
        let owner = database.owner().await;
        owner.batch_execute("set jit = off").await.unwrap();
        let market = Market {
            tenant_id: Uuid::now_v7(),
            worker: database.store(Role::Worker),
            timezone: TimeZone::get(timezone).unwrap(),
            owner,
            _database: database,
        };
        market.add_tenant(market.tenant_id, timezone).await;
        market
    }

    pub(crate) async fn add_tenant(&self, id: Uuid, timezone: &str) {
        let statement = "insert into tenants (id, name, timezone) values ($1, 'test', $2)";
        self.owner.execute(statement, &[&id, &timezone]).await.unwrap();
    }

    pub(crate) async fn client(&self) -> Client {
        self.worker.client().await.unwrap()
    }

    /// The instant of a local time such as `2026-03-29T01:30`.
    pub(crate) fn at(&self, local: &str) -> Timestamp {
        let local: jiff::civil::DateTime = local.parse().unwrap();
        local.to_zoned(self.timezone.clone()).unwrap().timestamp()
    }

    /// A ticket that is open since a local time.
    pub(crate) fn ticket(&self, id: &str, created: &str) -> Ticket {
        let cw_ticket_id = id.to_owned();
        Ticket { cw_ticket_id, created_at_remote: self.at(created), ..Ticket::default() }
    }

    pub(crate) async fn add(&self, tickets: &[Ticket]) {
        self.add_for(self.tenant_id, tickets).await;
    }

    pub(crate) async fn add_for(&self, tenant_id: Uuid, tickets: &[Ticket]) {
        insert_tickets(&self.owner, tenant_id, tickets).await;
    }

    pub(crate) async fn add_past(&self, spans: &[PastSpan]) {
        let statement = "
            insert into ticket_past_spans
            select (jsonb_populate_record(null::ticket_past_spans,
                span || jsonb_build_object('tenant_id', $1::uuid, 'source', 'mock'))).*
            from jsonb_array_elements($2) as span";
        self.owner.execute(statement, &[&self.tenant_id, &Json(spans)]).await.unwrap();
    }

    pub(crate) async fn add_entries(&self, entries: &[TimeEntry]) {
        let statement = "
            insert into raw_time_entries (tenant_id, source, cw_time_entry_id, content_hash,
                cw_ticket_id, member, billable, billable_class, minutes, date_worked, raw)
            select $1, 'mock', cw_time_entry_id, gen_random_uuid(), cw_ticket_id, member,
                   billable_class = 1, billable_class, minutes, date_worked, '{}'
            from jsonb_populate_recordset(null::raw_time_entries, $2)";
        self.owner.execute(statement, &[&self.tenant_id, &Json(entries)]).await.unwrap();
    }
}

/// Inserts tickets on any connection that may.
pub(crate) async fn insert_tickets(
    client: &tokio_postgres::Client,
    tenant_id: Uuid,
    tickets: &[Ticket],
) {
    let statement = "
        insert into raw_tickets (tenant_id, source, cw_ticket_id, content_hash, status,
            created_at_remote, updated_at_remote, high_priority, first_response_at, resolved_at,
            closed_at, reopened_at, sla_response_due_at, sla_resolution_due_at,
            sla_response_verdict, sla_resolution_verdict, satisfaction_score, raw)
        select $1, 'mock', cw_ticket_id, gen_random_uuid(), status,
            created_at_remote, updated_at_remote, high_priority, first_response_at, resolved_at,
            closed_at, reopened_at, sla_response_due_at, sla_resolution_due_at,
            sla_response_verdict, sla_resolution_verdict, satisfaction_score, '{}'
        from jsonb_populate_recordset(null::raw_tickets, $2)";
    client.execute(statement, &[&tenant_id, &Json(tickets)]).await.unwrap();
}

/// Numbers that are the same on every machine.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Random {
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 to `n - 1`.
    pub(crate) fn below(&mut self, n: u64) -> i64 {
        i64::try_from(self.next() % n).unwrap()
    }

    pub(crate) fn percent(&mut self, percent: i64) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn some<T>(&mut self, percent: i64, value: T) -> Option<T> {
        self.percent(percent).then_some(value)
    }

    /// An instant `0..=max_days` days after `from`; one in three sits at a local midnight or within
    /// a second of it, where days are told apart.
    pub(crate) fn later(&mut self, from: Timestamp, max_days: u64, zone: &TimeZone) -> Timestamp {
        let seconds = self.below(max_days * 86_400 + 1);
        let instant = from + SignedDuration::from_secs(seconds);
        if !self.percent(33) {
            return instant;
        }
        let midnight = instant.to_zoned(zone.clone()).start_of_day().unwrap().timestamp();
        (midnight + SignedDuration::from_secs(self.below(3) - 1)).max(from)
    }
}
