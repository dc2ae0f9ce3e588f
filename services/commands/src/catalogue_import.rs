//! `catalogue.import`: cards, reference prices and exchange rates from where they are published.

mod cardmarket;
mod figures;
mod printings;
mod reprice;
mod tcgdex;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Command, Context, Failure, Invalid};

/// Fills the catalogue: sets and cards from `TCGdex`, reference prices from Cardmarket, exchange
/// rates from the ECB.
///
/// What the shop has corrected stays. An import that is stopped goes on with the next set when it
/// is retried.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ImportCatalogue {
    /// `tcgdex`: sets and cards. `cardmarket`: the reference prices of all known cards, in one
    /// file. `ecb`: exchange rates.
    #[serde(default)]
    pub(crate) source: Source,
    /// `TCGdex`: only this set, also when all of its cards are known or it is hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) set: Option<String>,
    /// `TCGdex`: only the reference prices of cards that are known.
    #[serde(default)]
    pub(crate) prices_only: bool,
}

/// Who is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Source {
    #[default]
    Tcgdex,
    Cardmarket,
    Ecb,
}

impl Command for ImportCatalogue {
    const NAME: &'static str = "catalogue.import";
    // It runs for an hour: each worker that ends meanwhile may cost one.
    const MAX_ATTEMPTS: i32 = 20;

    fn validate(&self) -> Result<(), Invalid> {
        if self.source == Source::Tcgdex {
            return Ok(());
        }
        let only_tcgdex = "is for the source `tcgdex` only: leave it out";
        if self.set.is_some() {
            return Err(Invalid::new("set", only_tcgdex));
        }
        if self.prices_only {
            return Err(Invalid::new("prices_only", only_tcgdex));
        }
        Ok(())
    }

    async fn run(self, context: Context) -> Result<Value, Failure> {
        match self.source {
            Source::Tcgdex if self.prices_only => reprice::run(self.set.as_deref(), &context).await,
            Source::Tcgdex => tcgdex::run(self.set.as_deref(), &context).await,
            Source::Cardmarket => cardmarket::run(&context).await,
            Source::Ecb => rates(&context).await,
        }
    }
}

async fn rates(context: &Context) -> Result<Value, Failure> {
    let client = context.store.client().await?;
    let rates = context.market.refresh_rates(&client).await?;
    Ok(json!({ "day": rates.day, "currencies": rates.n_known, "changed": rates.n_changed }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_tcgdex_knows_sets() {
        let refused = |parameters: Value| {
            let definition = crate::find(ImportCatalogue::NAME).unwrap();
            definition.accept(parameters).err().map(|invalid| invalid.field)
        };
        assert_eq!(refused(json!({})), None);
        assert_eq!(refused(json!({ "set": "base1", "prices_only": "true" })), None);
        assert_eq!(refused(json!({ "source": "ecb" })), None);
        let field = |name: &str| Some(name.to_owned());
        assert_eq!(refused(json!({ "source": "ecb", "set": "base1" })), field("set"));
        let prices = json!({ "source": "cardmarket", "prices_only": true });
        assert_eq!(refused(prices), field("prices_only"));
        assert_eq!(refused(json!({ "source": "ebay" })), field("source"));
    }
}
