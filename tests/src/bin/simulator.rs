//! eBay, `TCGdex`, Cardmarket and the ECB on one port: see `docs/EBAY.md`.

use std::io::{self, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use tests::simulator::{Injection, Options, Simulator, Window};

/// Play eBay and the other sources of cards and prices, for a Courtier that must not call them
#[derive(Parser)]
#[command(name = "simulator")]
struct Arguments {
    /// Address and port; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:7000")]
    listen: String,
    /// Another seed gives another market
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Calls of Browse in a window
    #[arg(long, default_value_t = 5_000)]
    limit: u64,
    /// Length of a window; midnight to midnight in Los Angeles when it is left out
    #[arg(long)]
    window_seconds: Option<u64>,
    /// Wait before every answer
    #[arg(long, default_value_t = 0)]
    latency_ms: u64,
    /// How long a token is valid
    #[arg(long, default_value_t = 7_200)]
    token_seconds: u64,
    /// Exactly so many listings for each card
    #[arg(long)]
    listings: Option<u64>,
    /// Cards as CSV, instead of some sets of its own
    #[arg(long)]
    catalogue_csv: Option<PathBuf>,
    /// Least entries of the price guide
    #[arg(long, default_value_t = 0)]
    guide_entries: usize,
    /// The next answers go wrong: `search:500*3`, `429+30`, `item:delay+250`, `hang`, `cut`,
    /// `reset`, `truncated`, `wrong-type`, `html`, `gzip-bomb`, `unreadable`, `warnings`, `errors`,
    /// `redirect`
    #[arg(long = "fault")]
    faults: Vec<Injection>,
}

#[tokio::main]
async fn main() -> io::Result<()> {
    let arguments = Arguments::parse();
    let options = Options {
        listen: arguments.listen,
        seed: arguments.seed,
        limit: arguments.limit,
        window: match arguments.window_seconds {
            Some(seconds) => Window::Every(Duration::from_secs(seconds)),
            None => Window::Pacific,
        },
        latency: Duration::from_millis(arguments.latency_ms),
        token_lifetime: Duration::from_secs(arguments.token_seconds),
        listings_per_card: arguments.listings,
        catalogue_csv: arguments.catalogue_csv,
        price_guide_entries: arguments.guide_entries,
        ..Options::default()
    };
    let (client_id, client_secret) = (options.client_id.clone(), options.client_secret.clone());
    let simulator = Simulator::start(options).await?;
    for fault in arguments.faults {
        simulator.inject_any(fault);
    }
    // In the form of variables: the first lines can be evaluated by a shell.
    let url = simulator.url();
    let mut output = io::stdout();
    writeln!(output, "EBAY_API_URL={url}")?;
    writeln!(output, "EBAY_CLIENT_ID={client_id}\nEBAY_CLIENT_SECRET={client_secret}")?;
    writeln!(output, "# counters: {url}/stats; stop with Ctrl+C")?;
    output.flush()?;
    tokio::signal::ctrl_c().await?;
    let stats = serde_json::to_string_pretty(&simulator.stats())?;
    writeln!(output, "{stats}")
}
