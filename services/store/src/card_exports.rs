//! What the exports of cards read: streams, all from one snapshot of the database.
//!
//! Use: [`begin`], then any of the streams. Which columns a file has, and what counts as an anomaly,
//! is decided elsewhere.

use futures::{Stream, StreamExt};
use jiff::Timestamp;
use rust_decimal::Decimal;
use tokio_postgres::types::ToSql;
use tokio_postgres::{IsolationLevel, RowStream};
use uuid::Uuid;

use crate::batches::Item;
use crate::catalogue::{CARD_COLUMNS, CARD_TABLES, Reader, StoredCard};
use crate::prices::{PRICE_COLUMNS, PriceRow, RawListings};
use crate::snapshots::{self, SNAPSHOT_COLUMNS, Snapshot};
use crate::sold_listings::{self, SOLD_COLUMNS, Sold};
use crate::{Client, Result, Transaction};

/// A card with its price and its last snapshot, without listings.
#[derive(Clone, Debug, PartialEq)]
pub struct PricedCard {
    pub card: StoredCard,
    pub price: Option<PriceRow>,
    pub snapshot: Option<Snapshot>,
}

/// A sale with its card.
#[derive(Clone, Debug, PartialEq)]
pub struct Sale {
    pub sold: Sold,
    pub card: StoredCard,
}

/// The sales of one card in a span of time. Prices with postage, EUR.
#[derive(Clone, Debug, PartialEq)]
pub struct SaleSummary {
    pub card: StoredCard,
    pub n_sold: i64,
    pub total: Decimal,
    pub min: Decimal,
    pub median: Decimal,
    pub mean: Decimal,
    pub max: Decimal,
    pub first_at: Timestamp,
    pub last_at: Timestamp,
}

/// A transaction that sees one moment, for as long as the file takes.
///
/// # Errors
/// When the connection is broken.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn begin(client: &mut Client) -> Result<Transaction<'_>> {
    let level = IsolationLevel::RepeatableRead;
    let transaction =
        client.build_transaction().isolation_level(level).read_only(true).start().await?;
    // The lock keeps the months of listings in their place: a table that is dropped is dropped for
    // earlier moments too.
    let settings = "
        set local statement_timeout = 0;
        set local idle_in_transaction_session_timeout = '10min';
        lock table snapshot_listings in access share mode";
    transaction.batch_execute(settings).await?;
    Ok(transaction)
}

/// Cards by set and number, with what is known about their price; hidden ones only on demand.
///
/// # Errors
/// When the database cannot be read; also each item.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn cards(
    transaction: &Transaction<'_>,
    with_hidden: bool,
) -> Result<impl Stream<Item = Result<PricedCard>> + use<>> {
    let statement = format!(
        "select m.id is not null, {SNAPSHOT_COLUMNS}, null::bytea,
                p.card_id is not null, {PRICE_COLUMNS}, {CARD_COLUMNS}
         from {CARD_TABLES}
         left join buy_prices p on p.card_id = c.id
         left join market_snapshots m on m.id = p.snapshot_id
         where $1 or not (s.hidden or e.hidden or not c.is_active)
         order by s.released nulls last, c.set_id, length(c.local_id), c.local_id, c.id"
    );
    let rows = stream(transaction, &statement, &[&with_hidden]).await?;
    Ok(rows.map(|row| priced(&mut Reader::new(&row?))))
}

/// Sales that were detected from `from` on and before `to`, newest first.
///
/// # Errors
/// When the database cannot be read; also each item.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn sales(
    transaction: &Transaction<'_>,
    [from, to]: [Option<Timestamp>; 2],
) -> Result<impl Stream<Item = Result<Sale>> + use<>> {
    let statement = format!(
        "select {SOLD_COLUMNS}, {CARD_COLUMNS} from {CARD_TABLES}
         join sold_listings l on l.card_id = c.id
         where ($1::timestamptz is null or l.detected_sold_at >= $1)
           and ($2::timestamptz is null or l.detected_sold_at < $2)
         order by l.detected_sold_at desc, l.item_id"
    );
    let rows = stream(transaction, &statement, &[&from, &to]).await?;
    Ok(rows.map(|row| {
        let row = row?;
        let mut reader = Reader::new(&row);
        Ok(Sale { sold: sold_listings::read(&mut reader), card: reader.card()? })
    }))
}

