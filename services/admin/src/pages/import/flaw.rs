//! What is wrong with a file or a line of it, in the reader's language.

use std::error::Error as _;

use cards::import::{FileError, Flaw, Problem};

use crate::say::Say;
use crate::told::Told;

/// Why no line of a file can be used.
pub(super) fn of_file(say: &Say, error: &FileError) -> Told {
    let words = match error {
        FileError::Read(_) => say.t("file-unreadable"),
        FileError::Empty => say.t("file-empty"),
        FileError::MissingColumn(column, separator) => {
            let separator = separator.to_string();
            say.t2("file-missing-column", ("column", *column), ("separator", separator))
        }
        FileError::RepeatedColumn(column) => {
            say.t1("file-repeated-column", "column", column.as_str())
        }
        FileError::Header(_) => say.t("file-header"),
    };
    let detail = error.source().map(ToString::to_string).unwrap_or_default();
    Told { words, detail, ..Told::default() }
}

pub(super) fn words(say: &Say, problem: &Problem) -> String {
    let words = flaw(say, &problem.flaw);
    match problem.column {
        Some(column) => say.t2("flaw-in-column", ("column", column), ("flaw", words)),
        None => words,
    }
}

fn flaw(say: &Say, flaw: &Flaw) -> String {
    match flaw {
        Flaw::TooManyCells { found, named } => {
            say.t2("flaw-too-many-cells", ("found", *found), ("named", *named))
        }
        Flaw::NotUtf8 => say.t("flaw-not-utf-8"),
        Flaw::ControlCharacters => say.t("flaw-control-characters"),
        Flaw::TooLong(most) => say.t1("flaw-too-long", "n", *most),
        Flaw::Empty => say.t("flaw-empty"),
        Flaw::Impossible { given, wanted } => {
            say.t2("flaw-impossible", ("given", given.as_str()), ("wanted", *wanted))
        }
        Flaw::NoSetId => say.t("flaw-no-set-id"),
        Flaw::NoCardId => say.t("flaw-no-card-id"),
        Flaw::NumberWithTotal { number, total } => {
            say.t2("flaw-number-with-total", ("number", number.as_str()), ("total", total.as_str()))
        }
        Flaw::TotalWithNumber => say.t("flaw-total-with-number"),
        Flaw::OtherSet => say.t("flaw-other-set"),
        Flaw::CreatedBefore { first, id } => {
            say.t2("flaw-created-before", ("first", say.n(*first)), ("id", id.as_str()))
        }
        Flaw::NoSuchCard(id) => say.t1("flaw-no-such-card", "id", id.as_str()),
        Flaw::Exists(id) => say.t1("flaw-exists", "id", id.as_str()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    #[test]
    fn a_problem_is_told_in_both_languages() {
        let flaw = Flaw::Impossible { given: "SHINY".into(), wanted: "NORMAL, HOLO" };
        let problem = Problem { column: Some("variant"), flaw };
        let told = words(&Say::new(Lang::En, "UTC"), &problem);
        assert_eq!(told, problem.to_string().replace('`', ""));
        let told = words(&Say::new(Lang::Fr, "UTC"), &problem);
        assert!(told.contains("variant") && told.contains("écrivez NORMAL, HOLO"), "{told}");
    }

    #[test]
    fn a_whole_file_is_refused_in_both_languages() {
        let broken = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        for (error, words) in [
            (FileError::Read(broken()), "n’a pas pu être lu"),
            (FileError::Empty, "est vide"),
            (FileError::MissingColumn("name", ';'), "La colonne name manque"),
            (FileError::RepeatedColumn("id".into()), "La colonne id est nommée deux fois"),
        ] {
            let french = of_file(&Say::new(Lang::Fr, "UTC"), &error);
            assert!(french.words.contains(words), "{french:?}");
            let english = of_file(&Say::new(Lang::En, "UTC"), &error);
            let told = error.to_string().replace('`', "");
            let start: String = told.chars().take(14).collect();
            assert!(english.words.to_lowercase().starts_with(&start), "{english:?}");
            assert_eq!(english.detail.is_empty(), error.source().is_none());
        }
    }
}
