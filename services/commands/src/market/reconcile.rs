//! The ledger beside eBay's own count.

use store::Store;
use store::quota::{self, Day, Purpose, Report};

use super::request::Meter;
use super::{Errand, Market, PROVIDER, not_configured};
use crate::Failure;

impl Market {
    /// Before a batch: sees that eBay can be asked at all, takes over its count, and fetches
    /// exchange rates when they are old. Only without access there is no batch; without the others
    /// it goes by what was known.
    pub(crate) async fn get_ready(&self, store: &Store) -> Result<(), Failure> {
        let client = self.ebay.as_ref().ok_or_else(not_configured)?;
        self.tokens.get(store, client, None).await?;
        match self.reconcile(store).await {
            Ok(_) => {}
            Err(postponed @ Failure::Postpone { .. }) => return Err(postponed),
            Err(failure) => tracing::warn!(%failure, "eBay did not say how many calls are left"),
        }
        self.see_to_rates(&store.client().await?).await
    }

    /// Takes over the end of eBay's window, its limit, and what it counted beyond our own count.
    /// `None` when it does not say, or a window has ended just now. Costs no call of the quota.
    pub(crate) async fn reconcile(&self, store: &Store) -> Result<Option<Day>, Failure> {
        let mut errand = Errand { store, purpose: Purpose::Reconcile, n_calls: 0 };
        let Some(told) = self.call(&mut errand, &Meter).await? else { return Ok(None) };
        let whole = |number: i64| i32::try_from(number).unwrap_or(i32::MAX);
        let (limit, remaining) = (whole(told.limit), whole(told.remaining));
        let report = Report { limit, remaining, reset: told.reset };
        let day = quota::reconcile(&store.client().await?, PROVIDER, report).await?;
        self.guides.forget();
        if let Some(drift) = day.as_ref().and_then(|day| day.reported).map(|told| told.drift)
            && drift != 0
        {
            tracing::warn!(drift, "eBay counted other calls than the ledger");
        }
        Ok(day)
    }
}
