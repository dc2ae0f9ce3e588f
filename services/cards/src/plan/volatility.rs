//! How fast a price moves.

use jiff::Timestamp;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

/// Fewer changes tell nothing.
const MIN_CHANGES: usize = 3;

/// Standard deviation of a day's change of the log price, from prices in ascending order of time:
/// the root of the sum of squared changes per day that they span (the realised volatility of a
/// random walk). `None` with fewer than three changes.
pub fn volatility(prices: impl IntoIterator<Item = (Timestamp, Decimal)>) -> Option<f64> {
    let mut points = prices.into_iter().filter_map(|(at, eur)| {
        let log = eur.to_f64()?.ln();
        log.is_finite().then_some((at, log))
    });
    let (mut last_at, mut last_log) = points.next()?;
    let (mut n_changes, mut squares, mut days) = (0, 0.0, 0.0);
    for (at, log) in points {
        squares += (log - last_log).powi(2);
        days += at.duration_since(last_at).as_secs_f64() / 86_400.0;
        n_changes += 1;
        (last_at, last_log) = (at, log);
    }
    (n_changes >= MIN_CHANGES && days > 0.0).then(|| (squares / days).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn history(points: &[(i64, i64)]) -> Option<f64> {
        let point = |&(day, cents): &(i64, i64)| {
            (Timestamp::from_second(day * 86_400).unwrap(), Decimal::new(cents, 2))
        };
        volatility(points.iter().map(point).collect::<Vec<_>>())
    }

    /// Doubled, halved and doubled again in 1 + 2 + 3 days: √(3·ln²2 / 6).
    #[test]
    fn changes_are_measured_against_the_days_between() {
        let found = history(&[(0, 100), (1, 200), (3, 100), (6, 200)]).unwrap();
        assert!((found - 2_f64.ln() / 2_f64.sqrt()).abs() < 1e-12);
        assert_eq!(history(&[(0, 100), (1, 100), (2, 100), (3, 100)]), Some(0.0));
    }

    #[test]
    fn too_few_changes_tell_nothing() {
        assert_eq!(history(&[(0, 100), (1, 200), (3, 100)]), None);
        assert_eq!(history(&[(0, 100), (1, 0), (2, 200), (3, 100)]), None);
        assert_eq!(history(&[(5, 100), (5, 200), (5, 100), (5, 200)]), None);
        assert_eq!(history(&[]), None);
    }
}
