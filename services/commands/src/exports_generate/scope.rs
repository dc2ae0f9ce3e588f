//! Which days of each fact a run covers.

use std::collections::BTreeSet;

use exports::{Days, Run, Table};
use jiff::ToSpan;
use jiff::civil::Date;
use msp::kpi::Period;
use store::Tenant;
use store::exports::{Fact, Moment, touched_days};

/// The days of a run.
#[derive(Debug)]
pub(super) struct Scope {
    /// Asked for, and touched since the export before; unused when everything is covered.
    tickets: BTreeSet<Date>,
    time_entries: BTreeSet<Date>,
    daily_kpis: BTreeSet<Date>,
    /// Every day is covered.
    pub(super) is_everything: bool,
    /// After the run, the files hold everything that is stored.
    pub(super) is_complete: bool,
}

impl Scope {
    /// `period`: `None` for everything.
    pub(super) async fn new(
        tenant: &Tenant<'_>,
        moment: &Moment,
        period: Option<Period>,
        run: &Run,
    ) -> store::Result<Self> {
        let previous = run.previous();
        // In another time zone every record may belong to another day.
        let moved = previous.is_some_and(|previous| previous.timezone != moment.timezone);
        // In a format that the run before did not write, every day is missing.
        let is_everything = moved || run.adds_formats() && previous.is_some();
        let Some(period) = period.filter(|_| !is_everything) else {
            return Ok(Self::everything());
        };
        let asked: BTreeSet<Date> =
            period.from().series(1.day()).take_while(|day| *day <= period.to()).collect();
        let mut scope = Self {
            tickets: asked.clone(),
            time_entries: asked.clone(),
            daily_kpis: asked,
            is_everything: false,
            is_complete: false,
        };
        // Only files that were complete once can be kept complete by what changed since.
        if let Some(since) = previous.and_then(|previous| previous.watermark) {
            scope.tickets.extend(touched_days(tenant, Fact::Tickets, since).await?);
            scope.time_entries.extend(touched_days(tenant, Fact::TimeEntries, since).await?);
            scope.daily_kpis.extend(touched_days(tenant, Fact::DailyKpis, since).await?);
            scope.is_complete = true;
        }
        Ok(scope)
    }

    pub(super) fn days(&self, table: &Table) -> Days {
        match table.name {
            _ if self.is_everything => Days::All,
            "fact_ticket" => Days::Only(self.tickets.clone()),
            "fact_time_entry" => Days::Only(self.time_entries.clone()),
            "fact_kpi_daily" => Days::Only(self.daily_kpis.clone()),
            _ => Days::All,
        }
    }

    fn everything() -> Self {
        Self {
            tickets: BTreeSet::new(),
            time_entries: BTreeSet::new(),
            daily_kpis: BTreeSet::new(),
            is_everything: true,
            is_complete: true,
        }
    }
}
