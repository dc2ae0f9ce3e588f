//! Tokens that expire and can be revoked.

use std::collections::HashMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// More than this a day, and eBay mints no more.
const MAX_MINTED: u64 = 1_000;

#[derive(Debug)]
pub(super) struct Tokens {
    lifetime: Duration,
    until: HashMap<String, Timestamp>,
    pub(super) n_minted: u64,
}

impl Tokens {
    pub(super) fn new(lifetime: Duration) -> Tokens {
        Tokens { lifetime, until: HashMap::new(), n_minted: 0 }
    }

    /// The body of a granted request; `None` when too many were minted.
    pub(super) fn mint(&mut self, now: Timestamp) -> Option<String> {
        if self.n_minted >= MAX_MINTED {
            return None;
        }
        self.n_minted += 1;
        let token = format!("v^1.1#i^1#simulated#{}", self.n_minted);
        let lifetime = SignedDuration::try_from(self.lifetime).unwrap();
        self.until.insert(token.clone(), now.checked_add(lifetime).unwrap());
        let seconds = self.lifetime.as_secs();
        Some(format!(
            r#"{{"access_token":"{token}","expires_in":{seconds},"token_type":"Application Access Token"}}"#
        ))
    }

    pub(super) fn is_valid(&self, token: &str, now: Timestamp) -> bool {
        self.until.get(token).is_some_and(|until| now < *until)
    }

    pub(super) fn revoke(&mut self) {
        self.until.clear();
    }
}
