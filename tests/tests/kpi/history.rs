//! Random ticket histories.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date};

use crate::data::{Market, PastSpan, Random, Ticket, TimeEntry};

/// Fills the market with tickets of some ten weeks that begin at `from`.
pub(crate) async fn fill(market: &Market, seed: u64, from: Date, n_tickets: usize) {
    let mut history =
        History { random: Random::new(seed), market, from, past: vec![], entries: vec![] };
    let tickets: Vec<Ticket> = (0..n_tickets).map(|number| history.ticket(number)).collect();
    market.add(&tickets).await;
    market.add_past(&history.past).await;
    market.add_entries(&history.entries).await;
}

struct History<'a> {
    random: Random,
    market: &'a Market,
    from: Date,
    past: Vec<PastSpan>,
    entries: Vec<TimeEntry>,
}

impl History<'_> {
    fn ticket(&mut self, number: usize) -> Ticket {
        let start = self.market.at(&format!("{}T00:00", self.from));
        let created_at = self.later(start, 70);
        let mut ticket = Ticket {
            cw_ticket_id: format!("T-{number}"),
            high_priority: self.random.percent(30),
            created_at_remote: created_at,
            ..Ticket::default()
        };
        self.live(&mut ticket);
        self.answer(&mut ticket);
        for _ in 0..self.random.below(4) {
            self.work(&ticket);
        }
        ticket
    }

    /// Opens, closes and reopens.
    fn live(&mut self, ticket: &mut Ticket) {
        let mut opened_at = ticket.created_at_remote;
        while self.random.percent(80) {
            let closed_at = self.sometime(opened_at);
            if !self.random.percent(30) {
                ticket.closed_at = Some(closed_at);
                return;
            }
            let next_opened_at = self.sometime(closed_at);
            self.past.push(PastSpan {
                cw_ticket_id: ticket.cw_ticket_id.clone(),
                created_at_remote: ticket.created_at_remote,
                opened_at,
                closed_at,
                next_opened_at,
                high_priority: ticket.high_priority,
            });
            // A ticket cannot be opened twice at one instant.
            opened_at = next_opened_at.max(opened_at + SignedDuration::from_secs(1));
            self.past.last_mut().unwrap().next_opened_at = opened_at;
            ticket.reopened_at = Some(opened_at);
        }
    }

    fn answer(&mut self, ticket: &mut Ticket) {
        let created_at = ticket.created_at_remote;
        let response = self.sometime(created_at);
        ticket.first_response_at = self.random.some(80, response);
        let due = self.sometime(created_at);
        ticket.sla_response_due_at = self.random.some(70, due);
        let due = self.sometime(created_at);
        ticket.sla_resolution_due_at = self.random.some(70, due);
        let verdict = self.random.percent(50);
        ticket.sla_response_verdict = self.random.some(20, verdict);
        ticket.sla_resolution_verdict = self.random.some(20, verdict);
        if let Some(closed_at) = ticket.closed_at {
            let hour = SignedDuration::from_hours(1);
            ticket.resolved_at = self.random.some(50, created_at.max(closed_at - hour));
            #[expect(clippy::cast_precision_loss, reason = "a number below 50")]
            let score = self.random.below(50) as f64 / 10.0;
            ticket.satisfaction_score = self.random.some(40, score);
        }
    }

    fn work(&mut self, ticket: &Ticket) {
        let date = ticket.created_at_remote.to_zoned(self.market.timezone.clone()).date();
        let member = format!("m{}", self.random.below(5));
        self.entries.push(TimeEntry {
            cw_time_entry_id: format!("E-{}", self.entries.len()),
            cw_ticket_id: self.random.some(90, ticket.cw_ticket_id.clone()),
            member: self.random.some(95, member),
            billable_class: i16::try_from(self.random.below(3)).unwrap(),
            minutes: i32::try_from(self.random.below(240)).unwrap(),
            date_worked: date + self.random.below(25).days(),
        });
    }

    /// Minutes later, days later, or weeks later.
    fn sometime(&mut self, from: Timestamp) -> Timestamp {
        let max_days = [0, 1, 3, 9, 45][usize::try_from(self.random.below(5)).unwrap()];
        self.later(from, max_days)
    }

    fn later(&mut self, from: Timestamp, max_days: u64) -> Timestamp {
        self.random.later(from, max_days, &self.market.timezone)
    }
}
