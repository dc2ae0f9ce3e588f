//! The access token: one for all workers, asked for by one of them at a time.

use std::sync::{Mutex, PoisonError};

use ebay::Client;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use store::{Store, api_tokens};

use super::{PROVIDER, postpone, wanted_pause};
use crate::Failure;

/// A token is renewed so long before it expires.
const EARLY: SignedDuration = SignedDuration::from_secs(60);
/// eBay grants 1,000 tokens a day; a fault that asks for one again and again ends here.
const MAX_MINTS_PER_DAY: i32 = 900;

/// The token that this process last used.
#[derive(Default)]
pub(super) struct Tokens {
    current: Mutex<Option<(SecretString, Timestamp)>>,
}

impl Tokens {
    /// A token that has not expired and is not `refused`. Without one nothing can be called, so what
    /// stands in its way keeps everybody from eBay for a while and burns no attempt.
    pub(super) async fn get(
        &self,
        store: &Store,
        client: &Client,
        refused: Option<&SecretString>,
    ) -> Result<SecretString, Failure> {
        if let Some(token) = self.known().filter(|token| !is_same(token, refused)) {
            return Ok(token);
        }
        let mut connection = store.client().await?;
        let stored = api_tokens::read(&connection, PROVIDER).await?;
        if let Some(token) = stored.and_then(|stored| self.open(client, &stored, refused)) {
            return Ok(token);
        }
        let refresh = api_tokens::refresh(&mut connection, PROVIDER).await?;
        if let Some(token) = refresh.current.as_ref().and_then(|t| self.open(client, t, refused)) {
            return Ok(token);
        }
        if let Some(block) = refresh.blocked {
            return Err(postpone(block.until, &block.reason));
        }
        if refresh.n_mints >= MAX_MINTS_PER_DAY {
            let reason = format!("{MAX_MINTS_PER_DAY} access tokens were asked for today: no more");
            let block = refresh.none_left(&reason).await?;
            return Err(postpone(block.until, &block.reason));
        }
        match client.mint().await {
            Ok(token) => {
                let lifetime = SignedDuration::try_from(token.expires_in).unwrap_or_default();
                let expires_at = Timestamp::now().checked_add(lifetime).map_err(Failure::retry)?;
                refresh.store(&client.seal(&token.secret), expires_at).await?;
                Ok(self.keep(token.secret, expires_at))
            }
            Err(error) => {
                let block = refresh.failed(wanted_pause(&error), &error.to_string()).await?;
                Err(postpone(block.until, &block.reason))
            }
        }
    }

    /// The one that this process last used, unless it has expired.
    pub(super) fn known(&self) -> Option<SecretString> {
        let current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        current.as_ref().filter(|(_, until)| is_fresh(*until)).map(|(token, _)| token.clone())
    }

    fn open(
        &self,
        client: &Client,
        stored: &api_tokens::SealedToken,
        refused: Option<&SecretString>,
    ) -> Option<SecretString> {
        let token = client.open(&stored.sealed).filter(|token| !is_same(token, refused))?;
        is_fresh(stored.expires_at).then(|| self.keep(token, stored.expires_at))
    }

    fn keep(&self, token: SecretString, expires_at: Timestamp) -> SecretString {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        *current = Some((token.clone(), expires_at));
        token
    }
}

fn is_fresh(expires_at: Timestamp) -> bool {
    expires_at.duration_since(Timestamp::now()) > EARLY
}

fn is_same(token: &SecretString, other: Option<&SecretString>) -> bool {
    other.is_some_and(|other| other.expose_secret() == token.expose_secret())
}
