//! What the clock will order next.

use jiff::Timestamp;
use store::schedules::Upcoming;

use super::runs::command_name;
use crate::say::Say;

/// A line of the list.
pub(super) struct Departure {
    pub(super) at: Timestamp,
    pub(super) what: String,
}

pub(super) fn lines(say: &Say, upcoming: &[Upcoming]) -> Vec<Departure> {
    let line = |fire: &Upcoming| {
        let known = say.try_t(&format!("schedule-{}", fire.schedule));
        let name = known.unwrap_or_else(|| command_name(say, &fire.command));
        let n = i64::try_from(fire.n_commands).unwrap_or(i64::MAX);
        let what = match &fire.tenant_name {
            Some(tenant) => format!("{name}, {tenant}"),
            None if n > 1 => format!("{name}, {}", say.t1("departures-tenants", "n", n)),
            None => name,
        };
        Departure { at: fire.slot, what }
    };
    upcoming.iter().map(line).collect()
}
