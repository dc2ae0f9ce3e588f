//! Believable tickets and time entries for the demo, the tests and the benchmarks.
//!
//! The same [`Plan`] gives the same bytes on every machine. Files are streamed: memory stays flat
//! with the number of tickets.

mod random;
mod rhythm;
mod ticket;
mod time_entry;
mod words;

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Serialize;
use uuid::{Uuid, uuid};

pub use random::Random;
use rhythm::Calendar;
pub use ticket::{Reopening, Ticket};
pub use time_entry::TimeEntry;

/// What to generate.
#[derive(Debug, Clone)]
pub struct Plan {
    pub n_tenants: usize,
    /// Tickets of each tenant.
    pub n_tickets: u64,
    pub n_days: usize,
    /// The last day; nothing is known after its end.
    pub until: Date,
    pub seed: u64,
}

/// One tenant, as `tenants.json` lists it.
#[derive(Debug, Clone, Serialize)]
pub struct Tenant {
    pub id: Uuid,
    pub name: String,
    pub is_active: bool,
    pub timezone: &'static str,
    /// Folder of its files, beside `tenants.json`.
    pub folder: String,
}

/// How much was written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Written {
    pub n_tickets: u64,
    pub n_time_entries: u64,
}

/// Time zones of the tenants, by turns: both hemispheres change their clocks.
const ZONES: [&str; 5] =
    ["Europe/Paris", "America/New_York", "Pacific/Auckland", "Europe/London", "UTC"];
const FIRST_TENANT: Uuid = uuid!("550e8400-e29b-41d4-a716-446655440000");
const FIRST_TICKET_NUMBER: u64 = 100_001;
const FIRST_ENTRY_NUMBER: u64 = 500_001;
const BUFFER_BYTES: usize = 1 << 20;

/// The tenants of `plan`; the first two are the demo's.
pub fn tenants(n_tenants: usize) -> Vec<Tenant> {
    (0..n_tenants)
        .map(|index| Tenant {
            id: Uuid::from_u128(FIRST_TENANT.as_u128() + index as u128),
            name: if index == 0 { "CCA Demo".into() } else { format!("Client {} Demo", index + 1) },
            is_active: true,
            timezone: ZONES[index % ZONES.len()],
            folder: if index == 0 {
                "tenant_demo_cca".into()
            } else {
                format!("tenant_demo_client{}", index + 1)
            },
        })
        .collect()
}

/// Writes `tenants.json`, and for each tenant `<folder>/tickets.jsonl` and
/// `<folder>/time_entries.jsonl`, under `out`.
///
/// # Errors
/// When a file cannot be written, or a day or zone of the plan does not exist.
pub fn write(plan: &Plan, out: &Path) -> io::Result<Written> {
    fs::create_dir_all(out)?;
    let tenants = tenants(plan.n_tenants);
    fs::write(out.join("tenants.json"), serde_json::to_vec_pretty(&tenants)?)?;
    let mut written = Written::default();
    for (index, tenant) in tenants.iter().enumerate() {
        let folder = out.join(&tenant.folder);
        fs::create_dir_all(&folder)?;
        let mut tickets = lines(&folder.join("tickets.jsonl"))?;
        let mut entries = lines(&folder.join("time_entries.jsonl"))?;
        let more = stream(plan, index, |ticket, time_entries| {
            line(&mut tickets, ticket)?;
            time_entries.iter().try_for_each(|entry| line(&mut entries, entry))
        })?;
        tickets.flush()?;
        entries.flush()?;
        written.n_tickets += more.n_tickets;
        written.n_time_entries += more.n_time_entries;
    }
    Ok(written)
}

