//! Reads what sellers write: words without accents or case, and what they mean.
//!
//! A title is normalised once, in one pass; every later question is asked of its words.

mod fold;
mod scan;
mod vocabulary;
mod words;

pub(crate) use fold::fold;
pub(crate) use scan::Findings;
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
    folded: String,
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
}

impl Title {
    /// Replaces what was read before.
    pub(crate) fn read(&mut self, title: &str) {
        self.folded.clear();
        self.text.clear();
        self.words.clear();
        self.foreign_letters = fold(title, &mut self.folded);
        let mut joint = Joint::Gap;
        let mut start = None;
        for (index, byte) in self.folded.bytes().enumerate() {
            if byte.is_ascii_alphanumeric() {
                start.get_or_insert(index);
                continue;
            }
            if let Some(start) = start.take() {
                push(&mut self.words, &mut self.text, &self.folded[start..index], joint);
                joint = Joint::Gap;
            }
            if byte == b'/' {
                joint = Joint::Slash;
            }
        }
        if let Some(start) = start {
            push(&mut self.words, &mut self.text, &self.folded[start..], joint);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// The word at `index`, empty beyond the end.
    pub(crate) fn word(&self, index: usize) -> &str {
        self.words.get(index).map_or("", |word| &self.text[word.start..word.end])
    }

    /// The word at `index` and the one after it, one space apart.
    pub(crate) fn pair(&self, index: usize) -> Option<&str> {
        let (first, second) = (self.words.get(index)?, self.words.get(index + 1)?);
        Some(&self.text[first.start..second.end])
    }

    pub(crate) fn joint(&self, index: usize) -> Option<Joint> {
        self.words.get(index).map(|word| word.joint)
    }

    pub(crate) fn words(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|index| self.word(index))
    }

    pub(crate) fn foreign_letters(&self) -> usize {
        self.foreign_letters
    }
}

fn push(words: &mut Vec<Word>, text: &mut String, word: &str, joint: Joint) {
    if !text.is_empty() {
        text.push(' ');
    }
    let start = text.len();
    text.push_str(word);
    words.push(Word { start, end: text.len(), joint });
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
        assert_eq!(title.pair(0), Some("evoli vmax"));
        assert_eq!((title.pair(5), title.word(6)), (None, ""));
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
