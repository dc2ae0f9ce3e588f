//! A field of a form: what it is called, what stands in it, what is wrong with it.

/// One input.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Field {
    /// Name and id of the input.
    pub(crate) name: &'static str,
    pub(crate) label: String,
    /// As the command line knows it; shown beside the label.
    pub(crate) key: &'static str,
    pub(crate) hint: String,
    /// Stands after the input.
    pub(crate) unit: String,
    /// As it was typed.
    pub(crate) value: String,
    /// What is wrong with it, and what would be right.
    pub(crate) error: Option<String>,
    /// `num` or `tiny` for numbers; as wide as its content.
    pub(crate) class: &'static str,
    /// `text`, `password`, `date` …
    pub(crate) kind: &'static str,
    /// The keyboard of a phone: `numeric`, `decimal`.
    pub(crate) mode: &'static str,
}

/// A line of the summary above a refused form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldError {
    pub(crate) field: &'static str,
    pub(crate) message: String,
}

impl Field {
    pub(crate) fn text(name: &'static str, label: String, value: impl Into<String>) -> Field {
        Field { name, label, value: value.into(), kind: "text", ..Field::default() }
    }

    /// The ids of what explains this input.
    pub(crate) fn described_by(&self) -> Option<String> {
        let error = self.error.as_ref().map(|_| format!("{}-e", self.name));
        let hint = (!self.hint.is_empty()).then(|| format!("{}-h", self.name));
        let ids: Vec<String> = [error, hint].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    /// This field's line of the summary.
    pub(crate) fn fault(&self) -> Option<FieldError> {
        let message = self.error.clone()?;
        Some(FieldError { field: self.name, message })
    }
}
