//! `courtier commands`.

use std::process::ExitCode;

use anyhow::Context;
use serde_json::json;
use store::commands::{self, Attempt, Changed, CommandRow, Filter};
use store::{Client, Role, audit};
use uuid::Uuid;

use crate::options::{CommandsAction, FormatArgument};
use crate::{output, start};

/// Who the audit log says it was.
const ACTOR: &str = "cli";

pub(crate) async fn run(action: CommandsAction) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    match action {
        CommandsAction::List { state, name, tenant, before, limit, format } => {
            let filter = Filter {
                name,
                status: state,
                tenant_id: tenant,
                before,
                limit: limit.into(),
                ..Filter::default()
            };
            list(&client, &filter, format).await
        }
        CommandsAction::Show { id, format } => show(&client, id, format).await,
        CommandsAction::Retry { ids } => change(&client, Order::Retry, &ids).await,
        CommandsAction::Cancel { ids } => change(&client, Order::Cancel, &ids).await,
    }
}

async fn list(
    client: &Client,
    filter: &Filter,
    format: FormatArgument,
) -> anyhow::Result<ExitCode> {
    let found = commands::list(client, filter).await?;
    if format.json {
        output::json(&json!(found));
        return Ok(ExitCode::SUCCESS);
    }
    let rows = found.into_iter().map(|command| {
        let what = command.error.clone().filter(|_| command.status != "succeeded");
        vec![
            command.id.to_string(),
            command.name.clone(),
            command.status.clone(),
            command.attempt.to_string(),
            format!("{:.0}", command.created_at),
            took(&command),
            what.unwrap_or_default(),
        ]
    });
    let header = ["id", "command", "state", "attempt", "accepted", "took", "error"];
    output::table(&header, rows.collect());
    Ok(ExitCode::SUCCESS)
}

/// How long the last run took, or has taken.
fn took(command: &CommandRow) -> String {
    let (Some(started), Some(finished)) = (command.started_at, command.finished_at) else {
        return "–".to_owned();
    };
    format!("{:.3} s", finished.duration_since(started).as_secs_f64())
}

async fn show(client: &Client, id: Uuid, format: FormatArgument) -> anyhow::Result<ExitCode> {
    let command = commands::get(client, id).await?;
    let command = command.with_context(|| format!("there is no command {id}"))?;
    let attempts = commands::attempts(client, id).await?;
    if format.json {
        let mut shown = json!(command);
        shown["attempts"] = json!(attempts);
        output::json(&shown);
        return Ok(ExitCode::SUCCESS);
    }
    let lines = [
        ("id", command.id.to_string()),
        ("command", command.name.clone()),
        ("state", command.status.clone()),
        ("tenant", output::or_dash(command.tenant_id)),
        ("attempt", command.attempt.to_string()),
        ("accepted", command.created_at.to_string()),
        ("started", output::or_dash(command.started_at)),
        ("finished", output::or_dash(command.finished_at)),
        ("parameters", command.payload.to_string()),
        ("progress", output::or_dash(command.progress.as_ref())),
        ("result", output::or_dash(command.result.as_ref())),
        ("error", output::or_dash(command.error.as_ref())),
    ];
    let rows = lines.into_iter().map(|(label, value)| vec![label.to_owned(), value]);
    output::table(&["command", ""], rows.collect());
    if !attempts.is_empty() {
        output::line("attempts that did not simply succeed:");
        let header = ["attempt", "outcome", "worker", "started", "ended", "detail"];
        output::table(&header, attempts.iter().map(attempt).collect());
    }
    Ok(ExitCode::SUCCESS)
}

fn attempt(attempt: &Attempt) -> Vec<String> {
    vec![
        attempt.attempt.to_string(),
        attempt.outcome.clone(),
        output::or_dash(attempt.worker.as_ref()),
        output::or_dash(attempt.started_at.map(|at| format!("{at:.0}"))),
        format!("{:.0}", attempt.finished_at),
        output::or_dash(attempt.detail.as_ref()),
    ]
}

/// What somebody wants of a command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Order {
    Retry,
    Cancel,
}

/// Gives the order to each command, and says what became of it.
async fn change(client: &Client, order: Order, ids: &[Uuid]) -> anyhow::Result<ExitCode> {
    let mut code = ExitCode::SUCCESS;
    for id in ids {
        let changed = give(client, order, *id).await?;
        output::line(format_args!("{id}: {}", told(order, changed)));
        if matches!(changed, Changed::Missing | Changed::Refused) {
            code = ExitCode::from(output::REFUSED);
        }
    }
    Ok(code)
}

/// Gives an order to a command; audited when it changes something.
pub(crate) async fn give(client: &Client, order: Order, id: Uuid) -> anyhow::Result<Changed> {
    let (changed, action) = match order {
        Order::Retry => (commands::retry(client, id).await?, "command.retry"),
        Order::Cancel => (commands::cancel(client, id).await?, "command.cancel"),
    };
    if matches!(changed, Changed::Done | Changed::Requested) {
        let name = commands::get(client, id).await?.map(|command| command.name);
        audit::log(client, ACTOR, action, &id.to_string(), &json!({ "name": name })).await?;
    }
    Ok(changed)
}

pub(crate) fn told(order: Order, changed: Changed) -> String {
    match (order, changed) {
        (Order::Retry, Changed::Done) => "queued again".to_owned(),
        (Order::Cancel, Changed::Done) => "cancelled".to_owned(),
        (_, Changed::Requested) => "asked to stop".to_owned(),
        (_, changed) => changed.to_string(),
    }
}
