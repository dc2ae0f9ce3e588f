//! `exports.generate`: one tenant's star schema as CSV and Parquet files.

mod scope;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use exports::{Days, Format, Run, Stamp, Stopped, Summary, TABLES, Table, TableFiles};
use jiff::civil::Date;
use msp::kpi::{Period, PeriodError};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::Tenant;
use tokio::task::spawn_blocking;
use uuid::Uuid;

use crate::{Command, Context, Failure, Invalid};
use scope::Scope;

/// Writes one tenant's tickets, time entries and KPIs as files for Power BI.
///
/// Without a date, every day that has data. With one, that day or range, and in addition the days
/// whose records changed since the export before: a ticket that was closed yesterday stands in the
/// file of the day on which it was created. Files whose content is the same stay untouched.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GenerateExports {
    /// Whose data.
    pub(crate) tenant_id: Uuid,
    /// One day in the tenant's time zone; not together with `from` and `to`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) date: Option<Date>,
    /// The first day of a range; from 2000-01-01 on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) from: Option<Date>,
    /// The last day of a range, at most today.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) to: Option<Date>,
    /// What to write; without it, what the export before wrote, and CSV at first. Another choice
    /// than before writes every day anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) format: Option<Wanted>,
}

/// A choice of formats.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Wanted {
    Csv,
    Parquet,
    Both,
}

impl Wanted {
    fn formats(self) -> &'static [Format] {
        match self {
            Wanted::Csv => &[Format::Csv],
            Wanted::Parquet => &[Format::Parquet],
            Wanted::Both => &Format::ALL,
        }
    }
}

/// Pause while another export of the same tenant runs.
const BUSY: Duration = Duration::from_secs(5);

impl Command for GenerateExports {
    const NAME: &'static str = "exports.generate";

    fn tenant_id(&self) -> Option<Uuid> {
        Some(self.tenant_id)
    }

    fn validate(&self) -> Result<(), Invalid> {
        let formats = self.format.map(Wanted::formats).unwrap_or_default();
        must_be_writable(formats).map_err(|reason| Invalid::new("format", reason))?;
        self.period().map(|_| ())
    }

    async fn run(self, context: Context) -> Result<Value, Failure> {
        let period = self.period().map_err(Failure::reject)?;
        let mut first = context.store.client().await?;
        let mut second = context.store.client().await?;
        let tenant = Tenant::snapshot(&mut first, self.tenant_id).await?;
        if !store::exports::try_lock(&tenant).await? {
            let reason = "another export of this tenant is running".to_owned();
            return Err(Failure::Postpone { after: BUSY, reason });
        }
        let moment = store::exports::prepare(&tenant).await?;
        let moment = moment
            .ok_or_else(|| Failure::reject(format!("tenant {} is not known", self.tenant_id)))?;
        if let Some(period) = period {
            period.must_not_pass(moment.today).map_err(Failure::reject)?;
        }
        let (root, id) = (context.folders.exports.clone(), context.command_id);
        let mut run = on_disk(move || Run::begin(&root, self.tenant_id, id)).await?;
        if let Some(wanted) = self.format {
            run = run.in_formats(wanted.formats());
        }
        must_be_writable(run.formats()).map_err(Failure::reject)?;
        let scope = Scope::new(&tenant, &moment, period, &run).await?;
        let second = store::exports::join(&mut second, self.tenant_id, &moment).await?;
        let written = tokio::select! {
            written = write_tables(&context, [&tenant, &second], &scope, &run) => written?,
            () = context.cancelled.cancelled() => return Err(Failure::Cancelled),
        };
        context.check()?;
        for files in written {
            run.add(files);
        }
        let watermark = scope.is_complete.then_some(moment.watermark);
        let stamp = Stamp { generated_at: moment.at, watermark, timezone: moment.timezone };
        let summary = on_disk(move || run.commit(stamp)).await?;
        // Until here the transaction held the lock.
        tenant.commit().await?;
        Ok(result(self.tenant_id, summary))
    }
}

impl GenerateExports {
    fn period(&self) -> Result<Option<Period>, Invalid> {
        let (from, to) = match (self.date, self.from, self.to) {
            (None, None, None) => return Ok(None),
            (Some(date), None, None) => (date, date),
            (None, Some(from), Some(to)) => (from, to),
            (Some(_), ..) => {
                return Err(Invalid::new("date", "cannot be combined with from and to"));
            }
            (None, Some(_), None) => return Err(Invalid::new("to", "is required with from")),
            (None, None, Some(_)) => return Err(Invalid::new("from", "is required with to")),
        };
        let field = |error: &PeriodError| match error {
            PeriodError::TooEarly(_) if self.date.is_some() => "date",
            PeriodError::TooEarly(_) => "from",
            _ => "to",
        };
        Period::new(from, to)
            .map(Some)
            .map_err(|error| Invalid::new(field(&error), error.to_string()))
    }
}

