//! Our own icons, 16 px strokes, and the states they stand for.

use crate::html::{self, Html};

/// The shapes inside a 16 by 16 box.
const SHAPES: &[(&str, &str)] = &[
    ("arrow", r#"<path d="M2.5 8h11m-4-4 4 4-4 4"/>"#),
    ("clock", r#"<circle cx="8" cy="8" r="6.2"/><path d="M8 4.6V8l2.3 1.5"/>"#),
    ("close", r#"<path d="m4 4 8 8m0-8-8 8"/>"#),
    ("cross", r#"<circle cx="8" cy="8" r="6.2"/><path d="m5.8 5.8 4.4 4.4m0-4.4-4.4 4.4"/>"#),
    ("dashed", r#"<circle cx="8" cy="8" r="6.2" stroke-dasharray="2.2 2.1"/>"#),
    ("dot", r#"<circle cx="8" cy="8" r="2.2"/>"#),
    ("info", r#"<circle cx="8" cy="8" r="6.2"/><path d="M8 7.4v3.4M8 5.1v.1"/>"#),
    ("pause", r#"<circle cx="8" cy="8" r="6.2"/><path d="M6.4 5.9v4.2m3.2-4.2v4.2"/>"#),
    ("plus", r#"<path d="M8 3v10M3 8h10"/>"#),
    ("retry", r#"<path d="M13.6 8a5.6 5.6 0 1 1-1.7-4"/><path d="M12.4 1.4v2.9H9.5"/>"#),
    ("ring", r#"<g class="spin"><path d="M14.2 8A6.2 6.2 0 1 1 8 1.8"/></g>"#),
    ("sent", r#"<path d="M2 8.2 14 2.4l-3.2 11.2-3-4.3Z"/>"#),
    ("slash", r#"<circle cx="8" cy="8" r="6.2"/><path d="m3.8 12.2 8.4-8.4"/>"#),
    ("tick", r#"<circle cx="8" cy="8" r="6.2"/><path d="m5.3 8.2 1.9 1.9 3.6-4"/>"#),
    ("warning", r#"<path d="M8 2.2 14.3 13H1.7Z"/><path d="M8 6.6v2.9m0 1.8v.1"/>"#),
];

/// An icon, decoration beside a word.
pub(crate) fn icon(name: &str) -> Html {
    Html(format!(r#"<svg class="i" viewBox="0 0 16 16" aria-hidden="true">{}</svg>"#, shapes(name)))
}

/// The shapes of an icon; nothing for a name that is none.
pub(crate) fn shapes(name: &str) -> &'static str {
    SHAPES.iter().find(|(known, _)| *known == name).map_or("", |(_, shapes)| shapes)
}

/// A state by shape, colour and word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark {
    /// Class of the stylesheet: `ok`, `run`, `warn`, `bad` or `idle`.
    pub(crate) tone: &'static str,
    pub(crate) icon: &'static str,
    pub(crate) word: String,
}

impl Mark {
    pub(crate) fn new(tone: &'static str, icon: &'static str, word: impl Into<String>) -> Mark {
        Mark { tone, icon, word: word.into() }
    }

    /// Bare, for tables.
    pub(crate) fn html(&self) -> Html {
        self.with_class("")
    }

    /// On its own ground, beside a title.
    pub(crate) fn pill(&self) -> Html {
        self.with_class(" pill")
    }

    fn with_class(&self, class: &str) -> Html {
        Html(format!(
            r#"<span class="st {}{class}"><svg viewBox="0 0 16 16" aria-hidden="true">{}</svg>{}</span>"#,
            self.tone,
            shapes(self.icon),
            html::escaped(&self.word),
        ))
    }

    /// The state of a command.
    pub(crate) fn of_status(say: &crate::say::Say, status: &str) -> Mark {
        let (tone, icon) = match status {
            "queued" => ("idle", "dashed"),
            "running" => ("run", "ring"),
            "succeeded" => ("ok", "tick"),
            "retrying" => ("warn", "retry"),
            "postponed" => ("warn", "clock"),
            "dead" => ("bad", "cross"),
            _ => ("idle", "slash"),
        };
        Mark::new(tone, icon, say.try_t(&format!("status-{status}")).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_icon_that_a_template_names_exists() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
        let mut n_found = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                continue;
            }
            let text = std::fs::read_to_string(path).unwrap();
            for rest in text.split("icon(\"").skip(1) {
                let name = rest.split('"').next().unwrap();
                assert_ne!(shapes(name), "", "{name}");
                n_found += 1;
            }
        }
        assert!(n_found > 0);
    }
}
