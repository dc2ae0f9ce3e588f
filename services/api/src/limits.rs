//! Rate limits: requests a minute for each credential.

use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter};
use uuid::Uuid;

use crate::problem::Problem;

/// The limiters of this process. A limit of 0 is no limit.
pub(crate) struct Limits {
    keys: Option<DefaultKeyedRateLimiter<Uuid>>,
    service: Option<DefaultDirectRateLimiter>,
    clock: DefaultClock,
}

impl Limits {
    pub(crate) fn new(key_per_minute: u32, service_per_minute: u32) -> Limits {
        let quota = |per_minute| Some(Quota::per_minute(NonZeroU32::new(per_minute)?));
        Limits {
            keys: quota(key_per_minute).map(RateLimiter::keyed),
            service: quota(service_per_minute).map(RateLimiter::direct),
            clock: DefaultClock::default(),
        }
    }

    /// Counts a request of the API key `id`.
    pub(crate) fn key(&self, id: Uuid) -> Result<(), Problem> {
        let Some(keys) = &self.keys else { return Ok(()) };
        keys.check_key(&id).map_err(|wait| refuse(wait.wait_time_from(self.clock.now())))
    }

    /// Counts a request of the service token.
    pub(crate) fn service(&self) -> Result<(), Problem> {
        let Some(service) = &self.service else { return Ok(()) };
        service.check().map_err(|wait| refuse(wait.wait_time_from(self.clock.now())))
    }

    /// Forgets keys that have not asked for a while.
    pub(crate) fn tidy(&self) {
        if let Some(keys) = &self.keys {
            keys.retain_recent();
            keys.shrink_to_fit();
        }
    }
}

fn refuse(wait: std::time::Duration) -> Problem {
    Problem::TooManyRequests { retry_after_s: wait.as_secs() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_each_key_apart() {
        let limits = Limits::new(2, 0);
        let (one, other) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(limits.key(one), Ok(()));
        assert_eq!(limits.key(one), Ok(()));
        assert!(matches!(limits.key(one), Err(Problem::TooManyRequests { retry_after_s: 1..=31 })));
        assert_eq!(limits.key(other), Ok(()));
        assert_eq!(limits.service(), Ok(()), "no limit stands for the service token");
        limits.tidy();
        assert!(limits.key(one).is_err(), "tidying keeps what is still spent");
    }
}