/// A build without Parquet may find that another one has written it.
fn must_be_writable(formats: &[Format]) -> Result<(), &'static str> {
    if formats.iter().all(|format| format.can_be_written()) {
        return Ok(());
    }
    Err("this build of courtier writes CSV only")
}

/// Half of the rows are tickets; they go over the second connection, everything else over the
/// first, both from the same snapshot.
async fn write_tables(
    context: &Context,
    [first, second]: [&Tenant<'_>; 2],
    scope: &Scope,
    run: &Run,
) -> Result<Vec<TableFiles>, Failure> {
    let progress = Meter::new(context, scope, run);
    let (tickets, others): (Vec<&'static Table>, Vec<&'static Table>) =
        TABLES.iter().partition(|table| table.name == "fact_ticket");
    let others = async {
        store::exports::collect_names(first).await?;
        write_in_turn(first, &others, scope, run, &progress).await
    };
    let tickets = write_in_turn(second, &tickets, scope, run, &progress);
    let (mut files, tickets) = tokio::try_join!(others, tickets)?;
    files.extend(tickets);
    Ok(files)
}

async fn write_in_turn(
    tenant: &Tenant<'_>,
    tables: &[&'static Table],
    scope: &Scope,
    run: &Run,
    progress: &Meter<'_>,
) -> Result<Vec<TableFiles>, Failure> {
    let mut written = Vec::new();
    for table in tables {
        let days = scope.days(table);
        let limit: Option<Vec<Date>> = match &days {
            Days::All => None,
            Days::Only(days) => Some(days.iter().copied().collect()),
        };
        let writer = run.table(table, days).map_err(files)?;
        let rows = store::exports::copy(tenant, table.name, limit.as_deref()).await?;
        let report = |n_rows| progress.add(n_rows, table.name);
        let table = exports::write_table(writer, rows, report).await;
        written.push(table.map_err(|stopped| match stopped {
            Stopped::Source(error) => error.into(),
            Stopped::Files(error) => files(error),
        })?);
    }
    Ok(written)
}

/// Rows so far, of both connections.
struct Meter<'a> {
    context: &'a Context,
    n_rows: AtomicU64,
    /// Rows of the export before; unknown for a part.
    expected: Option<u64>,
}

impl<'a> Meter<'a> {
    fn new(context: &'a Context, scope: &Scope, run: &Run) -> Self {
        let previous = run.previous().filter(|_| scope.is_everything);
        let expected = previous.map(exports::Manifest::n_rows);
        Self { context, n_rows: AtomicU64::new(0), expected }
    }

    fn add(&self, n_rows: u64, table: &str) {
        let n_rows = n_rows + self.n_rows.fetch_add(n_rows, Ordering::Relaxed);
        self.context.progress(n_rows, self.expected.map(|n| n.max(n_rows)), table);
    }
}

/// File operations block; they run on a thread that may.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> exports::Result<T> + Send + 'static,
) -> Result<T, Failure> {
    spawn_blocking(work).await.map_err(Failure::retry)?.map_err(files)
}

/// A full or missing disk may be back later; rows and manifests of a wrong form stay wrong.
fn files(error: exports::Error) -> Failure {
    match error {
        exports::Error::Io { .. } => Failure::retry(error),
        exports::Error::Row { .. } | exports::Error::Manifest { .. } => Failure::reject(error),
    }
}

fn result(tenant_id: Uuid, summary: Summary) -> Value {
    let mut result = json!(summary);
    result["manifest"] = json!(format!(".manifests/{tenant_id}/manifest.json"));
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(parameters: &Value) -> Option<String> {
        let mut all = json!({"tenant_id": "550e8400-e29b-41d4-a716-446655440000"});
        all.as_object_mut().unwrap().extend(parameters.as_object().unwrap().clone());
        let definition = crate::find(GenerateExports::NAME).unwrap();
        definition.accept(all).err().map(|invalid| invalid.field)
    }

    #[test]
    fn dates_are_a_day_or_a_range_or_absent() {
        let cases = [
            (json!({}), None),
            (json!({"date": "2026-01-24"}), None),
            (json!({"from": "2026-01-01", "to": "2026-01-24"}), None),
            (json!({"date": "2026-01-24", "from": "2026-01-01"}), Some("date")),
            (json!({"date": "1999-12-31"}), Some("date")),
            (json!({"from": "2026-01-01"}), Some("to")),
            (json!({"to": "2026-01-01"}), Some("from")),
            (json!({"from": "2026-01-02", "to": "2026-01-01"}), Some("to")),
            (json!({"from": "1999-12-31", "to": "2026-01-01"}), Some("from")),
            (json!({"day": "2026-01-24"}), Some("day")),
            (json!({"format": "csv"}), None),
            (json!({"format": "xlsx"}), Some("format")),
        ];
        for (parameters, field) in cases {
            assert_eq!(refused(&parameters).as_deref(), field, "{parameters}");
        }
    }
}
