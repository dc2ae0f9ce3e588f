//! Chromium, Node and the two packages of the browser tests: found, or installed once.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tokio::sync::OnceCell;

const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/browser");
const STACK: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../compose/stack");

/// Where pictures go: beside everything else that a build leaves behind.
pub(crate) fn screenshots() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap().join("screenshots")
}

/// Runs one file of browser tests with these variables.
///
/// # Panics
/// When a test in it fails; what it printed is shown.
pub(crate) async fn node_test(file: &str, variables: &[(&str, String)]) {
    static READY: OnceCell<()> = OnceCell::const_new();
    READY.get_or_init(|| async { tokio::task::spawn_blocking(install).await.unwrap() }).await;
    let mut node = Command::new("node");
    node.args(["--test", "--test-reporter=spec", file]).current_dir(FOLDER).stdin(Stdio::null());
    node.envs(variables.iter().map(|(name, value)| (*name, value)));
    node.env("CHROMIUM", chromium().unwrap()).env("SHOTS", screenshots());
    let output = tokio::task::spawn_blocking(move || node.output().unwrap()).await.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
}

/// From the distribution, and from npm by the lock file, into a folder that git ignores.
fn install() {
    let mut missing = Vec::new();
    missing.extend(chromium().is_none().then_some("chromium"));
    missing.extend(
        ["node", "npm"]
            .into_iter()
            .filter(|program| !runs(program))
            .map(|program| if program == "node" { "nodejs" } else { program }),
    );
    if !missing.is_empty() {
        let done = Command::new(STACK).arg("install").args(&missing).status().unwrap();
        assert!(done.success(), "install {} for the browser tests", missing.join(" "));
    }
    if Path::new(FOLDER).join("node_modules/.package-lock.json").exists() {
        return;
    }
    let arguments = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    let done = Command::new("npm").args(arguments).current_dir(FOLDER).output().unwrap();
    assert!(done.status.success(), "npm ci: {}", String::from_utf8_lossy(&done.stderr));
}

fn chromium() -> Option<&'static str> {
    ["chromium", "chromium-browser"].into_iter().find(|program| runs(program)).map(|program| {
        if program == "chromium" { "/usr/bin/chromium" } else { "/usr/bin/chromium-browser" }
    })
}

fn runs(program: &str) -> bool {
    let mut version = Command::new(program);
    version.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    version.status().is_ok_and(|status| status.success())
}
