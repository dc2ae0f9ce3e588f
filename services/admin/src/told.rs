//! Why something failed and how far it has come, in the visitor's words: rows hold English.

use commands::phrase::{self, Phrase};
use fluent_bundle::FluentValue;
use jiff::civil::Date;

use crate::redact::text_redacted;
use crate::say::{Argument as _, Say};

/// A cause: in words, and as it was written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Told {
    /// What happened; empty when only others have words for it.
    pub(crate) words: String,
    /// What to do about it, where there is something.
    pub(crate) advice: String,
    /// As it was written, without secrets; empty when the words say it all.
    pub(crate) detail: String,
}

impl Told {
    /// What there is in one line.
    pub(crate) fn line(&self) -> &str {
        if self.words.is_empty() { &self.detail } else { &self.words }
    }

    /// The technical detail, where it is not the line itself.
    pub(crate) fn beside(&self) -> &str {
        if self.words.is_empty() { "" } else { &self.detail }
    }
}

impl Say {
    /// Why something failed, waits, or was left out.
    pub(crate) fn cause(&self, text: &str) -> Told {
        let mut told = Told::default();
        let mut rest = text;
        let mut names_places = false;
        while let Some(phrase) = phrase::cause(rest) {
            let key = format!("cause-{}", phrase.key);
            names_places |= phrase.given.iter().any(|given| given.contains('/'));
            join(&mut told.words, &self.f(&key, &arguments(self, &phrase)));
            told.advice = self.try_t(&format!("{key}-do")).unwrap_or_default();
            rest = phrase.rest;
        }
        if names_places || !rest.is_empty() {
            told.detail = text_redacted(text);
        }
        told
    }

    /// What a command is at; names of sets, tables and days stay as they are.
    pub(crate) fn progress(&self, message: &str) -> String {
        let part = |part: &str| match phrase::progress(part) {
            Some(phrase) if phrase.key == "bytes" => {
                let [read, all] = [0, 1].map(|n| size(self, phrase.given.get(n)));
                self.t2("progress-bytes", ("first", read), ("second", all))
            }
            Some(phrase) => self.f(&format!("progress-{}", phrase.key), &arguments(self, &phrase)),
            None => part.to_owned(),
        };
        message.split(", ").map(part).collect::<Vec<_>>().join(", ")
    }
}

fn join(words: &mut String, more: &str) {
    if !words.is_empty() {
        words.push(' ');
    }
    words.push_str(more);
}

fn size(say: &Say, text: Option<&&str>) -> String {
    say.bytes(text.and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn arguments(say: &Say, phrase: &Phrase<'_>) -> Vec<(&'static str, FluentValue<'static>)> {
    let values = phrase.given.iter().map(|given| argument(say, given));
    ["first", "second"].into_iter().zip(values).collect()
}

/// Figures and days as the visitor writes them, servers by their name.
fn argument(say: &Say, given: &str) -> FluentValue<'static> {
    let is_figure = given.chars().all(|c| c.is_ascii_digit() || c == '.');
    if let Some(figure) = given.parse::<f64>().ok().filter(|_| is_figure) {
        return FluentValue::from(figure);
    }
    if let Ok(day) = given.parse::<Date>() {
        return say.date(day).argument();
    }
    match given.split_once("://") {
        Some((_, address)) => address.split('/').next().unwrap_or_default().argument(),
        None => given.argument(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    fn fr() -> Say {
        Say { now: "2026-11-22T12:00:00Z".parse().unwrap(), ..Say::new(Lang::Fr, "UTC") }
    }

    #[test]
    fn every_form_has_words_in_every_language() {
        for lang in Lang::ALL {
            let say = Say::new(lang, "UTC");
            for key in phrase::cause_keys() {
                assert!(say.try_t(&format!("cause-{key}")).is_some(), "{}: {key}", lang.code());
            }
            for key in phrase::progress_keys() {
                assert!(say.try_t(&format!("progress-{key}")).is_some(), "{}: {key}", lang.code());
            }
        }
    }

    #[test]
    fn a_cause_is_told_with_its_detail_only_where_that_says_more() {
        let told = fr().cause("eBay failed with status 503 (12001: no)");
        assert_eq!(told.words, "eBay est en panne (erreur 503).");
        assert_eq!(told.detail, "eBay failed with status 503 (12001: no)");
        let told =
            fr().cause("10 cards of this set failed in a row, last: eBay did not answer in time");
        assert!(told.words.contains("10 cartes") && told.words.contains("à temps"), "{told:?}");
        assert_eq!(told.detail, "");
        let told = fr().cause("https://n8n.example.com/webhook/1 answered 500");
        assert_eq!(told.words, "n8n.example.com a répondu par l’erreur 500.");
        assert_eq!(told.beside(), "https://n8n.example.com/webhook/1 answered 500");
    }

    #[test]
    fn free_text_stays_and_keeps_no_secret() {
        let told = fr().cause("401 from http://x/?token=hush");
        assert_eq!((told.words.as_str(), told.beside()), ("", ""));
        assert!(told.line().starts_with("401") && !told.line().contains("hush"));
    }

    #[test]
    fn progress_is_told_part_by_part() {
        let said = fr().progress("12.3 cards/s, 2 failed, 41 due beyond this batch");
        assert_eq!(said, "12,3 cartes/s, 2 en échec, 41 au-delà de ce relevé");
        assert_eq!(fr().progress("Fossile"), "Fossile");
        let said = fr().progress("2026-11-01 to 2026-11-07");
        assert_eq!(said, "du 1er\u{a0}nov. au 7\u{a0}nov.");
    }
}
