//! The only door to a tenant's data: a transaction that carries the tenant's id.

use std::ops::Deref;

use tokio_postgres::IsolationLevel;
use tokio_postgres::types::Type;
use uuid::Uuid;

use crate::{Client, Result, Transaction};

/// A transaction in which row-level security shows one tenant's rows, and no others.
///
/// It ends with [`Tenant::commit`]; dropped, it rolls back.
///
/// ```no_run
/// # async fn f(store: store::Store, id: uuid::Uuid) -> store::Result<()> {
/// let mut client = store.client().await?;
/// let tenant = store::Tenant::begin(&mut client, id).await?;
/// tenant.execute("select 1", &[]).await?;
/// tenant.commit().await
/// # }
/// ```
pub struct Tenant<'a> {
    transaction: Transaction<'a>,
    id: Uuid,
}

impl<'a> Tenant<'a> {
    /// Begins a read-committed transaction for `id`.
    ///
    /// # Errors
    /// When the connection is broken.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn begin(client: &'a mut Client, id: Uuid) -> Result<Tenant<'a>> {
        Self::with_isolation(client, id, IsolationLevel::ReadCommitted).await
    }

    /// Begins a transaction in which every statement sees the same snapshot.
    ///
    /// # Errors
    /// When the connection is broken.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn snapshot(client: &'a mut Client, id: Uuid) -> Result<Tenant<'a>> {
        Self::with_isolation(client, id, IsolationLevel::RepeatableRead).await
    }

    async fn with_isolation(
        client: &'a mut Client,
        id: Uuid,
        level: IsolationLevel,
    ) -> Result<Tenant<'a>> {
        let transaction = client.build_transaction().isolation_level(level).start().await?;
        Self::enter(transaction, id).await
    }

    /// Begins a transaction that sees the snapshot which `pg_export_snapshot` gave this name, while
    /// the transaction that exported it is open.
    pub(crate) async fn in_snapshot(
        client: &'a mut Client,
        id: Uuid,
        name: &str,
    ) -> Result<Tenant<'a>> {
        let level = IsolationLevel::RepeatableRead;
        let transaction = client.build_transaction().isolation_level(level).start().await?;
        // Must come before any query. Names are the server's own: digits, letters and hyphens.
        transaction.batch_execute(&format!("set transaction snapshot '{name}'")).await?;
        Self::enter(transaction, id).await
    }

    async fn enter(transaction: Transaction<'a>, id: Uuid) -> Result<Tenant<'a>> {
        let statement = "select set_config('app.tenant_id', $1, true)";
        // With its type it is one round trip, and not first asked for.
        transaction.query_typed(statement, &[(&id.to_string(), Type::TEXT)]).await?;
        Ok(Tenant { transaction, id })
    }

    /// The tenant whose rows this transaction sees.
    pub fn id(&self) -> Uuid {
        self.id
    }

    /// # Errors
    /// When the commit did not reach the server, or the server refused it.
    #[tracing::instrument(level = "trace", skip_all)]
    pub async fn commit(self) -> Result<()> {
        Ok(self.transaction.commit().await?)
    }
}

impl<'a> Deref for Tenant<'a> {
    type Target = Transaction<'a>;

    fn deref(&self) -> &Transaction<'a> {
        &self.transaction
    }
}
