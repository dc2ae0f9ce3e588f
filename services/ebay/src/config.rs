//! How to reach eBay, and as whom.

use std::time::Duration;

use secrecy::SecretString;

/// Settings of a [`Client`](crate::Client).
#[derive(Clone, Debug)]
pub struct Config {
    /// Without a path: `https://api.ebay.com`.
    pub api_url: String,
    pub client_id: String,
    pub client_secret: SecretString,
    /// Such as `EBAY_FR`. Without one eBay would search its site in the United States.
    pub marketplace_id: String,
    /// Language of conditions and messages, such as `fr-FR`.
    pub language: String,
    /// Where items would be sent: makes shipping costs more complete.
    pub delivery: Option<Delivery>,
    pub connect_timeout: Duration,
    /// From the first byte sent to the last one received.
    pub timeout: Duration,
}

/// A destination.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// ISO 3166, such as `FR`.
    pub country: String,
    pub postcode: Option<String>,
}

impl Config {
    /// eBay itself, searching and delivering in France.
    pub fn new(client_id: impl Into<String>, client_secret: SecretString) -> Config {
        Config {
            api_url: "https://api.ebay.com".into(),
            client_id: client_id.into(),
            client_secret,
            marketplace_id: "EBAY_FR".into(),
            language: "fr-FR".into(),
            delivery: Some(Delivery { country: "FR".into(), postcode: None }),
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(20),
        }
    }
}
