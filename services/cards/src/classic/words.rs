//! Words of a title, found anywhere in it: `ace ` is also in `face `. Titles are in lower case.

use std::sync::LazyLock;

use regex::Regex;

use crate::classify::Rejection;

/// Words that reject a title, in this order.
pub(super) fn rejection(title: &str) -> Option<Rejection> {
    static LOT: LazyLock<Regex> = LazyLock::new(|| any("bundle|collection|x10|x20|x50"));
    static PROXY: LazyLock<Regex> = LazyLock::new(|| any("proxy|orica|custom|fake"));
    static CODE: LazyLock<Regex> = LazyLock::new(|| any("code card|online code|code online"));
    static LANGUAGE: LazyLock<Regex> =
        LazyLock::new(|| any("japan|jpn|anglais|english|german|italian"));
    if LOT.is_match(title) || has_lot(title) {
        return Some(Rejection::Lot);
    }
    let others = [
        (&PROXY, Rejection::Proxy),
        (&CODE, Rejection::CodeCard),
        (&LANGUAGE, Rejection::OtherLanguage),
    ];
    others.into_iter().find(|(words, _)| words.is_match(title)).map(|(_, rejection)| rejection)
}

/// `lot` and `lots` as words of their own: not `chamallot`.
fn has_lot(title: &str) -> bool {
    let is_part = |sign: char| sign.is_alphanumeric() || sign == '_';
    title.contains("lot")
        && title.split(|sign| !is_part(sign)).any(|word| word == "lot" || word == "lots")
}

pub(super) fn is_reverse(title: &str) -> bool {
    title.contains("reverse")
}

pub(super) fn is_first_edition(title: &str) -> bool {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| {
        any("edition 1|édition 1|1st ed|1ere edition|1ère edition|1ère éd|first edition|ed 1|ed1\
             | ed\\.1")
    });
    WORDS.is_match(title)
}

pub(super) fn is_second_edition(title: &str) -> bool {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| {
        any("edition 2|édition 2|2nd edition|ed 2|ed2| ed\\.2|unlimited|illimité")
    });
    WORDS.is_match(title)
}

/// A grader's name, with its grade or in front of another word.
pub(super) fn is_graded(title: &str) -> bool {
    static WORDS: LazyLock<Regex> = LazyLock::new(|| {
        any("(?:psa|cgc|bgs|bcc|pca|pcg|ace|mga|sgc|ccc| pg)[ -]\
             |(?:psa|cgc|bgs|pca|ccc|sgc)[1-9]|graded|slab|gradee|gradée")
    });
    WORDS.is_match(title)
}

fn any(alternatives: &str) -> Regex {
    Regex::new(alternatives).expect("it is constant and tested")
}
