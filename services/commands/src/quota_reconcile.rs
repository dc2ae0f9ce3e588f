//! `quota.reconcile`: the ledger of calls beside eBay's own count.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Command, Context, Failure};

/// Asks eBay how many calls it has counted and when its day ends, and takes over what is more than
/// the ledger knows. Costs no call of the quota.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ReconcileQuota {}

impl Command for ReconcileQuota {
    const NAME: &'static str = "quota.reconcile";
    // Short, and about eBay: no lane of its own.
    const LANE: Option<&'static str> = Some("reprice");
    const MAX_ATTEMPTS: i32 = 3;

    async fn run(self, context: Context) -> Result<Value, Failure> {
        Ok(match context.market.reconcile(&context.store).await? {
            Some(day) => json!({ "day": day }),
            None => json!({ "day": null, "note": "eBay does not say how many calls are left" }),
        })
    }
}
