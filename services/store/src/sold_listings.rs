//! Table `sold_listings`: listings that vanished because they were sold.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;
use tokio_postgres::types::ToSql;

use crate::catalogue::Reader;
use crate::{Client, Result};

/// A sale that the marketplace confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Sold {
    pub item_id: String,
    pub card_id: i64,
    pub title: String,
    /// Of the item alone, EUR.
    pub price: Decimal,
    /// With postage, EUR.
    pub effective_price: Decimal,
    /// The currency it was offered in.
    pub currency: String,
    pub url: Option<String>,
    pub seller: Option<String>,
    pub condition: Option<String>,
    pub listed_at: Option<Timestamp>,
    pub first_seen_at: Option<Timestamp>,
    pub last_seen_at: Timestamp,
    pub detected_sold_at: Timestamp,
    pub is_reverse: bool,
}

pub(crate) const SOLD_COLUMNS: &str = "
    l.item_id, l.card_id, l.title, l.price, l.effective_price, l.currency, l.url, l.seller,
    l.condition, l.listing_date, l.first_seen_at, l.last_seen_at, l.detected_sold_at, l.is_reverse";

const INSERT: &str = "
insert into sold_listings (
    item_id, card_id, title, price, effective_price, currency, url, seller, condition,
    listing_date, first_seen_at, last_seen_at, detected_sold_at, is_reverse)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
on conflict (item_id) do nothing";

/// Keeps a sale; `false` when it was known.
///
/// # Errors
/// [`crate::Error::is_data`] when an amount is out of range.
pub async fn record(client: &Client, sold: &Sold) -> Result<bool> {
    let params: [&(dyn ToSql + Sync); 14] = [
        &sold.item_id,
        &sold.card_id,
        &sold.title,
        &sold.price,
        &sold.effective_price,
        &sold.currency,
        &sold.url,
        &sold.seller,
        &sold.condition,
        &sold.listed_at,
        &sold.first_seen_at,
        &sold.last_seen_at,
        &sold.detected_sold_at,
        &sold.is_reverse,
    ];
    let statement = client.prepare_cached(INSERT).await?;
    Ok(client.execute(&statement, &params).await? == 1)
}

/// The sales of a card, newest first.
///
/// # Errors
/// When the database cannot be read.
pub async fn of_card(client: &Client, card_id: i64, limit: i64) -> Result<Vec<Sold>> {
    let statement = format!(
        "select {SOLD_COLUMNS} from sold_listings l where card_id = $1
         order by card_id, detected_sold_at desc limit $2"
    );
    let rows = client.query(&statement, &[&card_id, &limit]).await?;
    Ok(rows.iter().map(|row| read(&mut Reader::new(row))).collect())
}

pub(crate) fn read(reader: &mut Reader<'_>) -> Sold {
    Sold {
        item_id: reader.get(),
        card_id: reader.get(),
        title: reader.get(),
        price: reader.get(),
        effective_price: reader.get(),
        currency: reader.get(),
        url: reader.get(),
        seller: reader.get(),
        condition: reader.get(),
        listed_at: reader.get(),
        first_seen_at: reader.get(),
        last_seen_at: reader.get(),
        detected_sold_at: reader.get(),
        is_reverse: reader.get(),
    }
}
