//! `courtier settings`.

use std::process::ExitCode;

use anyhow::Context;
use serde_json::json;
use store::{Role, settings};

use crate::{
    options::{FormatArgument, SettingsAction},
    output, start,
};

/// Who the audit log says it was.
const ACTOR: &str = "cli";

pub(crate) async fn run(action: SettingsAction) -> anyhow::Result<ExitCode> {
    match action {
        SettingsAction::Get { key, format } => get(key.as_deref(), format).await,
        SettingsAction::Set { changes, format } => set(&changes, format).await,
    }
}

async fn get(key: Option<&str>, format: FormatArgument) -> anyhow::Result<ExitCode> {
    let client = start::client(Role::Worker).await?;
    let all = settings::show(&client).await?;
    let Some(key) = key else {
        if format.json {
            output::json(&json!(all));
            return Ok(ExitCode::SUCCESS);
        }
        let rows = all.into_iter().map(|shown| {
            let is_default = if shown.value == shown.default { "default" } else { "set" };
            vec![shown.key.into(), shown.value, is_default.into(), shown.about.into()]
        });
        output::table(&["key", "value", "", "meaning"], rows.collect());
        return Ok(ExitCode::SUCCESS);
    };
    let shown = all.into_iter().find(|shown| shown.key == key).with_context(|| {
        format!("there is no setting `{key}`: `courtier settings get` shows all of them")
    })?;
    if format.json {
        output::json(&json!(shown));
    } else {
        output::line(&shown.value);
        eprintln!("{}; default {}; accepts {}", shown.about, shown.default, shown.accepts);
    }
    Ok(ExitCode::SUCCESS)
}

async fn set(changes: &[(String, String)], format: FormatArgument) -> anyhow::Result<ExitCode> {
    let changes: Vec<(&str, &str)> =
        changes.iter().map(|(key, value)| (key.as_str(), value.as_str())).collect();
    let refusals = settings::check(&changes);
    if !refusals.is_empty() {
        for refusal in &refusals {
            eprintln!("courtier: {}", refusal.reason);
        }
        return Ok(ExitCode::from(output::REFUSED));
    }
    let client = start::client(Role::Worker).await?;
    let written = settings::set(&client, ACTOR, &changes).await?;
    if format.json {
        output::json(&json!(written));
    } else if written.is_empty() {
        output::line("nothing to do: all of it is so already");
    } else {
        let rows = written.into_iter().map(|one| vec![one.key, one.before, one.after]);
        output::table(&["key", "before", "after"], rows.collect());
    }
    Ok(ExitCode::SUCCESS)
}
