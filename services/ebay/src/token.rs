//! Application tokens.

use std::time::Duration;

use secrecy::SecretString;
use serde::Deserialize;

use crate::Error;

/// A token for every endpoint used here. All workers share one: only 1,000 may be minted a day.
#[derive(Clone, Debug)]
pub struct Token {
    pub secret: SecretString,
    /// Counted from the answer; usually two hours. Renew a minute earlier.
    pub expires_in: Duration,
}

#[derive(Deserialize)]
struct Granted {
    access_token: String,
    expires_in: u64,
}

#[derive(Deserialize)]
struct Denied {
    error: String,
    error_description: Option<String>,
}

/// Reads the answer to a granted request. serde's words are left out of the error: they quote
/// what they could not read, and that may be the token.
pub(crate) fn granted(json: &[u8]) -> Result<Token, Error> {
    let granted: Granted = serde_json::from_slice(json).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Error::Unreadable(format!("the token is not as documented (line {line}, column {column})"))
    })?;
    if granted.access_token.is_empty() {
        return Err(Error::Unreadable("the token is empty".into()));
    }
    Ok(Token {
        secret: granted.access_token.into(),
        expires_in: Duration::from_secs(granted.expires_in),
    })
}

/// OAuth's own words for a refusal, which differ from those of the other endpoints.
pub(crate) fn denied(json: &[u8]) -> Option<String> {
    let denied: Denied = serde_json::from_slice(json).ok()?;
    Some(match denied.error_description {
        Some(description) => format!("{}: {description}", denied.error),
        None => denied.error,
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_granted_token_is_read() {
        let json = br#"{"access_token": "v^1.1#abc", "expires_in": 7200,
            "token_type": "Application Access Token"}"#;
        let token = granted(json).unwrap();
        assert_eq!(token.secret.expose_secret(), "v^1.1#abc");
        assert_eq!(token.expires_in, Duration::from_hours(2));
    }

    #[test]
    fn a_token_never_gets_into_words() {
        let token = granted(br#"{"access_token": "v^1.1#abc", "expires_in": 7200}"#).unwrap();
        assert!(!format!("{token:?}").contains("abc"));
        let error = granted(br#"{"access_token": 5, "expires_in": "v^1.1#abc"}"#).unwrap_err();
        assert!(!error.to_string().contains("v^1.1"), "{error}");
        let error = granted(br#"{"access_token": "t", "expires_in": "v^1.1#abc"}"#).unwrap_err();
        assert!(!error.to_string().contains("abc"), "{error}");
        granted(br#"{"access_token": "", "expires_in": 7200}"#).unwrap_err();
    }

    #[test]
    fn a_refusal_is_worded() {
        let json = br#"{"error": "invalid_client", "error_description": "no such client"}"#;
        assert_eq!(denied(json).unwrap(), "invalid_client: no such client");
        assert_eq!(denied(br#"{"error": "invalid_scope"}"#).unwrap(), "invalid_scope");
        assert_eq!(denied(b"<html>"), None);
    }
}
