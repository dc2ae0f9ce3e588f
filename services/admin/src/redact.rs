//! Payloads as people may see them: everything but secrets.

use serde_json::Value;

/// Parts of field names that stand for secrets.
const SECRET_NAMES: &[&str] = &[
    "authorization",
    "credential",
    "password",
    "secret",
    "signature",
    "token",
    "api_key",
    "apikey",
];
const HIDDEN: &str = "••••";

/// JSON for people: indented, with secrets masked in fields and in addresses.
pub(crate) fn pretty(value: &Value) -> String {
    serde_json::to_string_pretty(&redacted(value)).unwrap_or_default()
}

fn redacted(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .map(|(name, value)| {
                let value = if is_secret(name) { HIDDEN.into() } else { redacted(value) };
                (name.clone(), value)
            })
            .collect(),
        Value::Array(items) => items.iter().map(redacted).collect(),
        Value::String(text) => text_redacted(text).into(),
        other => other.clone(),
    }
}

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SECRET_NAMES.iter().any(|part| name.contains(part))
}

/// A text with the values of secret parameters, and the user of an address, masked.
pub(crate) fn text_redacted(text: &str) -> String {
    let mut redacted = String::with_capacity(text.len());
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            redacted.push(' ');
        }
        if word.contains("://") {
            redacted.push_str(&address_redacted(word));
        } else {
            redacted.push_str(word);
        }
    }
    redacted
}

fn address_redacted(address: &str) -> String {
    let (base, query) = address.split_once('?').unwrap_or((address, ""));
    let mut redacted = match base.split_once("://").and_then(|(scheme, rest)| {
        let (user, host) = rest.split('/').next()?.rsplit_once('@')?;
        let path = &rest[user.len() + 1 + host.len()..];
        Some(format!("{scheme}://{HIDDEN}@{host}{path}"))
    }) {
        Some(masked) => masked,
        None => base.to_owned(),
    };
    for (index, pair) in query.split('&').filter(|pair| !pair.is_empty()).enumerate() {
        redacted.push(if index == 0 { '?' } else { '&' });
        match pair.split_once('=') {
            Some((name, _)) if is_secret(name) => {
                redacted.push_str(name);
                redacted.push('=');
                redacted.push_str(HIDDEN);
            }
            _ => redacted.push_str(pair),
        }
    }
    redacted
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_masked_wherever_they_stand() {
        let value = json!({
            "tenant": "x",
            "Client_Secret": "hush",
            "nested": [{"apiKey": "hush"}],
            "callback_url": "http://n8n:5678/webhook/4411?signature=hush&page=2",
        });
        let text = pretty(&value);
        assert!(!text.contains("hush"), "{text}");
        assert!(text.contains("http://n8n:5678/webhook/4411?signature=••••&page=2"), "{text}");
        assert_eq!(
            text_redacted("GET amqp://me:hush@host/vhost failed"),
            "GET amqp://••••@host/vhost failed"
        );
    }
}
