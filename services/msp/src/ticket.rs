//! Tickets as sources report them, and what they mean.

mod classify;

use std::borrow::Cow;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

pub use classify::{is_closed_status, is_high_priority, sla_verdict};

use crate::scalar::{FieldError, Scalar, required};

/// A ticket's JSON object. Only `cw_ticket_id` and `created_at_remote` are required; fields that
/// are not listed are kept in the raw copy. Instants are RFC 3339 with an offset.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TicketRecord<'a> {
    /// Id of the tenant; when present, it must be the tenant that is being loaded.
    #[serde(borrow)]
    pub tenant_id: Scalar<'a>,
    pub cw_ticket_id: Scalar<'a>,
    pub board: Scalar<'a>,
    /// Free text; tells whether the ticket is closed when nothing better does.
    pub status: Scalar<'a>,
    /// Free text, mapped by [`is_high_priority`].
    pub priority: Scalar<'a>,
    pub summary: Scalar<'a>,
    pub description: Scalar<'a>,
    /// The client's company.
    pub company: Scalar<'a>,
    /// The technician in charge.
    pub owner: Scalar<'a>,
    pub created_at_remote: Scalar<'a>,
    /// Instant of the last change; an older version of a record never replaces a newer one.
    pub updated_at_remote: Scalar<'a>,
    /// Free text, mapped by [`sla_verdict`] when there is no verdict of its own.
    pub sla_status: Scalar<'a>,
    /// Hours, up to 99999999.99.
    pub estimated_hours: Scalar<'a>,
    /// Whether the source's status is a closed one; wins over `closed_at` and `status`.
    pub closed_flag: Scalar<'a>,
    /// When it was closed last; for a closed ticket without it, the last change is taken.
    pub closed_at: Scalar<'a>,
    /// First answer by a human.
    pub first_response_at: Scalar<'a>,
    pub resolved_at: Scalar<'a>,
    pub sla_response_due_at: Scalar<'a>,
    pub sla_resolution_due_at: Scalar<'a>,
    /// The source's verdict; without it, the instants are compared.
    pub sla_response_met: Scalar<'a>,
    pub sla_resolution_met: Scalar<'a>,
    /// 0 to 5.
    pub satisfaction_score: Scalar<'a>,
    /// `[{"closed_at": …, "reopened_at": …}, …]`, oldest first: the whole history of reopenings.
    /// Absent or empty: closings and reopenings are taken from what changes between two loads.
    pub reopened: Option<&'a RawValue>,
}

/// A checked ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket<'a> {
    pub cw_ticket_id: Cow<'a, str>,
    pub board: Option<Cow<'a, str>>,
    pub status: Option<Cow<'a, str>>,
    pub priority: Option<Cow<'a, str>>,
    pub summary: Option<Cow<'a, str>>,
    pub description: Option<Cow<'a, str>>,
    pub company: Option<Cow<'a, str>>,
    pub owner: Option<Cow<'a, str>>,
    pub created_at: Timestamp,
    pub updated_at: Option<Timestamp>,
    pub sla_status: Option<Cow<'a, str>>,
    pub estimated_hours: Option<Decimal>,
    pub high_priority: bool,
    pub first_response_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    /// `None` means open. Never before the creation or the last reopening.
    pub closed_at: Option<Timestamp>,
    pub sla_response_due_at: Option<Timestamp>,
    pub sla_resolution_due_at: Option<Timestamp>,
    pub sla_response_verdict: Option<bool>,
    pub sla_resolution_verdict: Option<bool>,
    pub satisfaction_score: Option<Decimal>,
    /// Every closing that was followed by a reopening, oldest first; empty when unknown.
    pub reopenings: Vec<Reopening>,
}

/// A closing, and the reopening that undid it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reopening {
    pub closed_at: Timestamp,
    pub reopened_at: Timestamp,
}

const MAX_HOURS: u32 = 99_999_999;
const MAX_SCORE: u32 = 5;

