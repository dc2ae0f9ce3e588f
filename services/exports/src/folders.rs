//! Where files lie. Every name is made here, from tables and days of ours and the tenant's id.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use uuid::Uuid;

use crate::{Error, Format, Result, Table};

const FILE_MODE: u32 = 0o640;
const FOLDER_MODE: u32 = 0o750;

/// The folders of one tenant.
#[derive(Debug, Clone)]
pub(crate) struct Folders {
    /// What readers see: nothing but complete files.
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

/// `<table>.csv`, or `<table>_YYYY-MM-DD.csv`, with the extension of the format.
pub(crate) fn file_name(table: &Table, format: Format, day: Option<Date>) -> String {
    let extension = format.extension();
    match day {
        Some(day) => format!("{}_{day}{extension}", table.name),
        None => format!("{}{extension}", table.name),
    }
}

/// What the name of a file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Named {
    /// `None`: the table is not split.
    pub(crate) day: Option<Date>,
}

/// Reads the name of a file of `table`; `None` for one that [`file_name`] does not make.
pub(crate) fn named(table: &Table, format: Format, name: &str) -> Option<Named> {
    let stem = name.strip_prefix(table.name)?.strip_suffix(format.extension())?;
    let day = match stem.strip_prefix('_') {
        None => None,
        Some(day) => Some(day.parse::<Date>().ok()?),
    };
    (file_name(table, format, day) == name).then_some(Named { day })
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
        let day = Some(date(2026, 1, 24));
        for (format, name) in [
            (Format::Csv, "fact_ticket_2026-01-24.csv"),
            (Format::Parquet, "fact_ticket_2026-01-24.parquet"),
        ] {
            assert_eq!(file_name(table, format, day), name);
            assert_eq!(named(table, format, name), Some(Named { day }));
        }
        assert_eq!(named(table, Format::Csv, "fact_ticket.csv"), Some(Named { day: None }));
        for name in [
            "fact_ticket_2026-01-24.parquet",
            "fact_ticket_2026-1-24.csv",
            "fact_ticket_20260124.csv",
            "fact_ticketcsv",
            "dim_date_2026-01-24.csv",
        ] {
            assert_eq!(named(table, Format::Csv, name), None, "{name}");
        }
    }
}
