//! The requests that count against the quota of eBay's Browse API.

use ebay::{Client, Error, ItemState, Page, Search};
use secrecy::SecretString;

/// One call.
pub(crate) trait Request: Sync {
    type Answer: Send;

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
