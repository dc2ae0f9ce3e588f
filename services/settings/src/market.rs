//! eBay, and where cards, reference prices and exchange rates come from.

use secrecy::{ExposeSecret, SecretString};

use crate::{Reader, Variable, optional, optional_secret};

/// How the marketplace and the catalogue sources are reached.
#[derive(Clone, Debug)]
pub struct Market {
    /// `EBAY_CLIENT_ID`, `EBAY_CLIENT_SECRET`: the application's credentials; without them cards
    /// wait until they are there.
    pub credentials: Option<Credentials>,
    /// `EBAY_API_URL`
    pub ebay_url: String,
    /// `EBAY_MARKETPLACE_ID`
    pub marketplace_id: String,
    /// `TCGDEX_URL`: with version and language.
    pub tcgdex_url: String,
    /// `CARDMARKET_PRICE_GUIDE_URL`: the daily file of all reference prices.
    pub price_guide_url: String,
    /// `ECB_RATES_URL`: the daily exchange rates.
    pub rates_url: String,
}

/// An application that eBay knows.
#[derive(Clone, Debug)]
pub struct Credentials {
    pub client_id: String,
    pub client_secret: SecretString,
}

const CLIENT_ID: Variable = optional("EBAY_CLIENT_ID", "");
const CLIENT_SECRET: Variable = optional_secret("EBAY_CLIENT_SECRET");
const EBAY_URL: Variable = optional("EBAY_API_URL", "https://api.ebay.com");
const MARKETPLACE: Variable = optional("EBAY_MARKETPLACE_ID", "EBAY_FR");
const TCGDEX_URL: Variable = optional("TCGDEX_URL", "https://api.tcgdex.net/v2/fr");
const PRICE_GUIDE_URL: Variable = optional(
    "CARDMARKET_PRICE_GUIDE_URL",
    "https://downloads.s3.cardmarket.com/productCatalog/priceGuide/price_guide_6.json",
);
const RATES_URL: Variable =
    optional("ECB_RATES_URL", "https://www.ecb.europa.eu/stats/eurofxref/eurofxref-daily.xml");

pub(crate) const VARIABLES: &[Variable] =
    &[CLIENT_ID, CLIENT_SECRET, EBAY_URL, MARKETPLACE, TCGDEX_URL, PRICE_GUIDE_URL, RATES_URL];

impl Market {
    pub fn load(reader: &mut Reader<'_>) -> Market {
        Market {
            credentials: credentials(reader),
            ebay_url: reader.url(EBAY_URL),
            marketplace_id: reader.text(MARKETPLACE),
            tcgdex_url: reader.url(TCGDEX_URL),
            price_guide_url: reader.url(PRICE_GUIDE_URL),
            rates_url: reader.url(RATES_URL),
        }
    }
}

/// Both or none: one alone is a mistake.
fn credentials(reader: &mut Reader<'_>) -> Option<Credentials> {
    let client_id = reader.text(CLIENT_ID);
    let client_secret = reader.secret(CLIENT_SECRET);
    match (client_id.is_empty(), client_secret.expose_secret().is_empty()) {
        (false, false) => return Some(Credentials { client_id, client_secret }),
        (true, true) => {}
        (true, false) => reader.problem(CLIENT_ID.name, "is not set, but its secret is"),
        (false, true) => reader.problem(CLIENT_SECRET.name, "is not set, but the client's id is"),
    }
    None
}
