//! One ticket's life, from its arrival to what is known of it at the end of the period.

use jiff::Timestamp;
use serde::Serialize;
use uuid::Uuid;

use super::random::Random;
use super::rhythm::{Calendar, Day, later};
use super::words;

const MINUTE_S: i64 = 60;
const HOUR_S: i64 = 3_600;
const DAY_S: i64 = 86_400;
/// Minutes until a first response, for a medium priority.
const RESPONSE_MINUTES: [(i64, i64); 7] =
    [(0, 1), (100, 4), (250, 9), (500, 22), (750, 60), (900, 150), (1_000, 960)];
/// Minutes from the first response to the closing, for a medium priority.
const RESOLUTION_MINUTES: [(i64, i64); 8] = [
    (0, 3),
    (100, 12),
    (250, 35),
    (500, 120),
    (750, 480),
    (900, 1_440),
    (970, 5_760),
    (1_000, 30_240),
];
/// Per cent of the medium durations, critical first.
const RESPONSE_PACE: [i64; 4] = [40, 70, 100, 180];
const RESOLUTION_PACE: [i64; 4] = [45, 80, 100, 200];
/// Targets in minutes, critical first.
const RESPONSE_TARGETS: [i64; 4] = [30, 60, 240, 480];
const RESOLUTION_TARGETS: [i64; 4] = [240, 480, 1_440, 4_320];
/// Stars of a satisfaction survey, one to five.
const SATISFACTION_WEIGHTS: [u64; 5] = [3, 4, 9, 30, 54];
const PER_MILLE_FORGOTTEN: u64 = 26;
const PER_MILLE_REOPENED: u64 = 20;
const PER_MILLE_SURVEYED: u64 = 180;
const PER_MILLE_FORMULA: u64 = 8;

/// A ticket in the field names of the original files, then what real PSA exports add.
#[derive(Debug, Clone, Serialize)]
pub struct Ticket<'a> {
    pub cw_ticket_id: String,
    pub tenant_id: Uuid,
    pub board: &'static str,
    pub status: &'static str,
    pub priority: &'static str,
    pub summary: &'static str,
    pub description: String,
    pub company: &'a str,
    pub owner: Option<&'static str>,
    pub created_at_remote: Timestamp,
    pub updated_at_remote: Timestamp,
    pub sla_status: &'static str,
    pub estimated_hours: Option<f64>,
    pub closed_at: Option<Timestamp>,
    pub closed_flag: bool,
    pub first_response_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub sla_response_due_at: Timestamp,
    pub sla_resolution_due_at: Timestamp,
    pub sla_response_met: Option<bool>,
    pub sla_resolution_met: Option<bool>,
    pub satisfaction_score: Option<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reopened: Vec<Reopening>,
}

/// A closed ticket that was opened again.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Reopening {
    pub reopened_at: Timestamp,
    /// The closing before it.
    pub closed_at: Timestamp,
}

/// The instants of a ticket's life that lie within the period.
#[derive(Debug, Default)]
struct Life {
    first_response: Option<Timestamp>,
    closed: Option<Timestamp>,
    reopened: Option<Reopening>,
}

/// The ticket that arrives at `created`.
pub(super) fn ticket(
    number: u64,
    tenant_id: Uuid,
    created: Timestamp,
    day: &Day,
    calendar: &Calendar,
    random: &mut Random,
) -> Ticket<'static> {
    let outage = day.incident && random.per_mille(600);
    let weights = if outage { &words::INCIDENT_PRIORITY_WEIGHTS } else { &words::PRIORITY_WEIGHTS };
    let priority = random.weighted(weights);
    let life = live(created, priority, calendar, random);
    let response_due = later(created, RESPONSE_TARGETS[priority] * MINUTE_S).unwrap_or(created);
    let resolution_due = later(created, RESOLUTION_TARGETS[priority] * MINUTE_S).unwrap_or(created);
    let resolution_met = verdict(life.closed, resolution_due, calendar.end);
    Ticket {
        cw_ticket_id: number.to_string(),
        tenant_id,
        board: if outage {
            words::BOARDS[1]
        } else {
            words::BOARDS[random.weighted(&words::BOARD_WEIGHTS)]
        },
        status: status(&life, random),
        priority: words::PRIORITIES[priority],
        summary: summary(outage, random),
        description: description(random),
        company: company(random),
        owner: owner(&life, random),
        created_at_remote: created,
        updated_at_remote: updated(created, &life, calendar.end, random),
        sla_status: match resolution_met {
            Some(true) => "Met",
            Some(false) => "Breached",
            None => "In Progress",
        },
        estimated_hours: estimate(random),
        closed_at: life.closed,
        closed_flag: life.closed.is_some(),
        first_response_at: life.first_response,
        resolved_at: resolved(&life, random),
        sla_response_due_at: response_due,
        sla_resolution_due_at: resolution_due,
        sla_response_met: verdict(life.first_response, response_due, calendar.end),
        sla_resolution_met: resolution_met,
        satisfaction_score: survey(&life, random),
        reopened: life.reopened.into_iter().collect(),
    }
}

