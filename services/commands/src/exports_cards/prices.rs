//! Files of cards with their prices: the price list, everything, what is odd, and a batch.

use cards::Card;
use exports::Sheet;
use rust_decimal::Decimal;
use store::batches::{Item, ItemState};
use store::card_exports::PricedCard;
use store::prices::PriceRow;

use super::ExportCards;
use super::sales::counts;
use super::shop::Shop;

/// The price list.
pub(super) const STANDARD: &[&str] = &[
    "tcgdex_id",
    "name",
    "set_name",
    "set_code",
    "local_id",
    "variant",
    "buy_neuf",
    "buy_bon",
    "buy_correct",
    "anchor_price",
    "anchor_source",
    "confidence",
    "status",
    "updated_at",
];

/// Every card. Percentiles and dispersion are those of the classic rule, empty under another one.
pub(super) const FULL: &[&str] = &[
    "tcgdex_id",
    "name",
    "set_name",
    "set_code",
    "local_id",
    "variant",
    "rarity",
    "cm_trend",
    "cm_avg7",
    "cm_avg30",
    "ebay_query",
    "has_override",
    "active_count",
    "sample_size",
    "p20",
    "p50",
    "p80",
    "dispersion",
    "buy_neuf",
    "buy_bon",
    "buy_correct",
    "anchor_price",
    "anchor_source",
    "confidence",
    "status",
    "updated_at",
    "sales_count",
    "sales_total",
    "sales_avg",
    "sales_min",
    "sales_max",
    "last_sale_date",
];

/// Cards that somebody should look at.
pub(super) const ANOMALIES: &[&str] = &[
    "tcgdex_id",
    "name",
    "set_name",
    "local_id",
    "variant",
    "anomaly_reasons",
    "ebay_query",
    "dispersion",
    "confidence",
    "anchor_price",
    "anchor_source",
    "cm_trend",
    "cm_avg30",
];

/// What came of each card of a batch.
pub(super) const BATCH: &[&str] = &["tcgdex_id", "name", "set_id", "set_name", "status", "error"];

/// Below this confidence, in percent, a price is odd.
const LOW_SCORE: u32 = 50;
/// Above this p80/p20 the listings are not of one card.
const HIGH_DISPERSION: Decimal = Decimal::from_parts(4, 0, 0, false, 0);

/// Whether the price list has the card.
pub(super) fn is_bought(row: &PricedCard, wanted: &ExportCards) -> bool {
    let Some(price) = row.price.as_ref().filter(|price| price.prices.is_some()) else {
        return false;
    };
    let min = wanted.min_confidence.map_or(0, u32::from);
    !price.suspended
        && (wanted.include_low_conf || price.verdict != "LOW_CONF")
        && score(price).unwrap_or(0) >= min
}

pub(super) fn standard(sheet: &mut Sheet, row: &PricedCard, shop: &Shop) {
    name(sheet, &row.card.card);
    price(sheet, row, shop);
    sheet.end_row();
}

pub(super) fn full(sheet: &mut Sheet, row: &PricedCard, shop: &Shop) {
    let card = &row.card.card;
    name(sheet, card);
    sheet.text(card.rarity.as_deref());
    for figure in [card.cardmarket.trend, card.cardmarket.avg7, card.cardmarket.avg30] {
        sheet.plain(figure);
    }
    query(sheet, row);
    sheet.plain(Some(card.has_overrides()));
    sheet.plain(row.snapshot.as_ref().map(|snapshot| snapshot.total));
    sheet.plain(figure(row, "sample_size").or_else(|| statistic(row, "/stage1/group")));
    for name in ["p20", "p50", "p80", "dispersion"] {
        sheet.plain(figure(row, name));
    }
    price(sheet, row, shop);
    counts(sheet, shop.sales_of(row.card.id), shop);
    sheet.end_row();
}

pub(super) fn is_anomaly(row: &PricedCard) -> bool {
    !oddities(row).is_empty()
}

