//! `courtier hash-password`: a password in, the value of `ADMIN_PASSWORD_HASH` out.

use std::io::{self, BufRead as _, IsTerminal as _, Read as _};
use std::process::ExitCode;

use settings::SecretString;

use crate::output;

/// Longer input is no password.
const MAX_BYTES: u64 = 8 * 1024;

pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let stdin = io::stdin();
    if stdin.is_terminal() {
        eprintln!("type the password and end it with Enter; it is shown as you type");
    }
    let mut line = String::new();
    stdin.lock().take(MAX_BYTES).read_line(&mut line)?;
    let password = SecretString::from(line.trim_end_matches(['\r', '\n']).to_owned());
    output::line(admin::hash_password(&password)?);
    Ok(ExitCode::SUCCESS)
}
