//! Who may ask: clients and their tokens.

use std::sync::Mutex;

use jiff::Timestamp;

use super::http::{Reply, Request};
use super::lock;
use super::notice;
use super::tokens::Tokens;

/// Grants a token to a client that says its name and secret, as OAuth wants them said.
pub(super) fn mint(
    request: &Request,
    credentials: &str,
    tokens: &Mutex<Tokens>,
    now: Timestamp,
) -> Reply {
    if request.method != "POST" {
        return Reply::empty(405);
    }
    let body = String::from_utf8_lossy(&request.body);
    if !body.contains("grant_type=client_credentials") || !body.contains("scope=") {
        return refuse(400, "unsupported_grant_type", "grant type in request is not supported");
    }
    let wanted = format!("Basic {}", base64(credentials.as_bytes()));
    if request.header("authorization") != Some(wanted.as_str()) {
        return refuse(401, "invalid_client", "client authentication failed");
    }
    match lock(tokens).mint(now) {
        Some(token) => Reply::json(200, token),
        None => notice::limit_reached(),
    }
}

fn refuse(status: u16, error: &str, description: &str) -> Reply {
    let json = format!(r#"{{"error":"{error}","error_description":"{description}"}}"#);
    Reply::json(status, json)
}

/// The refusal of a request whose token is missing or not valid.
pub(super) fn check(request: &Request, tokens: &Mutex<Tokens>, now: Timestamp) -> Option<Reply> {
    let Some(token) = request.header("authorization").and_then(|it| it.strip_prefix("Bearer "))
    else {
        return Some(notice::reply(401, &notice::NO_TOKEN));
    };
    let is_valid = lock(tokens).is_valid(token, now);
    (!is_valid).then(|| notice::reply(401, &notice::INVALID_TOKEN))
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn base64(bytes: &[u8]) -> String {
    let mut text = String::new();
    for group in bytes.chunks(3) {
        let at = |index: usize| usize::from(group.get(index).copied().unwrap_or(0));
        let bits = at(0) << 16 | at(1) << 8 | at(2);
        for index in 0..4 {
            let is_filled = index <= group.len();
            let letter = ALPHABET[bits >> (18 - 6 * index) & 63];
            text.push(if is_filled { char::from(letter) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_is_the_standard_one() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v")] {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
        assert_eq!(base64(b"courtier:secret"), "Y291cnRpZXI6c2VjcmV0");
    }
}
