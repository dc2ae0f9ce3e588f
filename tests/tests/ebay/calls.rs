//! What works.

use std::collections::BTreeSet;
use std::time::Duration;

use cards::{BuyingOption, Shipping};
use ebay::{Client, Error, Outcome, Search};
use jiff::{Timestamp, ToSpan as _};
use secrecy::ExposeSecret as _;
use tests::simulator::{Endpoint, Options, Simulator};

use super::{Scene, config};

#[tokio::test]
async fn a_token_is_minted_with_the_right_credentials_only() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let token = Client::new(config(simulator.url())).unwrap().mint().await.unwrap();
    assert_eq!(token.expires_in, Duration::from_hours(2));
    assert!(token.secret.expose_secret().starts_with("v^1.1#"));
    let mut wrong = config(simulator.url());
    wrong.client_secret = "guessed".into();
    let error = Client::new(wrong).unwrap().mint().await.unwrap_err();
    assert!(matches!(error, Error::Credentials(_)), "{error}");
    assert!(!error.is_unauthorized(), "another token is no help");
    assert!(!format!("{error} {error:?}").contains("guessed"));
    assert_eq!(simulator.arrived(Endpoint::Token), 2);
}

#[tokio::test]
async fn every_listing_of_the_market_is_understood() {
    let options = Options { listings_per_card: Some(3_000), ..Options::default() };
    let scene = Scene::new(options).await;
    let mut search = Search::new("Dracaufeu 4/102");
    search.filters = ebay::Filters::default();
    let mut listings = Vec::new();
    loop {
        let page = scene.client.search(&scene.token, &search).await.unwrap();
        assert_eq!(page.unreadable, []);
        let following = search.after(&page);
        listings.extend(page.listings);
        let Some(following) = following else { break };
        search = following;
    }
    let pages = scene.simulator.arrived(Endpoint::Search);
    assert_eq!(pages, (listings.len() as u64).div_ceil(200), "no page too many");
    let ids: BTreeSet<_> = listings.iter().map(|listing| &listing.item_id).collect();
    assert_eq!(ids.len(), listings.len());
    let count = |is_so: fn(&cards::Listing) -> bool| listings.iter().filter(|it| is_so(it)).count();
    assert!(count(|it| it.condition_id.as_deref() == Some("2750")) > 50, "slabs");
    assert!(count(|it| it.is_variation) > 10, "groups");
    assert!(count(|it| it.is_sponsored) > 100, "sponsored");
    assert!(count(|it| it.shipping == Shipping::Calculated) > 10, "unknown shipping");
    assert!(count(|it| it.price.currency.as_str() == "USD") > 10, "dollars");
    assert!(count(|it| it.price.currency.as_str() == "GBP") > 5, "pounds");
    assert!(count(|it| it.country.is_none_or(|it| it.as_str() != "FR")) > 100, "from abroad");
    assert!(count(|it| it.buying_options.contains(&BuyingOption::BestOffer)) > 100, "offers");
    assert!(count(|it| it.seller_feedback_score.unwrap() < 10) > 20, "new sellers");
    assert!(count(|it| it.title.contains("Lot")) > 20, "lots");
    let old = Timestamp::now() - (24 * 200).hours();
    assert!(listings.iter().filter(|it| it.listed_at.unwrap() < old).count() > 50, "old ones");
}

#[tokio::test]
async fn the_default_search_is_french_and_at_a_fixed_price() {
    let options = Options { listings_per_card: Some(180), ..Options::default() };
    let scene = Scene::new(options).await;
    let page = scene.search("Pikachu 25/102").await.unwrap();
    assert!(page.listings.len() > 100 && page.total == page.listings.len() as u64);
    for listing in &page.listings {
        assert_eq!(listing.country.unwrap().as_str(), "FR");
        assert!(listing.buying_options.contains(&BuyingOption::FixedPrice));
    }
    assert_eq!(scene.simulator.browse_calls(), 1);
}

#[tokio::test]
async fn a_card_that_nobody_offers_is_an_empty_page() {
    let scene = Scene::new(Options { listings_per_card: Some(0), ..Options::default() }).await;
    let page = scene.search("Zarbi ?").await.unwrap();
    assert_eq!((page.total, page.listings.len()), (0, 0));
}

#[tokio::test]
async fn vanished_listings_are_sold_ended_or_gone() {
    let options = Options { listings_per_card: Some(150), ..Options::default() };
    let scene = Scene::new(options).await;
    let before = scene.search("Dracaufeu 4/102").await.unwrap();
    scene.simulator.advance_days(30);
    let after = scene.search("Dracaufeu 4/102").await.unwrap();
    let there: BTreeSet<_> = after.listings.iter().map(|listing| &listing.item_id).collect();
    let now = Timestamp::now() + (24 * 30).hours();
    let mut outcomes = Vec::new();
    for listing in &before.listings {
        let item = scene.client.item(&scene.token, &listing.item_id).await.unwrap();
        let outcome = item.outcome(now);
        let is_there = there.contains(&listing.item_id);
        assert_eq!(outcome == Outcome::Available, is_there, "{}", listing.item_id);
        if let Some(price) = item.price {
            assert_eq!(price, listing.price);
        }
        outcomes.push(outcome);
    }
    let count = |outcome| outcomes.iter().filter(|it| **it == outcome).count();
    assert!(count(Outcome::Sold) > count(Outcome::Ended), "most vanish because they are sold");
    assert!(count(Outcome::Ended) > 0 && count(Outcome::Gone) > 0 && count(Outcome::Available) > 0);
    assert_eq!(scene.simulator.arrived(Endpoint::Item), before.listings.len() as u64);
}

#[tokio::test]
async fn the_state_of_the_limit_is_told() {
    let scene = Scene::new(Options { limit: 3, ..Options::default() }).await;
    scene.search("x").await.unwrap();
    scene.client.item(&scene.token, "v1|1|0").await.unwrap();
    let told = scene.client.rate_limit(&scene.token).await.unwrap().unwrap();
    assert_eq!((told.limit, told.remaining, told.used()), (3, 1, 2));
    assert_eq!(told.window_seconds, 86_400);
    assert!(told.reset > Timestamp::now());
    assert_eq!(scene.simulator.browse_calls(), 2, "asking for it is not a call of Browse");
}

#[tokio::test]
async fn a_search_that_breaks_a_rule_never_arrives() {
    let scene = Scene::new(Options::default()).await;
    let search = Search { offset: 100, ..Search::new("x") };
    let error = scene.client.search(&scene.token, &search).await.unwrap_err();
    assert!(!error.may_have_left(), "{error}");
    let error = scene.client.item(&scene.token, "v1|1|0?fieldgroups=COMPACT").await.unwrap_err();
    assert!(!error.may_have_left(), "{error}");
    assert_eq!(scene.simulator.browse_calls(), 0);
}

#[test]
fn no_secret_is_shown() {
    let mut config = config("http://127.0.0.1:9");
    config.client_secret = "very-secret".into();
    let shown = format!("{config:?} {:?}", Client::new(config.clone()).unwrap());
    assert!(!shown.contains("very-secret"), "{shown}");
    config.api_url = "api.ebay.com".into();
    assert!(matches!(Client::new(config), Err(Error::Invalid(_))));
}
