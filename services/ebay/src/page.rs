//! A page of what was found.

use cards::Listing;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::error::{Error, Notice};
use crate::refusal::WireNotice;
use crate::summary::{Offer, Summary};

/// One page of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// How many listings match, on all pages; eBay estimates.
    pub total: u64,
    pub listings: Vec<Listing>,
    /// Listings of this page that cannot be understood. They were counted by eBay all the same.
    pub unreadable: Vec<Unreadable>,
    /// Length of the answer, decompressed.
    pub body_bytes: usize,
}

/// A listing that is not as documented.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub item_id: Option<String>,
    pub reason: String,
}

impl Page {
    pub(crate) fn read(json: &[u8], offset: u32) -> Result<Page, Error> {
        // Once for the page: from bytes, each of its texts would be looked at again.
        let json = str::from_utf8(json).map_err(|error| Error::Unreadable(error.to_string()))?;
        let Ok(envelope) = serde_json::from_str::<Envelope<Offer>>(json) else {
            return Page::read_one_by_one(json, offset);
        };
        let (total, offers) = envelope.items(offset)?;
        Ok(Page::collect(total, json.len(), offers.into_iter().map(|offer| offer.0)))
    }

    /// Slower: an item that breaks the page is found and left out, with the path to what is wrong.
    fn read_one_by_one(json: &str, offset: u32) -> Result<Page, Error> {
        let envelope: Envelope<&RawValue> =
            serde_json::from_str(json).map_err(|error| Error::Unreadable(error.to_string()))?;
        let (total, items) = envelope.items(offset)?;
        let listings = items.into_iter().map(|item| {
            let mut reader = serde_json::Deserializer::from_str(item.get());
            let summary: Summary<'_> =
                serde_path_to_error::deserialize(&mut reader).map_err(|error| Unreadable {
                    item_id: item_id(item),
                    reason: error.to_string(),
                })?;
            summary.into_listing()
        });
        Ok(Page::collect(total, json.len(), listings))
    }

    fn collect(
        total: u64,
        body_bytes: usize,
        found: impl Iterator<Item = Result<Listing, Unreadable>>,
    ) -> Page {
        let mut unreadable = Vec::new();
        let listings = found.filter_map(|listing| listing.map_err(|it| unreadable.push(it)).ok());
        Page { total, listings: listings.collect(), unreadable, body_bytes }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<Item> {
    total: Option<u64>,
    item_summaries: Option<Vec<Item>>,
    #[serde(default)]
    warnings: Vec<WireNotice>,
    #[serde(default)]
    errors: Vec<WireNotice>,
}

impl<Item> Envelope<Item> {
    /// The total and the items, if the answer is one to what was asked.
    fn items(self, offset: u32) -> Result<(u64, Vec<Item>), Error> {
        let notices: Vec<_> =
            self.warnings.into_iter().chain(self.errors).map(Notice::from).collect();
        if !notices.is_empty() {
            return Err(Error::Doubtful(notices));
        }
        let Some(total) = self.total else {
            return Err(Error::Unreadable("it has no total".into()));
        };
        match self.item_summaries {
            Some(items) => Ok((total, items)),
            None if total <= u64::from(offset) => Ok((total, Vec::new())),
            None => Err(Error::Unreadable(format!("it announces {total} listings and shows none"))),
        }
    }
}

fn item_id(item: &RawValue) -> Option<String> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Id {
        item_id: String,
    }
    serde_json::from_str(item.get()).ok().map(|id: Id| id.item_id)
}

#[cfg(test)]
mod tests;
