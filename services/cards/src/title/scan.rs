//! Collects what a title says.

use super::words::Sense;
use super::{Joint, Title, Vocabulary};
use crate::classify::Rejection;
use crate::config::Condition;

/// What a title says about the offer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Findings {
    /// The first reason to reject it.
    pub(crate) rejection: Option<Rejection>,
    /// The worst condition that is named.
    pub(crate) condition: Condition,
    mentions: u8,
}

/// A word that only says something together with others, or with the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mention {
    Reverse,
    Holo,
    NotHolo,
    FirstEdition,
    /// A sealed product, unless the card came out of it.
    Sealed,
    Unpacked,
}

/// Letters of another script from which a title is taken for one in another language.
const FOREIGN_LETTERS: usize = 2;

impl Vocabulary {
    /// Reads a title. Words in `own` mean the card itself; a title may name only `language`.
    pub(crate) fn scan(&self, title: &Title, own: &[String], language: &str) -> Findings {
        let mut found = Findings::default();
        let mut negated = false;
        let mut index = 0;
        while index < title.len() {
            let own_word = |index| own.iter().any(|own| own == title.word(index));
            let sense = self.sense(title, index);
            match sense.filter(|(_, used)| !(index..index + used).all(own_word)) {
                Some((Sense::Negation, _)) => negated = true,
                Some((sense, used)) => {
                    found.note(sense, negated, Context { title, index, language });
                    negated = false;
                    index += used - 1;
                }
                None => {
                    negated = negated && is_article(title.word(index));
                    let rejection = self.with_number(title, index);
                    if let Some(rejection) = rejection.filter(|_| !own_word(index)) {
                        found.reject(rejection);
                    }
                }
            }
            index += 1;
        }
        if found.mentions(Mention::Sealed) && !found.mentions(Mention::Unpacked) {
            found.reject(Rejection::Sealed);
        }
        if title.foreign_letters() >= FOREIGN_LETTERS {
            found.reject(Rejection::OtherLanguage);
        }
        found
    }

    /// What a word says by its number: `x4`, `psa10`.
    fn with_number(&self, title: &Title, index: usize) -> Option<Rejection> {
        let word = title.word(index);
        if !title.has_digit(index) && word != "x" {
            return None;
        }
        if is_several(title, index) {
            return Some(Rejection::Lot);
        }
        self.is_graded(word).then_some(Rejection::Graded)
    }

    /// `psa10`: a grader with its grade.
    fn is_graded(&self, word: &str) -> bool {
        let name = word.trim_end_matches(|letter: char| letter.is_ascii_digit());
        name.len() < word.len() && self.is_grader(name)
    }
}

/// Where a word was found.
#[derive(Clone, Copy)]
struct Context<'a> {
    title: &'a Title,
    index: usize,
    language: &'a str,
}

impl Context<'_> {
    /// A grade from 1 to 10 follows, as `10` or `9.5`.
    fn before_grade(self) -> bool {
        number(self.title.word(self.index + 1)).is_some_and(|grade| (1..=10).contains(&grade))
            && self.title.joint(self.index + 2) != Some(Joint::Slash)
    }

    /// A number from 2 to 100 stands before, and it is not half of `4/102`.
    fn after_count(self) -> bool {
        let Some(before) = self.index.checked_sub(1) else {
            return false;
        };
        number(self.title.word(before)).is_some_and(|n| (2..=100).contains(&n))
            && self.title.joint(before) != Some(Joint::Slash)
    }
}

impl Mention {
    fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl Findings {
    fn reject(&mut self, rejection: Rejection) {
        self.rejection = Some(self.rejection.map_or(rejection, |other| other.min(rejection)));
    }

    pub(crate) fn mentions(self, mention: Mention) -> bool {
        self.mentions & mention.bit() != 0
    }

    fn mention(&mut self, mention: Mention) {
        self.mentions |= mention.bit();
    }

    fn note(&mut self, sense: Sense, negated: bool, context: Context<'_>) {
        match sense {
            Sense::Holo if negated => self.mention(Mention::NotHolo),
            _ if negated => (),
            Sense::Reject(Rejection::Sealed) => self.mention(Mention::Sealed),
            Sense::Reject(rejection) => self.reject(rejection),
            Sense::Grader if context.before_grade() => self.reject(Rejection::Graded),
            Sense::Cards if context.after_count() => self.reject(Rejection::Lot),
            Sense::Language(language) if language != context.language => {
                self.reject(Rejection::OtherLanguage);
            }
            Sense::Condition(condition) => self.condition = self.condition.max(condition),
            Sense::Reverse => self.mention(Mention::Reverse),
            Sense::Holo => self.mention(Mention::Holo),
            Sense::FirstEdition => self.mention(Mention::FirstEdition),
            Sense::Unpacked => self.mention(Mention::Unpacked),
            Sense::Grader
            | Sense::Cards
            | Sense::Language(_)
            | Sense::Negation
            | Sense::Nothing => (),
        }
    }
}

/// `x4`, `4x`, `x 4`, unless the number is that of the card, as in "Dracaufeu X 4/102".
fn is_several(title: &Title, index: usize) -> bool {
    let word = title.word(index);
    let is_many = |text: &str| number(text).is_some_and(|n| (2..1_000).contains(&n));
    let ends_number = |index| title.joint(index + 1) == Some(Joint::Slash);
    let count = word.strip_prefix('x').or_else(|| word.strip_suffix('x'));
    match count {
        Some("") => is_many(title.word(index + 1)) && !ends_number(index + 1),
        Some(count) => is_many(count) && !ends_number(index),
        None => false,
    }
}

/// Words between a negation and what it negates: "pas de pli", "sans la moindre".
fn is_article(word: &str) -> bool {
    matches!(word, "de" | "d" | "un" | "une" | "le" | "la" | "les" | "du" | "the" | "a" | "moindre")
}

fn number(text: &str) -> Option<u32> {
    text.parse().ok()
}
