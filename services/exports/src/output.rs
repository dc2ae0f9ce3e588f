//! One file in the making. It is compared with the published one while it is made, and nothing is
//! written for as long as both are equal: a repeated export costs reads only.

use std::fs::{self, File};
use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::{Error, Result, folders};

const BLOCK_BYTES: usize = 256 * 1024;

pub(crate) struct Output {
    published: PathBuf,
    temporary: PathBuf,
    state: State,
    block: Vec<u8>,
    hash: Sha256,
    n_bytes: u64,
    n_rows: u64,
}

enum State {
    /// So far the same bytes as the published file.
    Same(File),
    /// Going to the temporary file.
    Different(File),
}

/// What became of an [`Output`].
pub(crate) struct Finished {
    pub(crate) n_rows: u64,
    pub(crate) n_bytes: u64,
    pub(crate) sha256: String,
    /// The file that has to replace the published one; `None` when they are equal.
    pub(crate) temporary: Option<PathBuf>,
}

impl Output {
    /// An empty file that is meant for `published`.
    pub(crate) fn new(published: PathBuf, temporary: PathBuf) -> Result<Self> {
        let state = match open_regular(&published) {
            Some(file) => State::Same(file),
            None => State::Different(folders::create(&temporary)?),
        };
        Ok(Self {
            published,
            temporary,
            state,
            block: Vec::new(),
            hash: Sha256::new(),
            n_bytes: 0,
            n_rows: 0,
        })
    }

    /// Where the next bytes are appended.
    pub(crate) fn block(&mut self) -> &mut Vec<u8> {
        &mut self.block
    }

    /// Counts a row, and writes what has gathered.
    pub(crate) fn end_row(&mut self) -> Result<()> {
        self.n_rows += 1;
        if self.block.len() < BLOCK_BYTES { Ok(()) } else { self.flush() }
    }

    /// Writes the rest. The temporary file is complete then, but not yet on disk.
    pub(crate) fn finish(mut self) -> Result<Finished> {
        self.flush()?;
        if let State::Same(file) = &mut self.state {
            let at_end = file.read(&mut [0]).map_err(Error::at(&self.published))? == 0;
            if !at_end {
                self.diverge()?;
            }
        }
        let changed = matches!(self.state, State::Different(_));
        Ok(Finished {
            n_rows: self.n_rows,
            n_bytes: self.n_bytes,
            sha256: hex(&self.hash.finalize()),
            temporary: changed.then_some(self.temporary),
        })
    }

    fn flush(&mut self) -> Result<()> {
        if let State::Same(file) = &mut self.state
            && !continues_with(file, &self.block).map_err(Error::at(&self.published))?
        {
            self.diverge()?;
        }
        if let State::Different(file) = &mut self.state {
            file.write_all(&self.block).map_err(Error::at(&self.temporary))?;
        }
        self.hash.update(&self.block);
        self.n_bytes += self.block.len() as u64;
        self.block.clear();
        Ok(())
    }

    /// Starts the temporary file with the bytes that were the same.
    fn diverge(&mut self) -> Result<()> {
        let State::Same(published) = &mut self.state else {
            return Ok(());
        };
        let mut file = folders::create(&self.temporary)?;
        published.rewind().map_err(Error::at(&self.published))?;
        io::copy(&mut published.take(self.n_bytes), &mut file)
            .map_err(Error::at(&self.temporary))?;
        self.state = State::Different(file);
        Ok(())
    }
}

/// A link is never followed: publishing replaces it.
fn open_regular(path: &Path) -> Option<File> {
    fs::symlink_metadata(path).ok().filter(fs::Metadata::is_file)?;
    File::open(path).ok()
}

/// Whether the next bytes of `file` are `block`.
fn continues_with(file: &mut File, mut block: &[u8]) -> io::Result<bool> {
    let mut buffer = [0; 16 * 1024];
    while !block.is_empty() {
        let wanted = buffer.len().min(block.len());
        let n_read = file.read(&mut buffer[..wanted])?;
        let Some(rest) = block.strip_prefix(&buffer[..n_read]).filter(|_| n_read > 0) else {
            return Ok(false);
        };
        block = rest;
    }
    Ok(true)
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // A `String` takes everything.
        write!(text, "{byte:02x}").unwrap_or_default();
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What `finish` says about writing `rows` over a file that holds `before`.
    fn written(before: Option<&str>, rows: &[&str]) -> (Finished, Option<String>) {
        let folder = tempfile::tempdir().unwrap();
        let published = folder.path().join("published");
        if let Some(before) = before {
            fs::write(&published, before).unwrap();
        }
        let mut output = Output::new(published, folder.path().join("temporary")).unwrap();
        output.block().extend_from_slice(b"head|");
        for row in rows {
            output.block().extend_from_slice(row.as_bytes());
            output.end_row().unwrap();
        }
        let finished = output.finish().unwrap();
        let text = finished.temporary.as_ref().map(|path| fs::read_to_string(path).unwrap());
        (finished, text)
    }

    #[test]
    fn equal_bytes_are_not_written_again() {
        let (finished, text) = written(Some("head|a|b|"), &["a|", "b|"]);
        assert_eq!(text, None);
        assert_eq!((finished.n_rows, finished.n_bytes), (2, 9));
        // As `printf 'head|a|b|' | sha256sum` says.
        let sha256 = "f89e38a89c87ca9a0ccdf35a3d4447add590a7ab0e55ab55d32b4c5bdd6c2acb";
        assert_eq!(finished.sha256, sha256);
    }

    #[test]
    fn any_difference_makes_a_whole_new_file() {
        for before in [None, Some(""), Some("head|a|"), Some("head|a|c|"), Some("head|a|b|c|")] {
            let (finished, text) = written(before, &["a|", "b|"]);
            assert_eq!(text.as_deref(), Some("head|a|b|"), "over {before:?}");
            assert_eq!(finished.n_bytes, 9);
        }
    }

    #[test]
    fn a_late_difference_keeps_the_bytes_before_it() {
        let rows: Vec<String> = (0..200_000).map(|row| format!("{row};")).collect();
        let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
        let whole = format!("head|{}", rows.concat());
        assert!(whole.len() > 3 * BLOCK_BYTES);
        let (_, text) = written(Some(&whole.replace("199999", "x")), &rows);
        assert!(text.as_deref() == Some(&whole));
        let (_, text) = written(Some(&whole), &rows);
        assert!(text.is_none());
    }
}
