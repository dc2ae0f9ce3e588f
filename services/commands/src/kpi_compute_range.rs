//! `kpi.compute-range`: the figures of one tenant for a range of days.

use jiff::{Timestamp, civil::Date, tz};
use msp::kpi::{Period, PeriodError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::kpi_daily::{self, MAX_DAYS_AT_ONCE};
use uuid::Uuid;

use crate::{Command, Context, Failure, Invalid};

/// Computes the KPIs of every day of a range.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ComputeKpiRange {
    /// Whose figures.
    pub(crate) tenant_id: Uuid,
    /// The first day, in the tenant's time zone; from 2000-01-01 on.
    pub(crate) from: Date,
    /// The last day, at most today; a range has at most 3,660 days.
    pub(crate) to: Date,
}

impl Command for ComputeKpiRange {
    const NAME: &'static str = "kpi.compute-range";

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
        let total = u64::from(period.n_days().unsigned_abs());
        let (mut n_days, mut n_changed) = (0, 0);
        for piece in period.pieces(MAX_DAYS_AT_ONCE) {
            context.check()?;
            let message = format!("{} to {}", piece.from(), piece.to());
            context.progress(n_days, Some(total), message);
            let computed = kpi_daily::compute(&mut client, self.tenant_id, piece).await?;
            n_days += computed.n_days.unsigned_abs();
            n_changed += computed.n_changed;
        }
        context.progress(n_days, Some(total), "done");
        Ok(json!({"from": self.from, "to": self.to, "days": n_days, "changed": n_changed}))
    }
}

impl ComputeKpiRange {
    fn period(&self) -> Result<Period, Invalid> {
        period(self.from, self.to).map_err(|error| {
            let field = match error {
                PeriodError::TooEarly(_) => "from",
                _ => "to",
            };
            Invalid::new(field, error.to_string())
        })
    }
}

/// A period that has begun somewhere on earth. What is surely wrong is refused with the request;
/// [`not_after_today`] looks closer.
pub(crate) fn period(from: Date, to: Date) -> Result<Period, PeriodError> {
    let latest_zone = tz::TimeZone::fixed(tz::offset(14));
    Period::new(from, to)?.must_not_pass(Timestamp::now().to_zoned(latest_zone).date())
}

/// Refuses days that have not begun where the tenant lives; only the database knows that zone.
pub(crate) async fn not_after_today(
    client: &store::Client,
    tenant_id: Uuid,
    period: Period,
) -> Result<(), Failure> {
    let today = kpi_daily::today(client, tenant_id).await?;
    let today = today.ok_or_else(|| Failure::reject(format!("tenant {tenant_id} is not known")))?;
    period.must_not_pass(today).map(|_| ()).map_err(Failure::reject)
}

#[cfg(test)]
mod tests {
    use crate::find;
    use serde_json::json;

    const TENANT: &str = "550e8400-e29b-41d4-a716-446655440000";

    fn refused(name: &str, parameters: &[(&str, &str)]) -> (String, String) {
        let mut request = json!({"tenant_id": TENANT});
        for (field, text) in parameters {
            request[field] = json!(text);
        }
        let invalid = find(name).unwrap().accept(request).unwrap_err();
        (invalid.field, invalid.message)
    }

    #[test]
    fn bad_dates_are_refused_with_the_request() {
        let daily = |date| refused("kpi.compute-daily", &[("date", date)]);
        assert_eq!(daily("1999-12-31").0, "date");
        assert!(daily("1999-12-31").1.contains("2000-01-01"));
        assert_eq!(daily("9999-12-31").0, "date");
        assert_eq!(daily("2026-02-29").0, "date");

        let range = |from, to| refused("kpi.compute-range", &[("from", from), ("to", to)]);
        assert_eq!(range("1999-12-31", "2020-01-01").0, "from");
        assert_eq!(range("2020-01-02", "2020-01-01").0, "to");
        assert_eq!(range("2020-01-01", "9999-12-31").0, "to");
        assert!(range("2000-01-01", "2020-01-01").1.contains("3660"));
    }

    #[test]
    fn parameters_name_the_tenant_that_the_command_works_for() {
        let request = json!({"tenant_id": TENANT, "date": "2026-01-24"});
        let accepted = find("kpi.compute-daily").unwrap().accept(request).unwrap();
        assert_eq!(accepted.tenant_id, Some(TENANT.parse().unwrap()));
    }
}
