//! Tables of the star schema as queries ask for them: a page of some columns, a number of rows.
//!
//! The columns are those of the [export](crate::exports). What a client sent is in parameters; the
//! text of a statement is made of names of ours alone.

mod condition;
mod statement;

use std::error::Error as StdError;

use odata::{EntitySet, Query};
use postgres_types::{FromSql, Type as SqlType};
use tokio_postgres::Row;

use crate::{Result, Tenant};
use statement::Statement;

/// Rows in the order of their query.
pub struct Page {
    rows: Vec<Row>,
    n_selected: usize,
    /// Rows follow that the page has no room for.
    pub has_more: bool,
}

/// A value as the server sends it.
struct Raw<'a>(&'a [u8]);

/// Makes the transaction ready: days are those of the tenant's time zone from here on.
///
/// # Errors
/// When the database cannot be read.
pub async fn prepare(tenant: &Tenant<'_>) -> Result<()> {
    let statement = "select set_config('timezone', timezone, true) from tenants where id = $1";
    tenant.query_typed(statement, &[(&tenant.id(), SqlType::UUID)]).await?;
    Ok(())
}

/// Reads at most `n_rows` rows of a set, after [`prepare`].
///
/// # Errors
/// [`crate::Error::Invalid`] for an unknown set; otherwise when the database cannot be read.
pub async fn page(
    tenant: &Tenant<'_>,
    set: &EntitySet,
    query: &Query,
    n_rows: u64,
) -> Result<Page> {
    let statement = Statement::page(tenant.id(), set, query, n_rows.saturating_add(1))?;
    let mut rows = tenant.query_typed(&statement.sql, &statement.parameters()).await?;
    let n_rows = usize::try_from(n_rows).unwrap_or(usize::MAX);
    let has_more = rows.len() > n_rows;
    rows.truncate(n_rows);
    Ok(Page { rows, n_selected: query.select.len(), has_more })
}

/// Counts the rows of a set that the query's filter lets through, after [`prepare`].
///
/// # Errors
/// As [`page`].
pub async fn count(tenant: &Tenant<'_>, set: &EntitySet, query: &Query) -> Result<i64> {
    let statement = Statement::count(tenant.id(), set, query)?;
    let rows = tenant.query_typed(&statement.sql, &statement.parameters()).await?;
    Ok(rows.first().map_or(0, |row| row.get(0)))
}

impl Page {
    pub fn n_rows(&self) -> usize {
        self.rows.len()
    }

    /// The selected columns of each row, in PostgreSQL's binary form; `None` is null.
    pub fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = Option<&[u8]>>> {
        self.rows.iter().map(|row| (0..self.n_selected).map(|index| raw(row, index)))
    }

    /// Of the last row, the columns that the query is ordered by.
    pub fn last(&self) -> Option<Vec<Option<&[u8]>>> {
        let row = self.rows.last()?;
        Some((self.n_selected..row.len()).map(|index| raw(row, index)).collect())
    }
}

fn raw(row: &Row, index: usize) -> Option<&[u8]> {
    row.get::<_, Option<Raw<'_>>>(index).map(|raw| raw.0)
}

impl<'a> FromSql<'a> for Raw<'a> {
    fn from_sql(_: &SqlType, raw: &'a [u8]) -> Result<Self, Box<dyn StdError + Sync + Send>> {
        Ok(Raw(raw))
    }

    fn accepts(_: &SqlType) -> bool {
        true
    }
}
