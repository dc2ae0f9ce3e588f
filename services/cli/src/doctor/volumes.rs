//! The folders: mock data to read, exports to write.

use std::fs;
use std::path::Path;

use settings::files::Files;
use uuid::Uuid;

use crate::check::{Cause, Check};

pub(crate) fn checks(files: &Files) -> Vec<Check> {
    vec![mock_data(&files.mock_data), exports(&files.exports)]
}

fn mock_data(folder: &Path) -> Check {
    let name = "mock data";
    match psa::mock::read_tenants(folder) {
        Ok(file) => Check::well(
            Cause::Volumes,
            name,
            format!("{} tenants in {}", file.tenants.len(), folder.display()),
        ),
        Err(error) => Check::ill(
            Cause::Volumes,
            name,
            error.to_string(),
            "mount the folder of tenants.json read-only at MOCK_DATA_PATH",
        ),
    }
}

fn exports(folder: &Path) -> Check {
    let name = "exports";
    match write_probe(folder) {
        Ok(()) => Check::well(Cause::Volumes, name, format!("{} can be written", folder.display())),
        Err(error) => Check::ill(
            Cause::Volumes,
            name,
            format!("{}: {error}", folder.display()),
            "mount a volume at EXPORTS_PATH that the user of this process can write to: in the \
             image, `chown 10001:10001` the folder",
        ),
    }
}

/// Whether `folder` can be written, by writing.
pub(crate) fn write_probe(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let probe = folder.join(format!(".doctor-{}", Uuid::now_v7()));
    fs::write(&probe, b"probe")?;
    fs::remove_file(probe)
}
