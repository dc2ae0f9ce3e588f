//! Looks words and pairs of words up.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{BuildHasherDefault, Hasher};

use super::Title;
use super::words::{Sense, WORDS};
use crate::classify::Rejection;

type Words<T> = HashMap<Box<str>, T, BuildHasherDefault<Fnv>>;

/// All words that mean something.
#[derive(Clone, Debug)]
pub(crate) struct Vocabulary {
    words: Words<Entry>,
    /// The lengths of the words that begin with each byte, one bit each. Most words of a title
    /// mean nothing, and need not be looked up.
    lengths: [u32; 256],
}

#[derive(Clone, Debug, Default)]
struct Entry {
    /// Of the word alone.
    sense: Option<Sense>,
    /// Of the word with the one after it.
    pairs: Words<Sense>,
}

/// FNV-1a (Fowler, Noll, Vo), for words that nobody chooses to collide: the map is built from the
/// configuration, titles are only looked up.
#[derive(Clone)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Vocabulary {
    /// The built-in words, and `extra` ones that reject.
    pub(crate) fn new(extra: &BTreeMap<Rejection, BTreeSet<String>>) -> Self {
        let mut vocabulary = Self { words: HashMap::default(), lengths: [0; 256] };
        for (sense, words) in WORDS {
            for word in words.split(", ") {
                vocabulary.add(word, *sense);
            }
        }
        for (rejection, words) in extra {
            for word in words {
                vocabulary.add(word, Sense::Reject(*rejection));
            }
        }
        vocabulary
    }

    fn add(&mut self, text: &str, sense: Sense) {
        let (first, second) = text.split_once(' ').unwrap_or((text, ""));
        let Some((index, bit)) = place(first) else {
            return;
        };
        self.lengths[index] |= bit;
        let entry = self.words.entry(first.into()).or_default();
        if second.is_empty() {
            entry.sense = Some(sense);
        } else {
            entry.pairs.insert(second.into(), sense);
        }
    }

    fn entry(&self, word: &str) -> Option<&Entry> {
        let (index, bit) = place(word)?;
        if self.lengths[index] & bit == 0 {
            return None;
        }
        self.words.get(word)
    }

    /// What the words from `index` on mean, and how many of them it takes to say so.
    pub(super) fn sense(&self, title: &Title, index: usize) -> Option<(Sense, usize)> {
        let entry = self.entry(title.word(index))?;
        if !entry.pairs.is_empty()
            && let Some(sense) = entry.pairs.get(title.word(index + 1))
        {
            return Some((*sense, 2));
        }
        entry.sense.map(|sense| (sense, 1))
    }

    /// Whether `word` names a grader, also one whose name is a common word.
    pub(super) fn is_grader(&self, word: &str) -> bool {
        let sense = self.entry(word).and_then(|entry| entry.sense);
        matches!(sense, Some(Sense::Grader | Sense::Reject(Rejection::Graded)))
    }
}

/// Where the length of a word is noted: lengths of 31 and more share a bit.
fn place(word: &str) -> Option<(usize, u32)> {
    let first = *word.as_bytes().first()?;
    Some((usize::from(first), 1 << word.len().min(31)))
}