fn live(created: Timestamp, priority: usize, calendar: &Calendar, random: &mut Random) -> Life {
    let mut life = Life::default();
    let known = |instant: &Timestamp| *instant < calendar.end;
    let critical = priority == 0;
    let start = if critical { created } else { calendar.working(created, random) };
    let wait = random.quantile(&RESPONSE_MINUTES) * RESPONSE_PACE[priority] * MINUTE_S / 100;
    life.first_response = later(start, wait + random.between(5, 59)).filter(known);
    let Some(response) = life.first_response else {
        return life;
    };
    if random.per_mille(PER_MILLE_FORGOTTEN) {
        return life;
    }
    let work = random.quantile(&RESOLUTION_MINUTES) * RESOLUTION_PACE[priority] * MINUTE_S / 100;
    let end = later(response, work + random.between(0, 59)).unwrap_or(response);
    let end = if critical { end } else { calendar.working(end, random) };
    life.closed = Some(end).filter(known);
    if let Some(closed_at) = life.closed.filter(|_| random.per_mille(PER_MILLE_REOPENED)) {
        let reopened_at = later(closed_at, random.between(2 * HOUR_S, 3 * DAY_S)).filter(known);
        if let Some(reopened_at) = reopened_at {
            life.reopened = Some(Reopening { reopened_at, closed_at });
            life.closed = later(reopened_at, random.between(HOUR_S, 2 * DAY_S)).filter(known);
        }
    }
    life
}

/// Whether a target was met; nothing while it is neither reached nor due.
fn verdict(done: Option<Timestamp>, due: Timestamp, end: Timestamp) -> Option<bool> {
    match done {
        Some(done) => Some(done <= due),
        None if due < end => Some(false),
        None => None,
    }
}

fn status(life: &Life, random: &mut Random) -> &'static str {
    match (life.closed, life.first_response) {
        (Some(_), _) => "Closed",
        (None, Some(_)) => random.pick(&words::OPEN_STATUSES),
        (None, None) => "New",
    }
}

fn summary(outage: bool, random: &mut Random) -> &'static str {
    if random.per_mille(PER_MILLE_FORMULA) {
        return random.pick(&words::FORMULAS);
    }
    random.pick(if outage { &words::INCIDENT_SUMMARIES[..] } else { &words::SUMMARIES[..] })
}

fn description(random: &mut Random) -> String {
    let first: &str = random.pick(&words::DETAILS);
    if random.per_mille(400) {
        format!("{first} {}", random.pick(&words::DETAILS))
    } else {
        first.to_owned()
    }
}

/// A few clients bring most of the tickets.
fn company(random: &mut Random) -> &'static str {
    let n = words::COMPANIES.len() as u64;
    let rank = random.below(n).min(random.below(n));
    words::COMPANIES[usize::try_from(rank).unwrap_or(0)]
}

fn owner(life: &Life, random: &mut Random) -> Option<&'static str> {
    life.first_response.map(|_| random.pick(&words::MEMBERS))
}

fn updated(created: Timestamp, life: &Life, end: Timestamp, random: &mut Random) -> Timestamp {
    let reopened = life.reopened.map(|reopening| reopening.reopened_at);
    let events = [Some(created), life.first_response, life.closed, reopened];
    let last = events.into_iter().flatten().max().unwrap_or(created);
    // Closed tickets are edited too: invoices, typing errors, merged companies.
    let edited = random.per_mille(30).then(|| later(last, random.between(HOUR_S, 20 * DAY_S)));
    edited.flatten().filter(|instant| *instant < end).unwrap_or(last)
}

/// Work is done a little before the ticket is closed.
fn resolved(life: &Life, random: &mut Random) -> Option<Timestamp> {
    let closed = life.closed?;
    let opened = life.reopened.map(|reopening| reopening.reopened_at).or(life.first_response)?;
    later(closed, -random.between(0, 20 * MINUTE_S)).map(|instant| instant.max(opened))
}

fn estimate(random: &mut Random) -> Option<f64> {
    let quarters = i32::try_from(random.between(1, 32)).unwrap_or(1);
    random.per_mille(700).then(|| f64::from(quarters) / 4.0)
}

fn survey(life: &Life, random: &mut Random) -> Option<u8> {
    life.closed.filter(|_| random.per_mille(PER_MILLE_SURVEYED))?;
    u8::try_from(random.weighted(&SATISFACTION_WEIGHTS) + 1).ok()
}
