//! Between decimals and binary floating point.

use rust_decimal::Decimal;
use rust_decimal::prelude::{FromPrimitive, ToPrimitive};

/// The floating-point number nearest to `amount`, as if its digits were read: both parts of the
/// fraction are exact below 2^53, so that the division rounds once.
pub(super) fn of(amount: Decimal) -> f64 {
    let divisor = 10_f64.powi(i32::try_from(amount.scale()).unwrap_or(i32::MAX));
    let mantissa = amount.mantissa().to_f64().unwrap_or(f64::NAN);
    mantissa / divisor
}

/// `value` with `places` digits, ties to even, as it would be printed. Out of range, it is zero.
pub(super) fn rounded(value: f64, places: usize) -> Decimal {
    format!("{value:.places$}").parse().unwrap_or_default()
}

/// How many steps of `step` are nearest to `value`, ties to even, times `step`.
pub(super) fn nearest_step(value: f64, step: Decimal) -> Decimal {
    let n_steps = (value / of(step)).round_ties_even();
    Decimal::from_f64(n_steps).and_then(|n_steps| n_steps.checked_mul(step)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::eur;

    #[test]
    fn a_decimal_becomes_the_nearest_float() {
        for text in ["0", "0.1", "189.99", "0.07", "1234567.89", "-3.3", "0.0000000001"] {
            let parsed: f64 = text.parse().unwrap();
            assert_eq!(of(eur(text)).to_bits(), (parsed + 0.0).to_bits(), "{text}");
        }
    }

    #[test]
    fn ties_go_to_even_and_everything_else_to_the_nearer() {
        // 0.125 and 0.375 are exact in binary; 2.675 lies a little below.
        assert_eq!(rounded(0.125, 2), eur("0.12"));
        assert_eq!(rounded(0.375, 2), eur("0.38"));
        assert_eq!(rounded(2.675, 2), eur("2.67"));
        // 2.5 and 3.5 steps of 0.5.
        assert_eq!(nearest_step(1.25, eur("0.5")), eur("1.0"));
        assert_eq!(nearest_step(1.75, eur("0.5")), eur("2.0"));
        // 5.45 / 0.1 is 54.5 in floating point: even.
        assert_eq!(nearest_step(5.45, eur("0.1")), eur("5.4"));
        // 0.35 / 0.1 is 3.4999999999999996.
        assert_eq!(nearest_step(0.35, eur("0.1")), eur("0.3"));
    }
}
