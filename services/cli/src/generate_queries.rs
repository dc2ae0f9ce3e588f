//! `courtier generate-queries`.

use std::{pin::pin, process::ExitCode};

use futures::TryStreamExt;
use indicatif::ProgressBar;
use serde_json::json;
use settings::database::Database;
use store::catalogue::{Wanted, set_queries, stream};
use store::{Client, Role};

use crate::{options::GenerateQueriesArguments, output, start};

/// Queries that are written at once.
const CHUNK: usize = 5_000;

pub(crate) async fn run(arguments: GenerateQueriesArguments) -> anyhow::Result<ExitCode> {
    let store = start::store(&start::load(Database::load)?, Role::Worker)?;
    // One connection reads while the other writes.
    let (reader, writer) = (store.client().await?, store.client().await?);
    let wanted = Wanted { without_query: !arguments.force, ..Wanted::default() };
    let mut cards = pin!(stream(&reader, wanted).await?.try_chunks(CHUNK));
    let bar = ProgressBar::new_spinner().with_message("cards");
    let (mut n_cards, mut n_changed, mut n_nameless) = (0, 0, 0);
    while let Some(chunk) = cards.try_next().await.map_err(|error| error.1)? {
        let queries: Vec<(i64, Option<String>)> =
            chunk.iter().map(|stored| (stored.id, cards::query::build(&stored.card))).collect();
        n_cards += queries.len();
        n_nameless += queries.iter().filter(|(_, query)| query.is_none()).count();
        n_changed += write(&writer, &queries).await?;
        bar.set_message(format!("{n_cards} cards"));
        bar.tick();
    }
    bar.finish_and_clear();
    if arguments.format.json {
        output::json(&json!({"cards": n_cards, "changed": n_changed, "nameless": n_nameless}));
    } else {
        output::line(format_args!(
            "{n_cards} cards looked at, {n_changed} queries changed, {n_nameless} cards without a \
             name that could be searched"
        ));
    }
    Ok(ExitCode::SUCCESS)
}

async fn write(client: &Client, queries: &[(i64, Option<String>)]) -> anyhow::Result<u64> {
    let queries: Vec<(i64, Option<&str>)> =
        queries.iter().map(|(id, query)| (*id, query.as_deref())).collect();
    Ok(set_queries(client, &queries).await?)
}
