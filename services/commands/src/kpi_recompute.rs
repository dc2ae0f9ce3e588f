//! `kpi.recompute`: the figures of the days that late data has touched.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::kpi_daily::{self, MAX_DAYS_AT_ONCE};
use store::{Tenant, kpi_dirty};
use uuid::Uuid;

use crate::{Command, Context, Failure};

/// Computes the KPIs of every day that is marked as stale. However often a day was marked, it is
/// computed once.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecomputeKpis {
    /// Whose figures.
    pub(crate) tenant_id: Uuid,
}

impl Command for RecomputeKpis {
    const NAME: &'static str = "kpi.recompute";

    fn tenant_id(&self) -> Option<Uuid> {
        Some(self.tenant_id)
    }

    async fn run(self, context: Context) -> Result<Value, Failure> {
        let mut client = context.store.client().await?;
        let today = kpi_daily::today(&client, self.tenant_id).await?;
        let today = today
            .ok_or_else(|| Failure::reject(format!("tenant {} is not known", self.tenant_id)))?;
        let tenant = Tenant::begin(&mut client, self.tenant_id).await?;
        let periods = kpi_dirty::periods(&tenant, today).await?;
        tenant.commit().await?;
        let total: u64 =
            periods.iter().map(|period| u64::from(period.n_days().unsigned_abs())).sum();
        let (mut n_days, mut n_changed) = (0, 0);
        for piece in periods.into_iter().flat_map(|period| period.pieces(MAX_DAYS_AT_ONCE)) {
            context.check()?;
            context.progress(n_days, Some(total), format!("{} to {}", piece.from(), piece.to()));
            let computed = kpi_daily::compute(&mut client, self.tenant_id, piece).await?;
            n_days += computed.n_days.unsigned_abs();
            n_changed += computed.n_changed;
        }
        Ok(json!({"days": n_days, "changed": n_changed}))
    }
}
