//! Step 2: every variable, with its value when it is no secret.

use settings::{Environment, Source as _};

use super::proof::Proof;
use crate::check::{Cause, Check};

pub(super) fn step(proof: &Proof) -> anyhow::Result<Vec<Check>> {
    proof.command(&["courtier doctor".to_owned()])?;
    let mut lines = Vec::new();
    let mut n_set = 0;
    for variable in settings::variables() {
        let from_file = variable.secret
            && Environment.get(&format!("{}_FILE", variable.name)).is_some_and(|it| !it.is_empty());
        let value = Environment.get(variable.name).filter(|value| !value.is_empty());
        n_set += usize::from(value.is_some() || from_file);
        let shown = match (value, variable.default) {
            (Some(_), _) if variable.secret => "*** (set)".to_owned(),
            (Some(value), _) => value,
            (None, _) if from_file => "*** (from a file)".to_owned(),
            (None, Some(default)) if !default.is_empty() => format!("{default} (default)"),
            (None, _) => "– (not set)".to_owned(),
        };
        lines.push(format!("{}={shown}\n", variable.name));
    }
    proof.output("coolify_variables.txt", &lines.concat())?;
    // Those that are missing or wrong have stopped the start already, each by its name.
    let detail = format!("{n_set} are set, and those that must be are");
    Ok(vec![Check::well(Cause::Settings, "variables", detail)])
}
