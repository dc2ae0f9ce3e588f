//! Signed values: cookies that nobody can make up, and tokens that tie a form to its session.

use std::fmt::Write as _;

use aws_lc_rs::hmac;
use rand::RngCore as _;
use settings::{ExposeSecret, SecretString};

/// Random bytes of an id.
const ID_BYTES: usize = 32;

/// Signs with the key of this installation.
pub(crate) struct Signer(hmac::Key);

impl Signer {
    pub(crate) fn new(secret: &SecretString) -> Signer {
        Signer(hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret().as_bytes()))
    }

    /// `id` with its signature, for a cookie of this name.
    pub(crate) fn seal(&self, name: &str, id: &str) -> String {
        format!("{id}.{}", self.sign(name, id))
    }

    /// The id in the cookie of this name; `None` when the signature is not ours.
    pub(crate) fn open<'a>(&self, name: &str, sealed: &'a str) -> Option<&'a str> {
        let (id, signature) = sealed.rsplit_once('.')?;
        self.is_signed(name, id, signature).then_some(id)
    }

    /// What every form of this session carries.
    pub(crate) fn form_token(&self, session_id: &str) -> String {
        self.sign("form", session_id)
    }

    /// Whether a form came from a page of this session.
    pub(crate) fn is_form_token(&self, session_id: &str, token: &str) -> bool {
        self.is_signed("form", session_id, token)
    }

    fn sign(&self, purpose: &str, text: &str) -> String {
        hex(hmac::sign(&self.0, &message(purpose, text)).as_ref())
    }

    fn is_signed(&self, purpose: &str, text: &str, signature: &str) -> bool {
        unhex(signature)
            .is_some_and(|tag| hmac::verify(&self.0, &message(purpose, text), &tag).is_ok())
    }
}

/// An id that nobody can guess.
pub(crate) fn random_id() -> String {
    let mut bytes = [0; ID_BYTES];
    rand::rng().fill_bytes(&mut bytes);
    hex(&bytes)
}

/// The purpose is part of what is signed, so that a form's token is no cookie.
fn message(purpose: &str, text: &str) -> Vec<u8> {
    [purpose.as_bytes(), b"\0", text.as_bytes()].concat()
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits = text.as_bytes().chunks(2);
    digits
        .map(|pair| {
            let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
            u8::from_str_radix(pair, 16).ok()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_sealed_opens() {
        let signer = Signer::new(&"one secret".to_owned().into());
        let id = random_id();
        let sealed = signer.seal("session", &id);
        assert_eq!(signer.open("session", &sealed), Some(id.as_str()));
        assert_eq!(signer.open("door", &sealed), None, "another cookie's signature");
        let other = Signer::new(&"another secret".to_owned().into());
        assert_eq!(other.open("session", &sealed), None);
        for bad in ["", ".", "x", &id, &format!("{id}."), &sealed[1..], &format!("{sealed}0")] {
            assert_eq!(signer.open("session", bad), None, "{bad}");
        }
    }

    #[test]
    fn a_form_belongs_to_its_session() {
        let signer = Signer::new(&"one secret".to_owned().into());
        let token = signer.form_token("mine");
        assert!(signer.is_form_token("mine", &token));
        assert!(!signer.is_form_token("another", &token));
        assert!(!signer.is_form_token("mine", "é"));
        assert_eq!(signer.open("form", &format!("mine.{token}")), Some("mine"));
    }
}
