//! Reads variables and collects what is wrong with them.

use std::{fmt, net::SocketAddr, str::FromStr};

use secrecy::SecretString;

use crate::Variable;

/// Where variables come from, so that tests need not change the process.
pub trait Source {
    /// The value of `name`, if it is set.
    fn get(&self, name: &str) -> Option<String>;
    /// The text of the file at `path`.
    ///
    /// # Errors
    /// When it cannot be read.
    fn read_file(&self, path: &str) -> std::io::Result<String>;
}

/// The process's own environment.
#[derive(Clone, Copy, Debug, Default)]
pub struct Environment;

impl Source for Environment {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    fn get(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn read_file(&self, path: &str) -> std::io::Result<String> {
        std::fs::read_to_string(path)
    }
}

/// A variable that cannot be used, and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub variable: String,
    pub message: String,
}

/// Everything that is wrong with the environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, thiserror::Error)]
pub struct Problems(pub Vec<Problem>);

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, Problem { variable, message }) in self.0.iter().enumerate() {
            let separator = if n == 0 { "" } else { "\n" };
            write!(f, "{separator}{variable}: {message}")?;
        }
        Ok(())
    }
}

/// Reads variables from a [`Source`].
pub struct Reader<'a> {
    source: &'a dyn Source,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub fn new(source: &'a dyn Source) -> Reader<'a> {
        Reader { source, problems: Vec::new() }
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`Problems`] when any variable could not be used.
    pub fn finish(self) -> Result<(), Problems> {
        if self.problems.is_empty() { Ok(()) } else { Err(Problems(self.problems)) }
    }

    /// Notes a problem.
    pub fn problem(&mut self, variable: &str, message: impl Into<String>) {
        self.problems.push(Problem { variable: variable.to_owned(), message: message.into() });
    }

    /// The text of a variable or its default; empty (and a problem noted) when it must be set.
    pub fn text(&mut self, variable: Variable) -> String {
        if let Some(value) = self.lookup(variable) {
            return value;
        }
        self.problem(variable.name, "is not set");
        String::new()
    }

    /// Whether a value is given, by itself or by its file.
    pub fn is_set(&self, variable: Variable) -> bool {
        let given = |name: &str| self.source.get(name).is_some_and(|value| !value.is_empty());
        given(variable.name) || variable.secret && given(&format!("{}_FILE", variable.name))
    }

    /// As [`Reader::text`], for what must not be printed.
    pub fn secret(&mut self, variable: Variable) -> SecretString {
        self.text(variable).into()
    }

    /// A parsed variable. `wanted` says what would be right: `"a number of seconds"`.
    pub fn parsed<T: FromStr + Default>(&mut self, variable: Variable, wanted: &str) -> T {
        let text = self.text(variable);
        if let Ok(value) = text.trim().parse() {
            return value;
        }
        if !text.is_empty() {
            self.problem(variable.name, format!("`{text}` is not {wanted}"));
        }
        T::default()
    }

    /// An address and a port.
    pub fn address(&mut self, variable: Variable) -> SocketAddr {
        let text = self.text(variable);
        text.parse().unwrap_or_else(|_| {
            self.problem(variable.name, format!("`{text}` is not an address and a port"));
            SocketAddr::from(([127, 0, 0, 1], 0))
        })
    }

    /// An address of the web, as it stands there; empty when it is not set and need not be.
    pub fn url(&mut self, variable: Variable) -> String {
        let text = self.text(variable);
        if !text.is_empty() && !text.starts_with("https://") && !text.starts_with("http://") {
            let message =
                format!("`{text}` is not an address that begins with https:// or http://");
            self.problem(variable.name, message);
        }
        text
    }

    /// `true` or `false`.
    pub fn flag(&mut self, variable: Variable) -> bool {
        match self.text(variable).trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" => true,
            "false" | "0" | "no" | "off" | "" => false,
            other => {
                self.problem(variable.name, format!("`{other}` is neither `true` nor `false`"));
                false
            }
        }
    }

    /// The value, from the variable itself, the file that `NAME_FILE` names, or the default.
    fn lookup(&mut self, variable: Variable) -> Option<String> {
        if let Some(value) = self.source.get(variable.name).filter(|value| !value.is_empty()) {
            return Some(value);
        }
        if variable.secret
            && let Some(value) = self.read_secret_file(variable.name)
        {
            return Some(value);
        }
        variable.default.map(str::to_owned)
    }

    fn read_secret_file(&mut self, name: &str) -> Option<String> {
        let file_variable = format!("{name}_FILE");
        let path = self.source.get(&file_variable).filter(|path| !path.is_empty())?;
        match self.source.read_file(&path) {
            Ok(text) => Some(text.trim_end().to_owned()),
            Err(error) => {
                self.problem(&file_variable, format!("`{path}` cannot be read: {error}"));
                // The file's problem is the one to mend; a second one would only distract.
                Some(String::new())
            }
        }
    }
}
