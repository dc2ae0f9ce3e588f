use rust_decimal::Decimal;

use super::{Appraisal, Appraiser, Sample};
use crate::buy::{BuyPrices, Label};
use crate::classify::Rejection;
use crate::config::{Caution, PricingConfig};
use crate::explain::{Role, explain};
use crate::landed::Rates;
use crate::listing::{Listing, Money, Shipping};
use crate::robust::{Evidence, Reason, Verdict};
use crate::samples::{dracaufeu, eur, money, offer};
use crate::variant::Variant;

fn appraise_with(config: PricingConfig, listings: &[Listing], evidence: &Evidence) -> Appraisal {
    let rates = Rates([("USD".to_owned(), eur("0.5"))].into());
    let (target, paid_before) = (dracaufeu(), None);
    let sample = Sample { target: &target, listings, rates: &rates, evidence, paid_before };
    Appraiser::new(config).unwrap().appraise(&sample)
}

fn appraise(listings: &[Listing]) -> Appraisal {
    let evidence = Evidence { reference_eur: Some(eur("20")), ..Evidence::default() };
    appraise_with(PricingConfig::default(), listings, &evidence)
}

const ASKS: [&str; 12] =
    ["16.9", "17.9", "18.5", "19", "19.9", "20.5", "21", "22", "22.9", "24", "25.9", "29"];

fn market() -> Vec<Listing> {
    ASKS.iter().enumerate().map(|(id, price)| offer(id, price)).collect()
}

#[test]
fn a_clean_market_is_priced_and_bought() {
    let appraisal = appraise(&market());
    assert_eq!(appraisal.decision.verdict, Verdict::Ok);
    assert_eq!(appraisal.decision.price_eur, Some(eur("16.96")));
    let prices = appraisal.buy.unwrap().prices;
    let expected = BuyPrices { neuf: eur("9.6"), bon: eur("5.8"), correct: eur("2.9") };
    assert_eq!(prices, expected);
}

#[test]
fn postage_belongs_to_the_price_and_is_guessed_when_it_is_not_stated() {
    let mut listings = market();
    for (listing, shipping) in listings.iter_mut().zip(["2", "3", "7"]) {
        listing.shipping = Shipping::Fixed(money(shipping));
    }
    listings.truncate(4);
    listings[3].shipping = Shipping::Calculated;
    let landed = appraise(&listings).listings[3].unwrap();
    assert_eq!((landed.shipping_eur, landed.shipping_imputed), (eur("3"), true));
    assert_eq!(landed.near_mint_eur, eur("22"));
    listings[1].shipping = Shipping::Unknown;
    let landed = appraise(&listings).listings[3].unwrap();
    assert_eq!(landed.shipping_eur, eur("4.5"), "between two");
    for listing in &mut listings {
        listing.shipping = Shipping::Unknown;
    }
    assert_eq!(appraise(&listings).listings[3].unwrap().shipping_eur, Decimal::ZERO);
}

#[test]
fn amounts_are_converted_and_never_taken_for_euros() {
    let mut listings = market();
    let other =
        |amount, currency: &str| Money { amount: eur(amount), currency: currency.parse().unwrap() };
    listings[0].price = other("33.33", "USD");
    listings[1].price = other("17.9", "GBP");
    listings[2].shipping = Shipping::Fixed(other("1", "GBP"));
    listings[3].price = money("0");
    let found = appraise(&listings).listings;
    assert_eq!(found[0].unwrap().near_mint_eur, eur("16.67"));
    assert_eq!(found[1], Err(Rejection::UnknownCurrency));
    assert_eq!(found[2], Err(Rejection::UnknownCurrency));
    assert_eq!(found[3], Err(Rejection::NoPrice));
}

#[test]
fn a_worn_copy_tells_the_price_of_a_mint_one() {
    let mut listings = market();
    listings[0].title = "Dracaufeu 4/102 très bon état".to_owned();
    listings[0].price = money("17");
    listings[0].shipping = Shipping::Fixed(money("2"));
    let landed = appraise(&listings).listings[0].unwrap();
    assert_eq!((landed.item_eur, landed.near_mint_eur), (eur("17"), eur("22")), "17 / 0.85 + 2");
}

