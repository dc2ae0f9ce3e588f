//! `callbacks.deliver`: tells the client of a command that it has ended.

use std::fmt::Write as _;
use std::time::Duration;

use callbacks::{Error, Message};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::commands::CommandRow;
use uuid::Uuid;

use crate::{Command, Context, Failure};

/// Tells the `callback_url` of a command how it ended. Each command that has one orders this by
/// itself; by hand it is told once more.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeliverCallback {
    /// The command that has ended.
    pub(crate) command_id: Uuid,
}

/// Waits between the tries of one run. The end of a short command reaches n8n before it has written
/// down the execution that waits for it: 43 to 73 ms later it has.
const PAUSES: [Duration; 5] = [
    Duration::from_millis(50),
    Duration::from_millis(100),
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
];
/// Larger results are left out; the receiver reads them at `status_url`.
const MAX_BODY_BYTES: usize = 256 * 1024;

impl Command for DeliverCallback {
    const NAME: &'static str = "callbacks.deliver";
    /// Spread over a quarter of an hour: a receiver that restarts is back by then.
    const MAX_ATTEMPTS: i32 = 10;

    async fn run(self, context: Context) -> Result<Value, Failure> {
        let client = context.store.client().await?;
        let row = store::commands::get(&client, self.command_id).await?;
        drop(client);
        let row = row.ok_or_else(|| Failure::reject("the command is not kept any more"))?;
        let Some(url) = &row.callback_url else {
            return Err(Failure::reject("the command has no callback_url"));
        };
        if row.finished_at.is_none() {
            let note = "the command runs again: its next end is told";
            return Ok(json!({ "skipped": note }));
        }
        deliver(&context, url, &row).await
    }
}

/// Sends until somebody takes it or a later run must try.
async fn deliver(context: &Context, url: &str, row: &CommandRow) -> Result<Value, Failure> {
    let id = context.command_id.to_string();
    let body = body(row);
    let mut answers = Vec::new();
    let mut pauses = PAUSES.iter();
    loop {
        context.check()?;
        let message = Message { url, id: &id, body: body.clone().into(), now: Timestamp::now() };
        match context.callbacks.send(message).await {
            Ok(answer) => {
                answers.push(answer.status);
                return Ok(json!({ "answers": answers }));
            }
            Err(error) => {
                let pause = pauses.next().filter(|_| error.is_early());
                let Some(pause) = pause else { return Err(failure(&error, &answers)) };
                answers.extend(status(&error));
                tokio::time::sleep(*pause).await;
            }
        }
    }
}

fn status(error: &Error) -> Option<u16> {
    match error {
        Error::Status { status, .. } => Some(*status),
        _ => None,
    }
}

/// Why this run failed, with what was answered to its tries before the last.
fn failure(error: &Error, answers: &[u16]) -> Failure {
    let mut reason = error.to_string();
    if !answers.is_empty() {
        let answers: Vec<String> = answers.iter().map(u16::to_string).collect();
        write!(reason, ", and before that {}", answers.join(", ")).expect("a String takes all");
    }
    if error.is_transient() { Failure::retry(reason) } else { Failure::reject(reason) }
}

/// What the receiver reads: the command as `GET status_url` shows it, without its parameters.
fn body(row: &CommandRow) -> String {
    let full = event(row, row.result.as_ref(), false);
    if full.len() <= MAX_BODY_BYTES { full } else { event(row, None, true) }
}

fn event(row: &CommandRow, result: Option<&Value>, is_left_out: bool) -> String {
    let mut data = json!({
        "id": row.id,
        "name": row.name,
        "status": row.status,
        "status_url": format!("/internal/commands/{}", row.id),
        "tenant_id": row.tenant_id,
        "result": result,
        "error": row.error,
        "attempt": row.attempt,
        "created_at": row.created_at,
        "started_at": row.started_at,
        "finished_at": row.finished_at,
    });
    if is_left_out {
        data["result_left_out"] = true.into();
    }
    let kind = format!("command.{}", row.status);
    json!({ "type": kind, "timestamp": row.finished_at, "data": data }).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(result: Value) -> CommandRow {
        let finished_at = Timestamp::from_second(1_800_000_000).unwrap();
        CommandRow {
            id: Uuid::from_u128(7),
            name: "kpi.compute-daily".into(),
            status: "succeeded".into(),
            tenant_id: None,
            payload: json!({"date": "2026-01-24"}),
            result: Some(result),
            error: None,
            progress: None,
            attempt: 1,
            cancel_requested: false,
            created_at: finished_at,
            started_at: Some(finished_at),
            finished_at: Some(finished_at),
            callback_url: None,
            callback_id: None,
        }
    }

    #[test]
    fn a_receiver_reads_how_it_ended_and_no_parameters() {
        let body: Value = serde_json::from_str(&body(&row(json!({"days": 1})))).unwrap();
        assert_eq!(body["type"], "command.succeeded");
        assert_eq!(body["data"]["result"], json!({"days": 1}));
        let status_url = "/internal/commands/00000000-0000-0000-0000-000000000007";
        assert_eq!(body["data"]["status_url"], status_url);
        assert_eq!(body["data"]["payload"], Value::Null);
        assert_eq!(body["data"].get("result_left_out"), None);
    }

    #[test]
    fn a_result_that_is_too_large_is_left_out() {
        let body = body(&row("x".repeat(MAX_BODY_BYTES).into()));
        assert!(body.len() < 1024);
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body["data"]["result"], Value::Null);
        assert_eq!(body["data"]["result_left_out"], true);
    }

    #[test]
    fn what_happens_next_follows_from_the_answer() {
        let answered = |status| failure(&Error::Status { to: "http://n8n".into(), status }, &[]);
        for status in [404, 408, 409, 425, 429, 500, 502, 503] {
            assert!(matches!(answered(status), Failure::Retry(_)), "{status}");
        }
        for status in [301, 302, 307, 400, 401, 403, 405, 410, 413, 422] {
            assert!(matches!(answered(status), Failure::Reject(_)), "{status}");
        }
        let gone = Error::Network { to: "http://n8n".into(), reason: "refused".into() };
        let said = failure(&gone, &[409, 409]).to_string();
        assert_eq!(said, "http://n8n: refused, and before that 409, 409");
    }
}
