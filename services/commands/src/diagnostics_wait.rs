//! `diagnostics.wait`: keeps a slot busy.

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Command, Context, Failure, Invalid};

const LONGEST_SECONDS: u32 = 3_600;

/// Waits, and says how far it is: to try out progress, cancelling, and stopping a worker.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wait {
    /// How long, at most an hour.
    pub(crate) seconds: u32,
}

impl Command for Wait {
    const NAME: &'static str = "diagnostics.wait";

    fn validate(&self) -> Result<(), Invalid> {
        if self.seconds <= LONGEST_SECONDS {
            return Ok(());
        }
        Err(Invalid::new("seconds", format!("must be at most {LONGEST_SECONDS}")))
    }

    async fn run(self, context: Context) -> Result<Value, Failure> {
        let total = Some(u64::from(self.seconds));
        for second in 0..u64::from(self.seconds) {
            context.progress(second, total, "waiting");
            tokio::select! {
                () = tokio::time::sleep(Duration::from_secs(1)) => {}
                () = context.cancelled.cancelled() => return Err(Failure::Cancelled),
            }
        }
        context.progress(u64::from(self.seconds), total, "waited");
        Ok(json!({"waited_seconds": self.seconds}))
    }
}
