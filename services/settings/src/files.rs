//! Folders that commands read and write.

use std::path::PathBuf;

use crate::{Reader, Variable, optional};

/// The folders of mock data and exports.
#[derive(Clone, Debug)]
pub struct Files {
    /// `MOCK_MODE`: what `/health` tells. Tickets and time entries come from files either way: no
    /// other source is built in.
    pub mock_mode: bool,
    /// `MOCK_DATA_PATH`: the folder of those files.
    pub mock_data: PathBuf,
    /// `EXPORTS_PATH`: the folder that exports are written to.
    pub exports: PathBuf,
}

const MOCK_MODE: Variable = optional("MOCK_MODE", "true");
const MOCK_DATA_PATH: Variable = optional("MOCK_DATA_PATH", "/app/mock-data");
const EXPORTS_PATH: Variable = optional("EXPORTS_PATH", "/app/exports");

pub(crate) const VARIABLES: &[Variable] = &[MOCK_MODE, MOCK_DATA_PATH, EXPORTS_PATH];

impl Files {
    pub fn load(reader: &mut Reader<'_>) -> Files {
        Files {
            mock_mode: reader.flag(MOCK_MODE),
            mock_data: reader.text(MOCK_DATA_PATH).into(),
            exports: reader.text(EXPORTS_PATH).into(),
        }
    }
}
