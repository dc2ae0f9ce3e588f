//! Options of the tools of the shop.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::FormatArgument;

#[derive(Debug, Args)]
pub(crate) struct ImportCatalogueArguments {
    /// `tcgdex`: sets and cards. `cardmarket`: reference prices of all cards. `ecb`: exchange rates
    #[arg(long, default_value = "tcgdex", value_parser = ["tcgdex", "cardmarket", "ecb"])]
    pub(crate) source: String,
    /// Only this set, also when all of its cards are known
    #[arg(long)]
    pub(crate) set: Option<String>,
    /// Only the reference prices of known cards
    #[arg(long)]
    pub(crate) prices_only: bool,
    /// Show the progress, and wait for the end
    #[arg(long)]
    pub(crate) watch: bool,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, Args)]
pub(crate) struct ImportCsvArguments {
    /// UTF-8; its first line names the columns
    pub(crate) file: PathBuf,
    /// Say what would change, and change nothing
    #[arg(long)]
    pub(crate) preview: bool,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, Args)]
pub(crate) struct GenerateQueriesArguments {
    /// Build the queries of all cards again
    #[arg(long)]
    pub(crate) force: bool,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, Args)]
pub(crate) struct CardArguments {
    /// The card's number, or its id such as `base1-4-HOLO`
    pub(crate) card: String,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, Args)]
pub(crate) struct PriceArguments {
    #[command(flatten)]
    pub(crate) card: CardArguments,
    /// Pages of 200 listings to look at, each one call
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..=50))]
    pub(crate) pages: u16,
}

#[derive(Debug, Args)]
pub(crate) struct DecideArguments {
    /// The card's number, or its id such as `base1-4-HOLO`
    pub(crate) card: String,
    /// `approve`: publish the proposal. `set`: publish these prices. `reject`: keep what is on
    /// show. `withdraw`: show nothing, until somebody approves or sets a price
    #[arg(value_parser = ["approve", "set", "reject", "withdraw"])]
    pub(crate) decision: String,
    /// EUR for a mint card, with `set`
    #[arg(long, required_if_eq("decision", "set"))]
    pub(crate) neuf: Option<Decimal>,
    /// EUR for a good one, with `set`
    #[arg(long, required_if_eq("decision", "set"))]
    pub(crate) bon: Option<Decimal>,
    /// EUR for a played one, with `set`
    #[arg(long, required_if_eq("decision", "set"))]
    pub(crate) correct: Option<Decimal>,
    /// Why
    #[arg(long)]
    pub(crate) note: Option<String>,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, Args)]
pub(crate) struct ReplayArguments {
    /// First day, UTC; by default yesterday
    #[arg(long)]
    pub(crate) from: Option<Date>,
    /// Last day, UTC; by default today
    #[arg(long)]
    pub(crate) to: Option<Date>,
    /// Only this card
    #[arg(long)]
    pub(crate) card: Option<String>,
    /// JSON file with the pricing rules to try, what it leaves out by default; those of the shop
    /// without it
    #[arg(long)]
    pub(crate) pricing: Option<PathBuf>,
    /// This rule, with all else as the shop or the file has it
    #[arg(long, value_parser = ["robust", "classic"])]
    pub(crate) rule: Option<String>,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, Args)]
pub(crate) struct ExportCardsArguments {
    /// The file to write; `-` is standard output
    pub(crate) out: PathBuf,
    /// `standard` is the price list
    #[arg(long, default_value = "standard", value_parser = ["standard", "full", "anomalies",
        "sales", "sales_summary", "listings", "batch", "sets"])]
    pub(crate) kind: String,
    /// `standard`: cards of low confidence too
    #[arg(long)]
    pub(crate) include_low_conf: bool,
    /// `standard`: the least confidence, in percent
    #[arg(long)]
    pub(crate) min_confidence: Option<u8>,
    /// Sales: the first day, in the shop's time zone
    #[arg(long)]
    pub(crate) from: Option<Date>,
    /// Sales: the last day
    #[arg(long)]
    pub(crate) to: Option<Date>,
    /// `batch`: which one
    #[arg(long)]
    pub(crate) batch: Option<Uuid>,
}

#[derive(Debug, Args)]
pub(crate) struct RunBatchArguments {
    /// `hybrid` also estimates the cards that are not asked about, from Cardmarket's figures
    #[arg(long, default_value = "full", value_parser = ["full", "hybrid"])]
    pub(crate) mode: String,
    /// Only cards of this set
    #[arg(long)]
    pub(crate) set: Option<String>,
    /// Only this card, due or not; may be given several times
    #[arg(long)]
    pub(crate) card: Vec<String>,
    /// At most so many cards
    #[arg(long)]
    pub(crate) limit: Option<u32>,
    /// Show the progress, and the report at the end
    #[arg(long)]
    pub(crate) watch: bool,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}
