//! Tokens that the API gives out for an API key: JWT, signed with HMAC-SHA256 and nothing else.
//!
//! A token says which key it was given out for. The key is looked up with every request, so that
//! revoking it ends its tokens at once; the token's own end only bounds how long a stolen one is
//! of use.

use std::time::Duration;

use jiff::Timestamp;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, errors};
use serde::{Deserialize, Serialize};
use settings::{ExposeSecret as _, SecretString};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::problem::Problem;
use crate::request_id;

/// Who gives tokens out, and for what.
const ISSUER: &str = "courtier";
const AUDIENCE: &str = "courtier:v1";
/// Clocks of several machines may differ by this much.
const LEEWAY_S: u64 = 10;

/// Signs and checks tokens.
pub(crate) struct Tokens {
    key_id: String,
    signing: EncodingKey,
    /// The current secret and, for a while, the one before: by key id.
    known: Vec<(String, DecodingKey)>,
    lifetime: Duration,
}

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) iss: String,
    pub(crate) aud: String,
    /// The API key.
    pub(crate) sub: Uuid,
    pub(crate) tenant_id: Uuid,
    /// Rights, separated by blanks (RFC 8693).
    pub(crate) scope: String,
    /// Seconds since 1970.
    pub(crate) iat: i64,
    pub(crate) nbf: i64,
    pub(crate) exp: i64,
    pub(crate) jti: Uuid,
}

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// It is not a token, or not one of ours.
    Unknown,
    /// Its time is over.
    Expired,
    /// Its time has not come: the clocks of two machines differ.
    Early,
}

impl Refused {
    pub(crate) fn detail(self) -> &'static str {
        match self {
            Refused::Unknown => "this token was not given out here: exchange an API key for one",
            Refused::Expired => "this token has expired: exchange the API key for a new one",
            Refused::Early => "this token is not valid yet: compare the clocks",
        }
    }
}

impl Claims {
    pub(crate) fn has_scope(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|one| one == scope)
    }
}

impl Tokens {
    pub(crate) fn new(settings: &settings::tokens::Tokens) -> Tokens {
        let known = [Some(&settings.secret), settings.previous_secret.as_ref()];
        let decoding = |secret: &SecretString| {
            (key_id(secret), DecodingKey::from_secret(secret.expose_secret().as_bytes()))
        };
        Tokens {
            key_id: key_id(&settings.secret),
            signing: EncodingKey::from_secret(settings.secret.expose_secret().as_bytes()),
            known: known.into_iter().flatten().map(decoding).collect(),
            lifetime: settings.lifetime,
        }
    }

    /// How long a token is taken.
    pub(crate) fn lifetime(&self) -> Duration {
        self.lifetime
    }

    /// A token for a key, and for these rights of it.
    pub(crate) fn issue(
        &self,
        key_id: Uuid,
        tenant_id: Uuid,
        scopes: &[String],
    ) -> Result<String, Problem> {
        let now = Timestamp::now().as_second();
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: key_id,
            tenant_id,
            scope: scopes.join(" "),
            iat: now,
            nbf: now,
            exp: now.saturating_add_unsigned(self.lifetime.as_secs()),
            jti: Uuid::now_v7(),
        };
        self.sign(&claims)
    }

    fn sign(&self, claims: &Claims) -> Result<String, Problem> {
        let header = Header { kid: Some(self.key_id.clone()), ..Header::new(Algorithm::HS256) };
        jsonwebtoken::encode(&header, claims, &self.signing).map_err(|error| {
            tracing::error!(%error, request_id = request_id::current(), "a token could not be signed");
            Problem::Internal
        })
    }

    /// What a token says, if it is one of ours and its time is now.
    pub(crate) fn verify(&self, token: &str) -> Result<Claims, Refused> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| Refused::Unknown)?;
        // The algorithm is ours to choose: what the header says can only be right or wrong.
        let known = self.known.iter().find(|(id, _)| header.kid.as_ref() == Some(id));
        let (_, key) = known.filter(|_| header.alg == Algorithm::HS256).ok_or(Refused::Unknown)?;
        let claims = jsonwebtoken::decode::<Claims>(token, key, &validation());
        let claims = claims.map_err(|error| match error.kind() {
            errors::ErrorKind::ExpiredSignature => Refused::Expired,
            errors::ErrorKind::ImmatureSignature => Refused::Early,
            _ => Refused::Unknown,
        })?;
        if claims.claims.iat > Timestamp::now().as_second().saturating_add_unsigned(LEEWAY_S) {
            return Err(Refused::Early);
        }
        Ok(claims.claims)
    }
}

fn validation() -> Validation {
    let mut validation = Validation::new(Algorithm::HS256);
    validation.set_issuer(&[ISSUER]);
    validation.set_audience(&[AUDIENCE]);
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY_S;
    validation
}

/// Names a secret without telling it.
fn key_id(secret: &SecretString) -> String {
    let mut hash = Sha256::new();
    hash.update(b"courtier key id\0");
    hash.update(secret.expose_secret());
    format!("{:x}", hash.finalize())[..16].to_owned()
}

#[cfg(test)]
mod tests;
