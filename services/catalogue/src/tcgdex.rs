//! `TCGdex` v2: series, sets and cards.

use jiff::civil::Date;
use reqwest::Url;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

use crate::price::{CardPrices, WirePrices};
use crate::{Client, Error};

/// The largest set has about 120 KB.
const MAX_ANSWER_BYTES: u64 = 8 << 20;

/// A series without its sets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct SeriesBrief {
    pub id: String,
    pub name: String,
}

/// A series.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Series {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub sets: Vec<SetBrief>,
}

/// A set without its cards.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SetBrief {
    pub id: String,
    pub name: String,
    pub card_count: CardCount,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub struct CardCount {
    /// As printed on the cards, behind the stroke.
    pub official: u32,
    /// With the secret ones.
    pub total: u32,
}

/// A set.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Set {
    pub id: String,
    pub name: String,
    pub card_count: CardCount,
    #[serde(rename = "serie")]
    pub series: SeriesBrief,
    pub release_date: Option<Date>,
    /// Its code in the online game, which is also what players call it by: `DAA`.
    pub tcg_online: Option<String>,
    #[serde(default)]
    pub cards: Vec<CardBrief>,
}

/// A card as a set lists it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CardBrief {
    pub id: String,
    #[serde(deserialize_with = "text_or_number")]
    pub local_id: String,
    pub name: String,
}

/// A card.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Card {
    /// Of the set and the local id: `base1-4`.
    pub id: String,
    /// The number as printed, which need not be one: `4`, `001`, `TG12`, `?`.
    #[serde(deserialize_with = "text_or_number")]
    pub local_id: String,
    pub name: String,
    pub rarity: Option<String>,
    pub set: SetBrief,
    #[serde(default)]
    pub variants: Variants,
    #[serde(default, rename = "pricing", deserialize_with = "cardmarket")]
    pub cardmarket: Option<CardmarketPricing>,
}

/// In which versions a card was printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts, named by the source")]
pub struct Variants {
    pub normal: bool,
    pub reverse: bool,
    pub holo: bool,
    pub first_edition: bool,
}

/// Cardmarket's figures, as `TCGdex` passes them on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CardmarketPricing {
    pub id_product: Option<u64>,
    pub prices: CardPrices,
}

impl Client {
    /// All series.
    ///
    /// # Errors
    /// By transport, status, or [`Error::Unreadable`].
    pub async fn series(&self) -> Result<Vec<SeriesBrief>, Error> {
        self.tcgdex(&["series"]).await
    }

    /// One series with its sets; `None` when there is no such series.
    ///
    /// # Errors
    /// By transport, status, or [`Error::Unreadable`].
    pub async fn series_by_id(&self, id: &str) -> Result<Option<Series>, Error> {
        found(self.tcgdex(&["series", id]).await)
    }

    /// All sets, oldest first.
    ///
    /// # Errors
    /// By transport, status, or [`Error::Unreadable`].
    pub async fn sets(&self) -> Result<Vec<SetBrief>, Error> {
        self.tcgdex(&["sets"]).await
    }

    /// One set with its cards; `None` when there is no such set in this language.
    ///
    /// # Errors
    /// By transport, status, or [`Error::Unreadable`].
    pub async fn set(&self, id: &str) -> Result<Option<Set>, Error> {
        found(self.tcgdex(&["sets", id]).await)
    }

    /// One card with its prices; `None` when there is no such card in this language.
    ///
    /// # Errors
    /// By transport, status, or [`Error::Unreadable`].
    pub async fn card(&self, id: &str) -> Result<Option<Card>, Error> {
        found(self.tcgdex(&["cards", id]).await)
    }

    async fn tcgdex<T: DeserializeOwned>(&self, path: &[&str]) -> Result<T, Error> {
        let url = self.tcgdex_url(path)?;
        let body = self.fetch(&url, MAX_ANSWER_BYTES, Some(&self.tcgdex_limiter)).await?;
        serde_json::from_slice(&body)
            .map_err(|error| Error::Unreadable { url, reason: error.to_string() })
    }

    /// Ids may hold any sign: one card's number is a question mark.
    fn tcgdex_url(&self, path: &[&str]) -> Result<String, Error> {
        let base = &self.config.tcgdex_url;
        let invalid = || Error::Invalid(format!("`{base}` is not the address of a server"));
        let mut url = Url::parse(base).map_err(|_| invalid())?;
        url.path_segments_mut().map_err(|()| invalid())?.pop_if_empty().extend(path);
        Ok(url.into())
    }
}

fn found<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(Error::Status { status: 404, .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum TextOrNumber {
        Text(String),
        Number(u64),
    }
    Ok(match TextOrNumber::deserialize(deserializer)? {
        TextOrNumber::Text(text) => text,
        TextOrNumber::Number(number) => number.to_string(),
    })
}

fn cardmarket<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<CardmarketPricing>, D::Error> {
    #[derive(Deserialize)]
    struct Pricing {
        cardmarket: Option<Cardmarket>,
    }
    #[derive(Deserialize)]
    struct Cardmarket {
        #[serde(rename = "idProduct")]
        id_product: Option<u64>,
        #[serde(flatten)]
        prices: WirePrices,
    }
    let pricing: Option<Pricing> = Option::deserialize(deserializer)?;
    let cardmarket = pricing.and_then(|pricing| pricing.cardmarket);
    Ok(cardmarket.map(|found| CardmarketPricing {
        id_product: found.id_product,
        prices: found.prices.into(),
    }))
}

#[cfg(test)]
mod tests;
