//! Reads what sellers write: words without accents or case, and what they mean.
//!
//! A title is normalised once, in one pass; every later question is asked of its words. A night's
//! batch reads millions of titles, hence the care for speed.

mod fold;
mod scan;
mod vocabulary;
mod words;

pub(crate) use fold::fold;
pub(crate) use scan::{Findings, Mention};
pub(crate) use vocabulary::Vocabulary;

/// What stands before a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Joint {
    Slash,
    /// Nothing, a space, or any other sign.
    Gap,
}

/// The words of a title: runs of ASCII letters and digits, lower case, one space apart. Reused
/// from title to title, to save allocations.
#[derive(Clone, Debug, Default)]
pub(crate) struct Title {
    text: String,
    words: Vec<Word>,
    /// Letters of scripts that no French card is written in.
    foreign_letters: usize,
}

#[derive(Clone, Copy, Debug)]
struct Word {
    start: usize,
    end: usize,
    joint: Joint,
    has_digit: bool,
}

/// What a byte of folded text is.
const LETTER: u8 = 0;
const DIGIT: u8 = 1;
const SLASH: u8 = 2;
const OTHER: u8 = 3;

/// The same for every byte: one look instead of six comparisons.
const SIGNS: [u8; 256] = {
    let mut signs = [OTHER; 256];
    let mut byte = 0;
    while byte < 128_u8 {
        if byte.is_ascii_alphabetic() {
            signs[byte as usize] = LETTER;
        } else if byte.is_ascii_digit() {
            signs[byte as usize] = DIGIT;
        }
        byte += 1;
    }
    signs[b'/' as usize] = SLASH;
    signs
};

impl Title {
    /// Replaces what was read before.
    pub(crate) fn read(&mut self, title: &str) {
        self.text.clear();
        self.words.clear();
        self.foreign_letters = fold(title, &mut self.text);
        let mut joint = Joint::Gap;
        let mut word: Option<Word> = None;
        for (index, byte) in self.text.bytes().enumerate() {
            let sign = SIGNS[usize::from(byte)];
            if sign <= DIGIT {
                let word =
                    word.get_or_insert(Word { start: index, end: 0, joint, has_digit: false });
                word.has_digit |= sign == DIGIT;
                continue;
            }
            if let Some(word) = word.take() {
                self.words.push(Word { end: index, ..word });
                joint = Joint::Gap;
            }
            if sign == SLASH {
                joint = Joint::Slash;
            }
        }
        self.words.extend(word.map(|word| Word { end: self.text.len(), ..word }));
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word at `index`, empty beyond the end.
    pub(crate) fn word(&self, index: usize) -> &str {
        self.words.get(index).map_or("", |word| &self.text[word.start..word.end])
    }

    pub(crate) fn has_digit(&self, index: usize) -> bool {
        self.words.get(index).is_some_and(|word| word.has_digit)
    }

    pub(crate) fn joint(&self, index: usize) -> Option<Joint> {
        self.words.get(index).map(|word| word.joint)
    }

    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(|word| &self.text[word.start..word.end])
    }

    pub(crate) fn foreign_letters(&self) -> usize {
        self.foreign_letters
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lose_accents_case_and_signs() {
        let mut title = Title::default();
        title.read("Évoli-VMAX n°4 / 102★ ŒUF");
        let words: Vec<&str> = title.words().collect();
        assert_eq!(words, ["evoli", "vmax", "n", "4", "102", "oeuf"]);
        assert_eq!(title.joint(4), Some(Joint::Slash));
        assert_eq!(title.joint(3), Some(Joint::Gap));
        assert_eq!((title.has_digit(3), title.has_digit(5)), (true, false));
        assert_eq!(title.word(6), "");
    }

    #[test]
    fn nothing_stays_of_the_title_before() {
        let mut title = Title::default();
        title.read("リザードン ex");
        assert_eq!((title.foreign_letters(), title.len()), (5, 1));
        title.read("");
        assert_eq!((title.foreign_letters(), title.len()), (0, 0));
    }
}
