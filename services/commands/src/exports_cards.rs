//! `exports.cards`: the shop's cards, sales or listings as one CSV file.

mod listings;
mod prices;
mod sales;
mod shop;
mod write;

use std::path::Path;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tokio::fs;
use uuid::Uuid;

use crate::{Command, Context, Failure, Invalid};
pub use write::export_cards;

/// Writes cards with their prices, sales, or listings as one CSV file for a spreadsheet.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportCards {
    /// What the file is about.
    #[serde(default)]
    pub kind: CardFile,
    /// `standard` only: cards of low confidence too.
    #[serde(default)]
    pub include_low_conf: bool,
    /// `standard` only: the least confidence, in percent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_confidence: Option<u8>,
    /// Sales only: the first day, in the shop's time zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Date>,
    /// Sales only: the last day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Date>,
    /// `batch` only, and needed there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub batch_id: Option<Uuid>,
}

/// The files there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum CardFile {
    /// The price list: cards that the shop buys now.
    #[default]
    Standard,
    /// Every card with all figures.
    Full,
    /// Cards that somebody should look at, and why.
    Anomalies,
    /// Every sale that was detected.
    Sales,
    /// The sales of each card in figures.
    SalesSummary,
    /// The newest listings of each card.
    Listings,
    /// Every card of a batch, and what came of it.
    Batch,
    /// The sets that are not hidden.
    Sets,
}

impl Command for ExportCards {
    const NAME: &'static str = "exports.cards";
    const MAX_ATTEMPTS: i32 = 5;

    fn validate(&self) -> Result<(), Invalid> {
        let is_sales = matches!(self.kind, CardFile::Sales | CardFile::SalesSummary);
        if self.min_confidence.is_some_and(|percent| percent > 100) {
            return Err(Invalid::new("min_confidence", "must be between 0 and 100 percent"));
        }
        if self.kind != CardFile::Standard
            && (self.include_low_conf || self.min_confidence.is_some())
        {
            let field = if self.include_low_conf { "include_low_conf" } else { "min_confidence" };
            return Err(Invalid::new(field, "goes with the kind `standard` alone"));
        }
        if !is_sales && (self.from.is_some() || self.to.is_some()) {
            let field = if self.from.is_some() { "from" } else { "to" };
            return Err(Invalid::new(
                field,
                "goes with the kinds `sales` and `sales_summary` alone",
            ));
        }
        if self.from.zip(self.to).is_some_and(|(from, to)| to < from) {
            return Err(Invalid::new("to", "must not be before from"));
        }
        match (self.kind, self.batch_id) {
            (CardFile::Batch, None) => {
                Err(Invalid::new("batch_id", "is required with the kind `batch`"))
            }
            (CardFile::Batch, Some(_)) | (_, None) => Ok(()),
            (_, Some(_)) => Err(Invalid::new("batch_id", "goes with the kind `batch` alone")),
        }
    }

    async fn run(self, context: Context) -> Result<Value, Failure> {
        let name = self.file_name();
        let folder = context.folders.exports.join("cards");
        let making = context.folders.exports.join(".tmp").join("cards");
        let temporary = making.join(format!("{}.csv", context.command_id));
        for folder in [&folder, &making] {
            fs::create_dir_all(folder).await.map_err(at(folder))?;
        }
        let written = tokio::select! {
            written = self.write(&context, &temporary) => written,
            () = context.cancelled.cancelled() => Err(Failure::Cancelled),
        };
        let published = match written {
            Ok(n_rows) => fs::rename(&temporary, folder.join(&name)).await.map(|()| n_rows),
            Err(failure) => {
                // Nothing to be done about a temporary file that cannot be removed.
                fs::remove_file(&temporary).await.unwrap_or_default();
                return Err(failure);
            }
        };
        let n_rows = published.map_err(at(&folder))?;
        let bytes = fs::metadata(folder.join(&name)).await.map_err(at(&folder))?.len();
        Ok(json!({ "file": format!("cards/{name}"), "rows": n_rows, "bytes": bytes }))
    }
}

impl ExportCards {
    async fn write(&self, context: &Context, path: &Path) -> Result<u64, Failure> {
        let mut file = fs::File::create(path).await.map_err(at(path))?;
        let mut client = context.store.client().await?;
        let report = |n_rows| context.progress(n_rows, None, "rows");
        let n_rows = export_cards(&mut client, self, &mut file, &report).await?;
        file.sync_all().await.map_err(at(path))?;
        Ok(n_rows)
    }

    fn file_name(&self) -> String {
        let kind = match (self.kind, self.batch_id) {
            (CardFile::Batch, Some(id)) => return format!("batch_{id}.csv"),
            (CardFile::Standard | CardFile::Batch, _) => "standard",
            (CardFile::Full, _) => "full",
            (CardFile::Anomalies, _) => "anomalies",
            (CardFile::Sales, _) => "sales",
            (CardFile::SalesSummary, _) => "sales_summary",
            (CardFile::Listings, _) => "listings",
            (CardFile::Sets, _) => "sets",
        };
        format!("cards_{kind}.csv")
    }
}

/// A full or missing disk may be back later.
fn at(path: &Path) -> impl Fn(std::io::Error) -> Failure {
    move |error| Failure::retry(format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_go_with_their_kind() {
        let id = "550e8400-e29b-41d4-a716-446655440000";
        let cases = [
            (json!({}), None),
            (json!({"min_confidence": 60, "include_low_conf": true}), None),
            (json!({"min_confidence": 101}), Some("min_confidence")),
            (json!({"kind": "full", "min_confidence": 60}), Some("min_confidence")),
            (json!({"kind": "full", "include_low_conf": true}), Some("include_low_conf")),
            (json!({"kind": "sales", "from": "2026-01-01", "to": "2026-01-01"}), None),
            (json!({"kind": "sales", "from": "2026-01-02", "to": "2026-01-01"}), Some("to")),
            (json!({"kind": "listings", "to": "2026-01-01"}), Some("to")),
            (json!({"kind": "batch"}), Some("batch_id")),
            (json!({"kind": "batch", "batch_id": id}), None),
            (json!({"kind": "sales", "batch_id": id}), Some("batch_id")),
            (json!({"kind": "everything"}), Some("kind")),
        ];
        let definition = crate::find(ExportCards::NAME).unwrap();
        for (parameters, field) in cases {
            let refused = definition.accept(parameters.clone()).err().map(|invalid| invalid.field);
            assert_eq!(refused.as_deref(), field, "{parameters}");
        }
    }
}
