//! Cards and their prices as the API shows them. Amounts are EUR, written as texts.

use cards::Variant;
use jiff::Timestamp;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use store::catalogue::StoredCard;
use store::prices::{Listed, PriceRow, Prices, Shown, Version};
use store::snapshots::Snapshot;
use store::sold_listings::Sold;

use crate::page;

/// A card of the catalogue. Each variant of a card is a card of its own.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Card")]
pub(super) struct CardView {
    id: i64,
    /// The source's id and the variant, such as `base1-4-HOLO`.
    tcgdex_id: String,
    /// Path of this resource.
    url: String,
    /// As the shop calls it.
    name: String,
    name_en: Option<String>,
    /// As printed, such as `4/102`; without a total where none is known.
    number: String,
    set_id: String,
    set_name: String,
    variant: Variant,
    rarity: Option<String>,
    /// What the marketplace is asked.
    query: Option<String>,
    cardmarket: CardmarketView,
    /// It, its set or its series is inactive or hidden: it is not priced.
    is_hidden: bool,
    /// Failures in a row since the last success.
    error_count: u32,
    last_error: Option<String>,
    updated_at: Timestamp,
}

/// Reference prices of Cardmarket.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Cardmarket")]
struct CardmarketView {
    product_id: Option<i64>,
    trend: Option<Decimal>,
    /// Mean of the sales of the last day.
    avg1: Option<Decimal>,
    avg7: Option<Decimal>,
    avg30: Option<Decimal>,
    at: Option<Timestamp>,
}

/// What the shop pays by the state of the card.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "BuyPrices")]
struct PricesView {
    neuf: Decimal,
    bon: Decimal,
    correct: Decimal,
}

/// What is on show, and the last decision, which may have left that alone.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Price")]
pub(super) struct PriceView {
    /// Null when nothing is on show.
    prices: Option<PricesView>,
    /// Taken off the shelf until somebody, or a later look, decides.
    suspended: bool,
    /// What the prices were computed from.
    anchor: Option<Decimal>,
    anchor_source: Option<String>,
    /// `robust`, `classic`, or where else it comes from.
    rule: String,
    /// When the prices, their rule or the verdict last changed.
    since: Timestamp,
    /// `OK`, `LOW_CONF`, `REVIEW`, `REVIEW_REF` or `DISABLED`.
    verdict: String,
    reason: Option<String>,
    /// From 0 to 1.
    confidence: Option<f64>,
    /// What the card sells for by the last look that could tell, published or not.
    estimate: Option<Decimal>,
    /// When the marketplace was last looked at.
    taken_at: Option<Timestamp>,
    updated_at: Timestamp,
}

/// A card in a list.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ListedCard")]
pub(super) struct ListedView {
    #[serde(flatten)]
    card: CardView,
    /// Null when it was never priced.
    price: Option<PriceView>,
}

/// A page of cards.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CardPage")]
pub(super) struct CardsView {
    pub(super) cards: Vec<ListedView>,
    /// Path of the next page; null on the last one. Also in the `Link` header.
    pub(super) next: Option<String>,
}

/// A card with all that is known about its price.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CardDetail")]
pub(super) struct DetailView {
    pub(super) card: CardView,
    pub(super) price: Option<PriceView>,
    /// What was on show, newest first.
    pub(super) history: Vec<VersionView>,
    /// Confirmed sales, newest first.
    pub(super) sold: Vec<SoldView>,
    /// The last look at the marketplace.
    pub(super) snapshot: Option<SnapshotView>,
    /// Path of older history; null when there is none. Also in the `Link` header.
    pub(super) next: Option<String>,
}

/// What was on show from an instant on.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "PriceVersion")]
pub(super) struct VersionView {
    id: i64,
    at: Timestamp,
    /// `snapshot`, `estimate` or `decision`.
    source: String,
    rule: String,
    verdict: String,
    reason: Option<String>,
    anchor: Option<Decimal>,
    anchor_source: Option<String>,
    prices: Option<PricesView>,
    suspended: bool,
    confidence: Option<f64>,
}

/// A sale that the marketplace confirmed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Sale")]
pub(super) struct SoldView {
    item_id: String,
    title: String,
    url: Option<String>,
    /// Of the item alone.
    price: Decimal,
    /// With postage.
    effective_price: Decimal,
    condition: Option<String>,
    last_seen_at: Timestamp,
    detected_sold_at: Timestamp,
}

