//! `ingest.tickets`: brings a tenant's tickets up to date with their source.

use msp::ticket::Ticket;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::ingest::{Chunk, Packer, RowId};
use store::raw_tickets;
use uuid::Uuid;

use crate::ingest::{Ingest, ingest};
use crate::{Command, Context, Failure};

/// Loads a tenant's tickets from its source and touches only what is new or has changed. The
/// result counts what was read, inserted, updated, unchanged and rejected.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct IngestTickets {
    /// Id of the tenant.
    pub(crate) tenant_id: Uuid,
}

impl Command for IngestTickets {
    const NAME: &'static str = "ingest.tickets";

    fn tenant_id(&self) -> Option<Uuid> {
        Some(self.tenant_id)
    }

    async fn run(self, context: Context) -> Result<Value, Failure> {
        ingest::<Tickets>(self.tenant_id, context).await
    }
}

struct Tickets;

impl Ingest for Tickets {
    type Record = psa::Tickets;
    type Target = raw_tickets::Tickets;

    fn pack(
        packer: &mut Packer,
        id: RowId<'_>,
        ticket: &Ticket<'_>,
        json: &str,
    ) -> Option<(usize, Chunk)> {
        raw_tickets::pack(packer, id, ticket, json)
    }

    fn key<'a>(ticket: &'a Ticket<'_>) -> &'a str {
        &ticket.cw_ticket_id
    }
}
