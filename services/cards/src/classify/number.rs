//! Finds the number of a card in a title: `4/102`, `004 / 102`, `TG12/TG30`, `SWSH 123`.

use super::Rejection;
use super::target::Words;
use crate::config::ClassifyConfig;
use crate::title::{Joint, Title, fold};

/// A collector's number in its parts, lower case, without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Code {
    prefix: String,
    digits: String,
    suffix: String,
}

/// The same, borrowed from a title.
#[derive(Clone, Copy)]
struct Parts<'a> {
    prefix: &'a str,
    digits: &'a str,
    suffix: &'a str,
}

impl Code {
    /// `None` when there is nothing to compare, as in `!`.
    pub(super) fn of(text: &str) -> Option<Self> {
        let mut folded = String::new();
        fold(text, &mut folded);
        folded.retain(|letter| letter.is_ascii_alphanumeric());
        if folded.is_empty() {
            return None;
        }
        let Parts { prefix, digits, suffix } = Parts::of(&folded);
        let [prefix, digits, suffix] = [prefix, digits, suffix].map(str::to_owned);
        Some(Self { prefix, digits, suffix })
    }

    fn is(&self, parts: Parts<'_>) -> bool {
        let prefix = match parts.prefix {
            // "n°4", "no4"
            "n" | "no" if self.prefix.is_empty() => "",
            prefix => prefix,
        };
        self.digits == parts.digits && self.prefix == prefix && self.suffix == parts.suffix
    }

    /// Whether `parts` is this number after its prefix, as in `SWSH 123`.
    fn follows(&self, parts: Parts<'_>, before: Option<&str>) -> bool {
        !self.prefix.is_empty()
            && before == Some(&self.prefix)
            && parts.prefix.is_empty()
            && (parts.digits, parts.suffix) == (&*self.digits, &*self.suffix)
    }
}

impl<'a> Parts<'a> {
    fn of(word: &'a str) -> Self {
        let is_digit = |letter: char| letter.is_ascii_digit();
        let start = word.find(is_digit).unwrap_or(word.len());
        let (prefix, rest) = word.split_at(start);
        let end = rest.find(|letter| !is_digit(letter)).unwrap_or(rest.len());
        let (digits, suffix) = rest.split_at(end);
        let stripped = digits.trim_start_matches('0');
        let digits = if stripped.is_empty() && !digits.is_empty() { "0" } else { stripped };
        Self { prefix, digits, suffix }
    }
}

/// Whether a title shows the number of the card.
pub(super) fn check(
    title: &Title,
    words: &Words,
    config: &ClassifyConfig,
) -> Result<(), Rejection> {
    let Some(number) = &words.number else {
        return Ok(());
    };
    // A bare `4` could be anything; `TG12`, or a promotional number without a total, could not.
    let bare_will_do = words.total.is_none() || !number.prefix.is_empty();
    let mut other = false;
    for index in 0..title.len() {
        if title.has_digit(index) == number.digits.is_empty() {
            continue;
        }
        let parts = Parts::of(title.word(index));
        let before = index.checked_sub(1).map(|before| title.word(before));
        let next_is_total = title.joint(index + 1) == Some(Joint::Slash);
        let is_number = number.is(parts) || number.follows(parts, before);
        if is_number && (bare_will_do || is_total(title, index + 1, words)) {
            return Ok(());
        }
        other |= next_is_total && !parts.digits.is_empty();
    }
    match (other, config.number_required) {
        (true, _) => Err(Rejection::OtherNumber),
        (false, true) => Err(Rejection::NoNumber),
        (false, false) => Ok(()),
    }
}

/// Whether the word is the total of the set; sellers drop its prefix.
fn is_total(title: &Title, index: usize, words: &Words) -> bool {
    let Some(total) = &words.total else {
        return false;
    };
    index < title.len() && Parts::of(title.word(index)).digits == total.digits
}