/// One look at the marketplace, without its listings.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Snapshot")]
pub(super) struct SnapshotView {
    id: i64,
    taken_at: Timestamp,
    query: String,
    /// Listings that the marketplace had for the query.
    total: i32,
    /// Of these, the ones that were looked at.
    n_listings: i32,
    rule: String,
    verdict: String,
    reason: Option<String>,
    /// What the card sells for by this look, published or not.
    anchor: Option<Decimal>,
    anchor_source: Option<String>,
    confidence: Option<f64>,
    /// The figures of the rules, logarithms of EUR where they are called so.
    statistics: Value,
}

/// A changed price with its card.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "ChangedPrice")]
pub(in crate::routes) struct ChangedView {
    card_id: i64,
    tcgdex_id: String,
    /// Path of the card.
    url: String,
    name: String,
    set_id: String,
    #[serde(flatten)]
    price: PriceView,
}

/// The path of a card.
fn url(tcgdex_id: &str) -> String {
    format!("/v1/cards/{}", page::encode(tcgdex_id))
}

impl From<StoredCard> for CardView {
    fn from(stored: StoredCard) -> CardView {
        let card = stored.card;
        let number = card.effective_number_full();
        CardView {
            id: stored.id,
            url: url(&card.tcgdex_id),
            name: card.effective_name().to_owned(),
            number: number.unwrap_or_else(|| card.effective_local_id().to_owned()),
            set_name: card.effective_set_name().to_owned(),
            query: cards::query::of(&card).map(Into::into),
            cardmarket: CardmarketView {
                product_id: card.cardmarket_id,
                trend: card.cardmarket.trend,
                avg1: card.cardmarket.avg1,
                avg7: card.cardmarket.avg7,
                avg30: card.cardmarket.avg30,
                at: stored.cardmarket_at,
            },
            tcgdex_id: card.tcgdex_id,
            name_en: card.name_en,
            set_id: card.set_id,
            variant: card.variant,
            rarity: card.rarity,
            is_hidden: stored.is_hidden,
            error_count: card.error_count,
            last_error: card.last_error,
            updated_at: stored.updated_at,
        }
    }
}

impl From<Prices> for PricesView {
    fn from(prices: Prices) -> PricesView {
        PricesView { neuf: prices.neuf, bon: prices.bon, correct: prices.correct }
    }
}

impl From<PriceRow> for PriceView {
    fn from(row: PriceRow) -> PriceView {
        PriceView {
            prices: row.prices.map(PricesView::from),
            suspended: row.suspended,
            anchor: row.anchor,
            anchor_source: row.anchor_source,
            rule: row.rule,
            since: row.since,
            verdict: row.verdict,
            reason: row.reason,
            confidence: row.confidence,
            estimate: row.estimate,
            taken_at: row.taken_at,
            updated_at: row.updated_at,
        }
    }
}

impl From<Listed> for ListedView {
    fn from(listed: Listed) -> ListedView {
        ListedView { card: listed.card.into(), price: listed.price.map(PriceView::from) }
    }
}

impl From<Version> for VersionView {
    fn from(version: Version) -> VersionView {
        VersionView {
            id: version.id,
            at: version.at,
            source: version.source,
            rule: version.rule,
            verdict: version.verdict,
            reason: version.reason,
            anchor: version.anchor,
            anchor_source: version.anchor_source,
            prices: version.prices.map(PricesView::from),
            suspended: version.suspended,
            confidence: version.confidence,
        }
    }
}

impl From<Sold> for SoldView {
    fn from(sold: Sold) -> SoldView {
        SoldView {
            item_id: sold.item_id,
            title: sold.title,
            url: sold.url,
            price: sold.price,
            effective_price: sold.effective_price,
            condition: sold.condition,
            last_seen_at: sold.last_seen_at,
            detected_sold_at: sold.detected_sold_at,
        }
    }
}

impl From<Snapshot> for SnapshotView {
    fn from(snapshot: Snapshot) -> SnapshotView {
        SnapshotView {
            id: snapshot.id,
            taken_at: snapshot.taken_at,
            query: snapshot.query,
            total: snapshot.total,
            n_listings: snapshot.n_listings,
            rule: snapshot.rule,
            verdict: snapshot.verdict,
            reason: snapshot.reason,
            anchor: snapshot.anchor,
            anchor_source: snapshot.anchor_source,
            confidence: snapshot.confidence,
            statistics: snapshot.statistics,
        }
    }
}

impl From<Shown> for ChangedView {
    fn from(shown: Shown) -> ChangedView {
        ChangedView {
            card_id: shown.card_id,
            url: url(&shown.tcgdex_id),
            tcgdex_id: shown.tcgdex_id,
            name: shown.name,
            set_id: shown.set_id,
            price: shown.price.into(),
        }
    }
}
