//! Small pieces of markup that are made in code.

use std::borrow::Borrow;
use std::fmt;

use jiff::Timestamp;

use crate::say::{Instant, Say, Whole};

/// Markup of our own making, which templates do not escape.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Html(pub(crate) String);

impl fmt::Display for Html {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Html {}

/// Text as it may stand in markup and in quoted attributes.
pub(crate) fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

impl Say {
    /// An instant as short as it can be understood; the exact one shows on hover.
    pub(crate) fn when(&self, instant: impl Instant) -> Html {
        let instant = instant.instant();
        self.time(instant, &self.moment(instant))
    }

    /// How long ago an instant was.
    pub(crate) fn since(&self, instant: impl Instant) -> Html {
        let instant = instant.instant();
        self.time(instant, &self.ago(instant))
    }

    /// As [`Say::when`]; a dash when there is none.
    pub(crate) fn when_any(&self, instant: impl Borrow<Option<Timestamp>>) -> Html {
        instant.borrow().map_or_else(dash, |instant| self.when(instant))
    }

    fn time(&self, instant: Timestamp, text: &str) -> Html {
        let exact = self.exact(instant);
        let text = escaped(text);
        Html(format!(r#"<time datetime="{instant}" title="{exact}">{text}</time>"#))
    }

    /// A count; zero is grey.
    pub(crate) fn count(&self, n: impl Whole) -> Html {
        let n = n.whole();
        let text = self.n(n);
        Html(if n == 0 { format!(r#"<span class="mute">{text}</span>"#) } else { text })
    }
}

/// What is not there.
pub(crate) fn dash() -> Html {
    Html(r#"<span class="mute">—</span>"#.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    #[test]
    fn text_cannot_leave_its_place() {
        assert_eq!(escaped(r#"<b a="1" c='2'>&"#), "&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;");
    }

    #[test]
    fn an_instant_says_exactly_when_it_was() {
        let say = Say::new(Lang::En, "Europe/Paris");
        let at: Timestamp = "2020-01-02T03:04:05Z".parse().unwrap();
        let Html(text) = say.when(at);
        let expected = "<time datetime=\"2020-01-02T03:04:05Z\" title=\"2020-01-02 04:04:05 CET\">";
        assert!(text.starts_with(expected), "{text}");
        assert_eq!(say.count(0_i64).0, r#"<span class="mute">0</span>"#);
    }
}
