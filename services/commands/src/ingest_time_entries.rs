//! `ingest.time_entries`: brings a tenant's time entries up to date with their source.

use msp::time_entry::TimeEntry;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::ingest::{Chunk, Packer, RowId};
use store::raw_time_entries;
use uuid::Uuid;

use crate::ingest::{Ingest, ingest};
use crate::{Command, Context, Failure};

/// Loads a tenant's time entries from its source and touches only what is new or has changed. The
/// result counts what was read, inserted, updated, unchanged and rejected.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IngestTimeEntries {
    /// Id of the tenant.
    pub(crate) tenant_id: Uuid,
}

impl Command for IngestTimeEntries {
    const NAME: &'static str = "ingest.time_entries";

    fn tenant_id(&self) -> Option<Uuid> {
        Some(self.tenant_id)
    }

    async fn run(self, context: Context) -> Result<Value, Failure> {
        ingest::<TimeEntries>(self.tenant_id, context).await
    }
}

struct TimeEntries;

impl Ingest for TimeEntries {
    type Record = psa::TimeEntries;
    type Target = raw_time_entries::TimeEntries;

    fn pack(
        packer: &mut Packer,
        id: RowId<'_>,
        entry: &TimeEntry<'_>,
        json: &str,
    ) -> Option<(usize, Chunk)> {
        raw_time_entries::pack(packer, id, entry, json)
    }

    fn key<'a>(entry: &'a TimeEntry<'_>) -> &'a str {
        &entry.cw_time_entry_id
    }
}
