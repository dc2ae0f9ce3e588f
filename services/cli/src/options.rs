//! The command line.

mod deploying;
mod operating;
mod shop;

use clap::{Args, Parser};
use jiff::civil::Date;
use uuid::Uuid;

pub(crate) use deploying::*;
pub(crate) use operating::*;
pub(crate) use shop::*;

/// Commands over HTTP, carried by RabbitMQ, run by workers, kept in PostgreSQL.
#[derive(Debug, Parser)]
#[command(name = "courtier", version, propagate_version = true, after_help = EXIT_CODES)]
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
    /// Watch the whole: calls, batch, lanes, workers, outbox, and what fires next
    Status(StatusArguments),
    /// Find commands, try them again, or stop them
    #[command(subcommand)]
    Commands(CommandsAction),
    /// Look at what was given up, and replay it
    #[command(subcommand)]
    DeadLetters(DeadLettersAction),
    /// Pause and resume lanes
    #[command(subcommand)]
    Lanes(LanesAction),
    /// Watch, stop and resume batches
    #[command(subcommand)]
    Batch(BatchAction),
    /// Write the whole database to a file, with a checksum; runs `pg_dump`
    Backup(BackupArguments),
    /// Read a backup into a database; runs `pg_restore` and `psql`
    Restore(RestoreArguments),
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
    Doctor(DoctorArguments),
    /// Walk through a whole deployment as its users would, and write down the proof
    Verify(VerifyArguments),
    /// Write what RabbitMQ loads when it starts: users with few rights, queues, settings
    BrokerDefinitions(BrokerDefinitionsArguments),
    /// Ask a running API whether it lives; for containers
    Healthcheck(HealthcheckArguments),
    /// Print the completions of a shell
    Completions(CompletionsArguments),
    /// Print the manual page, or write the pages of all subcommands
    Man(ManArguments),
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
    Create(NewApiKey),
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
pub(crate) struct NewApiKey {
    #[arg(long)]
    pub(crate) tenant: Uuid,
    /// What the key is for
    #[arg(long)]
    pub(crate) name: String,
    /// What it may read, separated by commas; everything by default
    #[arg(long = "scope", value_delimiter = ',', value_parser = store::api_keys::SCOPES)]
    pub(crate) scopes: Vec<String>,
    /// Days until it expires; never by default
    #[arg(long)]
    pub(crate) expires_in_days: Option<u32>,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
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
