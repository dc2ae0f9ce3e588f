//! Table `raw_tickets`, with the spans and status events of tickets.

mod dirty;
mod list;
mod stage;
mod update;

use msp::ticket::Ticket;
use tokio_postgres::{Statement, Transaction};

use crate::ingest::{Chunk, Packer, RowId, Scope, Staged, Target, Written};
use crate::{Connection, Result};

pub use list::{Filter, Place, TicketRow, list};

/// Loads tickets; see [`crate::ingest`].
pub struct Tickets {
    insert: Statement,
    insert_spans: Statement,
    update: update::Update,
    dirty: dirty::Dirty,
}

/// Adds a ticket to the chunk at hand; see [`Packer::push`]. `raw` is its JSON.
pub fn pack(
    packer: &mut Packer,
    id: RowId<'_>,
    ticket: &Ticket<'_>,
    raw: &str,
) -> Option<(usize, Chunk)> {
    packer.push(id, stage::N_COLUMNS, |row| stage::write(row, id, ticket, raw))
}

const INSERT: &str = "
insert into raw_tickets (
    tenant_id, source, cw_ticket_id, content_hash, board, status, priority, summary, description,
    company, owner, created_at_remote, updated_at_remote, sla_status, estimated_hours,
    high_priority, first_response_at, resolved_at, closed_at, reopened_at, sla_response_due_at,
    sla_resolution_due_at, sla_response_verdict, sla_resolution_verdict, satisfaction_score, raw)
select
    $1, $2, cw_ticket_id, content_hash, board, status, priority, summary, description,
    company, owner, created_at_remote, updated_at_remote, sla_status, estimated_hours::numeric,
    high_priority, first_response_at, resolved_at, closed_at, history[cardinality(history)],
    sla_response_due_at, sla_resolution_due_at, sla_response_verdict, sla_resolution_verdict,
    satisfaction_score::numeric, raw::jsonb
from ticket_new";

/// `history` holds pairs: a closing, then the reopening that followed.
const INSERT_SPANS: &str = "
insert into ticket_past_spans (
    tenant_id, source, cw_ticket_id, created_at_remote, opened_at, closed_at, next_opened_at,
    high_priority)
select
    $1, $2, s.cw_ticket_id, s.created_at_remote,
    case i when 1 then s.created_at_remote else s.history[2 * i - 2] end,
    s.history[2 * i - 1], s.history[2 * i], s.high_priority
from ticket_new s
cross join generate_series(1, cardinality(s.history) / 2) i
where s.history is not null";

impl Target for Tickets {
    const TABLE: &'static str = "raw_tickets";
    const STAGE: &'static str = stage::CREATE;
    const PROBE: &'static str = "
        select k.position, o.content_hash is null
        from unnest($3::text[], $4::uuid[]) with ordinality k (key, hash, position)
        left join lateral (
            select o.content_hash from raw_tickets o
            where o.tenant_id = $1 and o.source = $2 and o.cw_ticket_id = k.key
            limit 1 -- pins the primary key: a hash join would read the whole tenant for each chunk
        ) o on true
        where o.content_hash is distinct from k.hash
        order by k.position";
    const COPY_NEW: &'static str = "copy ticket_new from stdin (format binary)";
    const COPY_CHANGED: &'static str = "copy ticket_changed from stdin (format binary)";

    async fn prepare(client: &Connection) -> Result<Tickets> {
        Ok(Tickets {
            insert: client.prepare(INSERT).await?,
            insert_spans: client.prepare(INSERT_SPANS).await?,
            update: update::Update::prepare(client).await?,
            dirty: dirty::Dirty::prepare(client).await?,
        })
    }

    async fn apply(
        &self,
        transaction: &Transaction<'_>,
        scope: Scope,
        staged: Staged,
    ) -> Result<Written> {
        let mut written = Written::default();
        let first_before = self.dirty.first_ticket(transaction, scope).await?;
        if staged.n_new > 0 {
            let key: [&(dyn tokio_postgres::types::ToSql + Sync); 2] =
                [&scope.tenant_id, &scope.source];
            written.inserted = transaction.execute(&self.insert, &key).await?;
            transaction.execute(&self.insert_spans, &key).await?;
            self.dirty.mark_new(transaction, scope).await?;
        }
        if staged.n_changed > 0 {
            written.updated = self.update.run(transaction, scope).await?;
            self.dirty.mark_changed(transaction, scope).await?;
        }
        self.dirty.mark_first(transaction, scope, first_before).await?;
        Ok(written)
    }
}
