//! Puts finished files on disk beside the writing of the next ones: waiting for the disk after
//! each of a thousand files would take longer than making them.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, JoinHandle};

use crate::{Error, Result, folders};

#[derive(Debug)]
pub(crate) struct Syncer {
    files: Sender<PathBuf>,
    thread: JoinHandle<Result<()>>,
}

impl Syncer {
    pub(crate) fn start() -> std::io::Result<Self> {
        let (files, queue) = channel();
        let thread =
            thread::Builder::new().name("export-sync".into()).spawn(move || run(&queue))?;
        Ok(Self { files, thread })
    }

    /// Takes complete files.
    pub(crate) fn files(&self) -> Sender<PathBuf> {
        self.files.clone()
    }

    /// Waits until every file is on disk; all clones of the sender must be gone.
    pub(crate) fn finish(self) -> Result<()> {
        drop(self.files);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

fn run(queue: &Receiver<PathBuf>) -> Result<(), Error> {
    queue.iter().try_for_each(|path| folders::sync(&path))
}
