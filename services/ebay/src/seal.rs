//! Tokens as they may be stored: nobody who reads the database can use one.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::digest::{SHA256, digest};
use secrecy::{ExposeSecret as _, SecretString};

use crate::Client;

/// Separates this use of the client's secret from any other.
const CONTEXT: &str = "courtier: ebay access token\0";

impl Client {
    /// Encrypts a token with a key that is made from the client's secret: nonce, then AES-256-GCM.
    ///
    /// # Panics
    /// Never: a token is far shorter than what the cipher can take.
    pub fn seal(&self, token: &SecretString) -> Vec<u8> {
        let mut text = token.expose_secret().as_bytes().to_vec();
        let nonce = self
            .sealing_key()
            .seal_in_place_append_tag(Aad::empty(), &mut text)
            .expect("a token is far shorter than what the cipher can take");
        [nonce.as_ref().as_slice(), &text].concat()
    }

    /// The token again; `None` when it was sealed with another client's secret, or changed since.
    pub fn open(&self, sealed: &[u8]) -> Option<SecretString> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = text.to_vec();
        let opened = self.sealing_key().open_in_place(nonce, Aad::empty(), &mut text).ok()?;
        Some(String::from_utf8(opened.to_vec()).ok()?.into())
    }

    fn sealing_key(&self) -> RandomizedNonceKey {
        let secret = self.config().client_secret.expose_secret();
        let key = digest(&SHA256, format!("{CONTEXT}{secret}").as_bytes());
        RandomizedNonceKey::new(&AES_256_GCM, key.as_ref())
            .expect("a SHA-256 digest has the length of the key")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    fn client(secret: &str) -> Client {
        Client::new(Config::new("id", secret.to_owned().into())).unwrap()
    }

    #[test]
    fn only_the_same_secret_opens_a_token() {
        let token: SecretString = "v^1.1#i^1#a-token".to_owned().into();
        let sealed = client("one").seal(&token);
        let opened = client("one").open(&sealed).unwrap();
        assert_eq!(opened.expose_secret(), token.expose_secret());
        assert!(client("two").open(&sealed).is_none());
    }

    #[test]
    fn a_sealed_token_shows_nothing_and_bears_no_change() {
        let token: SecretString = "visible".to_owned().into();
        let client = client("one");
        let mut sealed = client.seal(&token);
        assert!(!sealed.windows(4).any(|part| part == b"visi"));
        assert_ne!(sealed, client.seal(&token), "the same token never looks the same twice");
        sealed[NONCE_LEN] ^= 1;
        assert!(client.open(&sealed).is_none());
        assert!(client.open(b"short").is_none());
    }
}
