//! The name of a card as sellers write it.

use std::sync::LazyLock;

use regex::Regex;

/// `de Team Aqua`: sellers leave the owner out. `Et voilà la Team Rocket !` keeps it.
static OWNER: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i) de team \w+").expect("it is constant and tested"));

/// `Niv. 12` at the end is small print. `Niv. X` is part of the name.
static LEVEL: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?i) niv[. ]+[0-9]+$").expect("it is constant and tested"));

/// Signs that stay. Everything else that is no letter or digit becomes a space.
const KEPT: [char; 7] = ['\'', '.', ':', '&', '!', '?', '+'];

/// Whether the search reads `sign` as text. Greek letters are decoration: δ marks a species.
pub(super) fn is_searchable(sign: char) -> bool {
    let is_greek = ('\u{370}'..='\u{3ff}').contains(&sign);
    (sign.is_alphanumeric() && !is_greek) || KEPT.contains(&sign)
}

/// Without special signs, owner and level, and with a mega evolution spelt out.
pub(super) fn clean(name: &str) -> String {
    let name = words(name.chars().filter_map(|sign| match sign {
        '’' => Some('\''),
        _ if is_searchable(sign) => Some(sign),
        _ if is_decoration(sign) => None,
        _ => Some(' '),
    }));
    let name = match name.strip_prefix("M ") {
        Some(rest) => format!("Mega {rest}"),
        None => name,
    };
    let name = OWNER.replace_all(&name, "");
    let name = LEVEL.replace(&name, "");
    words(name.chars())
}

/// Signs that stand within a word or behind it and part nothing: ☆, ♀, ◇, ™, δ.
fn is_decoration(sign: char) -> bool {
    let is_symbol = ('\u{2100}'..='\u{2bff}').contains(&sign);
    is_symbol || ('\u{370}'..='\u{3ff}').contains(&sign) || matches!(sign, '©' | '®' | '"')
}

/// One space between words, none at the ends.
fn words(signs: impl Iterator<Item = char>) -> String {
    let mut text = String::new();
    for sign in signs {
        if !sign.is_whitespace() {
            text.push(sign);
        } else if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
    }
    text.truncate(text.trim_end().len());
    text
}
