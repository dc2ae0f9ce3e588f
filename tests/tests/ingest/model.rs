//! What a ticket becomes, and on which days it counts, said once more in another language: the
//! measure for the statements of the store.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use msp::ticket::Ticket;

/// A time during which a ticket was open; `next` is the reopening that followed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Span {
    pub(crate) opened: Timestamp,
    pub(crate) closed: Timestamp,
    pub(crate) next: Timestamp,
}

/// A ticket as it should be stored.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct State {
    pub(crate) ticket: Ticket<'static>,
    pub(crate) past: Vec<Span>,
    pub(crate) reopened: Option<Timestamp>,
    pub(crate) closed: Option<Timestamp>,
}

impl State {
    /// The state after a first version.
    pub(crate) fn first(ticket: Ticket<'static>) -> State {
        State {
            past: history(&ticket),
            reopened: ticket.reopenings.last().map(|last| last.reopened_at),
            closed: ticket.closed_at,
            ticket,
        }
    }

    /// The state after a further version, which must not be older.
    pub(crate) fn then(&self, ticket: Ticket<'static>) -> State {
        let created = ticket.created_at;
        let updated = ticket.updated_at.unwrap();
        let is_known = !ticket.reopenings.is_empty();
        let seen = self.closed.filter(|_| !is_known && ticket.closed_at.is_none());
        let reopened = match (ticket.reopenings.last(), seen) {
            (Some(last), _) => Some(last.reopened_at),
            (None, Some(closed)) => Some(updated.max(closed).max(created)),
            (None, None) => self.reopened.map(|reopened| reopened.max(created)),
        };
        let closed = ticket.closed_at.map(|closed| match self.closed {
            Some(before) if reopened == self.reopened => before.max(created),
            _ => closed.max(reopened.unwrap_or(closed)),
        });
        let mut past = if is_known { history(&ticket) } else { self.carried(created) };
        if let Some(closed) = seen {
            let opened = self.reopened.map_or(created, |reopened| reopened.max(created));
            past.push(Span { opened, closed: closed.max(created), next: reopened.unwrap() });
        }
        State { ticket, past, reopened, closed }
    }

    fn carried(&self, created: Timestamp) -> Vec<Span> {
        let carry = |span: &Span| Span {
            opened: if span.opened == self.ticket.created_at {
                created
            } else {
                span.opened.max(created)
            },
            closed: span.closed.max(created),
            next: span.next.max(created),
        };
        self.past.iter().map(carry).collect()
    }

    /// What the ticket contributes to each day, in words; equal words, equal figures.
    pub(crate) fn facts(&self, zone: &TimeZone, today: Date) -> BTreeMap<Date, BTreeSet<String>> {
        let mut facts = Facts { days: BTreeMap::new(), zone };
        let ticket = &self.ticket;
        let created = facts.day(ticket.created_at);
        for offset in 0..=30 {
            facts.add_day(created + offset.days(), format!("created {created}"));
        }
        let current = Some((self.reopened.unwrap_or(ticket.created_at), self.closed, true));
        let past = self.past.iter().map(|span| {
            let holds = span.next.duration_since(span.closed) >= SignedDuration::from_hours(168);
            (span.opened, Some(span.closed), holds)
        });
        for (opened, closed, holds) in past.chain(current) {
            let end = closed.map_or(today + 1.day(), |closed| facts.day(closed));
            let mut day = facts.day(opened);
            while day < end {
                facts.add_day(day, format!("open {created} {}", ticket.high_priority));
                day += 1.day();
            }
            let is_first = opened == ticket.created_at;
            let words = format!("closing {closed:?} {} {holds} {is_first}", ticket.created_at);
            facts.add(closed, words);
        }
        for span in &self.past {
            facts.add(Some(span.next), format!("reopening {}", span.next));
        }
        self.add_cohorts(&mut facts);
        facts.days.retain(|day, _| *day <= today);
        facts.days
    }

    fn add_cohorts(&self, facts: &mut Facts<'_>) {
        let ticket = &self.ticket;
        let (created, closed) = (ticket.created_at, self.closed);
        let (response, response_due) = (ticket.first_response_at, ticket.sla_response_due_at);
        let (resolved, resolution_due) = (ticket.resolved_at, ticket.sla_resolution_due_at);
        let response_met = response.zip(response_due).map(|(at, due)| at <= due);
        let resolution_met = resolved.or(closed).zip(resolution_due).map(|(at, due)| at <= due);
        let first = self.reopened.is_none();
        let score = ticket.satisfaction_score;
        facts.add(
            closed,
            format!("solved {created} {closed:?} {first} {resolution_met:?} {score:?}"),
        );
        facts.add(response, format!("answered {created} {response:?} {response_met:?}"));
        let decided = response.into_iter().chain(response_due).min();
        facts.add(decided, format!("response {response:?} {response_due:?}"));
        let decided = resolved.into_iter().chain(closed).chain(resolution_due).min();
        let words = format!("resolution {resolved:?} {closed:?} {resolution_due:?}");
        facts.add(decided, words);
    }
}

fn history(ticket: &Ticket<'_>) -> Vec<Span> {
    let mut opened = ticket.created_at;
    let span = |reopening: &msp::ticket::Reopening| Span {
        opened: std::mem::replace(&mut opened, reopening.reopened_at),
        closed: reopening.closed_at,
        next: reopening.reopened_at,
    };
    ticket.reopenings.iter().map(span).collect()
}

struct Facts<'a> {
    days: BTreeMap<Date, BTreeSet<String>>,
    zone: &'a TimeZone,
}

impl Facts<'_> {
    fn day(&self, instant: Timestamp) -> Date {
        self.zone.to_datetime(instant).date()
    }

    fn add(&mut self, instant: Option<Timestamp>, fact: String) {
        if let Some(instant) = instant {
            self.add_day(self.day(instant), fact);
        }
    }

    fn add_day(&mut self, day: Date, fact: String) {
        self.days.entry(day).or_default().insert(fact);
    }
}

/// Days on which two states of a ticket differ.
pub(crate) fn differing(
    before: &BTreeMap<Date, BTreeSet<String>>,
    after: &BTreeMap<Date, BTreeSet<String>>,
) -> BTreeSet<Date> {
    let days: BTreeSet<_> = before.keys().chain(after.keys()).copied().collect();
    days.into_iter().filter(|day| before.get(day) != after.get(day)).collect()
}
