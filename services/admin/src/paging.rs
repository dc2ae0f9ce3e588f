//! Pages of a list: each begins after the last row of the one before.
//!
//! The way back is the way one came: the query carries the beginnings of the pages so far, so that
//! "previous" needs no second order in the database.

use crate::form::Form;
use crate::router::pair;

/// Where a page of a list stands, and where its neighbours are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pager {
    /// Addresses of the neighbours.
    pub(crate) previous: Option<String>,
    pub(crate) next: Option<String>,
}

/// The place in a list that a query names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Where this page begins: the key of the last row before it.
    pub(crate) after: Option<String>,
    /// Where the pages before began, the first one left out.
    before: Vec<String>,
}

/// Names of the query's fields.
const AFTER: &str = "after";
const TRAIL: &str = "trail";
/// Pages that can be gone back; further ones begin anew.
const LONGEST_TRAIL: usize = 40;

impl Place {
    pub(crate) fn of(query: &Form) -> Place {
        let trail = query.get(TRAIL).split('~').filter(|key| !key.is_empty());
        Place {
            after: query.given(AFTER).map(str::to_owned),
            before: trail.map(str::to_owned).take(LONGEST_TRAIL).collect(),
        }
    }

    /// How many pages come before this one; `None` when the way back is cut.
    pub(crate) fn n_before(&self) -> Option<usize> {
        if self.after.is_none() {
            return Some(0);
        }
        Some(self.before.len() + 1).filter(|n| *n <= LONGEST_TRAIL)
    }

    /// Neighbours of this page, whose last row has the key `last`; `None` when no row follows.
    /// Everything else in the query stays.
    pub(crate) fn pager(&self, path: &str, query: &Form, last: Option<String>) -> Pager {
        let kept = query.pairs().iter().filter(|(name, _)| name != AFTER && name != TRAIL);
        let kept: Vec<String> = kept
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| pair(name, value))
            .collect();
        let address = |after: Option<&str>, trail: &[String]| {
            let mut query = kept.clone();
            query.extend(after.map(|key| pair(AFTER, key)));
            query.extend((!trail.is_empty()).then(|| pair(TRAIL, &trail.join("~"))));
            if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
        };
        let previous = self.after.as_ref().map(|_| match self.before.split_last() {
            Some((begin, earlier)) => address(Some(begin), earlier),
            None => address(None, &[]),
        });
        let next = last.map(|key| {
            let mut trail = self.before.clone();
            trail.extend(self.after.clone());
            let first = trail.len().saturating_sub(LONGEST_TRAIL);
            address(Some(&key), &trail[first..])
        });
        Pager { previous, next }
    }
}

/// Takes the row too many off a page that was asked for with one more than `limit`: whether there
/// is a next page.
pub(crate) fn cut<T>(rows: &mut Vec<T>, limit: usize) -> bool {
    let more = rows.len() > limit;
    rows.truncate(limit);
    more
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page that an address leads to.
    fn at(address: &str) -> (Place, Form) {
        let query = Form::of_query(address.split_once('?').map_or("", |(_, query)| query));
        (Place::of(&query), query)
    }

    #[test]
    fn the_way_back_is_the_way_one_came() {
        let mut address = "/list?q=a%20b&empty=".to_owned();
        let mut seen = vec![address.clone()];
        for last in ["k1", "k2", "k3"] {
            let (place, query) = at(&address);
            address = place.pager("/list", &query, Some(last.to_owned())).next.unwrap();
            assert_eq!(at(&address).0.after.as_deref(), Some(last));
            assert_eq!(at(&address).1.get("q"), "a b");
            seen.push(address.clone());
        }
        seen.pop();
        for expected in seen.into_iter().rev() {
            let (place, query) = at(&address);
            address = place.pager("/list", &query, None).previous.unwrap();
            assert_eq!(at(&address).0, at(&expected).0);
        }
        let (place, query) = at(&address);
        assert_eq!(place.pager("/list", &query, None), Pager::default());
    }

    #[test]
    fn a_row_too_many_says_that_there_is_more() {
        let mut rows = vec![1, 2, 3];
        assert!(cut(&mut rows, 2));
        assert_eq!(rows, [1, 2]);
        assert!(!cut(&mut rows, 2));
    }
}
