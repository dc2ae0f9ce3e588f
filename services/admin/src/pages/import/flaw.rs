//! What is wrong with a line of a file, in the reader's language.

use cards::import::{Flaw, Problem};

use crate::say::Say;

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
}
