//! Looks words and pairs of words up.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::Title;
use super::words::{Sense, WORDS};
use crate::classify::Rejection;

/// All words that mean something.
#[derive(Clone, Debug)]
pub(crate) struct Vocabulary {
    words: HashMap<Box<str>, Entry>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    sense: Option<Sense>,
    /// Whether a pair begins with this word.
    begins_pair: bool,
}

impl Vocabulary {
    /// The built-in words, and `extra` ones that reject.
    pub(crate) fn new(extra: &BTreeMap<Rejection, BTreeSet<String>>) -> Self {
        let mut vocabulary = Self { words: HashMap::new() };
        for (sense, words) in WORDS {
            words.split(", ").for_each(|word| vocabulary.add(word, *sense));
        }
        for (rejection, words) in extra {
            words.iter().for_each(|word| vocabulary.add(word, Sense::Reject(*rejection)));
        }
        vocabulary
    }

    fn add(&mut self, text: &str, sense: Sense) {
        if let Some((first, _)) = text.split_once(' ') {
            self.words.entry(first.into()).or_default().begins_pair = true;
        }
        self.words.entry(text.into()).or_default().sense = Some(sense);
    }

    /// What the words from `index` on mean, and how many of them it takes to say so.
    pub(super) fn sense(&self, title: &Title, index: usize) -> Option<(Sense, usize)> {
        let entry = self.words.get(title.word(index))?;
        let pair = || self.words.get(title.pair(index)?)?.sense;
        if entry.begins_pair
            && let Some(sense) = pair()
        {
            return Some((sense, 2));
        }
        entry.sense.map(|sense| (sense, 1))
    }

    /// Whether `word` names a grader, also one whose name is a common word.
    pub(super) fn is_grader(&self, word: &str) -> bool {
        let sense = self.words.get(word).and_then(|entry| entry.sense);
        matches!(sense, Some(Sense::Grader | Sense::Reject(Rejection::Graded)))
    }
}
