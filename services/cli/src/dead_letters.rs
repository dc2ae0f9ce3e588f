//! `courtier dead-letters`.

use std::process::ExitCode;

use anyhow::Context;
use serde_json::{Value, json};
use store::dead_letters::{self, DeadLetter, Filter, State};
use store::{Client, Role};

use crate::options::{DeadLettersAction, FormatArgument, LettersFilter};
use crate::{output, start};

/// Who the audit log says it was.
const ACTOR: &str = "cli";

pub(crate) async fn run(action: DeadLettersAction) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    match action {
        DeadLettersAction::List { filter, format } => {
            let letters = dead_letters::find(&client, &wanted(filter, State::Any)).await?;
            list(&letters, format);
            Ok(ExitCode::SUCCESS)
        }
        DeadLettersAction::Show { id, payload, format } => show(&client, id, payload, format).await,
        DeadLettersAction::Replay { ids, filter, dry_run, format } => {
            let letters = if ids.is_empty() {
                dead_letters::find(&client, &wanted(filter, State::Replayable)).await?
            } else {
                by_id(&client, &ids).await?
            };
            if dry_run {
                list(&letters, format);
                return Ok(ExitCode::SUCCESS);
            }
            replay(&client, &letters, format).await
        }
    }
}

fn wanted(filter: LettersFilter, state: State) -> Filter {
    let LettersFilter { name, reason, limit } = filter;
    Filter { name, reason, state, before: None, limit: limit.into() }
}

async fn by_id(client: &Client, ids: &[i64]) -> anyhow::Result<Vec<DeadLetter>> {
    let mut letters = Vec::new();
    for id in ids {
        let letter = dead_letters::get(client, *id).await?;
        letters.push(letter.with_context(|| format!("there is no dead letter {id}"))?);
    }
    Ok(letters)
}

/// A raw message may hold anything, so a list only says that there is one.
fn list(letters: &[DeadLetter], format: FormatArgument) {
    if format.json {
        let shown: Vec<Value> = letters.iter().map(without_body).collect();
        output::json(&json!(shown));
        return;
    }
    let rows = letters.iter().map(|letter| {
        vec![
            letter.id.to_string(),
            output::or_dash(letter.name.as_ref()),
            output::or_dash(letter.command_id),
            format!("{:.0}", letter.died_at),
            output::or_dash(letter.replayed_at.map(|at| format!("{at:.0}"))),
            letter.reason.clone(),
        ]
    });
    let header = ["id", "name", "command", "died", "replayed", "reason"];
    output::table(&header, rows.collect());
}

fn without_body(letter: &DeadLetter) -> Value {
    let mut shown = json!(letter);
    if let Some(body) = &letter.body {
        shown["body"] = json!(format!("{} bytes, hidden", body.len()));
    }
    shown
}

async fn show(
    client: &Client,
    id: i64,
    with_payload: bool,
    format: FormatArgument,
) -> anyhow::Result<ExitCode> {
    let letter = dead_letters::get(client, id).await?;
    let letter = letter.with_context(|| format!("there is no dead letter {id}"))?;
    let command = match letter.command_id {
        Some(id) => store::commands::get(client, id).await?,
        None => None,
    };
    let mut shown = if with_payload { json!(letter) } else { without_body(&letter) };
    shown["command"] = json!(command);
    if let Some(command) = &command
        && !with_payload
    {
        shown["command"]["payload"] = commands::redact(&command.payload);
    }
    if format.json {
        output::json(&shown);
        return Ok(ExitCode::SUCCESS);
    }
    let command = &shown["command"];
    let lines = [
        ("id", &shown["id"]),
        ("name", &shown["name"]),
        ("command", &shown["command_id"]),
        ("reason", &shown["reason"]),
        ("died", &shown["died_at"]),
        ("replayed", &shown["replayed_at"]),
        ("message", &shown["body"]),
        ("state of the command", &command["status"]),
        ("tenant", &command["tenant_id"]),
        ("parameters", &command["payload"]),
    ];
    let rows = lines.into_iter().map(|(label, value)| vec![label.to_owned(), output::text(value)]);
    output::table(&["dead letter", ""], rows.collect());
    Ok(ExitCode::SUCCESS)
}

async fn replay(
    client: &Client,
    letters: &[DeadLetter],
    format: FormatArgument,
) -> anyhow::Result<ExitCode> {
    let ids: Vec<i64> = letters.iter().map(|letter| letter.id).collect();
    let replayed = dead_letters::replay(client, ACTOR, &ids).await?;
    let is_left = |letter: &&DeadLetter| letter.command_id.is_none_or(|id| !replayed.contains(&id));
    let left: Vec<i64> = letters.iter().filter(is_left).map(|letter| letter.id).collect();
    if format.json {
        output::json(&json!({ "replayed": replayed, "left": left }));
    } else {
        output::line(format_args!("{} commands queued again", replayed.len()));
        for id in &left {
            eprintln!("courtier: {id} is left alone: it names no command that is still dead");
        }
    }
    Ok(if left.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(output::REFUSED) })
}
