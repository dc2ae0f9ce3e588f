//! From text to words, quoted texts and punctuation.

use crate::{Error, Result};

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token<'a> {
    /// A name, an operator, or a value without quotes.
    Word(&'a str),
    /// Without its quotes.
    Text(String),
    Open,
    Close,
    Comma,
    End,
}

#[derive(Clone, Debug)]
pub(crate) struct Lexer<'a> {
    /// The option that is read, for errors.
    option: &'a str,
    whole: &'a str,
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(option: &'a str, text: &'a str) -> Self {
        Self { option, whole: text, rest: text }
    }

    /// The next token; [`Token::End`] again and again at the end.
    pub(crate) fn next(&mut self) -> Result<Token<'a>> {
        self.rest = self.rest.trim_start_matches([' ', '\t']);
        let Some(first) = self.rest.chars().next() else { return Ok(Token::End) };
        let token = match first {
            '(' => Token::Open,
            ')' => Token::Close,
            ',' => Token::Comma,
            '\'' => return self.text(),
            _ => return self.word(),
        };
        self.rest = &self.rest[1..];
        Ok(token)
    }

    /// What comes next, without taking it.
    pub(crate) fn peek(&self) -> Result<Token<'a>> {
        self.clone().next()
    }

    /// Takes the next token if it is this word.
    pub(crate) fn take_word(&mut self, wanted: &str) -> Result<bool> {
        let is_next = self.peek()? == Token::Word(wanted);
        if is_next {
            self.next()?;
        }
        Ok(is_next)
    }

    /// Takes the next token, which has to be this one.
    pub(crate) fn expect(&mut self, wanted: &Token<'_>, name: &str) -> Result<()> {
        let before = self.clone();
        if self.next()? == *wanted { Ok(()) } else { Err(before.error(format!("expected {name}"))) }
    }

    /// An error at the next token.
    pub(crate) fn error(&self, reason: impl std::fmt::Display) -> Error {
        let place = self.whole.len() - self.rest.trim_start_matches([' ', '\t']).len();
        Error::invalid(self.option, format!("{reason}, at character {}", self.characters(place)))
    }

    /// As [`Lexer::error`], for what is right and not implemented.
    pub(crate) fn unsupported(&self, reason: impl Into<String>) -> Error {
        Error::unsupported(self.option, reason)
    }

    fn characters(&self, n_bytes: usize) -> usize {
        self.whole.get(..n_bytes).map_or(0, |before| before.chars().count()) + 1
    }

    fn text(&mut self) -> Result<Token<'a>> {
        let mut text = String::new();
        let mut rest = &self.rest[1..];
        loop {
            let Some((part, after)) = rest.split_once('\'') else {
                return Err(self.error("a text does not end"));
            };
            text.push_str(part);
            rest = after;
            // Two quotes stand for one.
            match after.strip_prefix('\'') {
                Some(after) => {
                    text.push('\'');
                    rest = after;
                }
                None => break,
            }
        }
        self.rest = rest;
        Ok(Token::Text(text))
    }

    fn word(&mut self) -> Result<Token<'a>> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || "_-+.:$@*/".contains(c);
        let end = self.rest.find(|c| !is_part(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        if word.is_empty() {
            return Err(self.error("this character has no meaning here"));
        }
        self.rest = rest;
        Ok(Token::Word(word))
    }
}
