//! The `filter` parameter of a search.

use super::kind::Kind;
use super::market::{Currency, Offer};
use super::notice::{self, Notice};
use super::title::seller_name;

/// What a search leaves out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    buying_options: Vec<String>,
    condition_ids: Vec<String>,
    country: Option<String>,
    exclude_sellers: Vec<String>,
    /// In cents.
    price: Option<(u64, u64)>,
}

impl Filter {
    /// Reads the parameter. What cannot be understood is ignored, with a warning: that is how
    /// eBay does it.
    pub(super) fn parse(text: &str) -> (Filter, Option<&'static Notice>) {
        let mut filter = Filter::default();
        let mut warning = None;
        let has_currency = text.contains("priceCurrency:");
        for part in parts(text) {
            let Some((name, value)) = part.split_once(':') else {
                warning = Some(&notice::IGNORED);
                continue;
            };
            match name.trim() {
                "buyingOptions" => filter.buying_options = list(value),
                "conditionIds" => filter.condition_ids = list(value),
                "excludeSellers" => filter.exclude_sellers = list(value),
                "itemLocationCountry" => filter.country = Some(value.to_owned()),
                "price" if !has_currency => warning = Some(&notice::NO_CURRENCY),
                "price" => filter.price = Some(range(value)),
                "deliveryCountry" | "priceCurrency" => {}
                _ => warning = Some(&notice::IGNORED),
            }
        }
        (filter, warning)
    }

    /// Without a word about it, a search shows what has a fixed price.
    pub(super) fn keeps(&self, offer: &Offer) -> bool {
        let options: &[&str] = match (offer.is_auction, offer.takes_offers) {
            (true, _) => &["AUCTION"],
            (false, true) => &["FIXED_PRICE", "BEST_OFFER"],
            (false, false) => &["FIXED_PRICE"],
        };
        let wants = |option: &&str| match &self.buying_options[..] {
            [] => *option == "FIXED_PRICE",
            wanted => wanted.iter().any(|it| it == option),
        };
        let is_wanted = |wanted: &[String], value: &str| {
            wanted.is_empty() || wanted.iter().any(|it| it == value)
        };
        let in_range = |(min, max): (u64, u64)| {
            // Amounts in other currencies are compared as if they were euros.
            matches!(offer.currency, Currency::Foreign(_))
                || (min..=max).contains(&offer.price_cents)
        };
        options.iter().any(wants)
            && is_wanted(&self.condition_ids, Kind::condition_id(offer.kind))
            && self.country.as_deref().is_none_or(|country| country == offer.country)
            && !self.exclude_sellers.contains(&seller_name(offer.seller))
            && self.price.is_none_or(in_range)
    }
}

/// Splits at commas that are not in brackets or braces.
fn parts(text: &str) -> Vec<&str> {
    let mut depth = 0_i32;
    let is_end = |letter: char| {
        depth += i32::from("[{".contains(letter)) - i32::from("]}".contains(letter));
        letter == ',' && depth == 0
    };
    text.split(is_end).filter(|part| !part.is_empty()).collect()
}

fn list(value: &str) -> Vec<String> {
    value.trim_matches(['{', '}']).split('|').map(str::to_owned).collect()
}

/// `[10..50]`, `[..50]`, `[10]`, in euros; the result is in cents.
fn range(value: &str) -> (u64, u64) {
    let value = value.trim_matches(['[', ']']);
    let cents = |text: &str| Some(super::draw::whole(text.parse::<f64>().ok()? * 100.0));
    let (min, max) = value.split_once("..").unwrap_or((value, ""));
    (cents(min).unwrap_or(0), cents(max).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commas_in_braces_do_not_part() {
        let text = "price:[10..50],priceCurrency:EUR,buyingOptions:{FIXED_PRICE|BEST_OFFER}";
        let (filter, warning) = Filter::parse(text);
        assert!(warning.is_none());
        assert_eq!(filter.price, Some((1_000, 5_000)));
        assert_eq!(filter.buying_options, ["FIXED_PRICE", "BEST_OFFER"]);
    }

    #[test]
    fn what_is_not_understood_is_warned_of() {
        for (text, expected) in
            [("price:[10..50]", "12012"), ("color:red", "12002"), ("nonsense", "12002")]
        {
            let (_, warning) = Filter::parse(text);
            assert!(notice::entry(warning.unwrap()).contains(expected), "{text}");
        }
        assert!(Filter::parse("").1.is_none());
    }
}
