//! A page of what was found.

use std::fmt;

use cards::Listing;
use serde::Deserialize;
use serde::de::{Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::{Error, Notice};
use crate::refusal::WireNotice;
use crate::search::MAX_LIMIT;
use crate::summary::Summary;

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
        let Ok(envelope) = serde_json::from_str::<Envelope<Found>>(json) else {
            return Page::read_one_by_one(json, offset);
        };
        let (total, found) = envelope.items(offset)?;
        Ok(Page::of(total, found, json.len()))
    }

    /// Slower: an item that breaks the page is found and left out, with the path to what is wrong.
    fn read_one_by_one(json: &str, offset: u32) -> Result<Page, Error> {
        let envelope: Envelope<Vec<&RawValue>> =
            serde_json::from_str(json).map_err(|error| Error::Unreadable(error.to_string()))?;
        let (total, items) = envelope.items(offset)?;
        let mut found = Found::default();
        for item in items {
            found.push(read_item(item));
        }
        Ok(Page::of(total, found, json.len()))
    }

    fn of(total: u64, found: Found, body_bytes: usize) -> Page {
        Page { total, listings: found.listings, unreadable: found.unreadable, body_bytes }
    }
}

/// Summaries that were translated as they were read: a page of them is never held beside its
/// listings.
#[derive(Default)]
struct Found {
    listings: Vec<Listing>,
    unreadable: Vec<Unreadable>,
}

impl Found {
    fn push(&mut self, listing: Result<Listing, Unreadable>) {
        match listing {
            Ok(listing) => self.listings.push(listing),
            Err(unreadable) => self.unreadable.push(unreadable),
        }
    }
}

impl<'de> Deserialize<'de> for Found {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Found, D::Error> {
        deserializer.deserialize_seq(FoundVisitor)
    }
}

struct FoundVisitor;

impl<'de> Visitor<'de> for FoundVisitor {
    type Value = Found;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of items")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Found, A::Error> {
        let listings = Vec::with_capacity(MAX_LIMIT.into());
        let mut found = Found { listings, unreadable: Vec::new() };
        while let Some(item) = items.next_element::<Summary<'_>>()? {
            found.push(item.into_listing());
        }
        Ok(found)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Envelope<Items> {
    total: Option<u64>,
    item_summaries: Option<Items>,
    #[serde(default)]
    warnings: Vec<WireNotice>,
    #[serde(default)]
    errors: Vec<WireNotice>,
}

impl<Items: Default> Envelope<Items> {
    /// The total and the items, if the answer is one to what was asked.
    fn items(self, offset: u32) -> Result<(u64, Items), Error> {
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
            None if total <= u64::from(offset) => Ok((total, Items::default())),
            None => Err(Error::Unreadable(format!("it announces {total} listings and shows none"))),
        }
    }
}

fn read_item(item: &RawValue) -> Result<Listing, Unreadable> {
    let mut reader = serde_json::Deserializer::from_str(item.get());
    let summary: Summary<'_> = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| Unreadable { item_id: item_id(item), reason: error.to_string() })?;
    summary.into_listing()
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
