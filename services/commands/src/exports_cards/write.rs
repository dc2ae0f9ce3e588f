//! From the database's stream to the file.

use std::future::ready;
use std::pin::pin;

use exports::Sheet;
use futures::{Stream, StreamExt as _, TryStreamExt as _, stream};
use store::{Client, card_exports};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

use super::shop::Shop;
use super::{CardFile, ExportCards, listings, prices, sales};
use crate::Failure;

/// Bytes that are written at once.
const CHUNK_BYTES: usize = 256 * 1024;

/// Writes a file of cards as of one moment to `out`, and returns its rows without the line of
/// names. `report` hears of the rows now and then.
///
/// # Errors
/// [`Failure::Retry`] when the database or `out` fails.
pub async fn export_cards(
    client: &mut Client,
    wanted: &ExportCards,
    out: &mut (impl AsyncWrite + Unpin + Send),
    report: &(dyn Fn(u64) + Send + Sync),
) -> Result<u64, Failure> {
    let mut shop = Shop::read(client).await?;
    let period = shop.period(wanted)?;
    let transaction = card_exports::begin(client).await?;
    if matches!(wanted.kind, CardFile::Full | CardFile::SalesSummary) {
        shop.count_sales(&transaction, period).await?;
    }
    let mut file = File { out, report, shop: &shop };
    match wanted.kind {
        CardFile::Standard => {
            let rows = card_exports::cards(&transaction, false).await?;
            let rows = rows.try_filter(|row| ready(prices::is_bought(row, wanted)));
            file.fill(prices::STANDARD, rows, prices::standard).await
        }
        CardFile::Full => {
            let rows = card_exports::cards(&transaction, false).await?;
            file.fill(prices::FULL, rows, prices::full).await
        }
        CardFile::Anomalies => {
            let rows = card_exports::cards(&transaction, false).await?;
            let rows = rows.try_filter(|row| ready(prices::is_anomaly(row)));
            file.fill(prices::ANOMALIES, rows, prices::anomaly).await
        }
        CardFile::Sales => {
            let rows = card_exports::sales(&transaction, period).await?;
            file.fill(sales::SALES, rows, sales::sale).await
        }
        CardFile::SalesSummary => {
            let rows = card_exports::cards(&transaction, false).await?;
            file.fill(sales::SUMMARY, rows, sales::summary).await
        }
        CardFile::Listings => {
            let rows = card_exports::listings(&transaction).await?;
            let rows = rows.map(|row| listings::seen(row?));
            file.fill(listings::LISTINGS, rows, listings::listings).await
        }
        CardFile::Batch => {
            let id = wanted.batch_id.ok_or_else(|| Failure::reject("batch_id is missing"))?;
            let rows = card_exports::batch(&transaction, id).await?;
            file.fill(prices::BATCH, rows, prices::item).await
        }
        CardFile::Sets => {
            let shown = shop.sets.iter().filter(|set| !set.is_hidden).cloned();
            let rows = stream::iter(shown.map(Ok::<_, Failure>));
            file.fill(listings::SETS, rows, listings::set).await
        }
    }
}

struct File<'a, W> {
    out: &'a mut W,
    report: &'a (dyn Fn(u64) + Send + Sync),
    shop: &'a Shop,
}

impl<W: AsyncWrite + Unpin + Send> File<'_, W> {
    /// Writes the line of names, and what `write` makes of each row.
    async fn fill<T, E>(
        &mut self,
        columns: &[&str],
        rows: impl Stream<Item = Result<T, E>>,
        write: impl Fn(&mut Sheet, &T, &Shop),
    ) -> Result<u64, Failure>
    where
        Failure: From<E>,
    {
        let mut sheet = Sheet::new(columns);
        let mut rows = pin!(rows);
        while let Some(row) = rows.try_next().await? {
            write(&mut sheet, &row, self.shop);
            if sheet.n_bytes() >= CHUNK_BYTES {
                self.send(&mut sheet).await?;
            }
        }
        self.send(&mut sheet).await?;
        self.out.flush().await.map_err(Failure::retry)?;
        Ok(sheet.n_rows())
    }

    async fn send(&mut self, sheet: &mut Sheet) -> Result<(), Failure> {
        self.out.write_all(&sheet.take()).await.map_err(Failure::retry)?;
        (self.report)(sheet.n_rows());
        Ok(())
    }
}
