//! Table `sold_listings`: listings that vanished because they were sold.

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde::Serialize;
use tokio_postgres::types::ToSql;

use crate::catalogue::{CARD_COLUMNS, CARD_TABLES, Reader, StoredCard};
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
    /// Of both prices, whatever it was offered in: `EUR`.
    pub currency: String,
    pub url: Option<String>,
    pub seller: Option<String>,
    pub condition: Option<String>,
    pub listed_at: Option<Timestamp>,
    pub last_seen_at: Timestamp,
    pub detected_sold_at: Timestamp,
    pub is_reverse: bool,
}

pub(crate) const SOLD_COLUMNS: &str = "
    l.item_id, l.card_id, l.title, l.price, l.effective_price, l.currency, l.url, l.seller,
    l.condition, l.listing_date, l.last_seen_at, l.detected_sold_at, l.is_reverse";

const INSERT: &str = "
insert into sold_listings (
    item_id, card_id, title, price, effective_price, currency, url, seller, condition,
    listing_date, last_seen_at, detected_sold_at, is_reverse)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
on conflict (item_id) do nothing";

/// Keeps a sale; `false` when it was known.
///
/// # Errors
/// [`crate::Error::is_data`] when an amount is out of range.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn record(client: &Client, sold: &Sold) -> Result<bool> {
    let params: [&(dyn ToSql + Sync); 13] = [
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
#[tracing::instrument(level = "trace", skip_all)]
pub async fn of_card(client: &Client, card_id: i64, limit: i64) -> Result<Vec<Sold>> {
    let statement = format!(
        "select {SOLD_COLUMNS} from sold_listings l where card_id = $1
         order by card_id, detected_sold_at desc limit $2"
    );
    let rows = client.query(&statement, &[&card_id, &limit]).await?;
    Ok(rows.iter().map(|row| read(&mut Reader::new(row))).collect())
}

/// A sale, and the card that was sold.
#[derive(Clone, Debug, PartialEq)]
pub struct SoldCard {
    pub sold: Sold,
    pub card: StoredCard,
    /// What is on show for it now, mint, EUR.
    pub buy: Option<Decimal>,
}

/// Which sales to list; `None` is no restriction.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Words of the title, in any case.
    pub text: Option<String>,
    /// Detected at this instant or later.
    pub from: Option<Timestamp>,
    /// The last row of the page before: instant and item.
    pub after: Option<(Timestamp, String)>,
    pub limit: i64,
}

/// Newest first.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn list(client: &Client, filter: &Filter) -> Result<Vec<SoldCard>> {
    let statement = format!(
        "select {SOLD_COLUMNS}, p.neuf, {CARD_COLUMNS} from {CARD_TABLES}
         join sold_listings l on l.card_id = c.id
         left join buy_prices p on p.card_id = c.id
         where ($1::text is null or search_text(l.title) like '%' || $1 || '%'
                or c.search like '%' || $1 || '%')
           and ($2::timestamptz is null or l.detected_sold_at >= $2)
           and ($3::timestamptz is null or (l.detected_sold_at, l.item_id) < ($3, $4))
         order by l.detected_sold_at desc, l.item_id desc limit $5"
    );
    let text = match &filter.text {
        Some(text) => {
            let folded: String = client.query_one("select search_text($1)", &[&text]).await?.get(0);
            // Taken literally: nobody searches for patterns.
            Some(folded.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
        }
        None => None,
    };
    let (at, item) = filter.after.clone().unzip();
    let params: [&(dyn ToSql + Sync); 5] = [&text, &filter.from, &at, &item, &filter.limit];
    let rows = client.query(&statement, &params).await?;
    rows.iter()
        .map(|row| {
            let mut reader = Reader::new(row);
            let (sold, buy) = (read(&mut reader), reader.get());
            Ok(SoldCard { sold, buy, card: reader.card()? })
        })
        .collect()
}

/// The sales of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaySales {
    pub day: Date,
    pub n: i64,
    /// With postage, EUR.
    pub total: Decimal,
}

/// The days of a time zone that had sales, from an instant on, oldest first.
///
/// # Errors
/// When the database cannot be read, or there is no such zone.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn by_day(client: &Client, from: Timestamp, zone: &str) -> Result<Vec<DaySales>> {
    let statement = "
        select (detected_sold_at at time zone $2)::date, count(*), sum(effective_price)
        from sold_listings where detected_sold_at >= $1 group by 1 order by 1";
    let rows = client.query(statement, &[&from, &zone]).await?;
    Ok(rows
        .iter()
        .map(|row| DaySales { day: row.get(0), n: row.get(1), total: row.get(2) })
        .collect())
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
        last_seen_at: reader.get(),
        detected_sold_at: reader.get(),
        is_reverse: reader.get(),
    }
}
