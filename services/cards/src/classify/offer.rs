//! Everything about an offer but its words.

use super::Rejection;
use crate::code::Country;
use crate::config::ClassifyConfig;
use crate::listing::{BuyingOption, Listing};

/// eBay's condition of a card in a grader's case, the same in every language.
const GRADED: &str = "2750";

pub(super) fn check(listing: &Listing, config: &ClassifyConfig) -> Result<(), Rejection> {
    if config.own_sellers.contains(&listing.seller) {
        return Err(Rejection::OwnListing);
    }
    if listing.is_variation {
        return Err(Rejection::Variation);
    }
    buyable(&listing.buying_options)?;
    if listing.seller_feedback_score.is_some_and(|score| score < config.min_feedback_score) {
        return Err(Rejection::LowFeedback);
    }
    let is_allowed = |country: Country| {
        config.countries.is_empty() || config.countries.contains(country.as_str())
    };
    if listing.country.is_some_and(|country| !is_allowed(country)) {
        return Err(Rejection::OtherCountry);
    }
    if listing.condition_id.as_deref() == Some(GRADED) {
        return Err(Rejection::Graded);
    }
    Ok(())
}

/// An auction's price is not what it sells for, unless it can be bought at once.
fn buyable(options: &[BuyingOption]) -> Result<(), Rejection> {
    let fixed = [BuyingOption::FixedPrice, BuyingOption::BestOffer];
    if options.is_empty() || options.contains(&BuyingOption::FixedPrice) {
        return Ok(());
    }
    if options.contains(&BuyingOption::Auction) {
        return Err(Rejection::Auction);
    }
    if options.iter().any(|option| fixed.contains(option)) {
        return Ok(());
    }
    Err(Rejection::NotForSale)
}
