//! A range of days that may be computed.

use jiff::{ToSpan, civil::Date};
use serde::{Deserialize, Serialize};

/// No day before this one is computed: ticket systems with older data are not known, and a date in
/// the first centuries is a typing error.
pub const FIRST_DATE: Date = jiff::civil::date(2000, 1, 1);

/// Longest period of one request, in days: ten years.
pub const MAX_DAYS: i32 = 3_660;

/// Calendar days from `from` to `to`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Period {
    from: Date,
    to: Date,
}

/// Why a pair of dates is not a period.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PeriodError {
    #[error("to ({to}) is before from ({from}): swap them")]
    Backwards { from: Date, to: Date },
    #[error("{0} is too early: give a date from {FIRST_DATE} on")]
    TooEarly(Date),
    #[error("{date} is in the future: give a date up to {today}")]
    Future { date: Date, today: Date },
    #[error("{0} days are too many: ask for at most {MAX_DAYS} at a time")]
    TooLong(i32),
}

impl Period {
    /// Checks the order, the length and the first date; [`Period::must_not_pass`] checks the last.
    ///
    /// # Errors
    /// See [`PeriodError`].
    pub fn new(from: Date, to: Date) -> Result<Period, PeriodError> {
        if from < FIRST_DATE {
            return Err(PeriodError::TooEarly(from));
        }
        if to < from {
            return Err(PeriodError::Backwards { from, to });
        }
        let period = Period { from, to };
        if period.n_days() > MAX_DAYS {
            return Err(PeriodError::TooLong(period.n_days()));
        }
        Ok(period)
    }

    /// # Errors
    /// [`PeriodError::Future`] when the period ends after `today`.
    pub fn must_not_pass(self, today: Date) -> Result<Period, PeriodError> {
        if self.to > today {
            return Err(PeriodError::Future { date: self.to, today });
        }
        Ok(self)
    }

    pub fn from(self) -> Date {
        self.from
    }

    pub fn to(self) -> Date {
        self.to
    }

    pub fn n_days(self) -> i32 {
        (self.to - self.from).get_days() + 1
    }

    /// The period in pieces of at most `max_days`, the oldest first.
    pub fn pieces(self, max_days: i32) -> impl Iterator<Item = Period> {
        let mut next = Some(self.from);
        std::iter::from_fn(move || {
            let from = next.filter(|from| *from <= self.to)?;
            let to = from.saturating_add((max_days - 1).max(0).days()).min(self.to);
            next = to.tomorrow().ok();
            Some(Period { from, to })
        })
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn limits_are_inclusive() {
        assert!(Period::new(FIRST_DATE, FIRST_DATE).is_ok());
        assert!(Period::new(date(1999, 12, 31), date(2000, 1, 1)).is_err());
        let last = FIRST_DATE + (MAX_DAYS - 1).days();
        assert_eq!(Period::new(FIRST_DATE, last).unwrap().n_days(), MAX_DAYS);
        let beyond = Period::new(FIRST_DATE, last.tomorrow().unwrap());
        assert_eq!(beyond, Err(PeriodError::TooLong(MAX_DAYS + 1)));
    }

    #[test]
    fn order_and_future_are_checked() {
        let (from, to) = (date(2026, 3, 2), date(2026, 3, 1));
        assert_eq!(Period::new(from, to), Err(PeriodError::Backwards { from, to }));
        let period = Period::new(to, from).unwrap();
        assert_eq!(period.must_not_pass(from), Ok(period));
        let future = PeriodError::Future { date: from, today: to };
        assert_eq!(period.must_not_pass(to), Err(future));
    }

    #[test]
    fn pieces_cover_the_period_once() {
        let period = Period::new(date(2024, 1, 1), date(2026, 1, 1)).unwrap();
        let pieces: Vec<Period> = period.pieces(366).collect();
        assert_eq!(pieces.len(), 2);
        assert_eq!(pieces.iter().map(|piece| piece.n_days()).sum::<i32>(), period.n_days());
        assert_eq!(pieces[0].to().tomorrow().unwrap(), pieces[1].from());
        assert_eq!(period.pieces(1).count(), 732);
    }
}
