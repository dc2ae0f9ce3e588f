//! In which language problems are told: English, or French to those who prefer it.
//!
//! Only texts for people change. The type of a problem, the names of fields and everything else
//! that a program reads stay as they are.

mod french;

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue, header};

tokio::task_local! {
    /// The language of the request that this task serves.
    pub(crate) static LANGUAGE: Language;
}

/// A language that problems are told in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    French,
}

/// The language of the request that is being served.
pub(crate) fn current() -> Language {
    LANGUAGE.try_with(|language| *language).unwrap_or_default()
}

impl Language {
    /// The language that `Accept-Language` prefers of those there are (RFC 9110, 12.5.4).
    pub(crate) fn choose(headers: &HeaderMap) -> Language {
        let accepted = headers.get_all(header::ACCEPT_LANGUAGE).iter();
        let ranges = accepted.filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(','));
        let mut best = (Language::default(), 0);
        for (language, weight) in ranges.filter_map(range) {
            // Of equal ones the first is preferred.
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    pub(crate) fn tag(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Language::English => "en",
            Language::French => "fr",
        })
    }

    /// A text of ours in this language; one that has no translation stays English.
    pub(crate) fn tell(self, english: &str) -> Cow<'_, str> {
        match self {
            Language::English => Cow::Borrowed(english),
            Language::French => french::translate(english),
        }
    }
}

/// A range such as `fr-CA;q=0.8` as a language and its weight in thousandths.
fn range(text: &str) -> Option<(Language, u16)> {
    let (tag, parameters) = text.split_once(';').unwrap_or((text, ""));
    let primary = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
    let language = match primary.as_str() {
        "fr" => Language::French,
        "en" | "*" => Language::English,
        _ => return None,
    };
    let weight = match parameters.trim().strip_prefix("q=") {
        Some(weight) => thousandths(weight)?,
        None => 1000,
    };
    Some((language, weight))
}

/// `0`, `1`, or `0.` and up to three digits.
fn thousandths(weight: &str) -> Option<u16> {
    let (whole, part) = weight.trim().split_once('.').unwrap_or((weight.trim(), ""));
    let part: u16 = format!("{part:0<3}").parse().ok().filter(|_| part.len() <= 3)?;
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(accepted: &str) -> Language {
        let value = HeaderValue::from_str(accepted).unwrap();
        Language::choose(&HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, value)]))
    }

    #[test]
    fn the_preferred_of_our_languages_is_chosen() {
        use Language::{English, French};
        for (accepted, language) in [
            ("fr", French),
            ("FR-ca", French),
            ("fr-FR,fr;q=0.9,en;q=0.8", French),
            ("en, fr;q=0.9", English),
            ("en;q=0.5, fr;q=0.501", French),
            ("de, fr;q=0.1", French),
            ("de, *;q=0.5, fr;q=0.1", English),
            ("fr;q=0", English),
            ("de", English),
            ("", English),
            ("fr;q=2", English),
            ("french", English),
        ] {
            assert_eq!(choose(accepted), language, "{accepted}");
        }
        assert_eq!(Language::choose(&HeaderMap::new()), English);
    }
}