/// Hands every ticket of one tenant, with its time entries, to `each`, in order of creation.
///
/// # Errors
/// Those of `each`, or when a day or zone of the plan does not exist.
pub fn stream(
    plan: &Plan,
    tenant_index: usize,
    mut each: impl FnMut(&Ticket<'_>, &[TimeEntry<'_>]) -> io::Result<()>,
) -> io::Result<Written> {
    let mut random = Random::new(plan.seed, tenant_index as u64);
    let zone = TimeZone::get(ZONES[tenant_index % ZONES.len()]).map_err(io::Error::other)?;
    let calendar = Calendar::new(zone, plan.until, plan.n_days, plan.n_tickets, &mut random)
        .map_err(io::Error::other)?;
    let tenant_id = Uuid::from_u128(FIRST_TENANT.as_u128() + tenant_index as u128);
    let mut written = Written::default();
    for day in &calendar.days {
        for created in Calendar::arrivals(day, &mut random) {
            let number = FIRST_TICKET_NUMBER + written.n_tickets;
            let ticket = ticket::ticket(number, tenant_id, created, day, &calendar, &mut random);
            let first = FIRST_ENTRY_NUMBER + written.n_time_entries;
            let entries = time_entry::entries(&ticket, first, &calendar, &mut random);
            each(&ticket, &entries)?;
            written.n_tickets += 1;
            written.n_time_entries += entries.len() as u64;
        }
    }
    Ok(written)
}

fn lines(path: &Path) -> io::Result<BufWriter<File>> {
    Ok(BufWriter::with_capacity(BUFFER_BYTES, File::create(path)?))
}

fn line(out: &mut impl Write, record: &impl Serialize) -> io::Result<()> {
    serde_json::to_writer(&mut *out, record)?;
    out.write_all(b"\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn plan(n_tickets: u64) -> Plan {
        Plan { n_tenants: 1, n_tickets, n_days: 365, until: date(2026, 11, 20), seed: 42 }
    }

    /// Per mille of the tickets for which `what` holds.
    fn per_mille(what: impl Fn(&Ticket<'_>) -> bool) -> u64 {
        let mut n_true = 0;
        let n_tickets = 20_000;
        stream(&plan(n_tickets), 0, |ticket, _| {
            n_true += u64::from(what(ticket));
            Ok(())
        })
        .unwrap();
        n_true * 1_000 / n_tickets
    }

    #[test]
    fn the_same_plan_writes_the_same_bytes() {
        let [first, second] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
        let plan = Plan { n_tenants: 2, ..plan(500) };
        assert_eq!(write(&plan, first.path()).unwrap(), write(&plan, second.path()).unwrap());
        for file in [
            "tenants.json",
            "tenant_demo_cca/tickets.jsonl",
            "tenant_demo_client2/time_entries.jsonl",
        ] {
            let [one, two] = [&first, &second].map(|dir| fs::read(dir.path().join(file)).unwrap());
            assert!(one == two && !one.is_empty(), "{file}");
        }
    }

    #[test]
    fn shares_are_believable() {
        assert!((20..45).contains(&per_mille(|ticket| !ticket.closed_flag)), "open");
        assert!((14..26).contains(&per_mille(|ticket| !ticket.reopened.is_empty())), "reopened");
        assert!(
            (3..14).contains(&per_mille(|ticket| {
                ticket.summary.starts_with(['=', '+', '-', '@'])
            }))
        );
        assert!((600..950).contains(&per_mille(|ticket| ticket.sla_resolution_met == Some(true))));
    }

    #[test]
    fn a_life_runs_forward_and_ends_with_the_period() {
        let end = date(2026, 11, 21).in_tz("Europe/Paris").unwrap().timestamp();
        stream(&plan(20_000), 0, |ticket, entries| {
            let id = &ticket.cw_ticket_id;
            let reopening = ticket.reopened.first();
            let path = [
                Some(ticket.created_at_remote),
                ticket.first_response_at,
                reopening.map(|reopening| reopening.closed_at),
                reopening.map(|reopening| reopening.reopened_at),
                ticket.resolved_at,
                ticket.closed_at,
                Some(end),
            ];
            assert!(path.iter().flatten().is_sorted(), "ticket {id}: {path:?}");
            assert!(ticket.updated_at_remote < end, "ticket {id}");
            assert_eq!(ticket.closed_flag, ticket.status == "Closed", "ticket {id}");
            assert!(entries.iter().all(|entry| entry.minutes > 0 && entry.cw_ticket_id == id));
            Ok(())
        })
        .unwrap();
    }
}
