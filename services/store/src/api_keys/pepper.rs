//! The secret beside the database that goes into the hash of every key.

use aws_lc_rs::hmac;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{Client, Result};

/// Hashes keys. Who has a copy of the database and not this secret can neither check a guess nor
/// write a row that a key of his own would open.
#[derive(Clone)]
pub struct Pepper(hmac::Key);

impl Pepper {
    pub fn new(secret: &[u8]) -> Pepper {
        Pepper(hmac::Key::new(hmac::HMAC_SHA256, secret))
    }

    /// HMAC-SHA256 of the SHA-256 of a key. Keys hold 192 random bits, so that a fast hash will do.
    pub(super) fn hash(&self, key: &str) -> [u8; 32] {
        self.seal(&plain_hash(key))
    }

    fn seal(&self, plain: &[u8]) -> [u8; 32] {
        let mut sealed = [0; 32];
        sealed.copy_from_slice(hmac::sign(&self.0, plain).as_ref());
        sealed
    }
}

/// SHA-256 of a key: how keys were hashed at first.
pub(super) fn plain_hash(key: &str) -> [u8; 32] {
    Sha256::digest(key.as_bytes()).into()
}

/// Hashes again, with `pepper`, what was hashed without one; returns how many keys. They go on
/// opening what they opened.
///
/// # Errors
/// When the database cannot be read or written.
pub async fn pepper_old(client: &Client, pepper: &Pepper) -> Result<usize> {
    let old = "select id, secret_hash from api_keys where not is_peppered";
    let rows = client.query(old, &[]).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.get("id")).collect();
    let hashes: Vec<Vec<u8>> =
        rows.iter().map(|row| pepper.seal(row.get("secret_hash")).to_vec()).collect();
    // Of two that do this at once, the second finds nothing left to do.
    let statement = "
        update api_keys as k set secret_hash = new.hash, is_peppered = true
        from unnest($1::uuid[], $2::bytea[]) as new (id, hash)
        where k.id = new.id and not k.is_peppered";
    client.execute(statement, &[&ids, &hashes]).await?;
    Ok(ids.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_needs_the_key_and_the_pepper() {
        let (one, other) = (Pepper::new(b"one"), Pepper::new(b"other"));
        assert_eq!(one.hash("key"), one.hash("key"));
        assert_ne!(one.hash("key"), one.hash("kez"));
        assert_ne!(one.hash("key"), other.hash("key"));
        assert_ne!(one.hash("key"), plain_hash("key"));
        assert_eq!(one.hash("key"), one.seal(&plain_hash("key")), "old hashes can be sealed");
    }
}
