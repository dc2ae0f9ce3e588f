//! `courtier batch`: a batch is its command, so stopping it is cancelling, and resuming a retry.

use std::process::ExitCode;

use anyhow::Context;
use serde_json::json;
use store::batches::{self, Progress, Run};
use store::commands::Changed;
use store::{Client, Role};
use uuid::Uuid;

use crate::commands_action::{Order, give, told};
use crate::options::{BatchAction, FormatArgument};
use crate::{output, start};

pub(crate) async fn run(action: BatchAction) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    match action {
        BatchAction::Status { id, format } => status(&client, id, format).await,
        BatchAction::Stop { id } => {
            let id = match id {
                Some(id) => id,
                None => running(&client).await?.id,
            };
            order(&client, Order::Cancel, id).await
        }
        BatchAction::Resume { id } => {
            let id = find(&client, id).await?.id;
            order(&client, Order::Retry, id).await
        }
    }
}

async fn find(client: &Client, id: Option<Uuid>) -> anyhow::Result<Run> {
    if let Some(id) = id {
        let run = batches::get(client, id).await?;
        return run.with_context(|| format!("there is no batch {id}"));
    }
    let newest = batches::list(client, None, 1).await?.pop();
    newest.context("there was no batch yet: `courtier run-batch` orders one")
}

/// The newest of the batches that have not ended.
async fn running(client: &Client) -> anyhow::Result<Run> {
    batches::running(client).await?.pop().context("no batch is running")
}

async fn status(
    client: &Client,
    id: Option<Uuid>,
    format: FormatArgument,
) -> anyhow::Result<ExitCode> {
    let run = find(client, id).await?;
    let progress = batches::progress(client, run.id).await?;
    let progress = progress.with_context(|| format!("batch {} has been removed", run.id))?;
    let command = store::commands::get(client, run.id).await?;
    let command_state = command.map(|command| command.status);
    if format.json {
        output::json(&json!({ "batch": run, "progress": progress, "command": command_state }));
        return Ok(ExitCode::SUCCESS);
    }
    output::line(format_args!(
        "batch {} {} (command {}), {} since {:.0}",
        run.id,
        run.state.as_str(),
        output::or_dash(command_state),
        run.mode,
        run.started_at
    ));
    output::line(summary(&progress));
    if let Some(reason) = &run.stop_reason {
        output::line(format_args!("stopped: {reason}"));
    }
    Ok(ExitCode::SUCCESS)
}

/// One line about how far a batch has come.
pub(crate) fn summary(progress: &Progress) -> String {
    let mut said = vec![
        format!("{} of {} cards", progress.targeted - progress.open(), progress.targeted),
        format!("{} calls", progress.calls),
    ];
    said.extend(progress.without_price());
    if progress.open() > 0 && progress.per_second > 0.0 {
        let n_open = u32::try_from(progress.open()).unwrap_or(u32::MAX);
        let minutes = f64::from(n_open) / progress.per_second / 60.0;
        said.push(format!("{:.1} cards/s, about {minutes:.0} min left", progress.per_second));
    }
    said.join(", ")
}

async fn order(client: &Client, order: Order, id: Uuid) -> anyhow::Result<ExitCode> {
    batches::get(client, id).await?.with_context(|| format!("there is no batch {id}"))?;
    let changed = give(client, order, id).await?;
    output::line(format_args!("{id}: {}", told(order, changed)));
    Ok(match changed {
        Changed::Done | Changed::Requested => ExitCode::SUCCESS,
        Changed::Missing | Changed::Refused => ExitCode::from(output::REFUSED),
    })
}
