//! Writes mock tickets and time entries: see `tests::generate`.

use std::path::PathBuf;

use clap::Parser;
use jiff::civil::Date;
use tests::generate::{self, Plan};

/// Write deterministic mock data: `tenants.json`, `tickets.jsonl` and `time_entries.jsonl`.
#[derive(Parser)]
#[command(name = "generate")]
struct Arguments {
    /// Folder to write into; made when it is missing
    #[arg(long)]
    out: PathBuf,
    /// Number of tenants
    #[arg(long, default_value_t = 2)]
    tenants: usize,
    /// Tickets of each tenant
    #[arg(long, default_value_t = 10_000)]
    tickets: u64,
    /// Days of history
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u16).range(1..))]
    days: u16,
    /// Last day, YYYY-MM-DD
    #[arg(long)]
    until: Date,
    /// Another seed gives other data
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

fn main() -> std::io::Result<()> {
    let arguments = Arguments::parse();
    let plan = Plan {
        n_tenants: arguments.tenants,
        n_tickets: arguments.tickets,
        n_days: usize::from(arguments.days),
        until: arguments.until,
        seed: arguments.seed,
    };
    let written = generate::write(&plan, &arguments.out)?;
    eprintln!("{} tickets, {} time entries", written.n_tickets, written.n_time_entries);
    Ok(())
}
