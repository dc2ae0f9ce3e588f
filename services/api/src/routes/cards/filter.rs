//! Which cards a list shall hold, and where its next page begins.

use rust_decimal::Decimal;
use store::prices::{Cursor, Filter, Sort};

use crate::page;
use crate::params::Params;
use crate::problem::Problem;

const VERDICTS: [&str; 5] = ["OK", "LOW_CONF", "REVIEW", "REVIEW_REF", "DISABLED"];
const SORTS: [(Sort, &str); 3] =
    [(Sort::Name, "name"), (Sort::Price, "price"), (Sort::Staleness, "staleness")];

/// The filter of a query string.
pub(super) fn filter(query: &[(String, String)]) -> Result<Filter, Problem> {
    let mut params = Params::new(query);
    let amount = "an amount in EUR such as 12.50";
    let sort = sort(&mut params);
    let filter = Filter {
        text: params.optional("search", "words"),
        set_id: params.optional("set", "the id of a set"),
        variant: params.optional("variant", "NORMAL, REVERSE, HOLO or FIRST_ED"),
        verdict: params.optional("verdict", "a verdict"),
        min_price: params.optional::<Decimal>("min_price", amount),
        max_price: params.optional::<Decimal>("max_price", amount),
        suspended: params.optional("suspended", "true or false"),
        reason: None,
        only: None,
        sure: None,
        with_hidden: params.optional("hidden", "true or false").unwrap_or(false),
        sort,
        after: cursor(&mut params, sort),
        limit: page::limit(&mut params),
    };
    if filter.verdict.as_ref().is_some_and(|verdict| !VERDICTS.contains(&verdict.as_str())) {
        params.refuse("verdict", format!("must be one of {}", VERDICTS.join(", ")));
    }
    if filter.min_price.zip(filter.max_price).is_some_and(|(min, max)| min > max) {
        params.refuse("min_price", "must not be above `max_price`");
    }
    params.finish()?;
    Ok(filter)
}

fn sort(params: &mut Params) -> Sort {
    let Some(word) = params.optional::<String>("sort", "a word") else { return Sort::default() };
    let known = SORTS.iter().find(|(_, known)| *known == word);
    if known.is_none() {
        params.refuse("sort", "must be name, price or staleness");
    }
    known.map(|(sort, _)| *sort).unwrap_or_default()
}

/// Where the page after a card begins, for [`filter`].
pub(super) fn after(sort: Sort, last: &Cursor) -> String {
    let word = SORTS.iter().find(|(known, _)| *known == sort).map_or("", |(_, word)| word);
    format!("{word}.{}.{}", last.id, last.key)
}

fn cursor(params: &mut Params, sort: Sort) -> Option<Cursor> {
    let text: String = params.optional("cursor", "a text")?;
    let cursor = read(&text, sort);
    if cursor.is_none() {
        params.refuse("cursor", "must be that of a `next` with the same `sort`");
    }
    cursor
}

fn read(text: &str, sort: Sort) -> Option<Cursor> {
    let mut parts = text.splitn(3, '.');
    let (word, id, key) = (parts.next()?, parts.next()?, parts.next()?);
    SORTS.contains(&(sort, word)).then_some(())?;
    Some(Cursor { key: key.to_owned(), id: id.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_sort() {
        let cursor = Cursor { key: "M. Mime. 3".into(), id: 7 };
        let text = after(Sort::Name, &cursor);
        assert_eq!(text, "name.7.M. Mime. 3");
        assert_eq!(read(&text, Sort::Name), Some(cursor));
        assert_eq!(read(&text, Sort::Price), None);
        for wrong in ["", "name", "name.7", "name.x.Abra", "size.7.Abra"] {
            assert_eq!(read(wrong, Sort::Name), None, "{wrong}");
        }
    }
}
