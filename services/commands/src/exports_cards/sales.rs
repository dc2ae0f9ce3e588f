//! Files of sales.

use exports::Sheet;
use store::card_exports::{PricedCard, Sale, SaleSummary};

use super::prices::name;
use super::shop::Shop;

/// One row per sale, newest first. EUR.
pub(super) const SALES: &[&str] = &[
    "tcgdex_id",
    "card_name",
    "set_name",
    "set_code",
    "local_id",
    "variant",
    "is_reverse",
    "item_id",
    "title",
    "price",
    "shipping",
    "effective_price",
    "currency",
    "condition",
    "seller",
    "listing_date",
    "detected_sold_at",
    "url",
];

/// One row per card, with or without sales. EUR, with postage.
pub(super) const SUMMARY: &[&str] = &[
    "tcgdex_id",
    "name",
    "set_name",
    "set_code",
    "local_id",
    "variant",
    "sales_count",
    "sales_total",
    "sales_avg",
    "sales_min",
    "sales_max",
    "last_sale_date",
];

pub(super) fn sale(sheet: &mut Sheet, sale: &Sale, shop: &Shop) {
    let (sold, card) = (&sale.sold, &sale.card.card);
    name(sheet, card);
    sheet.plain(Some(sold.is_reverse));
    sheet.text(Some(&sold.item_id));
    sheet.text(Some(&sold.title));
    sheet.plain(Some(sold.price));
    sheet.plain(Some(sold.effective_price - sold.price));
    sheet.plain(Some(sold.effective_price));
    sheet.text(Some(&sold.currency));
    sheet.text(sold.condition.as_deref());
    sheet.text(sold.seller.as_deref());
    sheet.plain(sold.listed_at.map(|at| shop.day(at)));
    sheet.plain(Some(shop.minute(sold.detected_sold_at)));
    sheet.text(sold.url.as_deref());
    sheet.end_row();
}

pub(super) fn summary(sheet: &mut Sheet, row: &PricedCard, shop: &Shop) {
    name(sheet, &row.card.card);
    counts(sheet, shop.sales_of(row.card.id), shop);
    sheet.end_row();
}

/// A card's sales in figures.
pub(super) fn counts(sheet: &mut Sheet, sales: Option<&SaleSummary>, shop: &Shop) {
    sheet.plain(Some(sales.map_or(0, |sales| sales.n_sold)));
    for amount in [
        sales.map(|sales| sales.total),
        sales.map(|sales| sales.mean),
        sales.map(|sales| sales.min),
        sales.map(|sales| sales.max),
    ] {
        sheet.plain(amount);
    }
    sheet.plain(sales.map(|sales| shop.day(sales.last_at)));
}
