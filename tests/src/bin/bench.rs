//! `make bench`: see `docs/BENCHMARKS.md`.

use std::io::Write as _;

use clap::Parser;
use tests::bench::{self, MEASUREMENTS};

/// Measure the speed of Courtier beside the limits of this machine.
#[derive(Parser)]
#[command(name = "bench")]
struct Arguments {
    /// What to measure; everything by default
    #[arg(value_parser = names())]
    measurements: Vec<String>,
    /// Also what takes many minutes: 5,000,000 finished commands, larger tenants
    #[arg(long)]
    full: bool,
}

fn names() -> clap::builder::PossibleValuesParser {
    MEASUREMENTS.iter().map(|measurement| measurement.name).collect::<Vec<_>>().into()
}

#[tokio::main]
async fn main() -> Result<(), bench::Error> {
    let arguments = Arguments::parse();
    let report = bench::run(&arguments.measurements, arguments.full).await?;
    std::io::stdout().write_all(report.as_bytes())?;
    Ok(())
}
