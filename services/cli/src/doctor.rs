//! `courtier doctor`: checks what an installation needs, and says what to do.

mod checks;

use std::process::ExitCode;

use serde_json::json;
use settings::{broker::Broker, database::Database, files::Files};
use store::Role;

use crate::{options::FormatArgument, output, start};

/// The answer to one question.
struct Check {
    name: &'static str,
    ok: bool,
    detail: String,
    /// What to do about it; empty when it is well.
    advice: &'static str,
}

impl Check {
    fn well(name: &'static str, detail: impl Into<String>) -> Check {
        Check { name, ok: true, detail: detail.into(), advice: "" }
    }

    fn ill(name: &'static str, detail: impl Into<String>, advice: &'static str) -> Check {
        Check { name, ok: false, detail: detail.into(), advice }
    }
}

pub(crate) async fn run(format: FormatArgument) -> anyhow::Result<ExitCode> {
    let (database, broker, files) =
        start::load(|reader| (Database::load(reader), Broker::load(reader), Files::load(reader)))?;
    let store = start::store(&database, Role::Worker)?;
    let broker = start::broker(&broker)?;
    let mut all = vec![checks::token()];
    let database = checks::database(&store).await;
    let database_ok = database.iter().all(|check| check.ok);
    all.extend(database);
    all.extend(checks::broker(&broker).await);
    all.push(checks::mock_data(&files));
    all.push(checks::exports(&files));
    if database_ok {
        all.push(checks::ping(&store).await);
    }
    Ok(report(&all, format.json))
}

fn report(checks: &[Check], json: bool) -> ExitCode {
    let well = checks.iter().all(|check| check.ok);
    if json {
        let checks: Vec<_> = checks
            .iter()
            .map(|check| {
                json!({
                    "check": check.name, "ok": check.ok, "detail": check.detail,
                    "advice": check.advice,
                })
            })
            .collect();
        output::json(&json!({"ok": well, "checks": checks}));
    } else {
        for check in checks {
            let mark = if check.ok { "✓" } else { "✗" };
            output::line(format_args!("{mark} {}: {}", check.name, check.detail));
            if !check.ok {
                output::line(format_args!("    → {}", check.advice));
            }
        }
    }
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
