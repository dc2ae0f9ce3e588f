//! `courtier enqueue`: accepts a command, as the API would.

use std::{
    io::{IsTerminal, stderr},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Context;
use callbacks::Policy;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::{Value, json};
use settings::{callbacks::Hosts, database::Database};
use store::{
    Notice, Role, Session, Store,
    accept::{Accepter, NewCommand},
    commands::CommandRow,
};
use uuid::Uuid;

use crate::{
    options::{EnqueueArguments, FormatArgument},
    output, start,
};

/// How often the row is read while waiting; its end is also notified.
const POLL: Duration = Duration::from_millis(300);

pub(crate) async fn run(arguments: EnqueueArguments) -> anyhow::Result<ExitCode> {
    let EnqueueArguments { name, parameters, wait, timeout, format } = arguments;
    let parameters = commands::merge(&parameters, None)?;
    let Some(order) = order(name.name, parameters, wait).await? else {
        return Ok(ExitCode::from(output::REFUSED));
    };
    if !wait {
        order.say(format);
        return Ok(ExitCode::SUCCESS);
    }
    let timeout = Duration::from_secs(timeout);
    match order.follow(timeout, |command| command.finished_at.is_some()).await? {
        Some(command) => Ok(report(&command, format)),
        None => Ok(ExitCode::from(output::STILL_RUNNING)),
    }
}

/// A command that was accepted.
pub(crate) struct Order {
    pub(crate) store: Store,
    pub(crate) id: Uuid,
    name: &'static str,
}

/// Accepts a command, as the API would; `None` when it is refused, which has been said.
pub(crate) async fn order(
    name: &str,
    mut parameters: Value,
    waited: bool,
) -> anyhow::Result<Option<Order>> {
    let definition = commands::find(name).with_context(|| format!("there is no command {name}"))?;
    let policy = Policy::new(start::load(Hosts::load)?);
    let callback_url = match commands::take_callback_url(definition, &mut parameters, &policy) {
        Ok(url) => url,
        Err(invalid) => return Ok(refused(name, &invalid)),
    };
    let accepted = match definition.accept(parameters) {
        Ok(accepted) => accepted,
        Err(invalid) => return Ok(refused(name, &invalid)),
    };
    let store = start::store(&start::load(Database::load)?, Role::Worker)?;
    if let Some(tenant) = accepted.tenant_id
        && store::tenants::get(&store.client().await?, tenant).await?.is_none()
    {
        let invalid = commands::Invalid::new("tenant_id", format!("there is no tenant {tenant}"));
        return Ok(refused(name, &invalid));
    }
    let id = Uuid::now_v7();
    let command = NewCommand {
        id,
        name: definition.name,
        tenant_id: accepted.tenant_id,
        payload: accepted.payload,
        traceparent: None,
        waited,
        idempotency: None,
        callback_url,
    };
    let connection = store.connect(Session::Durable).await?;
    Accepter::new(connection).await?.accept(&[command]).await?;
    Ok(Some(Order { store, id, name: definition.name }))
}

fn refused(name: &str, invalid: &commands::Invalid) -> Option<Order> {
    eprintln!("courtier: {name}: {invalid}");
    None
}

impl Order {
    /// Says that it is queued.
    pub(crate) fn say(&self, format: FormatArgument) {
        if format.json {
            output::json(&json!({"id": self.id, "name": self.name, "status": "queued"}));
        } else {
            output::line(self.id);
        }
    }

    /// Shows progress until the command `rests`; `None` when the time is over, which has been said.
    pub(crate) async fn follow(
        &self,
        timeout: Duration,
        rests: impl Fn(&CommandRow) -> bool,
    ) -> anyhow::Result<Option<CommandRow>> {
        let (id, bar) = (self.id, progress_bar(self.name));
        let mut done = self.store.listen("done");
        let deadline = Instant::now() + timeout;
        let client = self.store.client().await?;
        loop {
            let Some(command) = store::commands::get(&client, id).await? else {
                anyhow::bail!("command {id} is gone");
            };
            show(&bar, &command);
            if rests(&command) {
                bar.finish_and_clear();
                return Ok(Some(command));
            }
            if Instant::now() >= deadline {
                bar.finish_and_clear();
                eprintln!("courtier: {id} is still {}", command.status);
                return Ok(None);
            }
            let ended = async { while !about(done.next().await, id) {} };
            drop(tokio::time::timeout(POLL, ended).await);
        }
    }
}

/// Whether a command has ended, or waits for another day: a person need not watch it any longer.
pub(crate) fn is_over_for_now(command: &CommandRow) -> bool {
    command.finished_at.is_some() || command.status == "postponed"
}

/// How a command that rests is told to the shell.
pub(crate) fn exit_code(command: &CommandRow) -> ExitCode {
    match command.status.as_str() {
        "succeeded" => ExitCode::SUCCESS,
        "postponed" => ExitCode::from(output::STILL_RUNNING),
        _ => ExitCode::from(output::ENDED_BADLY),
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

/// Prints what became of a command.
pub(crate) fn report(command: &CommandRow, format: FormatArgument) -> ExitCode {
    if format.json {
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
    exit_code(command)
}
