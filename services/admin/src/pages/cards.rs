//! `/cards`: which card, at what price, can it be trusted?

mod filters;
mod rows;

use askama::Template;
use jiff::Span;
use store::prices::{self, Cursor, Filter};
use warp::reply::Response;

use crate::failure::Failure;
use crate::paging::{Pager, Place, cut};
use crate::reply;
use crate::route::Route;
use crate::shell::Shell;
use crate::visit::Visit;

pub(super) use filters::Choice;
use filters::{Filters, View};
use rows::{CardRow, row};

#[derive(Template)]
#[template(path = "cards.html")]
struct CardsPage {
    shell: Shell,
    sentence: String,
    filters: Filters,
    views: Vec<View>,
    sets: Vec<Choice>,
    rows: Vec<CardRow>,
    pager: Pager,
    words: String,
}

const PAGE: usize = 50;
/// Moves are told over so many days.
const MOVE_DAYS: i64 = 30;

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/cards", |visit| Box::pin(show(visit)))]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    let say = &visit.say;
    let filters = Filters::read(&visit.query);
    let place = Place::of(&visit.query);
    let mut listed = list(&visit, &filters, &place).await?;
    let more = cut(&mut listed, PAGE);
    let last = listed.last().filter(|_| more).map(|last| cursor_text(&last.cursor));
    let ids: Vec<i64> = listed.iter().map(|listed| listed.card.id).collect();
    let then = say.now.checked_sub(Span::new().hours(24 * MOVE_DAYS)).unwrap_or(say.now);
    let before = prices::paid_at(&visit.db().await?, &ids, then).await?;
    let shelf = visit.site.shelf().await;
    let page = CardsPage {
        sentence: say.t2("cards-sentence", ("n", shelf.cards), ("fresh", shelf.fresh)),
        views: filters.views(say, &shelf),
        sets: filters.sets(say, &visit.site.sets().await),
        words: words(&visit, &place, listed.len(), filters.total(&shelf)),
        pager: place.pager("/cards", &visit.query, last),
        rows: listed.iter().map(|card| row(say, card, before.get(&card.card.id))).collect(),
        filters,
        shell: visit.shell("page-cards").await,
    };
    Ok(reply::html(&page))
}

async fn list(
    visit: &Visit,
    filters: &Filters,
    place: &Place,
) -> Result<Vec<prices::Listed>, Failure> {
    let filter = Filter {
        after: place.after.as_deref().map(cursor).transpose()?,
        limit: i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
        ..filters.filter()
    };
    match prices::list(&visit.db().await?, &filter).await {
        // Somebody changed the sort in the address, and kept the place.
        Err(store::Error::Invalid(_)) => Err(Failure::Broken),
        listed => Ok(listed?),
    }
}

/// `1 to 50 of 25,112`, as far as that is known.
fn words(visit: &Visit, place: &Place, n_rows: usize, total: Option<i64>) -> String {
    let Some(n_before) = place.n_before().filter(|_| n_rows > 0) else { return String::new() };
    let first = n_before * PAGE + 1;
    let last = n_before * PAGE + n_rows;
    let (first, last) = (visit.say.n(first), visit.say.n(last));
    let range = visit.say.t2("pages-range", ("first", first), ("last", last));
    match total {
        Some(total) => format!("{range} {}", visit.say.t1("of", "n", visit.say.n(total))),
        None => range,
    }
}

fn cursor_text(cursor: &Cursor) -> String {
    // The way back joins places with this sign.
    format!("{}.{}", cursor.id, cursor.key.replace('~', " "))
}

fn cursor(text: &str) -> Result<Cursor, Failure> {
    let (id, key) = text.split_once('.').ok_or(Failure::Broken)?;
    Ok(Cursor { id: id.parse().map_err(|_| Failure::Broken)?, key: key.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_survives_the_address() {
        let place = Cursor { key: "M. Mime".into(), id: 7 };
        assert_eq!(cursor(&cursor_text(&place)).ok(), Some(place));
        for wrong in ["", "x.Abra", "7"] {
            assert!(cursor(wrong).is_err(), "{wrong}");
        }
    }
}
