//! The files of `compose/`, read by what reads them; and a deployment, walked through from outside.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

#[path = "deploy/caddy.rs"]
mod caddy;
#[path = "deploy/definitions.rs"]
mod definitions;
#[path = "deploy/executions.rs"]
mod executions;
#[path = "deploy/ground.rs"]
mod ground;
#[path = "deploy/image.rs"]
mod image;
#[path = "deploy/monitoring.rs"]
mod monitoring;
#[path = "deploy/proof.rs"]
mod proof;
#[path = "deploy/proxy.rs"]
mod proxy;
#[path = "deploy/shop.rs"]
mod shop;
#[path = "deploy/variables.rs"]
mod variables;

use std::process::{Command, Output, Stdio};

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Installs a package of the distribution unless its program is here.
fn need(program: &str, package: &str) {
    let mut asked = Command::new(program);
    asked.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    if asked.status().is_err() {
        let stack = format!("{ROOT}/compose/stack");
        let done = Command::new(stack).args(["install", package]).status().unwrap();
        assert!(done.success(), "install {package} for the tests of the deployment");
    }
}

/// How this user can have a view of its own on the file system; `None` where the system allows none.
fn namespace() -> Option<&'static [&'static str]> {
    let ways: [&[&str]; 2] = [&["--mount"], &["--mount", "--map-root-user"]];
    let works = |way: &&&[&str]| {
        let asked = Command::new("unshare").args(**way).arg("true").stderr(Stdio::null()).status();
        asked.is_ok_and(|status| status.success())
    };
    let found = ways.iter().find(works).copied();
    if found.is_none() {
        eprintln!("not tried: this system allows no namespaces to its users");
    }
    found
}

fn text(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}
