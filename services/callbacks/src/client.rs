//! Sends callbacks.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use reqwest::header::CONTENT_TYPE;
use secrecy::SecretSlice;

use crate::resolve::Guard;
use crate::sign::Keys;
use crate::{Error, Lookup, Policy, System};

/// How callbacks are sent.
pub struct Config {
    pub policy: Policy,
    /// Keys of the signature, the newest first.
    pub secrets: Vec<SecretSlice<u8>>,
    /// Where hosts are.
    pub lookup: Arc<dyn Lookup>,
    pub connect_timeout: Duration,
    /// Longest time from the first byte sent to the last one read.
    pub timeout: Duration,
}

impl Config {
    pub fn new(policy: Policy, secrets: Vec<SecretSlice<u8>>) -> Config {
        Config {
            policy,
            secrets,
            lookup: Arc::new(System),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(10),
        }
    }
}

/// One callback.
#[derive(Clone, Debug)]
pub struct Message<'a> {
    /// Where to, as the client named it.
    pub url: &'a str,
    /// The same on every try, so that a receiver knows what it has seen.
    pub id: &'a str,
    /// JSON.
    pub body: Bytes,
    /// Of this try.
    pub now: Timestamp,
}

/// Somebody has taken it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Any of 200 to 299.
    pub status: u16,
}

/// Sends callbacks, to where they may go.
pub struct Client {
    http: reqwest::Client,
    policy: Arc<Policy>,
    keys: Keys,
}

/// What is read of an answer, so that its sender is not cut off: nobody looks at it.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

impl Client {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// [`Error::Invalid`] when TLS cannot be set up.
    pub fn new(config: Config) -> Result<Client, Error> {
        let policy = Arc::new(config.policy);
        let guard = Guard { policy: Arc::clone(&policy), lookup: config.lookup };
        let http = reqwest::Client::builder()
            .user_agent(concat!("courtier/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(config.connect_timeout)
            .timeout(config.timeout)
            .redirect(reqwest::redirect::Policy::none())
            // A proxy would connect in our place, past the guard.
            .no_proxy()
            // Each callback has its own connection, and with it its own look at where the host is.
            .pool_max_idle_per_host(0)
            .dns_resolver(Arc::new(guard))
            .build()
            .map_err(|error| Error::Invalid(error.to_string()))?;
        Ok(Client { http, policy, keys: Keys::new(&config.secrets) })
    }

    /// Sends `message` once.
    ///
    /// # Errors
    /// [`Error`] says why nobody took it, and whether a later try may help.
    pub async fn send(&self, message: Message<'_>) -> Result<Answer, Error> {
        // The lists may have changed since the address was accepted.
        let target = self.policy.check(message.url)?;
        if self.keys.is_empty() {
            return Err(Error::Invalid("CALLBACK_SECRET is not set for this worker".into()));
        }
        let timestamp_s = message.now.as_second();
        let request = self
            .http
            .post(target.url.clone())
            .header(CONTENT_TYPE, "application/json")
            .header("webhook-id", message.id)
            .header("webhook-timestamp", timestamp_s)
            .header("webhook-signature", self.keys.sign(message.id, timestamp_s, &message.body))
            .body(message.body);
        let response = request.send().await;
        let mut response = response.map_err(|error| Error::network(target.shown(), &error))?;
        let status = response.status().as_u16();
        drain(&mut response).await;
        if response.status().is_success() {
            return Ok(Answer { status });
        }
        Err(Error::Status { to: target.shown(), status })
    }
}

/// The status is known; what is wrong with the rest does not matter.
async fn drain(response: &mut reqwest::Response) {
    let mut read = 0;
    while read < MAX_ANSWER_BYTES {
        match response.chunk().await {
            Ok(Some(chunk)) => read += chunk.len(),
            Ok(None) | Err(_) => return,
        }
    }
}
