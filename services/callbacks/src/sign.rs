//! The signature of a callback, by the rules of Standard Webhooks, which have readers in most
//! languages: HMAC-SHA-256 over `{id}.{timestamp}.{body}`.

use aws_lc_rs::hmac;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret as _, SecretSlice};

/// The keys of the signature: while the secret is changed there are two, and a receiver accepts
/// the one it knows.
pub(crate) struct Keys(Vec<hmac::Key>);

impl Keys {
    pub(crate) fn new(secrets: &[SecretSlice<u8>]) -> Keys {
        let key =
            |secret: &SecretSlice<u8>| hmac::Key::new(hmac::HMAC_SHA256, secret.expose_secret());
        Keys(secrets.iter().map(key).collect())
    }

    /// The value of the header `webhook-signature`: `v1,<base64>` for each key.
    pub(crate) fn sign(&self, id: &str, timestamp_s: i64, body: &[u8]) -> String {
        let signed = [format!("{id}.{timestamp_s}.").as_bytes(), body].concat();
        let signature = |key| format!("v1,{}", STANDARD.encode(hmac::sign(key, &signed)));
        self.0.iter().map(signature).collect::<Vec<_>>().join(" ")
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(secrets: &[&str]) -> Keys {
        let secrets = secrets.iter().map(|secret| STANDARD.decode(secret).unwrap().into());
        Keys::new(&secrets.collect::<Vec<_>>())
    }

    /// The example of the specification.
    #[test]
    fn signs_as_others_do() {
        let signature = keys(&["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]).sign(
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            br#"{"test": 2432232314}"#,
        );
        assert_eq!(signature, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn both_secrets_sign_while_one_takes_over() {
        let both = keys(&["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]);
        let one = keys(&["AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"]).sign("id", 1, b"{}");
        let signature = both.sign("id", 1, b"{}");
        assert_eq!(signature.split(' ').count(), 2);
        assert!(signature.ends_with(&one));
    }
}
