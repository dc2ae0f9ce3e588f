//! Builds the binary with its crash points compiled in.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use serde_json::Value;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
/// The whole workspace, so that dependencies have the features that they have in `cargo test`, and
/// are not built twice.
const BUILD: [&str; 8] = [
    "build",
    "--workspace",
    "--bin",
    "courtier",
    "--features",
    "cli/failpoints",
    "--quiet",
    "--message-format=json-render-diagnostics",
];

/// Where the binary is; built once for each process of tests.
pub(super) fn path() -> &'static Path {
    static PATH: OnceLock<PathBuf> = OnceLock::new();
    PATH.get_or_init(|| {
        let built = build();
        // A copy: the next `cargo build` replaces the original by one without crash points.
        let copy = built.with_file_name("courtier-with-failpoints");
        let draft = built.with_file_name(format!("courtier-{}", std::process::id()));
        std::fs::copy(&built, &draft).unwrap();
        std::fs::rename(draft, &copy).unwrap();
        copy
    })
}

fn build() -> PathBuf {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(BUILD).current_dir(ROOT).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = cargo.output().unwrap();
    assert!(output.status.success(), "courtier cannot be built");
    let messages = String::from_utf8(output.stdout).unwrap();
    let executable = messages.lines().filter_map(executable).next_back();
    executable.expect("cargo names the executable it was asked for")
}

fn executable(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    message["executable"].as_str().map(PathBuf::from)
}
