//! Exchange rates of the ECB, kept in the database.

use std::time::Duration;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use store::{Client, fx_rates};

use super::Market;
use crate::Failure;

/// Longest wait of a batch for new rates: those of some days ago will do.
const PATIENCE: Duration = Duration::from_secs(15);

/// What the ECB said.
pub(crate) struct Refreshed {
    pub(crate) day: Date,
    pub(crate) n_known: usize,
    /// Rates that are new or were corrected.
    pub(crate) n_changed: u64,
}

impl Market {
    /// Fetches the rates of the last working day.
    pub(crate) async fn refresh_rates(&self, client: &Client) -> Result<Refreshed, Failure> {
        let rates = self.sources()?.rates().await?;
        let day = rates.date;
        let rates: Vec<_> = rates
            .per_eur
            .into_iter()
            .map(|(currency, per_eur)| fx_rates::Rate { day, currency, per_eur })
            .collect();
        let n_changed = fx_rates::upsert(client, &rates).await?;
        self.guides.forget();
        Ok(Refreshed { day, n_known: rates.len(), n_changed })
    }

    /// Fetches rates when those that are known are older than a day. Without an answer, they have
    /// to do; only a database that fails is an error.
    pub(crate) async fn see_to_rates(&self, client: &Client) -> Result<(), Failure> {
        let known = fx_rates::latest(client, None).await?;
        let newest = known.iter().map(|rate| rate.day).max();
        let today = Timestamp::now().to_zoned(TimeZone::UTC).date();
        if newest.is_some_and(|newest| newest >= today.saturating_sub(1.day())) {
            return Ok(());
        }
        let refreshed = tokio::time::timeout(PATIENCE, self.refresh_rates(client)).await;
        let failure = match refreshed {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(failure)) => failure.to_string(),
            Err(_) => format!("no answer within {} s", PATIENCE.as_secs()),
        };
        let newest = newest.map(tracing::field::display);
        tracing::warn!(failure, newest, "exchange rates are not up to date");
        Ok(())
    }
}
