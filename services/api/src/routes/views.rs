//! Commands as the API shows them.

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use store::commands::{Attempt, CommandRow};
use uuid::Uuid;

/// A command that was accepted: it is on disk and will be run.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct Receipt {
    pub(crate) id: Uuid,
    /// Dotted name, such as `kpi.compute-daily`.
    pub(crate) name: String,
    /// `queued`, or how far an earlier request with the same key has come.
    pub(crate) status: String,
    /// Path under which the command can be watched.
    pub(crate) status_url: String,
}

/// A command.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Command")]
pub(crate) struct CommandView {
    pub(crate) id: Uuid,
    /// Dotted name; its first segment is the lane.
    pub(crate) name: String,
    /// `queued`, `running`, `retrying`, `postponed`, or an end: `succeeded`, `cancelled`, `dead`.
    pub(crate) status: String,
    /// Path of this resource.
    pub(crate) status_url: String,
    pub(crate) tenant_id: Option<Uuid>,
    /// The parameters it was accepted with.
    pub(crate) payload: Value,
    /// What it returned, once it has succeeded.
    pub(crate) result: Option<Value>,
    /// What went wrong last. Left out when nothing did: n8n takes any `error` in an answer, null too,
    /// for a failed request and sends it again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) error: Option<String>,
    /// `{"done", "total", "message"}` while it runs.
    pub(crate) progress: Option<Value>,
    /// Runs that count against the limit.
    pub(crate) attempt: i32,
    /// Somebody asked it to stop.
    pub(crate) cancel_requested: bool,
    pub(crate) created_at: Timestamp,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) finished_at: Option<Timestamp>,
    /// Who is told when it ends.
    pub(crate) callback: Option<CallbackView>,
}

/// Who is told when a command ends.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Callback")]
pub(crate) struct CallbackView {
    /// The address without its query, which may hold a key.
    pub(crate) url: String,
    /// Path of the command that tells of the newest end: its attempts are those of the callback.
    /// Null until there is an end.
    pub(crate) delivery_url: Option<String>,
}

/// A command with its history.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CommandDetail")]
pub(crate) struct DetailView {
    #[serde(flatten)]
    pub(crate) command: CommandView,
    /// The attempts that did not simply succeed, oldest first.
    pub(crate) attempts: Vec<AttemptView>,
}

/// One attempt that did not simply succeed.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Attempt")]
pub(crate) struct AttemptView {
    pub(crate) attempt: i32,
    /// `retrying`, `postponed`, `dead` or `cancelled`.
    pub(crate) outcome: String,
    pub(crate) detail: Option<String>,
    /// The worker that ran it.
    pub(crate) worker: Option<String>,
    pub(crate) started_at: Option<Timestamp>,
    pub(crate) finished_at: Timestamp,
}

/// A page of commands, newest first.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "CommandPage")]
pub(crate) struct PageView {
    pub(crate) commands: Vec<CommandView>,
    /// Path of the next page; null on the last one. Also in the `Link` header.
    pub(crate) next: Option<String>,
}

/// The path of a command.
pub(crate) fn url(id: Uuid) -> String {
    format!("/internal/commands/{id}")
}

impl From<CommandRow> for CommandView {
    fn from(row: CommandRow) -> CommandView {
        let callback = row.callback_shown().map(|shown| CallbackView {
            url: shown.to_owned(),
            delivery_url: row.callback_id.map(url),
        });
        CommandView {
            id: row.id,
            name: row.name,
            status: row.status,
            status_url: url(row.id),
            tenant_id: row.tenant_id,
            payload: row.payload,
            result: row.result,
            error: row.error,
            progress: row.progress,
            attempt: row.attempt,
            cancel_requested: row.cancel_requested,
            created_at: row.created_at,
            started_at: row.started_at,
            finished_at: row.finished_at,
            callback,
        }
    }
}

impl From<Attempt> for AttemptView {
    fn from(attempt: Attempt) -> AttemptView {
        AttemptView {
            attempt: attempt.attempt,
            outcome: attempt.outcome,
            detail: attempt.detail,
            worker: attempt.worker,
            started_at: attempt.started_at,
            finished_at: attempt.finished_at,
        }
    }
}
