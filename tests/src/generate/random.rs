//! A tiny generator of our own, so that the same seed gives the same bytes on
//! every machine and with every version of every crate.

/// `SplitMix64` (Steele, Lea, Flood 2014): one addition and two multiplications
/// per draw, any seed is a good seed. Integers only: the last bit of a
/// logarithm differs between machines.
#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    /// A stream for `seed`; `lane` separates streams that share a seed.
    pub fn new(seed: u64, lane: u64) -> Self {
        let mut random = Self(seed);
        let start = random.next().wrapping_add(lane.wrapping_mul(0xd134_2543_de82_ef95));
        Self(start)
    }

    /// 64 uniform bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in `0..n`; 0 when `n` is 0.
    pub fn below(&mut self, n: u64) -> u64 {
        let wide = u128::from(self.next()) * u128::from(n);
        u64::try_from(wide >> 64).unwrap_or(u64::MAX)
    }

    /// Uniform in `low..=high`.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + i64::try_from(self.below(low.abs_diff(high) + 1)).unwrap_or(0)
    }

    /// True in `n` of 1 000 cases.
    pub(crate) fn per_mille(&mut self, n: u64) -> bool {
        self.below(1_000) < n
    }

    /// One of `items`, all equally likely. `items` is never empty here.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        let index = usize::try_from(self.below(items.len() as u64)).unwrap_or(0);
        items[index]
    }

    /// An index drawn in proportion to `weights`.
    pub(crate) fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        for (index, weight) in weights.iter().enumerate() {
            if left < *weight {
                return index;
            }
            left -= weight;
        }
        0
    }

    /// A value from a distribution that is given by points `(per mille, value)`
    /// and is linear between them.
    pub(crate) fn quantile(&mut self, points: &[(i64, i64)]) -> i64 {
        let at = self.between(0, 999_999);
        points.windows(2).find(|pair| at < pair[1].0 * 1_000).map_or(0, |pair| {
            let (low, high) = (pair[0], pair[1]);
            let share = at - low.0 * 1_000;
            low.1 + (high.1 - low.1) * share / ((high.0 - low.0) * 1_000)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        let mut random = Random(1_234_567);
        let drawn: Vec<u64> = (0..3).map(|_| random.next()).collect();
        let published =
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423];
        assert_eq!(drawn, published);
    }

    #[test]
    fn lanes_differ() {
        assert_ne!(Random::new(7, 0).next(), Random::new(7, 1).next());
    }

    #[test]
    fn a_quantile_stays_between_its_ends() {
        let mut random = Random::new(1, 0);
        let points = [(0, 5), (500, 10), (1_000, 100)];
        let drawn: Vec<i64> = (0..10_000).map(|_| random.quantile(&points)).collect();
        assert!(drawn.iter().all(|value| (5..=100).contains(value)));
        let below_ten = drawn.iter().filter(|value| **value < 10).count();
        assert!((4_500..5_500).contains(&below_ten), "{below_ten}");
    }
}
