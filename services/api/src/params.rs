//! Query parameters of the read routes, taken one by one so that every mistake is named at once.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::problem::{FieldError, Problem};

/// The parameters that nobody has taken yet, and what was wrong so far.
pub(crate) struct Params {
    left: BTreeMap<String, String>,
    errors: Vec<FieldError>,
}

impl Params {
    pub(crate) fn new(query: &[(String, String)]) -> Params {
        let mut params = Params { left: BTreeMap::new(), errors: Vec::new() };
        for (name, value) in query {
            // PostgreSQL stores no such text, and so finds none.
            if value.contains('\0') {
                params.refuse(name, "must not hold the character NUL");
            } else if params.left.insert(name.clone(), value.clone()).is_some() {
                params.refuse(name, "is given twice");
            }
        }
        params
    }

    /// Takes `name`; `expected` tells the client what it should have been.
    pub(crate) fn optional<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        let value = self.left.remove(name)?;
        let parsed = value.parse().ok();
        if parsed.is_none() {
            self.refuse(name, format!("must be {expected}"));
        }
        parsed
    }

    /// As [`Params::optional`], noting when it is not there.
    pub(crate) fn required<T: FromStr>(&mut self, name: &str, expected: &str) -> Option<T> {
        if !self.left.contains_key(name) {
            self.refuse(name, "is required");
            return None;
        }
        self.optional(name, expected)
    }

    /// Notes a mistake in `name`.
    pub(crate) fn refuse(&mut self, name: &str, detail: impl Into<String>) {
        self.errors.push(FieldError { field: name.to_owned(), detail: detail.into() });
    }

    /// Ends the taking: whatever is left is unknown.
    pub(crate) fn finish(mut self) -> Result<(), Problem> {
        for name in std::mem::take(&mut self.left).into_keys() {
            self.refuse(&name, "is not a parameter of this request");
        }
        if self.errors.is_empty() { Ok(()) } else { Err(Problem::Invalid(self.errors)) }
    }
}
