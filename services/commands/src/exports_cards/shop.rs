//! What the files need beside their rows.

use std::collections::HashMap;

use cards::config::PricingConfig;
use cards::landed::Rates;
use futures::TryStreamExt as _;
use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::card_exports::{SaleSummary, sales_summary};
use store::catalogue::StoredSet;
use store::{Client, Transaction, catalogue, fx_rates, settings};

use super::ExportCards;
use crate::Failure;
use crate::market::rates;

/// The shop, as far as its files show it.
pub(super) struct Shop {
    zone: TimeZone,
    pub(super) pricing: PricingConfig,
    pub(super) rates: Rates,
    pub(super) sets: Vec<StoredSet>,
    series: HashMap<String, String>,
    /// By card; filled by [`Shop::count_sales`].
    sales: HashMap<i64, SaleSummary>,
}

impl Shop {
    pub(super) async fn read(client: &Client) -> Result<Shop, Failure> {
        let settings = settings::all(client).await?;
        let sets = catalogue::sets(client).await?;
        let series = sets.iter().map(|set| (set.set.id.clone(), set.set.serie_id.clone()));
        Ok(Shop {
            zone: TimeZone::get(&settings.batch_timezone).map_err(Failure::reject)?,
            pricing: settings.pricing,
            rates: rates(fx_rates::latest(client, None).await?),
            series: series.collect(),
            sets,
            sales: HashMap::new(),
        })
    }

    /// The first instant, and the first one after the period; its days are days of the shop.
    pub(super) fn period(&self, wanted: &ExportCards) -> Result<[Option<Timestamp>; 2], Failure> {
        let start = |day: Date| -> Result<Timestamp, Failure> {
            Ok(day.to_zoned(self.zone.clone()).map_err(Failure::reject)?.timestamp())
        };
        let after = |day: Date| start(day.checked_add(1.day()).map_err(Failure::reject)?);
        Ok([wanted.from.map(start).transpose()?, wanted.to.map(after).transpose()?])
    }

    /// Reads the sales of all cards in a span of time.
    pub(super) async fn count_sales(
        &mut self,
        transaction: &Transaction<'_>,
        period: [Option<Timestamp>; 2],
    ) -> Result<(), Failure> {
        let sales = sales_summary(transaction, period).await?;
        self.sales = sales.map_ok(|sales| (sales.card.id, sales)).try_collect().await?;
        Ok(())
    }

    pub(super) fn sales_of(&self, card_id: i64) -> Option<&SaleSummary> {
        self.sales.get(&card_id)
    }

    pub(super) fn serie_of(&self, set_id: &str) -> Option<&str> {
        self.series.get(set_id).map(String::as_str)
    }

    /// `2026-01-31`, as the shop's calendar says.
    pub(super) fn day(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d").to_string()
    }

    /// `2026-01-31 14:05`, by the shop's clock.
    pub(super) fn minute(&self, at: Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }
}
