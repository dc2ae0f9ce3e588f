//! Cardmarket's price guide: one public file a day with every product of the game.

use std::fmt;
use std::io::Read;

use jiff::Timestamp;
use jiff::fmt::strtime;
use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use crate::price::{CardPrices, WirePrices};
use crate::stream::read_streamed;
use crate::{Client, Error};

/// The only version whose meaning is known.
const VERSION: u64 = 1;
/// The file has about 80,000 entries in 15 MB.
const MAX_FILE_BYTES: u64 = 256 << 20;

/// What the file says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceGuide {
    pub created_at: Timestamp,
    pub n_entries: u64,
}

/// One product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PriceEntry {
    pub id_product: u64,
    pub prices: CardPrices,
}

impl Client {
    /// Downloads the guide and hands over its entries while it comes in, on a thread of its own.
    /// Keep nothing of it before this has returned: only then is the file known to be whole.
    ///
    /// # Errors
    /// By transport, status, or [`Error::Unreadable`]. It is not tried again: entries have been
    /// handed over already.
    pub async fn price_guide(
        &self,
        visit: impl FnMut(PriceEntry) + Send + 'static,
    ) -> Result<PriceGuide, Error> {
        let url = &self.config.price_guide_url;
        let response = self.open(url).await?;
        let parse = |input: &mut dyn Read| parse(input, visit);
        let header = read_streamed(response, url, MAX_FILE_BYTES, parse).await?;
        header.check().map_err(|reason| Error::Unreadable { url: url.clone(), reason })
    }
}

/// Everything but the entries, as far as it was found.
#[derive(Debug, Default, PartialEq, Eq)]
struct Header {
    version: Option<u64>,
    created_at: Option<String>,
    n_entries: Option<u64>,
}

impl Header {
    fn check(self) -> Result<PriceGuide, String> {
        if self.version != Some(VERSION) {
            return Err(format!("its version is {:?}, known is {VERSION}", self.version));
        }
        let created_at = self.created_at.ok_or("it has no createdAt")?;
        let created_at = instant(&created_at)
            .map_err(|error| format!("its createdAt is `{created_at}`: {error}"))?;
        let n_entries = self.n_entries.ok_or("it has no priceGuides")?;
        if n_entries == 0 {
            return Err("its priceGuides are empty".into());
        }
        Ok(PriceGuide { created_at, n_entries })
    }
}

/// `2026-08-26T12:20:28+0200`: the offset has no colon.
fn instant(text: &str) -> Result<Timestamp, jiff::Error> {
    strtime::parse("%Y-%m-%dT%H:%M:%S%z", text)?.to_timestamp()
}

fn parse(input: &mut dyn Read, mut visit: impl FnMut(PriceEntry)) -> serde_json::Result<Header> {
    let mut reader = serde_json::Deserializer::from_reader(input);
    let header = reader.deserialize_map(FileVisitor(&mut visit))?;
    reader.end()?;
    Ok(header)
}

struct FileVisitor<'a, F>(&'a mut F);

impl<'de, F: FnMut(PriceEntry)> Visitor<'de> for FileVisitor<'_, F> {
    type Value = Header;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a price guide")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
        let mut header = Header::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "version" => header.version = Some(map.next_value()?),
                "createdAt" => header.created_at = Some(map.next_value()?),
                "priceGuides" if header.n_entries.is_some() => {
                    return Err(A::Error::duplicate_field("priceGuides"));
                }
                "priceGuides" => {
                    header.n_entries = Some(map.next_value_seed(EntriesVisitor(&mut *self.0))?);
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(header)
    }
}

struct EntriesVisitor<'a, F>(&'a mut F);

impl<'de, F: FnMut(PriceEntry)> DeserializeSeed<'de> for EntriesVisitor<'_, F> {
    type Value = u64;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<u64, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, F: FnMut(PriceEntry)> Visitor<'de> for EntriesVisitor<'_, F> {
    type Value = u64;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a list of products")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<u64, A::Error> {
        let mut n_entries = 0;
        while let Some(entry) = entries.next_element::<WireEntry>()? {
            n_entries += 1;
            (self.0)(PriceEntry { id_product: entry.id_product, prices: entry.prices.into() });
        }
        Ok(n_entries)
    }
}

#[derive(Deserialize)]
struct WireEntry {
    #[serde(rename = "idProduct")]
    id_product: u64,
    #[serde(flatten)]
    prices: WirePrices,
}

#[cfg(test)]
mod tests;
