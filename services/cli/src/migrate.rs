//! `courtier migrate`.

use std::process::ExitCode;

use settings::{ExposeSecret, database::Database};

use crate::{output, start};

pub(crate) async fn run() -> anyhow::Result<ExitCode> {
    let database = start::load(Database::load)?;
    let applied = store::migrate::run(database.url.expose_secret()).await?;
    match applied.as_slice() {
        [] => output::line("nothing to do: every migration is applied"),
        applied => applied.iter().for_each(|name| output::line(format_args!("applied {name}"))),
    }
    Ok(ExitCode::SUCCESS)
}
