//! The card that titles are held against.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::number::Code;
use crate::title::Title;
use crate::variant::Variant;

/// What a title must say to offer a card.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Target {
    pub name: String,
    /// Other names that a seller may write, such as the English one.
    pub aliases: Vec<String>,
    /// As printed, `4`, `004`, `TG12`, `SWSH123`.
    pub number: String,
    /// The other half of `4/102`; `None` where the card shows none.
    pub total: Option<String>,
    pub set_name: Option<String>,
    pub variant: Variant,
    /// Every variant of this number, its own included.
    pub known_variants: Vec<Variant>,
}

impl Target {
    /// Whether listings of another variant may hide among those of this one.
    pub fn has_known_variants(&self) -> bool {
        self.known_variants.iter().any(|variant| *variant != self.variant)
    }
}

/// A target in the form of titles, made once for all listings of a card.
pub(super) struct Words {
    /// Words of its names, its set and its number: in a title they mean the card, not a lot or a
    /// proxy, as in "Énergie Métal".
    pub(super) own: Vec<String>,
    /// For each name, the words of which a title has to show one.
    keys: Vec<Vec<String>>,
    pub(super) number: Option<Code>,
    pub(super) total: Option<Code>,
}

impl Words {
    pub(super) fn of(target: &Target) -> Self {
        let names = || std::iter::once(&target.name).chain(&target.aliases);
        let set_and_number = target.set_name.iter().chain([&target.number]);
        Self {
            own: names().chain(set_and_number).flat_map(|text| words(text)).collect(),
            keys: names().map(|name| keys(name)).collect(),
            number: Code::of(&target.number),
            total: target.total.as_deref().and_then(Code::of),
        }
    }

    /// Whether a title shows a word of one of the names. Names without letters are not asked for.
    pub(super) fn are_named_in(&self, title: &Title) -> bool {
        let shows = |key: &String| {
            title
                .words()
                .any(|word| word == key || (key.len() > 3 && word.starts_with(key.as_str())))
        };
        let mut known = self.keys.iter().filter(|keys| !keys.is_empty()).peekable();
        known.peek().is_none() || known.any(|keys| keys.iter().any(shows))
    }
}

fn words(text: &str) -> Vec<String> {
    let mut title = Title::default();
    title.read(text);
    title.words().map(str::to_owned).collect()
}

/// The words that carry a name: those of four letters and more, else the longest.
fn keys(name: &str) -> Vec<String> {
    let words = words(name);
    let longest = words.iter().map(String::len).max().unwrap_or(0);
    words.into_iter().filter(|word| word.len() >= longest.min(4)).collect()
}
