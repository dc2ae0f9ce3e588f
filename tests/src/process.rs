//! The real binary, in processes of its own: to be stopped, killed and started again.

mod binary;

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use serde_json::Value;
use tokio::{sync::Notify, time::Instant};

/// Longest any awaited thing may take; only a broken build waits so long.
const PATIENCE: Duration = Duration::from_mins(1);
/// Lines shown of a process whose test fails.
const LAST_LINES: usize = 40;

/// A running `courtier`, killed when it is dropped.
pub struct Process {
    name: String,
    child: Child,
    log: Arc<Log>,
}

/// What a process has written to standard error.
#[derive(Default)]
struct Log {
    lines: Mutex<Vec<String>>,
    written: Notify,
}

/// The binary that the tests run.
///
/// # Panics
/// When it cannot be built.
pub fn binary() -> &'static std::path::Path {
    binary::path()
}

/// Runs `courtier ARGUMENTS` with these variables and no others, and returns what it printed.
///
/// # Panics
/// When it cannot be built or started.
pub async fn courtier(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(binary::path());
    command.args(arguments).env_clear().envs(variables.iter().copied()).stdin(Stdio::null());
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// Runs `courtier ARGUMENTS` until it has printed `text`, asks it to end, and returns all that it
/// printed.
///
/// # Panics
/// When it cannot be started, or does not print the text in time.
pub async fn courtier_until(
    text: &'static str,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Output {
    let mut command = Command::new(binary::path());
    command.args(arguments).env_clear().envs(variables.iter().copied());
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::inherit());
    let reading = tokio::task::spawn_blocking(move || {
        let mut child = command.spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let (mut printed, mut chunk) = (Vec::new(), [0; 4096]);
        while !String::from_utf8_lossy(&printed).contains(text) {
            let n_bytes = stdout.read(&mut chunk).unwrap();
            assert!(n_bytes > 0, "it ended without: {text}");
            printed.extend_from_slice(&chunk[..n_bytes]);
        }
        send(&child, "TERM");
        stdout.read_to_end(&mut printed).unwrap();
        Output { status: child.wait().unwrap(), stdout: printed, stderr: Vec::new() }
    });
    let read = tokio::time::timeout(PATIENCE, reading).await;
    read.unwrap_or_else(|_| panic!("it does not print: {text}")).unwrap()
}

fn send(child: &Child, signal: &str) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args(["-s", signal, &id]).status().unwrap();
    assert!(sent.success(), "the process has ended before SIG{signal}");
}

impl Process {
    /// Starts `courtier ARGUMENTS` with these variables and no others.
    ///
    /// # Panics
    /// When it cannot be built or started.
    pub fn start(arguments: &[&str], variables: &[(&str, &str)]) -> Process {
        let mut command = Command::new(binary::path());
        command.args(arguments).env_clear().envs(variables.iter().copied());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let stderr = child.stderr.take().unwrap();
        let log = Arc::new(Log::default());
        let keep = Arc::clone(&log);
        std::thread::spawn(move || keep.read(stderr));
        Process { name: arguments.join(" "), child, log }
    }

    /// Sends a signal by its name, such as `TERM`.
    ///
    /// # Panics
    /// When the process is gone.
    pub fn signal(&self, signal: &str) {
        send(&self.child, signal);
    }

    /// Ends it as an operator would.
    ///
    /// # Panics
    /// When it does not end well.
    pub async fn stop(&mut self) {
        self.signal("TERM");
        let status = self.exit().await;
        assert!(status.success(), "{} ended with {status}", self.name);
    }

    /// Kills it, as a power cut would.
    ///
    /// # Panics
    /// When it has ended by itself.
    pub fn kill(mut self) {
        let ended = self.child.try_wait().unwrap();
        assert!(ended.is_none(), "{} has ended before it was killed: {ended:?}", self.name);
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Waits for its end.
    ///
    /// # Panics
    /// When it does not end in time.
    pub async fn exit(&mut self) -> ExitStatus {
        let started = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(started.elapsed() < PATIENCE, "{} does not end", self.name);
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    /// Waits for a log line with this message, and returns its fields.
    ///
    /// # Panics
    /// When it does not come in time.
    pub async fn says(&self, message: &str) -> Value {
        let started = Instant::now();
        loop {
            let written = self.log.written.notified();
            let found = self.log.lines().iter().find_map(|line| said(line, message));
            if let Some(fields) = found {
                return fields;
            }
            assert!(
                started.elapsed() < PATIENCE,
                "{} does not say: {message}\n{}",
                self.name,
                self.log.lines().join("\n")
            );
            drop(tokio::time::timeout(Duration::from_secs(1), written).await);
        }
    }

    /// Whether a text occurs anywhere in the log.
    pub fn has_written(&self, text: &str) -> bool {
        self.log.lines().iter().any(|line| line.contains(text))
    }

    /// How many log lines have this message.
    pub fn count_of(&self, message: &str) -> usize {
        self.log.lines().iter().filter(|line| said(line, message).is_some()).count()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It has ended, or it ends now.
        drop(self.child.kill());
        drop(self.child.wait());
        if std::thread::panicking() {
            let lines = self.log.lines();
            let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
            eprintln!("the last lines of {}:\n{}", self.name, last.join("\n"));
        }
    }
}

impl Log {
    fn read(&self, stderr: ChildStderr) {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            self.lines().push(line);
            self.written.notify_waiters();
        }
    }

    fn lines(&self) -> MutexGuard<'_, Vec<String>> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn said(line: &str, message: &str) -> Option<Value> {
    let fields: Value = serde_json::from_str(line).ok()?;
    (fields["message"] == message).then_some(fields)
}
