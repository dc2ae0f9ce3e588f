//! Step 7: the three workflows, and what they leave in the database and in the folder of exports.
//!
//! Where n8n's own executions are given, they count. Otherwise the same calls are made from here, in
//! the same order, and the proof says so.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::Context;
use serde_json::{Value, json};
use store::{Tenant, proof};

use super::requests::order;
use super::{Walk, shop};
use crate::check::{Cause, Check};

/// A workflow: its name and its id in n8n, its output, and the calls that it makes for each tenant.
struct Workflow {
    name: &'static str,
    id: &'static str,
    file: &'static str,
    calls: &'static [&'static str],
}

const WORKFLOWS: [Workflow; 3] = [
    Workflow {
        name: "WF-01",
        id: "WF01Orchestrator",
        file: "wf01_execution.json",
        calls: &["/internal/ingest/tickets", "/internal/ingest/time_entries"],
    },
    Workflow {
        name: "WF-10",
        id: "WF10DailyKpi0001",
        file: "wf10_execution.json",
        calls: &["/internal/kpi/compute-daily?date={date}"],
    },
    Workflow {
        name: "WF-20",
        id: "WF20ExportBi0001",
        file: "wf20_execution.json",
        calls: &["/internal/exports/generate?date={date}"],
    },
];

pub(super) async fn step(walk: &Walk) -> anyhow::Result<Vec<Check>> {
    if walk.is_shop {
        return shop::export(walk).await;
    }
    let commands = WORKFLOWS.iter().map(|workflow| {
        format!("n8n execute --id={} --rawOutput > {}", workflow.id, workflow.file)
    });
    walk.proof.command(&commands.collect::<Vec<_>>())?;
    if walk.tenants.is_empty() {
        let advice = "see step 4";
        return Ok(vec![Check::ill(Cause::Migrations, "workflows", "no tenant is known", advice)]);
    }
    let mut checks = Vec::new();
    for workflow in &WORKFLOWS {
        let (execution, check) = match &walk.arguments.n8n_executions {
            Some(folder) => of_n8n(workflow, folder),
            None => from_here(walk, workflow).await,
        };
        walk.proof.output(workflow.file, &format!("{execution:#}\n"))?;
        checks.push(check);
    }
    let left = rows(walk).await?;
    // What is missing after a failure is no reason of its own.
    if checks.iter().all(|check| check.ok) {
        checks.extend(left);
    }
    Ok(checks)
}

/// What n8n says of its own run.
fn of_n8n(workflow: &Workflow, folder: &Path) -> (Value, Check) {
    let execution = match read(&folder.join(workflow.file)) {
        Ok(execution) => execution,
        Err(error) => {
            let detail = format!("{error:#}");
            let advice = "put there what `n8n execute --rawOutput` prints, see 10_commands.md";
            let execution = json!({"workflow": workflow.name, "error": detail});
            return (execution, Check::ill(Cause::Results, workflow.name, detail, advice));
        }
    };
    let error = &execution["data"]["resultData"]["error"];
    let is_well =
        error.is_null() && (execution["status"] == "success" || execution["finished"] == true);
    let check = if is_well {
        Check::well(Cause::Results, workflow.name, "was executed by n8n")
    } else {
        let words = error["message"].as_str().unwrap_or("it was not executed to its end");
        let advice = "open the execution in n8n: a red node names the call that failed";
        Check::ill(Cause::Results, workflow.name, format!("n8n: {words}"), advice)
    };
    (execution, check)
}

fn read(path: &Path) -> anyhow::Result<Value> {
    let text = fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    execution(&text).with_context(|| format!("{} holds no execution of n8n", path.display()))
}

/// The object that tells of a run; n8n, and whatever logs beside it, print lines before and after,
/// which may be objects too.
fn execution(printed: &str) -> Option<Value> {
    printed.match_indices('{').find_map(|(begin, _)| {
        let rest = printed.get(begin..)?;
        let first = serde_json::Deserializer::from_str(rest).into_iter::<Value>().next()?;
        first.ok().filter(|value| value["data"]["resultData"].is_object())
    })
}

