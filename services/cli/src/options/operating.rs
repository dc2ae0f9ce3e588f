//! Options of the operator's tools.

use std::path::PathBuf;

use clap::Args;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{FormatArgument, lane, parameter};

#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct StatusArguments {
    /// Show it again and again, until interrupted
    #[arg(long, conflicts_with = "json")]
    pub(crate) watch: bool,
    /// Seconds between two looks
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=3600), requires = "watch")]
    pub(crate) every: u64,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum CommandsAction {
    /// List commands, newest first
    List {
        #[arg(long, value_parser = STATES)]
        state: Option<String>,
        /// A full name, or its first segment
        #[arg(long)]
        name: Option<String>,
        #[arg(long)]
        tenant: Option<Uuid>,
        /// Only commands older than this one: the last of a page
        #[arg(long)]
        before: Option<Uuid>,
        /// At most so many
        #[arg(long, default_value_t = 20)]
        limit: u32,
        #[command(flatten)]
        format: FormatArgument,
    },
    /// Show a command with its attempts
    Show {
        id: Uuid,
        #[command(flatten)]
        format: FormatArgument,
    },
    /// Queue commands again that are dead, cancelled or waiting, at once and with all their attempts
    Retry {
        #[arg(required = true)]
        ids: Vec<Uuid>,
    },
    /// Cancel waiting commands, and ask running ones to stop
    Cancel {
        #[arg(required = true)]
        ids: Vec<Uuid>,
    },
}

const STATES: [&str; 7] =
    ["queued", "running", "succeeded", "retrying", "postponed", "cancelled", "dead"];

#[derive(Debug, clap::Subcommand)]
pub(crate) enum DeadLettersAction {
    /// List dead letters, newest first
    List {
        #[command(flatten)]
        filter: LettersFilter,
        #[command(flatten)]
        format: FormatArgument,
    },
    /// Show a dead letter with its command; texts of the payload are hidden
    Show {
        id: i64,
        /// Show the payload as it is
        #[arg(long)]
        payload: bool,
        #[command(flatten)]
        format: FormatArgument,
    },
    /// Queue dead commands again: some by the ids of their letters, or all that a filter finds
    Replay {
        /// Ids of dead letters
        #[arg(required_unless_present_any = ["name", "reason"], conflicts_with_all = ["name", "reason"])]
        ids: Vec<i64>,
        #[command(flatten)]
        filter: LettersFilter,
        /// Say what would be replayed, and change nothing
        #[arg(long)]
        dry_run: bool,
        #[command(flatten)]
        format: FormatArgument,
    },
}

#[derive(Debug, Args)]
pub(crate) struct LettersFilter {
    /// Only of this command, or of the names that begin with this segment
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Only with these words in the reason
    #[arg(long)]
    pub(crate) reason: Option<String>,
    /// At most so many
    #[arg(long, default_value_t = 100)]
    pub(crate) limit: u32,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum LanesAction {
    /// List the lanes: what runs, what waits, and which are paused
    List(FormatArgument),
    /// Let workers take nothing more from a lane; what runs goes on
    Pause {
        #[arg(value_parser = lane)]
        lane: commands::Lane,
        /// Why; others will wonder
        #[arg(long)]
        reason: String,
        /// Resume by itself after so long, such as 30m or 2h
        #[arg(long = "for", value_name = "DURATION", conflicts_with = "until")]
        duration: Option<SignedDuration>,
        /// Resume by itself at this instant, such as 2026-11-23T06:00:00+01:00
        #[arg(long, value_name = "INSTANT")]
        until: Option<Timestamp>,
    },
    /// Let workers go on
    Resume {
        #[arg(value_parser = lane)]
        lane: commands::Lane,
    },
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum BatchAction {
    /// Show how far a batch has come; the newest by default
    Status {
        id: Option<Uuid>,
        #[command(flatten)]
        format: FormatArgument,
    },
    /// Stop a batch after the cards that are on their way; the running one by default
    Stop { id: Option<Uuid> },
    /// Let a batch go on with what it has not finished; the newest by default
    Resume { id: Option<Uuid> },
}

#[derive(Debug, Args)]
pub(crate) struct BackupArguments {
    /// Where to; a file of this name with `.sha256` behind it holds the checksum
    pub(crate) file: PathBuf,
}

#[derive(Debug, Args)]
pub(crate) struct RestoreArguments {
    /// A file that `courtier backup` wrote, with its checksum beside it
    pub(crate) file: PathBuf,
    /// Remove what the database holds
    #[arg(long)]
    pub(crate) replace: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    pub(crate) shell: clap_complete::Shell,
}

#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// Folder for the pages of all subcommands
    pub(crate) folder: Option<PathBuf>,
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
