//! What Courtier writes into its rows in English, known again by its form: so a page can say it in
//! the language of its reader.
//!
//! Rows keep sentences and not codes, because most readers of a row are logs, programs and people
//! with a terminal. What is free text (a server's own words, a panic) has no form and stays as it is.

mod forms;

use forms::{CAUSES, Form, PROGRESS};

/// A sentence of a form that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase<'a> {
    /// Names the form, with small letters and dashes.
    pub key: &'static str,
    /// What stands in its gaps.
    pub given: Vec<&'a str>,
    /// What follows it: the words of somebody else, or a sentence of its own.
    pub rest: &'a str,
}

/// Why something failed, waits or was left out.
pub fn cause(text: &str) -> Option<Phrase<'_>> {
    CAUSES.iter().find_map(|form| read(form, text))
}

/// What a command is at. A message may have several parts, with commas between them.
pub fn progress(part: &str) -> Option<Phrase<'_>> {
    // Names of sets and tables are messages too: only figures stand in the gaps.
    let is_figure = |given: &&str| given.starts_with(|c: char| c.is_ascii_digit());
    let is_whole = |it: &Phrase<'_>| it.rest.is_empty() && it.given.iter().all(is_figure);
    PROGRESS.iter().find_map(|form| read(form, part).filter(is_whole))
}

/// Every key of a cause, for those who keep words for each.
pub fn cause_keys() -> impl Iterator<Item = &'static str> {
    CAUSES.iter().map(|form| form.0)
}

/// Every key of a progress message.
pub fn progress_keys() -> impl Iterator<Item = &'static str> {
    PROGRESS.iter().map(|form| form.0)
}

/// A form begins the text; a gap ends where the next piece begins or, at the end, with the word.
fn read<'a>((key, form): &Form, text: &'a str) -> Option<Phrase<'a>> {
    let mut pieces = form.split('*');
    let mut rest = text.strip_prefix(pieces.next()?)?;
    let mut given = Vec::new();
    for piece in pieces {
        let end = if piece.is_empty() { word_end(rest) } else { rest.find(piece)? };
        if end == 0 {
            return None;
        }
        given.push(&rest[..end]);
        rest = &rest[end + piece.len()..];
    }
    Some(Phrase { key, given, rest })
}

fn word_end(text: &str) -> usize {
    text.find(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ')')).unwrap_or(text.len())
}

#[cfg(test)]
mod tests;
