//! Secrets that somebody has to make up: which ones could be guessed.

use secrecy::{ExposeSecret, SecretString};

use crate::{Reader, Variable};

/// Shorter secrets can be guessed.
const MIN_LENGTH: usize = 32;
/// What examples and tutorials write instead of a secret.
const PLACEHOLDERS: &[&str] =
    &["change-me", "changeme", "change_me", "placeholder", "cle_secrete", "secret_key", "example"];

/// A secret that must be there and hard to guess.
pub(crate) fn strong(reader: &mut Reader<'_>, variable: Variable) -> SecretString {
    let secret = reader.secret(variable);
    // Of one that is not set, or whose file cannot be read, the reader has told.
    if !secret.expose_secret().is_empty() {
        check(reader, variable.name, &secret);
    }
    secret
}

/// As [`strong`], for one that may be left out.
pub(crate) fn strong_if_set(reader: &mut Reader<'_>, variable: Variable) -> Option<SecretString> {
    let secret = reader.secret(variable);
    if secret.expose_secret().is_empty() {
        return None;
    }
    check(reader, variable.name, &secret);
    Some(secret)
}

/// Notes why a secret could be guessed, if it could.
pub(crate) fn check(reader: &mut Reader<'_>, name: &str, secret: &SecretString) {
    if let Some(fault) = fault(secret.expose_secret()) {
        reader.problem(name, format!("{fault}: use `openssl rand -hex 32`"));
    }
}

fn fault(secret: &str) -> Option<&'static str> {
    let lower = secret.to_ascii_lowercase();
    if secret.is_empty() {
        return Some("is not set");
    }
    if secret.starts_with('<') || PLACEHOLDERS.iter().any(|word| lower.contains(word)) {
        return Some("is still a placeholder");
    }
    let mut different: Vec<char> = secret.chars().collect();
    different.sort_unstable();
    different.dedup();
    if secret.len() < MIN_LENGTH || different.len() < 8 {
        return Some("is too short or too plain to be safe");
    }
    None
}
