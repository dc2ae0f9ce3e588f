//! eBay's credentials; eBay itself is asked on demand only.

use settings::ExposeSecret;
use settings::market::Market;

use crate::check::{Cause, Check};

const NAME: &str = "eBay";

pub(super) async fn check(market: &Market, ask: bool) -> Check {
    let Some(credentials) = &market.credentials else {
        if !ask {
            let detail = "no credentials: cards wait until they are there";
            return Check::well(Cause::Ebay, NAME, detail);
        }
        let advice = "set EBAY_CLIENT_ID and EBAY_CLIENT_SECRET of a production keyset";
        return Check::ill(Cause::Ebay, NAME, "no credentials", advice);
    };
    if !ask {
        return Check::well(Cause::Ebay, NAME, "credentials are set; --ebay tries them");
    }
    let secret = credentials.client_secret.expose_secret().to_owned();
    let config = ebay::Config {
        api_url: market.ebay_url.clone(),
        marketplace_id: market.marketplace_id.clone(),
        ..ebay::Config::new(credentials.client_id.clone(), secret.into())
    };
    let minted = match ebay::Client::new(config) {
        Ok(client) => client.mint().await,
        Err(error) => Err(error),
    };
    match minted {
        Ok(token) => {
            let minutes = token.expires_in.as_secs() / 60;
            Check::well(Cause::Ebay, NAME, format!("gave a token for {minutes} minutes"))
        }
        Err(error @ ebay::Error::Credentials(_)) => Check::ill(
            Cause::Ebay,
            NAME,
            error.to_string(),
            "copy both values of the production keyset again; those of the sandbox do not fit \
             EBAY_API_URL",
        ),
        Err(error) => Check::ill(
            Cause::Ebay,
            NAME,
            error.to_string(),
            "let this host reach EBAY_API_URL over HTTPS",
        ),
    }
}