/// The calls of the workflow, made from here.
async fn from_here(walk: &Walk, workflow: &Workflow) -> (Value, Check) {
    let mut calls = Vec::new();
    let mut failed = None;
    for tenant in &walk.tenants {
        for call in workflow.calls {
            let path = call.replace("{date}", &walk.date.to_string());
            let separator = if path.contains('?') { '&' } else { '?' };
            let path = format!("{path}{separator}tenant_id={}", tenant.id);
            let ordered = order(walk, workflow.name, &path).await;
            calls.push(json!({
                "request": format!("POST {path}"), "status": ordered.status,
                "command": ordered.row,
            }));
            if !ordered.check.ok {
                failed.get_or_insert(ordered.check);
            }
        }
    }
    let n_calls = calls.len();
    let execution = json!({
        "workflow": workflow.name, "executed_by": "courtier verify, with the calls of the workflow",
        "calls": calls,
    });
    let well = || Check::well(Cause::Results, workflow.name, format!("{n_calls} calls succeeded"));
    (execution, failed.unwrap_or_else(well))
}

/// What is in the database and in the folder afterwards.
async fn rows(walk: &Walk) -> anyhow::Result<Vec<Check>> {
    let mut client = walk.store.client().await?;
    let mut text = String::new();
    let mut checks = Vec::new();
    for profile in &walk.tenants {
        let tenant = Tenant::begin(&mut client, profile.id).await?;
        let rows = proof::rows(&tenant).await?;
        tenant.commit().await?;
        let newest = rows.newest_kpi_day.map_or_else(|| "–".to_owned(), |day| day.to_string());
        let line = format!(
            "{} tickets, {} time entries, {} days of KPIs, the newest {newest}",
            rows.tickets, rows.time_entries, rows.kpi_days
        );
        _ = writeln!(text, "{} {}: {line}", profile.id, profile.name);
        if rows.kpi_days == 0 {
            let detail = format!("{} has no KPIs", profile.name);
            checks.push(Check::ill(Cause::Results, "rows", detail, "see WF-10 above"));
        }
    }
    text += "\nexports:\n";
    let files = published(&walk.files.exports);
    text += &files.join("\n");
    text.push('\n');
    walk.proof.output("db_verification.txt", &text)?;
    if files.is_empty() {
        let detail = format!("{} holds no file", walk.files.exports.display());
        let advice = "mount the volume of the exports here as in the worker";
        checks.push(Check::ill(Cause::Volumes, "exports", detail, advice));
    }
    if checks.is_empty() {
        let detail = format!("{} tenants, {} exported files", walk.tenants.len(), files.len());
        checks.push(Check::well(Cause::Results, "rows and files", detail));
    }
    Ok(checks)
}

/// Files below the folder of exports, at most two folders deep.
pub(super) fn published(folder: &Path) -> Vec<String> {
    fn walk(folder: &Path, depth: u8, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth > 0 => walk(&path, depth - 1, found),
                Ok(kind) if kind.is_file() => found.push(path.display().to_string()),
                _ => {}
            }
        }
    }
    let mut found = Vec::new();
    walk(folder, 3, &mut found);
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(printed: &str) -> Check {
        let folder = std::env::temp_dir().join(format!("verify-{}", uuid::Uuid::now_v7()));
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join(WORKFLOWS[0].file), printed).unwrap();
        let (_, check) = of_n8n(&WORKFLOWS[0], &folder);
        fs::remove_dir_all(&folder).unwrap();
        check
    }

    #[test]
    fn the_ids_are_those_of_the_files() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../compose/n8n/workflows");
        for workflow in &WORKFLOWS {
            let file = fs::read_to_string(format!("{folder}/{}.json", workflow.name)).unwrap();
            let file: Value = serde_json::from_str(&file).unwrap();
            assert_eq!(file["id"], workflow.id, "{}", workflow.name);
        }
    }

    #[test]
    fn n8ns_own_word_counts() {
        let well = r#"Execution was successful:
            ====================================
            {"data": {"resultData": {"runData": {}, "lastNodeExecuted": "Loop Tenants"}},
             "mode": "cli", "finished": true, "status": "success"}"#;
        assert!(judge(well).ok);
        let logged =
            format!("{{\"level\": \"info\"}}\n{{port}} in use\n{well}\n{{\"level\": \"info\"}}");
        assert!(judge(&logged).ok);
        let ill = r#"{"data": {"resultData": {"runData": {}, "error": {"message": "403 - Forbidden"}}},
             "finished": false, "status": "error"}"#;
        let check = judge(ill);
        assert!(!check.ok && check.detail.contains("403"), "{}", check.detail);
        let check = judge("Workflow is not active {");
        assert!(!check.ok && check.detail.contains("no execution of n8n"), "{}", check.detail);
    }
}
