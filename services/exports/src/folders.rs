//! Where files lie. Every name is made here, from tables and days of ours and the tenant's id.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use uuid::Uuid;

use crate::{Error, Result, Table};

const FILE_MODE: u32 = 0o640;
const FOLDER_MODE: u32 = 0o750;

/// The folders of one tenant.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    /// What readers see: nothing but complete `.csv` files.
    pub(crate) data: PathBuf,
    pub(crate) manifests: PathBuf,
    /// Unpublished files of all attempts, on the same file system as `data`.
    pub(crate) temporary: PathBuf,
}

impl Folders {
    pub(crate) fn new(root: &Path, tenant_id: Uuid) -> Self {
        let tenant = tenant_id.to_string();
        Self {
            data: root.join(&tenant),
            manifests: root.join(".manifests").join(&tenant),
            temporary: root.join(".tmp").join(&tenant),
        }
    }

    pub(crate) fn manifest(&self) -> PathBuf {
        self.manifests.join("manifest.json")
    }
}

/// `<table>.csv`, or `<table>_YYYY-MM-DD.csv`.
pub(crate) fn file_name(table: &Table, day: Option<Date>) -> String {
    match day {
        Some(day) => format!("{}_{day}.csv", table.name),
        None => format!("{}.csv", table.name),
    }
}

/// The day of a file of `table`; `None` for a name that [`file_name`] does not make.
pub(crate) fn day_of(table: &Table, name: &str) -> Option<Date> {
    let day: Date =
        name.strip_prefix(table.name)?.strip_prefix('_')?.strip_suffix(".csv")?.parse().ok()?;
    (file_name(table, Some(day)) == name).then_some(day)
}

/// Makes `path` and what is missing above it.
pub(crate) fn make(path: &Path) -> Result<()> {
    DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(path).map_err(Error::at(path))
}

/// A new file, readable for the group whatever the umask says: Power BI's gateway is another user.
pub(crate) fn create(path: &Path) -> Result<File> {
    let file = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path);
    file.and_then(|file| {
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
        Ok(file)
    })
    .map_err(Error::at(path))
}

/// Makes `contents` appear at `path`, whole or not at all, and stay there through a power cut.
pub(crate) fn publish(contents: &[u8], temporary: &Path, path: &Path) -> Result<()> {
    let mut file = create(temporary)?;
    io::Write::write_all(&mut file, contents).map_err(Error::at(temporary))?;
    file.sync_all().map_err(Error::at(temporary))?;
    fs::rename(temporary, path).map_err(Error::at(path))?;
    path.parent().map_or(Ok(()), sync)
}

/// Puts a file, or the names in a folder, on disk.
pub(crate) fn sync(path: &Path) -> Result<()> {
    File::open(path).and_then(|file| file.sync_all()).map_err(Error::at(path))
}

/// Removes whatever attempts left behind; the folder itself stays.
pub(crate) fn clear(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::at(folder)(error)),
        _ => make(folder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table;
    use jiff::civil::date;

    #[test]
    fn a_file_name_tells_its_day() {
        let table = table("fact_ticket").unwrap();
        let day = date(2026, 1, 24);
        assert_eq!(file_name(table, Some(day)), "fact_ticket_2026-01-24.csv");
        assert_eq!(day_of(table, "fact_ticket_2026-01-24.csv"), Some(day));
        for name in [
            "fact_ticket.csv",
            "fact_ticket_2026-1-24.csv",
            "fact_ticket_20260124.csv",
            "dim_date_2026-01-24.csv",
        ] {
            assert_eq!(day_of(table, name), None, "{name}");
        }
    }
}
