//! Offers in the words of eBay's API. Every field is one that the documentation names.

use std::io::Write as _;

use jiff::{Timestamp, ToSpan as _};

use super::kind::Kind;
use super::market::{Currency, Offer, Shipping, Subject};
use super::title::{feedback_score, seller_name, title};

/// Euros for one unit, for prices that are shown in another currency.
const EUR_PER_USD: f64 = 0.92;
const EUR_PER_GBP: f64 = 1.17;
/// Room for one listing.
const LISTING_BYTES: usize = 1_900;

/// Where and when an answer is given.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub(super) base_url: &'a str,
    pub(super) marketplace: &'a str,
    pub(super) today: Timestamp,
}

/// One page of a search.
pub(super) struct Found<'a> {
    pub(super) query: &'a str,
    pub(super) offers: &'a [Offer],
    pub(super) total: usize,
    pub(super) limit: usize,
    pub(super) offset: usize,
}

/// The body of a search. `itemSummaries` is left out when nothing matches.
pub(super) fn page(scene: Scene<'_>, subject: &Subject, found: &Found<'_>) -> Vec<u8> {
    let Found { query, offers, total, limit, offset } = *found;
    let mut json = Vec::with_capacity(offers.len() * LISTING_BYTES + 500);
    let base_url = scene.base_url;
    let query = query.replace([' ', '"'], "+");
    let path = format!("{base_url}/buy/browse/v1/item_summary/search?q={query}&limit={limit}");
    write!(json, r#"{{"href":"{path}&offset={offset}","total":{total}"#).unwrap();
    if offset + limit < total {
        write!(json, r#","next":"{path}&offset={}""#, offset + limit).unwrap();
    }
    if offset > 0 {
        write!(json, r#","prev":"{path}&offset={}""#, offset.saturating_sub(limit)).unwrap();
    }
    write!(json, r#","limit":{limit},"offset":{offset}"#).unwrap();
    if !offers.is_empty() {
        json.extend(br#","itemSummaries":["#);
        for (index, offer) in offers.iter().enumerate() {
            if index > 0 {
                json.push(b',');
            }
            summary(&mut json, scene, subject, offer);
        }
        json.push(b']');
    }
    json.push(b'}');
    json
}

fn summary(json: &mut Vec<u8>, scene: Scene<'_>, subject: &Subject, offer: &Offer) {
    common(json, scene, subject, offer);
    let id = offer.legacy_id();
    let base_url = scene.base_url;
    write!(
        json,
        r#","leafCategoryIds":["183454"],"thumbnailImages":[{{"imageUrl":"https://i.ebayimg.com/images/g/{id}/s-l1600.jpg"}}],"itemHref":"{base_url}/buy/browse/v1/item/{}","priorityListing":{},"availableCoupons":false"#,
        offer.item_id().replace('|', "%7C"),
        offer.is_sponsored,
    )
    .unwrap();
    if offer.kind == Kind::Variation {
        write!(
            json,
            r#","itemGroupHref":"{base_url}/buy/browse/v1/item/get_items_by_item_group?item_group_id={id}","itemGroupType":"SELLER_DEFINED_VARIATIONS""#,
        )
        .unwrap();
    }
    json.push(b'}');
}

/// What a search and `getItem` have in common; the object stays open.
fn common(json: &mut Vec<u8>, scene: Scene<'_>, subject: &Subject, offer: &Offer) {
    let id = offer.legacy_id();
    let (condition, condition_id) = (offer.kind.condition(), offer.kind.condition_id());
    write!(json, r#"{{"itemId":"{}","legacyItemId":"{id}","title":"#, offer.item_id()).unwrap();
    serde_json::to_writer(&mut *json, &title(subject, offer)).unwrap();
    write!(
        json,
        r#","categories":[{{"categoryId":"183454","categoryName":"JCC: cartes à l'unité"}},{{"categoryId":"2536","categoryName":"Jeux de cartes à collectionner"}}],"image":{{"imageUrl":"https://i.ebayimg.com/images/g/{id}/s-l225.jpg"}},"condition":"{condition}","conditionId":"{condition_id}""#,
    )
    .unwrap();
    prices(json, offer);
    seller(json, offer);
    let (created, origin) = dates(scene.today, offer);
    write!(
        json,
        r#","itemWebUrl":"https://www.ebay.fr/itm/{id}","itemLocation":{{"postalCode":"{:02}***","country":"{}"}},"adultOnly":false,"itemCreationDate":"{created}","itemOriginDate":"{origin}","listingMarketplaceId":"{}","topRatedBuyingExperience":{}"#,
        offer.seller % 95 + 1,
        offer.country,
        scene.marketplace,
        offer.seller.is_multiple_of(7),
    )
    .unwrap();
}

fn prices(json: &mut Vec<u8>, offer: &Offer) {
    let amount = amount(offer.price_cents, offer.currency);
    let (name, options) = match (offer.is_auction, offer.takes_offers) {
        (true, _) => ("currentBidPrice", r#""AUCTION""#),
        (false, true) => ("price", r#""FIXED_PRICE","BEST_OFFER""#),
        (false, false) => ("price", r#""FIXED_PRICE""#),
    };
    write!(json, r#","{name}":{amount},"buyingOptions":[{options}]"#).unwrap();
    if offer.is_auction {
        json.extend(br#","bidCount":2"#);
    }
    json.extend(br#","shippingOptions":["#);
    match offer.shipping {
        Shipping::Calculated => json.extend(br#"{"shippingCostType":"CALCULATED"}"#),
        Shipping::FixedCents(cents) => write!(
            json,
            r#"{{"shippingCostType":"FIXED","shippingCost":{{"value":"{}","currency":"EUR"}}}}"#,
            euros(cents)
        )
        .unwrap(),
    }
    json.push(b']');
}

fn seller(json: &mut Vec<u8>, offer: &Offer) {
    let kind = if offer.seller.is_multiple_of(3) { "BUSINESS" } else { "INDIVIDUAL" };
    write!(
        json,
        r#","seller":{{"username":"{}","feedbackPercentage":"99.{}","feedbackScore":{},"sellerAccountType":"{kind}"}}"#,
        seller_name(offer.seller),
        offer.seller % 10,
        feedback_score(offer.seller),
    )
    .unwrap();
}

/// When it was listed, and when its item was listed first.
fn dates(today: Timestamp, offer: &Offer) -> (String, String) {
    let minutes = i64::try_from(offer.wording % 1_400).unwrap();
    let text = |days: i64| {
        let at = today - (days * 24).hours() - minutes.minutes();
        at.strftime("%Y-%m-%dT%H:%M:%S.000Z").to_string()
    };
    (text(offer.age_days), text(offer.age_days + offer.relisted_days))
}

fn amount(cents: u64, currency: Currency) -> String {
    let (value, other) = match currency {
        Currency::Euro => return format!(r#"{{"value":"{}","currency":"EUR"}}"#, euros(cents)),
        Currency::Foreign(currency) | Currency::Converted(currency) => {
            (euros(converted(cents, currency)), currency)
        }
    };
    match currency {
        Currency::Converted(_) => format!(
            r#"{{"value":"{}","currency":"EUR","convertedFromValue":"{value}","convertedFromCurrency":"{other}"}}"#,
            euros(cents)
        ),
        _ => format!(r#"{{"value":"{value}","currency":"{other}"}}"#),
    }
}

fn converted(cents: u64, currency: &str) -> u64 {
    let eur = if currency == "GBP" { EUR_PER_GBP } else { EUR_PER_USD };
    #[expect(clippy::cast_precision_loss, reason = "prices of cards")]
    let cents = cents as f64;
    super::draw::whole(cents / eur)
}

fn euros(cents: u64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// How an item stands.
pub(super) enum Standing {
    Running,
    Ended { is_sold: bool, days_ago: i64 },
}

/// The body of `getItem`.
pub(super) fn item(
    scene: Scene<'_>,
    subject: &Subject,
    offer: &Offer,
    standing: &Standing,
) -> Vec<u8> {
    let mut json = Vec::with_capacity(LISTING_BYTES);
    common(&mut json, scene, subject, offer);
    let (stock, n_sold, n_left) = match standing {
        Standing::Running => ("IN_STOCK", 0, 1),
        Standing::Ended { is_sold, .. } => ("OUT_OF_STOCK", u8::from(*is_sold), 0),
    };
    write!(
        json,
        r#","categoryId":"183454","quantityLimitPerBuyer":1,"estimatedAvailabilities":[{{"deliveryOptions":["SHIP_TO_HOME"],"estimatedAvailabilityStatus":"{stock}","estimatedAvailableQuantity":{n_left},"estimatedSoldQuantity":{n_sold},"estimatedRemainingQuantity":{n_left}}}],"lotSize":0,{}"#,
        descriptors(offer.kind),
    )
    .unwrap();
    if let Standing::Ended { days_ago, .. } = standing {
        let ended_at = scene.today - (days_ago * 24).hours();
        write!(json, r#","itemEndDate":"{}""#, ended_at.strftime("%Y-%m-%dT%H:%M:%S.000Z"))
            .unwrap();
    }
    json.push(b'}');
    json
}

/// Words for some, numbers for others: eBay sends both.
fn descriptors(kind: Kind) -> &'static str {
    match kind {
        Kind::Slab => {
            r#""conditionDescriptors":[{"name":"27501","values":[{"content":"275010"}]},{"name":"27502","values":[{"content":"275022"}]}]"#
        }
        Kind::Played => {
            r#""conditionDescriptors":[{"name":"40001","values":[{"content":"400016"}]}]"#
        }
        _ => {
            r#""conditionDescriptors":[{"name":"État de la carte","values":[{"content":"Quasi neuf ou mieux"}]}]"#
        }
    }
}
