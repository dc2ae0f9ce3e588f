//! The command line.

use std::path::PathBuf;

use clap::{Args, Parser};
use jiff::civil::Date;
use rust_decimal::Decimal;
use uuid::Uuid;

/// Commands over HTTP, carried by RabbitMQ, run by workers, kept in PostgreSQL.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Options {
    #[command(subcommand)]
    pub(crate) subcommand: Subcommand,
}

const EXIT_CODES: &str = "\
Exit codes: 0 done · 1 failed · 2 wrong arguments or environment · 3 the command was refused ·
4 the command ended dead or cancelled · 5 still running when the wait was over

Settings come from the environment; env/*.env.example documents every variable.";

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Subcommand {
    /// Serve the HTTP API
    Api,
    /// Serve the admin site
    Admin,
    /// Run commands
    Worker(LanesArgument),
    /// Relay the outbox, bring back what is due, prune
    Scheduler,
    /// Run every role in one process, after migrating
    All(LanesArgument),
    /// Apply the migrations that are missing
    Migrate,
    /// Create the tenants of `MOCK_DATA_PATH/tenants.json`, and an API key for each new one
    Seed(SeedArguments),
    /// Accept a command, as the API would: `enqueue kpi.compute-daily tenant_id=… date=…`
    Enqueue(EnqueueArguments),
    /// Show what is queued, running and done, and how much of the catalogue is priced
    Stats(FormatArgument),
    /// Read or change what the shop has decided, while everything runs
    #[command(subcommand)]
    Settings(SettingsAction),
    /// Read or change which commands are ordered by the clock
    #[command(subcommand)]
    Schedules(SchedulesAction),
    /// Import sets and cards, reference prices or exchange rates
    ImportCatalogue(ImportCatalogueArguments),
    /// Import cards from a CSV file: rows of a shop (`;`), or a dump of the card database (`,`)
    ImportCsv(ImportCsvArguments),
    /// Build what eBay is asked, for cards that have no query
    GenerateQueries(GenerateQueriesArguments),
    /// Show what eBay would be asked for a card; nothing is asked
    TestQuery(CardArguments),
    /// Price many cards within the calls of the day
    RunBatch(RunBatchArguments),
    /// Look a card up on eBay now, and price it
    Price(PriceArguments),
    /// Show why a card has its price: every listing, and every step
    Explain(CardArguments),
    /// Show what eBay showed for a card the last time
    Listings(CardArguments),
    /// Decide about a card's price by hand
    Decide(DecideArguments),
    /// Price days that have passed again under other settings, and show what would differ
    Replay(ReplayArguments),
    /// Write cards with their prices, sales or listings as a CSV file
    ExportCards(ExportCardsArguments),
    /// Show a tenant's KPIs as a table and a chart
    Kpis(KpisArguments),
    /// List the tenants
    Tenants(FormatArgument),
    /// Create, list and revoke API keys
    #[command(subcommand)]
    ApiKeys(ApiKeyAction),
    /// Turn a password from standard input into the value of `ADMIN_PASSWORD_HASH`
    HashPassword,
    /// Check everything an installation needs, and say what to do
    Doctor(FormatArgument),
    /// Ask a running API whether it lives; for containers
    Healthcheck(HealthcheckArguments),
}

#[derive(Debug, Args)]
pub(crate) struct LanesArgument {
    /// Lanes to work on, separated by commas; all by default
    #[arg(long, value_delimiter = ',', value_parser = lane)]
    pub(crate) lanes: Vec<commands::Lane>,
}

impl LanesArgument {
    pub(crate) fn or_all(self) -> Vec<commands::Lane> {
        if self.lanes.is_empty() { commands::LANES.to_vec() } else { self.lanes }
    }
}

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct FormatArgument {
    /// Print JSON, for scripts
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SeedArguments {
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, Args)]
pub(crate) struct EnqueueArguments {
    /// Dotted name, such as `kpi.compute-daily`
    #[arg(value_parser = command)]
    pub(crate) name: &'static commands::Definition,
    /// Parameters, as `name=value`
    #[arg(value_parser = parameter)]
    pub(crate) parameters: Vec<(String, String)>,
    /// Show the progress, and wait for the end
    #[arg(long)]
    pub(crate) wait: bool,
    /// Longest wait, in seconds
    #[arg(long, default_value_t = 3600, requires = "wait")]
    pub(crate) timeout: u64,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum SettingsAction {
    /// Show all settings, or one
    Get {
        /// Such as `daily_api_limit`
        key: Option<String>,
        #[command(flatten)]
        format: FormatArgument,
    },
    /// Change settings, all of them or none; workers follow at once
    Set {
        /// Changes, as `key=value`
        #[arg(required = true, value_parser = parameter)]
        changes: Vec<(String, String)>,
        #[command(flatten)]
        format: FormatArgument,
    },
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum SchedulesAction {
    /// List the schedules
    List(FormatArgument),
    /// List what fires next
    Next {
        /// At most so many
        #[arg(long, default_value_t = 10)]
        limit: usize,
        #[command(flatten)]
        format: FormatArgument,
    },
    /// Change a schedule, or create it: `set kpi-night command=kpi.compute-daily cron="0 5 * * *"
    /// tenant=each parameters='{"date": "{yesterday}"}'`
    Set {
        name: String,
        /// `command`, `cron`, `timezone`, `tenant` (an id or `each`), `parameters` (JSON),
        /// `only_when` (`cards` or `dirty_days`), as `field=value`
        #[arg(required = true, value_parser = parameter)]
        changes: Vec<(String, String)>,
        #[command(flatten)]
        format: FormatArgument,
    },
    /// Switch a schedule on; slots from now on fire
    Enable { name: String },
    /// Switch a schedule off
    Disable { name: String },
    /// Remove a schedule; what it ordered stays
    Remove { name: String },
}

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
    /// show. `withdraw`: show nothing
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

#[derive(Debug, Args)]
pub(crate) struct KpisArguments {
    #[arg(long)]
    pub(crate) tenant: Uuid,
    /// First day; by default 30 days before the last
    #[arg(long)]
    pub(crate) from: Option<Date>,
    /// Last day; by default today in the tenant's time zone
    #[arg(long)]
    pub(crate) to: Option<Date>,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum ApiKeyAction {
    /// Create a key for a tenant; it is shown once
    Create {
        #[arg(long)]
        tenant: Uuid,
        /// What the key is for
        #[arg(long)]
        name: String,
        /// Days until it expires; never by default
        #[arg(long)]
        expires_in_days: Option<u32>,
        #[command(flatten)]
        format: FormatArgument,
    },
    /// List the keys, without their secrets
    List {
        #[arg(long)]
        tenant: Option<Uuid>,
        #[command(flatten)]
        format: FormatArgument,
    },
    /// Refuse a key from now on
    Revoke { id: Uuid },
}

#[derive(Debug, Args)]
pub(crate) struct HealthcheckArguments {
    /// Address to ask; by default the one of `API_LISTEN` on this host
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// Ask whether it is ready for work, not only whether it lives
    #[arg(long)]
    pub(crate) ready: bool,
}

fn lane(name: &str) -> Result<commands::Lane, String> {
    commands::lane(name).ok_or_else(|| {
        let names: Vec<_> = commands::LANES.iter().map(|lane| lane.name).collect();
        format!("there is no such lane; there are {}", names.join(", "))
    })
}

fn command(name: &str) -> Result<&'static commands::Definition, String> {
    commands::find(name).ok_or_else(|| {
        let names: Vec<_> = commands::ALL.iter().map(|command| command.name).collect();
        format!("there is no such command; there are {}", names.join(", "))
    })
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as name=value")?;
    Ok((name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Options::command().debug_assert();
    }

    #[test]
    fn names_are_checked_before_anything_runs() {
        let parse = |line: &str| Options::try_parse_from(line.split(' '));
        assert!(parse("courtier enqueue diagnostics.ping").is_ok());
        let unknown = parse("courtier enqueue diagnostics.pong").unwrap_err().to_string();
        assert!(unknown.contains("diagnostics.ping"), "{unknown}");
        assert!(parse("courtier worker --lanes kpi,ingest").is_ok());
        let unknown = parse("courtier worker --lanes kip").unwrap_err().to_string();
        assert!(unknown.contains("diagnostics, exports"), "{unknown}");
    }
}
