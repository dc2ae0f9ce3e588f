//! The folders: mock data to read, exports to write.

use std::fs;
use std::path::Path;

use settings::files::Files;
use store::{Store, proof};
use uuid::Uuid;

use crate::check::{Cause, Check};

const MOCK_DATA: &str = "mock data";

/// Whether there is nothing to take in, and nothing amiss with that: cards are there, and neither the
/// database nor a file names a tenant.
pub(crate) async fn is_shop(store: &Store, files: &Files) -> bool {
    if files.mock_data.join("tenants.json").exists() {
        return false;
    }
    match store.client().await {
        Ok(client) => proof::is_shop(&client).await.unwrap_or(false),
        Err(_) => false,
    }
}

pub(crate) fn checks(files: &Files, is_shop: bool) -> Vec<Check> {
    let mock_data = if is_shop {
        Check::well(Cause::Volumes, MOCK_DATA, "no tenants: nothing to ingest")
    } else {
        mock_data(&files.mock_data)
    };
    vec![mock_data, exports(&files.exports)]
}

fn mock_data(folder: &Path) -> Check {
    let name = MOCK_DATA;
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
