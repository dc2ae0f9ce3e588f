//! Passwords: argon2id, a few at a time.

use std::sync::Arc;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use settings::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;

/// A password that cannot be hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unhashable {
    #[error("the password is too short: use at least {MIN_LENGTH} characters")]
    TooShort,
    #[error("the password is too long: use at most {MAX_LENGTH} bytes")]
    TooLong,
    #[error("the password could not be hashed")]
    Failed,
}

/// Shorter passwords can be guessed.
const MIN_LENGTH: usize = 12;
/// Longer ones would only cost time.
const MAX_LENGTH: usize = 1024;
/// Guesses looked at together: each takes a processor and 19 MiB.
const AT_ONCE: usize = 2;

/// The hash of a new password, for `ADMIN_PASSWORD_HASH`: argon2id with 19 MiB and two passes, as
/// OWASP advises.
///
/// # Errors
/// [`Unhashable`] says what is wrong with the password.
pub fn hash(password: &SecretString) -> Result<String, Unhashable> {
    let password = password.expose_secret();
    if password.chars().count() < MIN_LENGTH {
        return Err(Unhashable::TooShort);
    }
    if password.len() > MAX_LENGTH {
        return Err(Unhashable::TooLong);
    }
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default());
    let hash = argon2.hash_password(password.as_bytes()).map_err(|_| Unhashable::Failed)?;
    Ok(hash.to_string())
}

/// The hash that guesses are held against.
pub(crate) struct Keeper {
    hash: Arc<PasswordHash>,
    turns: Semaphore,
}

impl Keeper {
    /// `None` when the text is no hash that argon2 can read.
    pub(crate) fn new(hash: &SecretString) -> Option<Keeper> {
        let hash = PasswordHash::new(hash.expose_secret()).ok()?;
        Some(Keeper { hash: Arc::new(hash), turns: Semaphore::new(AT_ONCE) })
    }

    /// Whether `guess` is the password; on a thread of its own, since it takes some 50 ms.
    pub(crate) async fn accepts(&self, guess: String) -> bool {
        if guess.len() > MAX_LENGTH {
            return false;
        }
        let Ok(_turn) = self.turns.acquire().await else { return false };
        let hash = Arc::clone(&self.hash);
        let check = move || Argon2::default().verify_password(guess.as_bytes(), &*hash).is_ok();
        tokio::task::spawn_blocking(check).await.unwrap_or(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_password_is_accepted() {
        let hash = hash(&"correct horse battery".into()).unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        let keeper = Keeper::new(&hash.into()).unwrap();
        assert!(keeper.accepts("correct horse battery".into()).await);
        assert!(!keeper.accepts("correct horse batterx".into()).await);
        assert!(!keeper.accepts("x".repeat(MAX_LENGTH + 1)).await);
    }

    #[test]
    fn weak_passwords_are_not_hashed() {
        assert_eq!(hash(&"short".into()), Err(Unhashable::TooShort));
        assert_eq!(hash(&"x".repeat(MAX_LENGTH + 1).into()), Err(Unhashable::TooLong));
    }

    #[test]
    fn what_is_no_hash_is_refused() {
        assert!(Keeper::new(&"$argon2id$nonsense".to_owned().into()).is_none());
    }
}
