//! The admin site.

use std::net::SocketAddr;

use secrecy::{ExposeSecret, SecretString};

use crate::api_keys::ApiKeys;
use crate::{Network, Reader, Variable, api, optional, optional_secret, secret};

/// Where the admin site listens, and who may sign in.
#[derive(Clone, Debug)]
pub struct Admin {
    /// `ADMIN_LISTEN`: address and port.
    pub listen: SocketAddr,
    /// `ADMIN_USERNAME`: the one account.
    pub username: String,
    /// `ADMIN_PASSWORD_HASH`: argon2id, as `courtier hash-password` writes it.
    pub password_hash: SecretString,
    /// `SESSION_SECRET_KEY`: signs cookies, at least 32 characters. `FLASK_SECRET_KEY` is its old
    /// name.
    pub session_secret: SecretString,
    /// `PUBLIC_URL`: the address people type. With `https://` cookies travel encrypted only.
    pub public_url: String,
    /// `TRUSTED_PROXIES`: as for the API.
    pub trusted_proxies: Vec<Network>,
    /// What the keys that are made here are hashed with.
    pub api_keys: ApiKeys,
}

const LISTEN: Variable = optional("ADMIN_LISTEN", "127.0.0.1:5002");
const USERNAME: Variable = Variable { name: "ADMIN_USERNAME", default: None, secret: false };
const PASSWORD_HASH: Variable = secret("ADMIN_PASSWORD_HASH");
const SESSION_SECRET: Variable = optional_secret("SESSION_SECRET_KEY");
const OLD_SESSION_SECRET: Variable = optional_secret("FLASK_SECRET_KEY");
const PUBLIC_URL: Variable = optional("PUBLIC_URL", "");

pub(crate) const VARIABLES: &[Variable] = &[
    LISTEN,
    USERNAME,
    PASSWORD_HASH,
    SESSION_SECRET,
    OLD_SESSION_SECRET,
    PUBLIC_URL,
    api::TRUSTED_PROXIES,
];

impl Admin {
    pub fn load(reader: &mut Reader<'_>) -> Admin {
        Admin {
            listen: reader.address(LISTEN),
            username: username(reader),
            password_hash: password_hash(reader),
            session_secret: session_secret(reader),
            public_url: public_url(reader),
            trusted_proxies: api::proxies(reader),
            api_keys: ApiKeys::load(reader),
        }
    }

    /// As [`Admin::load`] when an account is named; for `courtier all`, which also runs without.
    pub fn load_if_named(reader: &mut Reader<'_>) -> Option<Admin> {
        let named = reader.is_set(USERNAME) || reader.is_set(PASSWORD_HASH);
        named.then(|| Admin::load(reader))
    }
}

fn username(reader: &mut Reader<'_>) -> String {
    let name = reader.text(USERNAME);
    if name.chars().any(|c| c.is_whitespace() || c.is_control()) || name.len() > 64 {
        reader.problem(USERNAME.name, "must be one word of at most 64 bytes");
    }
    name
}

fn password_hash(reader: &mut Reader<'_>) -> SecretString {
    let hash = reader.secret(PASSWORD_HASH);
    let text = hash.expose_secret();
    if !text.is_empty() && (!text.starts_with("$argon2id$") || text.split('$').count() != 6) {
        reader.problem(
            PASSWORD_HASH.name,
            "is no argon2id hash: use the output of `courtier hash-password`",
        );
    }
    hash
}

fn session_secret(reader: &mut Reader<'_>) -> SecretString {
    let mut secret = reader.secret(SESSION_SECRET);
    let mut name = SESSION_SECRET.name;
    if secret.expose_secret().is_empty() {
        let old = reader.secret(OLD_SESSION_SECRET);
        if !old.expose_secret().is_empty() {
            (secret, name) = (old, OLD_SESSION_SECRET.name);
        }
    }
    secret::check(reader, name, &secret);
    secret
}

/// `PUBLIC_URL` alone, for tools that look at the site from outside.
pub fn public_url(reader: &mut Reader<'_>) -> String {
    reader.url(PUBLIC_URL).trim_end_matches('/').to_owned()
}
