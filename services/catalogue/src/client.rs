//! Addresses and manners.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};

use crate::Error;

/// Settings of a [`Client`].
#[derive(Clone, Debug)]
pub struct Config {
    /// With version and language: `https://api.tcgdex.net/v2/fr`.
    pub tcgdex_url: String,
    pub tcgdex_requests_per_second: NonZeroU32,
    /// Cardmarket's price guide of one game; 6 is Pokémon.
    pub price_guide_url: String,
    /// The ECB's daily reference rates.
    pub rates_url: String,
    pub connect_timeout: Duration,
    /// Longest silence while an answer is read.
    pub read_timeout: Duration,
    /// Attempts of one request, the first included.
    pub max_attempts: u32,
    /// Wait before the second attempt; each further one waits twice as long.
    pub retry_delay: Duration,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            tcgdex_url: "https://api.tcgdex.net/v2/fr".into(),
            tcgdex_requests_per_second: const { NonZeroU32::new(5).unwrap() },
            price_guide_url:
                "https://downloads.s3.cardmarket.com/productCatalog/priceGuide/price_guide_6.json"
                    .into(),
            rates_url: "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml".into(),
            connect_timeout: Duration::from_secs(5),
            read_timeout: Duration::from_secs(30),
            max_attempts: 4,
            retry_delay: Duration::from_secs(1),
        }
    }
}

/// A client of all three sources. Clones share its connections and its rate.
#[derive(Clone, Debug)]
pub struct Client {
    pub(crate) http: reqwest::Client,
    pub(crate) config: Arc<Config>,
    pub(crate) tcgdex_limiter: Arc<DefaultDirectRateLimiter>,
}

impl Client {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// [`Error::Invalid`] when TLS or an address cannot be set up.
    pub fn new(config: Config) -> Result<Client, Error> {
        for url in [&config.tcgdex_url, &config.price_guide_url, &config.rates_url] {
            let parsed = reqwest::Url::parse(url);
            parsed
                .map_err(|error| Error::Invalid(format!("`{url}` is not an address: {error}")))?;
        }
        let http = reqwest::Client::builder()
            .user_agent(concat!("courtier/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(config.connect_timeout)
            .read_timeout(config.read_timeout)
            .redirect(reqwest::redirect::Policy::limited(3))
            .build()
            .map_err(|error| Error::Invalid(error.to_string()))?;
        // No burst: a polite client is even.
        let quota = Quota::per_second(config.tcgdex_requests_per_second);
        let limiter = RateLimiter::direct(quota.allow_burst(NonZeroU32::MIN));
        Ok(Client { http, config: Arc::new(config), tcgdex_limiter: Arc::new(limiter) })
    }
}
