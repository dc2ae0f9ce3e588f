//! `diagnostics.ping`: nothing, by way of everything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Command, Context, Failure};

/// Does nothing, and so proves the whole path: accepted, sent, run and recorded.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Ping {}

impl Command for Ping {
    const NAME: &'static str = "diagnostics.ping";

    async fn run(self, _: Context) -> Result<Value, Failure> {
        Ok(json!({"pong": true}))
    }
}
