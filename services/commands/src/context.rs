//! What a running command may use.

use std::{path::PathBuf, sync::Arc};

use serde::{Deserialize, Serialize};
use store::Store;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{Callbacks, Failure, Market};

/// Folders that commands read and write.
#[derive(Clone, Debug, Default)]
pub struct Folders {
    pub mock_data: PathBuf,
    pub exports: PathBuf,
}

/// How far a run has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub done: u64,
    /// Unknown until the run knows how much there is.
    pub total: Option<u64>,
    pub message: String,
}

/// Receives progress; the last word counts.
pub type Reporter = Arc<dyn Fn(Progress) + Send + Sync>;

/// The surroundings of one run.
#[derive(Clone)]
pub struct Context {
    pub command_id: Uuid,
    /// Counts from 1.
    pub attempt: i32,
    pub store: Store,
    pub folders: Arc<Folders>,
    pub market: Arc<Market>,
    pub callbacks: Arc<Callbacks>,
    pub reporter: Reporter,
    /// Cancelled when somebody cancels the command, or the lease is lost.
    pub cancelled: CancellationToken,
}

impl Context {
    /// Says how far the run has come.
    pub fn progress(&self, done: u64, total: Option<u64>, message: impl Into<String>) {
        (self.reporter)(Progress { done, total, message: message.into() });
    }

    /// As [`Context::progress`], kept on return: a later run of this command goes on from there. What
    /// is only reported may be lost when the run ends.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub async fn checkpoint(&self, progress: &Progress) -> Result<(), Failure> {
        let client = self.store.client().await?;
        let kept = serde_json::json!(progress);
        Ok(store::commands::checkpoint(&client, self.command_id, self.attempt, &kept).await?)
    }

    /// A safe point: call it between two steps of long work.
    ///
    /// # Errors
    /// [`Failure::Cancelled`] when the run should stop.
    pub fn check(&self) -> Result<(), Failure> {
        if self.cancelled.is_cancelled() { Err(Failure::Cancelled) } else { Ok(()) }
    }
}
