//! Whether a title shows the number of a card.

use regex::Regex;

use crate::card::{Card, NumberFormat};

/// What a title has to show.
pub(super) enum Number {
    /// Promos, cards without a total, and cards with a query of the shop's own: anything goes.
    Any,
    /// `4/102`, zeros in front of either part allowed.
    Of { number: String, total: String },
    /// A number with letters stands alone, whatever its total: `SL7`.
    Word(Regex),
    /// Digits that no digit touches.
    Alone(String),
}

impl Number {
    pub(super) fn of(card: &Card) -> Self {
        let local_id = card.effective_local_id();
        if card.card_number_format != NumberFormat::LocalTotal
            || card.ebay_query_override.is_some()
            || local_id.is_empty()
        {
            return Self::Any;
        }
        let Some(full) = card.effective_number_full() else {
            return Self::Any;
        };
        let Some((number, total)) = full.split_once('/') else {
            return Self::Alone(local_id.to_owned());
        };
        if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) {
            let or_zero = |digits: &str| if digits.is_empty() { "0" } else { digits }.to_owned();
            return Self::Of {
                number: or_zero(number.trim_start_matches('0')),
                total: or_zero(total.trim_start_matches('0')),
            };
        }
        let word = Regex::new(&format!(r"(?i)\b{}\b", regex::escape(number)));
        word.map_or(Self::Any, Self::Word)
    }

    pub(super) fn is_in(&self, title: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Word(word) => word.is_match(title),
            Self::Alone(digits) => title.match_indices(digits.as_str()).any(|(start, found)| {
                let is_digit = |sign: Option<char>| sign.is_some_and(|s| s.is_ascii_digit());
                !is_digit(title[..start].chars().next_back())
                    && !is_digit(title[start + found.len()..].chars().next())
            }),
            Self::Of { number, total } => {
                let mut slashes = title.match_indices('/').map(|(slash, _)| slash);
                slashes.any(|slash| {
                    ends_with_number(title[..slash].trim_end(), number)
                        && starts_with_number(title[slash + 1..].trim_start(), total)
                })
            }
        }
    }
}

/// Ends with these digits, and only zeros before them.
fn ends_with_number(text: &str, number: &str) -> bool {
    let start = text.trim_end_matches(|sign: char| sign.is_ascii_digit()).len();
    let digits = text[start..].trim_start_matches('0');
    // The number zero has been trimmed away as well.
    digits == number || (number == "0" && digits.is_empty() && start < text.len())
}

/// Begins with the total after any zeros. What follows is not looked at: 4/10 is in 4/102.
fn starts_with_number(text: &str, total: &str) -> bool {
    if total == "0" {
        return text.starts_with('0');
    }
    text.trim_start_matches('0').starts_with(total)
}

#[cfg(test)]
mod tests;
