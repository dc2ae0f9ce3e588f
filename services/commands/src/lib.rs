//! What Courtier can be told to do: one file per command, and the table that names them all.
//!
//! A command is a struct of its parameters. Its dotted name is its route, its routing key, its
//! argument on the command line, its log field and its row; the first segment is its lane.
//!
//! What must never appear here: HTTP, AMQP, SQL.

mod callback_url;
mod command;
mod context;
mod csv_import;
mod decode;
mod failure;
mod lane;
mod market;
pub mod phrase;
mod pointer;
mod pricing;
mod redact;
pub mod schedule;

mod batch_run;
mod callbacks_deliver;
mod cards_price;
mod cards_reprice;
mod catalogue_import;
mod diagnostics_ping;
mod diagnostics_wait;
mod exports_cards;
mod exports_generate;
mod ingest;
mod ingest_tickets;
mod ingest_time_entries;
mod kpi_compute_daily;
mod kpi_compute_range;
mod kpi_recompute;
mod quota_reconcile;

pub use batch_run::{BatchEstimate, estimate_batch};
pub use callback_url::{CALLBACK_URL, take_callback_url};
pub use callbacks::Client as Callbacks;
pub use command::{Accepted, Command, Definition, define};
pub use context::{Context, Folders, Progress, Reporter};
pub use csv_import::{CsvChange, CsvImport, MAX_CSV_BYTES, import_csv};
pub use decode::{Invalid, merge};
pub use exports_cards::{CardFile, ExportCards, export_cards};
pub use failure::Failure;
pub use lane::{LANES, Lane, lane, lane_of};
pub use market::{Market, PROVIDER};
pub use pointer::Pointer;
pub use pricing::{Change, Explained, Look, Replay, Replayed, Said, Verdict};
pub use pricing::{decide, explain, listings, replay};
pub use redact::redact;

/// Every command there is.
pub static ALL: &[Definition] = &[
    define::<batch_run::RunBatch>(),
    define::<callbacks_deliver::DeliverCallback>(),
    define::<cards_price::PriceCard>(),
    define::<cards_reprice::RepriceCard>(),
    define::<catalogue_import::ImportCatalogue>(),
    define::<diagnostics_ping::Ping>(),
    define::<diagnostics_wait::Wait>(),
    define::<exports_cards::ExportCards>(),
    define::<exports_generate::GenerateExports>(),
    define::<ingest_tickets::IngestTickets>(),
    define::<ingest_time_entries::IngestTimeEntries>(),
    define::<kpi_compute_daily::ComputeDailyKpis>(),
    define::<kpi_compute_range::ComputeKpiRange>(),
    define::<kpi_recompute::RecomputeKpis>(),
    define::<quota_reconcile::ReconcileQuota>(),
];

/// The command of a dotted name.
pub fn find(name: &str) -> Option<&'static Definition> {
    ALL.iter().find(|definition| definition.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_file_is_listed() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        for definition in ALL {
            let file = folder.join(definition.name.replace(['.', '-'], "_") + ".rs");
            assert!(file.exists(), "{} has no {}", definition.name, file.display());
        }
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        let texts = files.filter(|file| file.is_file()).map(std::fs::read_to_string);
        let commands = texts.filter(|text| text.as_ref().unwrap().contains("impl Command for "));
        assert_eq!(commands.count(), ALL.len() + 1, "this file says it too");
    }

    #[test]
    fn every_command_has_a_lane() {
        for definition in ALL {
            assert!(lane(definition.lane()).is_some(), "{} has no lane", definition.name);
        }
    }
}
