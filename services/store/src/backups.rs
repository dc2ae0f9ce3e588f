//! What PostgreSQL's own tools need to know of a database: how to reach it, and whether a copy of
//! it would be whole.

use tokio_postgres::config::Host;

use crate::address::Address;
use crate::{Client, Result};

/// The variables by which `pg_dump` and `psql` find a database. Their process list shows no
/// password this way.
///
/// # Errors
/// When the URL cannot be read.
pub fn libpq_variables(url: &str) -> Result<Vec<(&'static str, String)>> {
    let address = Address::parse(url)?;
    let mut variables = address.libpq_variables();
    let config = address.config;
    match config.get_hosts().first() {
        Some(Host::Tcp(host)) => variables.push(("PGHOST", host.clone())),
        Some(Host::Unix(folder)) => variables.push(("PGHOST", folder.display().to_string())),
        None => {}
    }
    let port = config.get_ports().first().map(ToString::to_string);
    let password = config.get_password().map(|word| String::from_utf8_lossy(word).into_owned());
    let user = config.get_user().map(str::to_owned);
    let database = config.get_dbname().map(str::to_owned);
    for (name, value) in
        [("PGPORT", port), ("PGUSER", user), ("PGPASSWORD", password), ("PGDATABASE", database)]
    {
        variables.extend(value.map(|value| (name, value)));
    }
    Ok(variables)
}

/// Whether this login sees the rows of every tenant. One that does not cannot copy them.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn sees_everything(client: &Client) -> Result<bool> {
    let statement = "select rolsuper or rolbypassrls from pg_roles where rolname = session_user";
    Ok(client.query_one(statement, &[]).await?.get(0))
}

/// Tables of the database, of whomever.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn n_tables(client: &Client) -> Result<i64> {
    let statement = "
        select count(*) from pg_class
        where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace";
    Ok(client.query_one(statement, &[]).await?.get(0))
}

/// Other connections of Courtier to this database.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn n_other_connections(client: &Client) -> Result<i64> {
    let statement = "
        select count(*) from pg_stat_activity
        where datname = current_database() and application_name = 'courtier'
          and pid <> pg_backend_pid()";
    Ok(client.query_one(statement, &[]).await?.get(0))
}

/// Makes the group roles that a backup's grants name, as the first migration does.
///
/// # Errors
/// When the login may not create roles, and they are missing.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn create_roles(client: &Client) -> Result<()> {
    let statement = "
        do $$
        declare
            wanted text;
        begin
            foreach wanted in array
                array['courtier_api', 'courtier_worker', 'courtier_readonly']
            loop
                if to_regrole(wanted) is null then
                    execute format('create role %I nologin', wanted);
                end if;
                if not pg_has_role(current_user, wanted, 'member') then
                    execute format('grant %I to current_user', wanted);
                end if;
            end loop;
        end
        $$";
    Ok(client.batch_execute(statement).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_becomes_variables() {
        let variables = libpq_variables("postgresql://ann:p%40ss@db.local:5433/shop").unwrap();
        let expected = [
            ("PGSSLMODE", "prefer"),
            ("PGHOST", "db.local"),
            ("PGPORT", "5433"),
            ("PGUSER", "ann"),
            ("PGPASSWORD", "p@ss"),
            ("PGDATABASE", "shop"),
        ];
        assert_eq!(variables, expected.map(|(name, value)| (name, value.to_owned())));
        assert!(libpq_variables("mysql://x").is_err());
    }
}
