//! The folder of the proof. Whatever is written goes through one place, which hides the secrets.

use std::fmt::Write as _;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use jiff::Timestamp;

use super::{STEPS, Step, Walked};
use crate::check::Check;

/// What stands in place of a secret.
const HIDDEN: &str = "***";
/// What the steps write.
const OUTPUTS: [&str; 12] = [
    "network_verification.txt",
    "coolify_variables.txt",
    "coolify_volumes.txt",
    "migration_output.txt",
    "seed_output.txt",
    "api_tests.txt",
    "n8n_credentials.txt",
    "wf01_execution.json",
    "wf10_execution.json",
    "wf20_execution.json",
    "db_verification.txt",
    "public_site.txt",
];
/// Shorter ones would hide parts of words.
const MIN_SECRET_BYTES: usize = 4;

/// The folder, and what must not get into it.
pub(super) struct Proof {
    folder: PathBuf,
    secrets: Vec<String>,
    /// Of the step that is being walked.
    title: &'static str,
}

impl Proof {
    /// Makes the folder, and removes what an earlier walk wrote: it would pass for this one's. What
    /// n8n printed may have been put there, and is replaced by the step that reads it.
    pub(super) fn begin(folder: &Path, by_n8n: bool) -> anyhow::Result<Proof> {
        let outputs = folder.join("20_outputs");
        fs::create_dir_all(&outputs).with_context(|| format!("{}", outputs.display()))?;
        let proof = Proof { folder: folder.to_owned(), secrets: Vec::new(), title: "" };
        let stale = OUTPUTS.iter().filter(|name| !(by_n8n && name.ends_with("_execution.json")));
        let stale = stale.map(|name| outputs.join(name));
        for path in stale.chain(["40_verdict.md", "10_commands.md"].map(|name| folder.join(name))) {
            match fs::remove_file(path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error)?,
                _ => {}
            }
        }
        proof.write("00_plan.md", &plan())?;
        proof.write("10_commands.md", "# Commands\n\nSecrets stand as variables.\n")?;
        Ok(proof)
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// From now on commands belong to this step.
    pub(super) fn enter(&mut self, step: &Step) {
        self.title = step.title;
    }

    /// From now on this text is written as `***`.
    pub(super) fn hide(&mut self, secret: &str) {
        if secret.len() >= MIN_SECRET_BYTES {
            self.secrets.push(secret.to_owned());
        }
    }

    /// The same for the password in an address, as it stands there.
    pub(super) fn hide_password_of(&mut self, url: &str) {
        let authority = url.split_once("://").map_or(url, |(_, rest)| rest);
        let user = authority.rsplit_once('@').map(|(user, _)| user);
        if let Some((_, password)) = user.and_then(|user| user.split_once(':')) {
            self.hide(password);
        }
    }

    pub(super) fn masked(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, HIDDEN))
    }

    /// Adds the commands of the step, as one would type them.
    pub(super) fn command(&self, commands: &[String]) -> anyhow::Result<()> {
        let path = self.folder.join("10_commands.md");
        let text = format!("\n## {}\n\n```sh\n{}\n```\n", self.title, commands.join("\n"));
        let mut file = OpenOptions::new().append(true).create(true).open(&path)?;
        file.write_all(self.masked(&text).as_bytes()).with_context(|| format!("{}", path.display()))
    }

    /// Writes an output of a step.
    pub(super) fn output(&self, name: &str, text: &str) -> anyhow::Result<()> {
        debug_assert!(OUTPUTS.contains(&name), "{name} would outlive its walk");
        self.write(&format!("20_outputs/{name}"), text)
    }

    /// Writes what was checked as the output of a step.
    pub(super) fn checks(&self, name: &str, checks: &[Check]) -> anyhow::Result<()> {
        let lines: Vec<String> = checks.iter().map(Check::text).collect();
        self.output(name, &format!("{}\n", lines.join("\n")))
    }

    /// PASS, or BLOCKED with every reason and what to do about it.
    pub(super) fn verdict(&self, url: &str, steps: &[Walked]) -> anyhow::Result<()> {
        let well = steps.iter().all(Walked::is_well);
        let mut text = format!(
            "# {}\n\n{} by courtier {} at {url}.\n\n| step | verdict |\n|---|---|\n",
            if well { "PASS" } else { "BLOCKED" },
            Timestamp::now().strftime("%Y-%m-%d %H:%M:%S UTC"),
            env!("CARGO_PKG_VERSION"),
        );
        for step in steps {
            let verdict = if step.is_well() { "PASS" } else { "BLOCKED" };
            _ = writeln!(text, "| {} | {verdict} |", step.title);
        }
        let ill: Vec<&Check> =
            steps.iter().flat_map(|step| &step.checks).filter(|check| !check.ok).collect();
        if !ill.is_empty() {
            text.push_str("\n## Reasons\n\n");
        }
        for check in ill {
            let cause = serde_json::to_string(&check.cause)?;
            let cause = cause.trim_matches('"');
            _ = writeln!(text, "- **{cause}**, {}: {}", check.name, check.detail);
            _ = writeln!(text, "  To do: {}.", check.advice);
        }
        self.write("40_verdict.md", &text)
    }

    fn write(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let path = self.folder.join(name);
        fs::write(&path, self.masked(text)).with_context(|| format!("{}", path.display()))
    }
}

/// What will be done.
fn plan() -> String {
    let mut text = PLAN.to_owned();
    for step in &STEPS {
        _ = writeln!(text, "{}: {}.", step.title, step.about);
    }
    text
}

const PLAN: &str = "\
# Plan

`courtier verify` walks these steps against the running deployment. What was done stands in
10_commands.md, what was seen in 20_outputs, and what follows from it in 40_verdict.md.

";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden_wherever_they_stand() {
        let mut proof = Proof { folder: PathBuf::new(), secrets: Vec::new(), title: "" };
        proof.hide("0123456789abcdef");
        proof.hide_password_of("postgresql://courtier:p%40ss@db:5432/courtier");
        proof.hide_password_of("amqp://localhost/%2f");
        proof.hide("");
        let masked = proof.masked("Bearer 0123456789abcdef at postgresql://courtier:p%40ss@db");
        assert_eq!(masked, "Bearer *** at postgresql://courtier:***@db");
    }
}
