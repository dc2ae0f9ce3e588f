//! What is logged, and how.

use crate::{Reader, Variable, optional};

/// The log of a role, on standard error.
#[derive(Clone, Debug)]
pub struct Log {
    /// `RUST_LOG`: levels by module, as `tracing` reads them.
    pub filter: String,
    /// `LOG_FORMAT`: `json` for machines, `text` for people.
    pub json: bool,
}

// lapin logs returned messages with their payload, and repeats errors that `broker` reports anyway.
const FILTER: Variable = optional("RUST_LOG", "info,lapin=off,refinery_core=warn");
const FORMAT: Variable = optional("LOG_FORMAT", "text");

pub(crate) const VARIABLES: &[Variable] = &[FILTER, FORMAT];

impl Log {
    pub fn load(reader: &mut Reader<'_>) -> Log {
        let filter = reader.text(FILTER);
        let format = reader.text(FORMAT);
        if !matches!(format.as_str(), "json" | "text") {
            reader.problem(FORMAT.name, format!("`{format}` is neither `json` nor `text`"));
        }
        Log { filter, json: format == "json" }
    }
}
