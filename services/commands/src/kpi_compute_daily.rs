//! `kpi.compute-daily`: the figures of one tenant and day.

use jiff::civil::Date;
use msp::kpi::Period;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{
    Command, Context, Failure, Invalid,
    kpi_compute_range::{not_after_today, period},
};

/// Computes the KPIs of one day.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComputeDailyKpis {
    /// Whose figures.
    pub(crate) tenant_id: Uuid,
    /// The day, in the tenant's time zone; from 2000-01-01 to today.
    pub(crate) date: Date,
}

impl Command for ComputeDailyKpis {
    const NAME: &'static str = "kpi.compute-daily";

    fn tenant_id(&self) -> Option<Uuid> {
        Some(self.tenant_id)
    }

    fn validate(&self) -> Result<(), Invalid> {
        self.period().map(|_| ())
    }

    async fn run(self, context: Context) -> Result<Value, Failure> {
        let period = self.period().map_err(Failure::reject)?;
        let mut client = context.store.client().await?;
        not_after_today(&client, self.tenant_id, period).await?;
        let computed = store::kpi_daily::compute(&mut client, self.tenant_id, period).await?;
        Ok(json!({"date": self.date, "days": computed.n_days, "changed": computed.n_changed}))
    }
}

impl ComputeDailyKpis {
    fn period(&self) -> Result<Period, Invalid> {
        period(self.date, self.date).map_err(|error| Invalid::new("date", error.to_string()))
    }
}
