//! The files of `compose/`, read by what reads them; and a deployment, walked through from outside.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

#[path = "deploy/caddy.rs"]
mod caddy;
#[path = "deploy/definitions.rs"]
mod definitions;
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

fn text(output: &Output) -> String {
    let (out, err) = (&output.stdout, &output.stderr);
    format!("{}{}", String::from_utf8_lossy(out), String::from_utf8_lossy(err))
}