#[test]
fn cards_with_known_variants_are_held_to_the_careful_threshold() {
    let five = ["18", "19", "20", "21", "22"].into_iter().enumerate();
    let listings: Vec<Listing> = five.map(|(id, price)| offer(id, price)).collect();
    let listings = &listings;
    let evidence = Evidence { reference_eur: Some(eur("20")), ..Evidence::default() };
    let verdict = |caution, known: &[Variant]| {
        let config = PricingConfig { caution, ..PricingConfig::default() };
        let target = crate::classify::Target { known_variants: known.to_vec(), ..dracaufeu() };
        let (rates, paid_before) = (&Rates::default(), None);
        let sample = Sample { target: &target, listings, rates, evidence: &evidence, paid_before };
        Appraiser::new(config).unwrap().appraise(&sample).decision.verdict
    };
    let (alone, both) = ([Variant::Normal], [Variant::Normal, Variant::Reverse]);
    assert_eq!(verdict(Caution::KnownVariants, &alone), Verdict::Ok);
    assert_eq!(verdict(Caution::KnownVariants, &both), Verdict::LowConf);
    assert_eq!(verdict(Caution::Careful, &alone), Verdict::LowConf);
    assert_eq!(verdict(Caution::Standard, &both), Verdict::Ok);
}

#[test]
fn a_card_at_the_least_price_is_not_bought() {
    let mut config = PricingConfig::default();
    config.buy.min_buy_eur = eur("20");
    let appraisal = appraise_with(config, &market(), &Evidence::default());
    let decision = appraisal.decision;
    assert_eq!((decision.verdict, decision.reason), (Verdict::Disabled, Some(Reason::BuyBelowMin)));
    assert_eq!(decision.price_eur, Some(eur("16.96")), "it still sells for that");
}

#[test]
fn an_explanation_tells_the_part_of_every_listing() {
    let mut listings = market();
    listings.push(Listing { seller: "seller-3".to_owned(), ..offer(12, "19.3") });
    listings.push(offer(13, "150"));
    listings.push(Listing { title: "Dracaufeu 4/102 PSA 10".to_owned(), ..offer(14, "900") });
    let appraisal = appraise(&listings);
    let config = PricingConfig::default();
    let told = explain(&appraisal, &listings, &config.robust);
    let roles: Vec<Role> = told.listings.iter().map(|listing| listing.role).collect();
    assert_eq!(roles[..12], [Role::Group; 12]);
    assert_eq!(roles[12..], [Role::Repeat, Role::Outside, Role::Rejected]);
    assert_eq!(told.listings[14].rejection, Some(Rejection::Graded));
    assert_eq!(told.listings[14].landed, None);
    let labels: Vec<Label> = told.anchor_steps.iter().map(|step| step.label).collect();
    assert_eq!(labels, [Label::GroupMiddle, Label::LowerFifth, Label::Caution]);
    let sum: Decimal = told.anchor_steps.iter().map(|step| step.amount_eur).sum();
    let price = told.decision.price_eur.unwrap();
    assert_eq!((sum, told.anchor_steps[2].total_eur), (price, price));
    assert_eq!(told.buy.as_ref().unwrap().steps.neuf[0].total_eur, price);
    let json = serde_json::to_string(&told).unwrap();
    let back: crate::explain::Explanation = serde_json::from_str(&json).unwrap();
    assert_eq!((back.listings, back.buy), (told.listings, told.buy));
}

#[test]
fn nothing_comes_of_nothing() {
    let appraisal = appraise_with(PricingConfig::default(), &[], &Evidence::default());
    let decision = &appraisal.decision;
    assert_eq!((decision.verdict, decision.reason), (Verdict::Disabled, Some(Reason::NoData)));
    assert_eq!((appraisal.stage1, appraisal.buy), (None, None));
}