/// The sales of each card that had any, most sales first.
///
/// # Errors
/// When the database cannot be read; also each item.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn sales_summary(
    transaction: &Transaction<'_>,
    [from, to]: [Option<Timestamp>; 2],
) -> Result<impl Stream<Item = Result<SaleSummary>> + use<>> {
    let statement = format!(
        "select n.n_sold, n.total, n.min, n.median, n.mean, n.max, n.first_at, n.last_at, {CARD_COLUMNS}
         from {CARD_TABLES}
         join (
            select card_id, count(*) as n_sold, sum(effective_price) as total, min(effective_price), max(effective_price),
                   round(percentile_cont(0.5) within group (order by effective_price)::numeric, 2)
                       as median,
                   round(avg(effective_price), 2) as mean,
                   min(detected_sold_at) as first_at, max(detected_sold_at) as last_at
            from sold_listings
            where ($1::timestamptz is null or detected_sold_at >= $1)
              and ($2::timestamptz is null or detected_sold_at < $2)
            group by card_id
         ) n on n.card_id = c.id
         order by n.n_sold desc, c.id"
    );
    let rows = stream(transaction, &statement, &[&from, &to]).await?;
    Ok(rows.map(|row| {
        let row = row?;
        let mut reader = Reader::new(&row);
        Ok(SaleSummary {
            n_sold: reader.get(),
            total: reader.get(),
            min: reader.get(),
            median: reader.get(),
            mean: reader.get(),
            max: reader.get(),
            first_at: reader.get(),
            last_at: reader.get(),
            card: reader.card()?,
        })
    }))
}

/// The newest listings of each card that has any, as they were compressed.
///
/// # Errors
/// When the database cannot be read; also each item.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn listings(
    transaction: &Transaction<'_>,
) -> Result<impl Stream<Item = Result<(StoredCard, RawListings)>> + use<>> {
    let statement = format!(
        "select l.snapshot_id, l.taken_at, l.listings, {CARD_COLUMNS} from {CARD_TABLES}
         join buy_prices p on p.card_id = c.id
         join market_snapshots m on m.id = p.snapshot_id
         join snapshot_listings l on l.snapshot_id = m.id and l.taken_at = m.taken_at
         order by c.id"
    );
    let rows = stream(transaction, &statement, &[]).await?;
    Ok(rows.map(|row| {
        let row = row?;
        let mut reader = Reader::new(&row);
        let listings =
            RawListings { snapshot_id: reader.get(), taken_at: reader.get(), bytes: reader.get() };
        Ok((reader.card()?, listings))
    }))
}

/// The items of a batch in their order, with the snapshot that each of them took.
///
/// # Errors
/// When the database cannot be read; also each item.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn batch(
    transaction: &Transaction<'_>,
    batch_id: Uuid,
) -> Result<impl Stream<Item = Result<(Item, PricedCard)>> + use<>> {
    let statement = format!(
        "select i.card_id, i.set_id, i.position, i.state, i.command_id, i.detail, i.calls,
                i.finished_at,
                m.id is not null, {SNAPSHOT_COLUMNS}, null::bytea,
                p.card_id is not null, {PRICE_COLUMNS}, {CARD_COLUMNS}
         from {CARD_TABLES}
         join batch_items i on i.card_id = c.id
         left join buy_prices p on p.card_id = c.id
         left join market_snapshots m on m.command_id = i.command_id
         where i.batch_id = $1 order by i.position"
    );
    let rows = stream(transaction, &statement, &[&batch_id]).await?;
    Ok(rows.map(|row| {
        let row = row?;
        let mut reader = Reader::new(&row);
        let item = Item::read(&mut reader)?;
        Ok((item, priced(&mut reader)?))
    }))
}

fn priced(reader: &mut Reader<'_>) -> Result<PricedCard> {
    let has_snapshot = reader.get();
    let snapshot = snapshots::read_opt(reader, has_snapshot);
    let has_price = reader.get();
    let price = PriceRow::read_opt(reader, has_price);
    Ok(PricedCard { card: reader.card()?, price, snapshot })
}

async fn stream(
    transaction: &Transaction<'_>,
    statement: &str,
    params: &[&(dyn ToSql + Sync)],
) -> Result<std::pin::Pin<Box<RowStream>>> {
    Ok(Box::pin(transaction.query_raw(statement, params.iter().copied()).await?))
}
