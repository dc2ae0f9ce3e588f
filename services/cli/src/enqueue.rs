//! `courtier enqueue`: accepts a command, as the API would.

use std::{
    io::{IsTerminal, stderr},
    process::ExitCode,
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;
use settings::database::Database;
use store::{
    Notice, Role, Session, Store,
    accept::{Accepter, NewCommand},
    commands::CommandRow,
};
use uuid::Uuid;

use crate::{options::EnqueueArguments, output, start};

/// How often the row is read while waiting; its end is also notified.
const POLL: Duration = Duration::from_millis(300);

pub(crate) async fn run(arguments: EnqueueArguments) -> anyhow::Result<ExitCode> {
    let merged = commands::merge(&arguments.parameters, None)?;
    let accepted = match arguments.name.accept(merged) {
        Ok(accepted) => accepted,
        Err(invalid) => return Ok(refused(arguments.name.name, &invalid)),
    };
    let store = start::store(&start::load(Database::load)?, Role::Worker)?;
    if let Some(tenant) = accepted.tenant_id
        && store::tenants::get(&store.client().await?, tenant).await?.is_none()
    {
        let invalid = commands::Invalid::new("tenant_id", format!("there is no tenant {tenant}"));
        return Ok(refused(arguments.name.name, &invalid));
    }
    let id = Uuid::now_v7();
    let command = NewCommand {
        id,
        name: arguments.name.name,
        tenant_id: accepted.tenant_id,
        payload: accepted.payload,
        traceparent: None,
        waited: arguments.wait,
        idempotency: None,
    };
    let connection = store.connect(Session::Durable).await?;
    Accepter::new(connection).await?.accept(&[command]).await?;
    if !arguments.wait {
        let name = arguments.name.name;
        if arguments.format.json {
            output::json(&json!({"id": id, "name": name, "status": "queued"}));
        } else {
            output::line(id);
        }
        return Ok(ExitCode::SUCCESS);
    }
    wait(&store, id, &arguments).await
}

fn refused(name: &str, invalid: &commands::Invalid) -> ExitCode {
    eprintln!("courtier: {name}: {invalid}");
    ExitCode::from(output::REFUSED)
}

/// Shows progress until the command ends.
async fn wait(store: &Store, id: Uuid, arguments: &EnqueueArguments) -> anyhow::Result<ExitCode> {
    let bar = progress_bar(arguments.name.name);
    let mut done = store.listen("done");
    let deadline = Instant::now() + Duration::from_secs(arguments.timeout);
    let client = store.client().await?;
    loop {
        let Some(command) = store::commands::get(&client, id).await? else {
            anyhow::bail!("command {id} is gone");
        };
        show(&bar, &command);
        if command.finished_at.is_some() {
            bar.finish_and_clear();
            return Ok(report(&command, arguments.format.json));
        }
        if Instant::now() >= deadline {
            bar.finish_and_clear();
            eprintln!("courtier: {id} is still {}", command.status);
            return Ok(ExitCode::from(output::STILL_RUNNING));
        }
        let ended = async { while !about(done.next().await, id) {} };
        drop(tokio::time::timeout(POLL, ended).await);
    }
}

fn about(notice: Option<Notice>, id: Uuid) -> bool {
    matches!(notice, Some(Notice::Payload(ids)) if ids.contains(&id.to_string()))
}

fn progress_bar(name: &'static str) -> ProgressBar {
    let bar = ProgressBar::new_spinner().with_prefix(name);
    if !stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    bar
}

fn show(bar: &ProgressBar, command: &CommandRow) {
    let progress = command.progress.clone().and_then(|it| serde_json::from_value(it).ok());
    let progress: commands::Progress = progress.unwrap_or_default();
    let template = match progress.total {
        Some(total) => {
            bar.set_length(total);
            "{prefix} [{bar:30}] {human_pos}/{human_len} {msg}"
        }
        None => "{spinner} {prefix} {msg}",
    };
    bar.set_style(
        ProgressStyle::with_template(template)
            .expect("both templates are right")
            .progress_chars("█▌ "),
    );
    bar.set_position(progress.done);
    bar.set_message(format!("{} {}", command.status, progress.message));
    bar.tick();
}

fn report(command: &CommandRow, json: bool) -> ExitCode {
    if json {
        output::json(&json!(command));
    } else {
        output::line(format_args!("{} {}", command.name, command.status));
        if let Some(result) = &command.result {
            output::json(result);
        }
        if let Some(error) = &command.error {
            output::line(error);
        }
    }
    match command.status.as_str() {
        "succeeded" => ExitCode::SUCCESS,
        _ => ExitCode::from(output::ENDED_BADLY),
    }
}
