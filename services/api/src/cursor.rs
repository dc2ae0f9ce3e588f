//! Where a page of records begins: after a record, named by its moment, its source and its id.

use std::str::FromStr;

use crate::params::Params;

/// The parameter that carries it.
const PARAMETER: &str = "cursor";

/// A place as text: neither a moment nor a source holds a `~`, and the id comes last.
pub(crate) fn write(moment: &str, source: &str, id: &str) -> String {
    format!("{moment}~{source}~{id}")
}

/// Takes the place out of a query.
pub(crate) fn take<T: FromStr>(params: &mut Params) -> Option<(T, String, String)> {
    let text: String = params.optional(PARAMETER, "a text")?;
    let place = read(&text);
    if place.is_none() {
        params.refuse(PARAMETER, "must be that of a `next` of this list");
    }
    place
}

fn read<T: FromStr>(text: &str) -> Option<(T, String, String)> {
    let mut parts = text.splitn(3, '~');
    let (moment, source, id) = (parts.next()?, parts.next()?, parts.next()?);
    Some((moment.parse().ok()?, source.to_owned(), id.to_owned()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::{Date, date};

    use super::*;

    #[test]
    fn a_place_is_read_as_it_was_written() {
        let text = write("2026-01-24", "mock", "a~b");
        let place: Option<(Date, String, String)> = read(&text);
        assert_eq!(place, Some((date(2026, 1, 24), "mock".into(), "a~b".into())));
        for wrong in ["", "2026-01-24", "2026-01-24~mock", "soon~mock~a"] {
            assert!(read::<Date>(wrong).is_none(), "{wrong}");
        }
    }
}
