//! What to search for, in the words and by the rules of eBay.

use cards::BuyingOption;
use rust_decimal::Decimal;

use crate::error::Error;
use crate::page::Page;

/// Most listings of a page. It costs one call, as a smaller page does.
pub const MAX_LIMIT: u16 = 200;
/// No listing beyond this place can be asked for.
pub const MAX_OFFSET: u32 = 9_999;
/// Longest query that eBay takes.
const MAX_QUERY_CHARS: usize = 100;
/// Trading cards, singles.
const CARDS_CATEGORY: &str = "183454";

/// A search for listings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// All words must be in the title; `(a, b)` means either.
    pub query: String,
    /// eBay takes one.
    pub category: Option<String>,
    pub filters: Filters,
    /// From 1 to [`MAX_LIMIT`].
    pub limit: u16,
    /// A multiple of `limit`, at most [`MAX_OFFSET`].
    pub offset: u32,
}

/// Empty parts filter nothing, except that eBay then leaves out pure auctions by itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    pub buying_options: Vec<BuyingOption>,
    /// Such as `2750` graded, `4000` ungraded.
    pub condition_ids: Vec<String>,
    /// ISO 3166: where the item is.
    pub item_location_country: Option<String>,
    /// ISO 3166: where it can be sent.
    pub delivery_country: Option<String>,
    pub price: Option<PriceRange>,
    pub exclude_sellers: Vec<String>,
}

/// Without shipping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceRange {
    pub min: Option<Decimal>,
    pub max: Option<Decimal>,
    /// ISO 4217.
    pub currency: String,
}

impl Search {
    /// The first page of cards at a fixed price in France.
    pub fn new(query: impl Into<String>) -> Search {
        let filters = Filters {
            buying_options: vec![BuyingOption::FixedPrice],
            item_location_country: Some("FR".into()),
            ..Filters::default()
        };
        Search {
            query: query.into(),
            category: Some(CARDS_CATEGORY.into()),
            filters,
            limit: MAX_LIMIT,
            offset: 0,
        }
    }

    /// The search for the page behind `page`, `None` when there is none.
    pub fn after(&self, page: &Page) -> Option<Search> {
        let offset = self.offset + u32::from(self.limit);
        let is_there = u64::from(offset) < page.total && offset <= MAX_OFFSET;
        is_there.then(|| Search { offset, ..self.clone() })
    }

    /// Query parameters. eBay's rules are checked here, because breaking one costs a call.
    pub(crate) fn parameters(&self) -> Result<Vec<(&'static str, String)>, Error> {
        self.check()?;
        let mut parameters = vec![
            ("q", self.query.trim().to_owned()),
            ("limit", self.limit.to_string()),
            ("offset", self.offset.to_string()),
        ];
        if let Some(category) = &self.category {
            parameters.push(("category_ids", category.clone()));
        }
        let filter = self.filters.expression()?;
        if !filter.is_empty() {
            parameters.push(("filter", filter));
        }
        Ok(parameters)
    }

    fn check(&self) -> Result<(), Error> {
        let invalid = |reason: String| Err(Error::Invalid(reason));
        let query = self.query.trim();
        if query.is_empty() {
            return invalid("the query is empty".into());
        }
        let n_chars = query.chars().count();
        if n_chars > MAX_QUERY_CHARS {
            return invalid(format!("the query has {n_chars} characters of {MAX_QUERY_CHARS}"));
        }
        if !(1..=MAX_LIMIT).contains(&self.limit) {
            return invalid(format!("the limit {} is not from 1 to {MAX_LIMIT}", self.limit));
        }
        if !self.offset.is_multiple_of(u32::from(self.limit)) || self.offset > MAX_OFFSET {
            let (offset, limit) = (self.offset, self.limit);
            return invalid(format!(
                "the offset {offset} is not a multiple of {limit} up to {MAX_OFFSET}"
            ));
        }
        Ok(())
    }
}

impl Filters {
    fn expression(&self) -> Result<String, Error> {
        let mut parts = Vec::new();
        let options: Vec<_> = self.buying_options.iter().copied().map(option_name).collect();
        push_list(&mut parts, "buyingOptions", &options)?;
        push_list(&mut parts, "conditionIds", &self.condition_ids)?;
        push_list(&mut parts, "excludeSellers", &self.exclude_sellers)?;
        for (name, value) in [
            ("itemLocationCountry", &self.item_location_country),
            ("deliveryCountry", &self.delivery_country),
        ] {
            if let Some(value) = value {
                parts.push(format!("{name}:{}", word(value)?));
            }
        }
        if let Some(range) = &self.price {
            let bound = |bound: Option<Decimal>| bound.map(|it| it.to_string()).unwrap_or_default();
            let (min, max) = (bound(range.min), bound(range.max));
            // eBay ignores a price without its currency.
            parts.push(format!("price:[{min}..{max}],priceCurrency:{}", word(&range.currency)?));
        }
        Ok(parts.join(","))
    }
}

fn push_list<T: AsRef<str>>(
    parts: &mut Vec<String>,
    name: &str,
    values: &[T],
) -> Result<(), Error> {
    if values.is_empty() {
        return Ok(());
    }
    let values: Result<Vec<_>, _> = values.iter().map(|value| word(value.as_ref())).collect();
    parts.push(format!("{name}:{{{}}}", values?.join("|")));
    Ok(())
}

/// A value that cannot end the expression it stands in.
fn word(value: &str) -> Result<&str, Error> {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_.*$!~'@+ ".contains(letter);
    if value.is_empty() || !value.chars().all(is_plain) {
        return Err(Error::Invalid(format!("`{value}` cannot stand in a filter")));
    }
    Ok(value)
}

fn option_name(option: BuyingOption) -> &'static str {
    match option {
        BuyingOption::FixedPrice => "FIXED_PRICE",
        BuyingOption::Auction => "AUCTION",
        BuyingOption::BestOffer => "BEST_OFFER",
        BuyingOption::Other => "CLASSIFIED_AD",
    }
}

#[cfg(test)]
mod tests;
