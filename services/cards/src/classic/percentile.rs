//! Percentiles.

/// The percentile of ascending numbers at `rate` (0.2 is the lower fifth), interpolated between
/// neighbours: type 7 of Hyndman and Fan, "linear" of numpy. `None` of nothing.
///
/// Reference: R. J. Hyndman and Y. Fan, Sample Quantiles in Statistical Packages, The American
/// Statistician 50 (1996), 361–365.
pub fn percentile(ascending: &[f64], rate: f64) -> Option<f64> {
    let last = ascending.len().checked_sub(1)?;
    #[expect(clippy::cast_precision_loss, reason = "a sample has far fewer than 2^52 numbers")]
    let place = last as f64 * rate;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "places lie between 0 and the length"
    )]
    let lower = (place.floor() as usize).min(last);
    let upper = (lower + 1).min(last);
    let (below, above) = (ascending[lower], ascending[upper]);
    let weight = place - place.floor();
    // From the nearer end, so that both ends are hit exactly; numpy does the same.
    Some(if weight < 0.5 {
        below + (above - below) * weight
    } else {
        above - (above - below) * (1.0 - weight)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected values were computed by numpy 2.4.6, `numpy.percentile(a, q)`, and are met to the
    /// last bit.
    #[test]
    fn percentiles_are_those_of_numpy() {
        let cases: [(&[f64], [f64; 7]); 5] = [
            (&[10.0, 20.0], [11.0, 12.0, 12.5, 15.0, 17.5, 18.0, 19.0]),
            (&[1.0, 2.0, 3.0], [1.2, 1.4, 1.5, 2.0, 2.5, 2.6, 2.8]),
            (
                &[3.5, 4.2, 9.99, 12.0],
                [3.71, 3.92, 4.025, 7.095_000_000_000_001, 10.4925, 10.794, 11.397],
            ),
            (
                &[5.0, 5.5, 6.1, 6.3, 7.0, 7.25, 8.0, 9.9, 12.5, 40.0],
                [
                    5.45,
                    5.979_999_999_999_999_5,
                    6.149_999_999_999_999_5,
                    7.125,
                    9.425,
                    10.42,
                    15.249_999_999_999_99,
                ],
            ),
            (
                &[
                    8.56, 10.97, 13.12, 14.25, 15.58, 15.74, 16.15, 17.02, 17.1, 17.92, 19.53,
                    21.01, 21.55, 21.66, 21.84, 22.03, 23.31, 24.95, 25.45, 27.84, 29.53, 30.6,
                    50.83,
                ],
                [13.346, 15.644, 15.945, 21.01, 24.13, 25.25, 29.192_000_000_000_004],
            ),
        ];
        for (sample, expected) in cases {
            for (rate, expected) in [0.1, 0.2, 0.25, 0.5, 0.75, 0.8, 0.9].into_iter().zip(expected)
            {
                let found = percentile(sample, rate).unwrap();
                assert_eq!(found.to_bits(), expected.to_bits(), "{rate} of {sample:?}: {found}");
            }
        }
    }

    #[test]
    fn one_number_is_every_percentile_and_none_has_none() {
        assert_eq!(percentile(&[7.5], 0.2), Some(7.5));
        assert_eq!(percentile(&[], 0.2), None);
    }
}
