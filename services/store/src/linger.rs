//! When a batch should wait to become larger.

use std::time::Duration;

/// A batch this large says that work piles up: then waiting a little makes the next one larger,
/// and each statement cheaper.
const BUSY: usize = 8;
/// The wait grows with the batch before, so that a machine at its limit commits less often.
const PER_ITEM: Duration = Duration::from_micros(100);
const LONGEST: Duration = Duration::from_millis(5);

/// How long the next batch should wait for more, after one of `last` items. At low load it does
/// not wait at all.
pub fn linger(last: usize) -> Duration {
    if last < BUSY {
        return Duration::ZERO;
    }
    PER_ITEM.saturating_mul(u32::try_from(last).unwrap_or(u32::MAX)).min(LONGEST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_only_under_load_and_never_long() {
        assert_eq!(linger(0), Duration::ZERO);
        assert_eq!(linger(7), Duration::ZERO);
        assert_eq!(linger(8), Duration::from_micros(800));
        assert_eq!(linger(512), LONGEST);
    }
}
