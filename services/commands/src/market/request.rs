//! What eBay is asked.

use ebay::{Client, Error, ItemState, Page, RateLimit, Search};
use secrecy::SecretString;

/// One call.
pub(crate) trait Request: Sync {
    type Answer: Send;
    /// Whether it takes from the quota of the Browse API.
    const IS_COUNTED: bool = true;

    /// Sends it, once.
    fn send(
        &self,
        client: &Client,
        token: &SecretString,
    ) -> impl Future<Output = Result<Self::Answer, Error>> + Send;
}

impl Request for Search {
    type Answer = Page;

    async fn send(&self, client: &Client, token: &SecretString) -> Result<Page, Error> {
        client.search(token, self).await
    }
}

/// What became of an item, by its id.
pub(crate) struct Item<'a>(pub(crate) &'a str);

impl Request for Item<'_> {
    type Answer = ItemState;

    async fn send(&self, client: &Client, token: &SecretString) -> Result<ItemState, Error> {
        client.item(token, self.0).await
    }
}

/// eBay's own count of the calls of Browse. `None` when it does not say.
pub(super) struct Meter;

impl Request for Meter {
    type Answer = Option<RateLimit>;
    const IS_COUNTED: bool = false;

    async fn send(&self, client: &Client, token: &SecretString) -> Result<Self::Answer, Error> {
        client.rate_limit(token).await
    }
}
