//! `courtier status`: the operator's picture of an installation, in a terminal.

mod picture;
mod screen;

use std::process::ExitCode;
use std::time::Duration;

use serde_json::json;
use settings::broker::Broker as BrokerSettings;
use settings::database::Database;
use store::Role;

use crate::options::StatusArguments;
use crate::{output, start};
use picture::Picture;
use screen::Screen;

pub(crate) async fn run(arguments: StatusArguments) -> anyhow::Result<ExitCode> {
    let (database, broker) =
        start::load(|reader| (Database::load(reader), BrokerSettings::load(reader)))?;
    let (store, broker) = (start::store(&database, Role::Worker)?, start::broker(&broker)?);
    if !arguments.watch {
        let picture = Picture::take(&store.client().await?, &broker).await?;
        if arguments.format.json {
            output::json(&json!(picture));
        } else {
            output::line(picture.text());
        }
        return Ok(ExitCode::SUCCESS);
    }
    let shutdown = start::shutdown()?;
    let mut screen = Screen::open()?;
    let every = Duration::from_secs(arguments.every);
    let watched = shutdown.run_until_cancelled(async {
        loop {
            // A database that is away comes back: say so, and look again.
            let text = match look(&store, &broker).await {
                Ok(picture) => picture.text(),
                Err(error) => format!("{error:#}\nlooking again in {} s", every.as_secs()),
            };
            screen.show(&text)?;
            tokio::time::sleep(every).await;
        }
    });
    match watched.await {
        Some(failed) => failed,
        None => Ok(ExitCode::SUCCESS),
    }
}

async fn look(store: &store::Store, broker: &broker::Broker) -> anyhow::Result<Picture> {
    Picture::take(&store.client().await?, broker).await
}