pub(super) fn anomaly(sheet: &mut Sheet, row: &PricedCard, _: &Shop) {
    let (card, shown) = (&row.card.card, row.price.as_ref());
    sheet.text(Some(&card.tcgdex_id));
    sheet.text(Some(card.effective_name()));
    sheet.text(Some(card.effective_set_name()));
    sheet.text(Some(card.effective_local_id()));
    sheet.plain(Some(card.variant));
    sheet.plain(Some(oddities(row).join("|")));
    query(sheet, row);
    sheet.plain(figure(row, "dispersion"));
    sheet.plain(shown.and_then(score));
    sheet.plain(shown.and_then(|price| price.anchor));
    sheet.plain(shown.and_then(|price| price.anchor_source.as_deref()));
    sheet.plain(card.cardmarket.trend);
    sheet.plain(card.cardmarket.avg30);
    sheet.end_row();
}

pub(super) fn item(sheet: &mut Sheet, (item, row): &(Item, PricedCard), _: &Shop) {
    let card = &row.card.card;
    sheet.text(Some(&card.tcgdex_id));
    sheet.text(Some(card.effective_name()));
    sheet.text(Some(&card.set_id));
    sheet.text(Some(card.effective_set_name()));
    sheet.plain(Some(match item.state {
        ItemState::Succeeded => "success",
        other => other.as_str(),
    }));
    sheet.text(item.detail.as_deref());
    sheet.end_row();
}

/// What a person should look at.
fn oddities(row: &PricedCard) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(dispersion) = figure(row, "dispersion").filter(|share| *share > HIGH_DISPERSION) {
        found.push(format!("high_dispersion:{dispersion}"));
    }
    let Some(price) = &row.price else { return found };
    if price.verdict == "LOW_CONF" {
        found.push("low_conf_status".to_owned());
    }
    if let Some(score) = score(price).filter(|score| *score < LOW_SCORE) {
        found.push(format!("low_score:{score}"));
    }
    if price.verdict.starts_with("REVIEW") {
        let reason = price.reason.as_deref().unwrap_or(&price.verdict);
        found.push(format!("to_review:{reason}"));
    }
    if price.suspended {
        found.push("suspended".to_owned());
    }
    found
}

/// The cells that name a card.
pub(super) fn name(sheet: &mut Sheet, card: &Card) {
    sheet.text(Some(&card.tcgdex_id));
    sheet.text(Some(card.effective_name()));
    sheet.text(Some(card.effective_set_name()));
    sheet.text(card.set_code.as_deref());
    sheet.text(Some(card.effective_local_id()));
    sheet.plain(Some(card.variant));
}

fn price(sheet: &mut Sheet, row: &PricedCard, shop: &Shop) {
    let shown = row.price.as_ref();
    let prices = shown.and_then(|price| price.prices);
    sheet.plain(prices.map(|prices| prices.neuf));
    sheet.plain(prices.map(|prices| prices.bon));
    sheet.plain(prices.map(|prices| prices.correct));
    sheet.plain(shown.and_then(|price| price.anchor));
    sheet.plain(shown.and_then(|price| price.anchor_source.as_deref()));
    sheet.plain(shown.and_then(score));
    sheet.plain(shown.map(|price| &price.verdict));
    sheet.plain(shown.map(|price| shop.day(price.updated_at)));
}

fn query(sheet: &mut Sheet, row: &PricedCard) {
    let own = row.card.card.ebay_query_override.as_deref();
    sheet.text(own.or(row.card.ebay_query.as_deref()));
}

/// Confidence in percent.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a percentage"
)]
fn score(price: &PriceRow) -> Option<u32> {
    price.confidence.map(|share| (share * 100.0).round().clamp(0.0, 100.0) as u32)
}

/// A figure of the classic rule.
fn figure(row: &PricedCard, name: &str) -> Option<Decimal> {
    statistic(row, &format!("/classic/main/{name}"))
}

/// Of the last snapshot, with at most two decimals.
fn statistic(row: &PricedCard, path: &str) -> Option<Decimal> {
    let number = row.snapshot.as_ref()?.statistics.pointer(path)?.as_f64()?;
    Decimal::try_from(number).ok().map(|number| number.round_dp(2).normalize())
}