impl<'a> TicketRecord<'a> {
    /// Checks every field, and that the instants are in an order that can be.
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn check(self) -> Result<Ticket<'a>, FieldError> {
        let key = self.cw_ticket_id.key("cw_ticket_id")?;
        let created_at = self.created_at_remote.instant("created_at_remote")?;
        let priority = self.priority.text("priority")?;
        let sla_status = self.sla_status.text("sla_status")?;
        let resolution_met = self.sla_resolution_met.bool("sla_resolution_met")?;
        let mut ticket = Ticket {
            cw_ticket_id: required("cw_ticket_id", key)?,
            board: self.board.text("board")?,
            status: self.status.text("status")?,
            high_priority: priority.as_deref().is_some_and(is_high_priority),
            priority,
            summary: self.summary.text("summary")?,
            description: self.description.text("description")?,
            company: self.company.text("company")?,
            owner: self.owner.text("owner")?,
            created_at: required("created_at_remote", created_at)?,
            updated_at: self.updated_at_remote.instant("updated_at_remote")?,
            sla_resolution_verdict: resolution_met
                .or_else(|| sla_status.as_deref().and_then(sla_verdict)),
            sla_status,
            estimated_hours: self.estimated_hours.decimal("estimated_hours", MAX_HOURS)?,
            first_response_at: self.first_response_at.instant("first_response_at")?,
            resolved_at: self.resolved_at.instant("resolved_at")?,
            closed_at: self.closed_at.instant("closed_at")?,
            sla_response_due_at: self.sla_response_due_at.instant("sla_response_due_at")?,
            sla_resolution_due_at: self.sla_resolution_due_at.instant("sla_resolution_due_at")?,
            sla_response_verdict: self.sla_response_met.bool("sla_response_met")?,
            satisfaction_score: self.satisfaction_score.decimal("satisfaction_score", MAX_SCORE)?,
            reopenings: self.reopened.map_or(Ok(Vec::new()), reopenings)?,
        };
        ticket.decide_closing(self.closed_flag.bool("closed_flag")?);
        ticket.check_order()?;
        Ok(ticket)
    }
}

impl Ticket<'_> {
    /// Start of the span that `closed_at` ends.
    fn span_start(&self) -> Timestamp {
        self.reopenings.last().map_or(self.created_at, |last| last.reopened_at)
    }

    fn decide_closing(&mut self, flag: Option<bool>) {
        let by_status = || self.status.as_deref().is_some_and(is_closed_status);
        let is_closed = flag.unwrap_or_else(|| self.closed_at.is_some() || by_status());
        if !is_closed {
            self.closed_at = None;
        } else if self.closed_at.is_none() {
            // Nobody said when; the best guess is the newest instant known, and once stored, later
            // edits do not move it.
            let guess = self.resolved_at.or(self.updated_at).unwrap_or(self.created_at);
            self.closed_at = Some(guess.max(self.span_start()));
        }
    }

    fn check_order(&self) -> Result<(), FieldError> {
        let after_creation = [
            ("first_response_at", self.first_response_at),
            ("resolved_at", self.resolved_at),
            ("closed_at", self.closed_at),
        ];
        for (field, instant) in after_creation {
            if instant.is_some_and(|instant| instant < self.created_at) {
                return Err(FieldError::new(field, "is before `created_at_remote`"));
            }
        }
        let mut opened_at = self.created_at;
        for reopening in &self.reopenings {
            // Each span needs an opening of its own: it is part of the span's key.
            let is_ordered = opened_at <= reopening.closed_at
                && reopening.closed_at <= reopening.reopened_at
                && opened_at < reopening.reopened_at;
            if !is_ordered {
                return Err(FieldError::new("reopened", "must be in the order of time"));
            }
            opened_at = reopening.reopened_at;
        }
        if self.closed_at.is_some_and(|closed_at| closed_at < opened_at) {
            return Err(FieldError::new("closed_at", "is before the last reopening"));
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct ReopeningRecord<'a> {
    #[serde(borrow)]
    closed_at: Scalar<'a>,
    reopened_at: Scalar<'a>,
}

fn reopenings(raw: &RawValue) -> Result<Vec<Reopening>, FieldError> {
    let records: Vec<ReopeningRecord<'_>> = serde_json::from_str(raw.get()).map_err(|_| {
        FieldError::new("reopened", "must be a list of {\"closed_at\", \"reopened_at\"}")
    })?;
    let reopening = |record: ReopeningRecord<'_>| {
        Ok(Reopening {
            closed_at: required("reopened", record.closed_at.instant("reopened")?)?,
            reopened_at: required("reopened", record.reopened_at.instant("reopened")?)?,
        })
    };
    records.into_iter().map(reopening).collect()
}

#[cfg(test)]
mod tests;
