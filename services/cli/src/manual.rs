//! `courtier completions` and `courtier man`, both made from the options themselves.

use std::fs;
use std::io::{Write, stdout};
use std::process::ExitCode;

use anyhow::Context;
use clap::CommandFactory;

use crate::options::{CompletionsArguments, ManArguments, Options};
use crate::output;

const NAME: &str = "courtier";

pub(crate) fn completions(arguments: &CompletionsArguments) -> ExitCode {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Options::command(), NAME, &mut script);
    write(&script);
    ExitCode::SUCCESS
}

pub(crate) fn pages(arguments: &ManArguments) -> anyhow::Result<ExitCode> {
    let command = Options::command().name(NAME);
    let Some(folder) = &arguments.folder else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page)?;
        write(&page);
        return Ok(ExitCode::SUCCESS);
    };
    fs::create_dir_all(folder)
        .and_then(|()| clap_mangen::generate_to(command, folder))
        .with_context(|| format!("{} cannot be written", folder.display()))?;
    output::line(format_args!("written to {}; read with `man -l`", folder.display()));
    Ok(ExitCode::SUCCESS)
}

/// A reader that went away is no failure.
fn write(text: &[u8]) {
    drop(stdout().write_all(text));
}
