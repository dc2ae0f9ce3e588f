//! Options of the tools for those who install Courtier.

use std::path::PathBuf;

use clap::Args;

use super::FormatArgument;

#[derive(Debug, Args)]
pub(crate) struct HealthcheckArguments {
    /// Address to ask; by default the one of `API_LISTEN` on this host
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// Ask whether it is ready for work, not only whether it lives
    #[arg(long)]
    pub(crate) ready: bool,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// Where n8n would reach the API; by default `http://analytics-api:8000` if that name is known
    /// here, else the address of `API_LISTEN` on this host
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// Also ask eBay for one token: of these, 1,000 can be had a day
    #[arg(long)]
    pub(crate) ebay: bool,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, Args)]
pub(crate) struct VerifyArguments {
    /// Folder for the proof; what an earlier run left there is replaced
    pub(crate) folder: PathBuf,
    /// Where n8n reaches the API
    #[arg(long, default_value = "http://analytics-api:8000")]
    pub(crate) url: String,
    /// The site as the world sees it, through its reverse proxy; by default `PUBLIC_URL`
    #[arg(long)]
    pub(crate) public_url: Option<String>,
    /// A file with `user:password` of the reverse proxy, to look behind it
    #[arg(long, value_name = "FILE")]
    pub(crate) basic_auth: Option<PathBuf>,
    /// A file with the certificate of an authority that only this site knows
    #[arg(long, value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
    /// Folder with `wf01_execution.json`, `wf10_execution.json` and `wf20_execution.json`, as
    /// `n8n execute --rawOutput` printed them; without them the calls of these workflows are made
    /// here
    #[arg(long, value_name = "FOLDER")]
    pub(crate) n8n_executions: Option<PathBuf>,
    /// The day whose KPIs are computed; by default the day before today
    #[arg(long)]
    pub(crate) date: Option<jiff::civil::Date>,
    #[command(flatten)]
    pub(crate) format: FormatArgument,
}

#[derive(Debug, Args)]
pub(crate) struct BrokerDefinitionsArguments {
    /// Folder for the files
    pub(crate) folder: PathBuf,
    /// The same folder as RabbitMQ sees it
    #[arg(long, default_value = "/etc/courtier-broker")]
    pub(crate) mounted_at: String,
}
