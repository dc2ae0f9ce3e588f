//! `courtier migrate`.

use std::process::ExitCode;

use settings::{ExposeSecret, api_keys::ApiKeys, database::Database};
use store::{Role, api_keys};

use crate::{output, start};

pub(crate) async fn run() -> anyhow::Result<ExitCode> {
    let (database, keys) =
        start::load(|reader| (Database::load(reader), ApiKeys::load_if_set(reader)))?;
    let applied = store::migrate::run(database.url.expose_secret()).await?;
    match applied.as_slice() {
        [] => output::line("nothing to do: every migration is applied"),
        applied => applied.iter().for_each(|name| output::line(format_args!("applied {name}"))),
    }
    if let Some(keys) = keys {
        let n_keys = pepper_keys(&database, &keys).await?;
        if n_keys > 0 {
            output::line(format_args!("hashed {n_keys} API keys with API_KEY_PEPPER"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Hashes keys with the pepper that were made before there was one.
pub(crate) async fn pepper_keys(database: &Database, keys: &ApiKeys) -> anyhow::Result<usize> {
    let client = start::store(database, Role::Worker)?.client().await?;
    Ok(api_keys::pepper_old(&client, &start::pepper(keys)).await?)
}
