//! What a token opens: searches, items and the state of the limit.

use super::filter::Filter;
use super::http::{Reply, Request};
use super::market::{Fate, ItemId, Market, Offer, Subject};
use super::notice::{self, Notice};
use super::render::{self, Found, Scene, Standing};

pub(super) const SEARCH_PATH: &str = "/buy/browse/v1/item_summary/search";
pub(super) const ITEM_PATH: &str = "/buy/browse/v1/item/";

const DEFAULT_LIMIT: usize = 50;
const MAX_LIMIT: usize = 200;
const MAX_OFFSET: usize = 9_999;

/// A search that keeps eBay's rules.
pub(super) struct Search {
    pub(super) query: String,
    pub(super) filter: String,
    pub(super) limit: usize,
    pub(super) offset: usize,
}

impl Search {
    pub(super) fn of(request: &Request) -> Result<Search, &'static Notice> {
        let query = request.parameter("q").unwrap_or_default();
        let category = request.parameter("category_ids").unwrap_or_default();
        if query.trim().is_empty() && category.is_empty() {
            return Err(&notice::NO_QUERY);
        }
        if category.contains(',') {
            return Err(&notice::TOO_MANY_CATEGORIES);
        }
        let limit = number(request, "limit", DEFAULT_LIMIT).ok_or(&notice::WRONG_LIMIT)?;
        if !(1..=MAX_LIMIT).contains(&limit) {
            return Err(&notice::WRONG_LIMIT);
        }
        let offset = number(request, "offset", 0).ok_or(&notice::WRONG_OFFSET)?;
        if offset > MAX_OFFSET {
            return Err(&notice::OFFSET_TOO_LARGE);
        }
        if !offset.is_multiple_of(limit) {
            return Err(&notice::WRONG_OFFSET);
        }
        let filter = request.parameter("filter").unwrap_or_default();
        Ok(Search { query, filter, limit, offset })
    }

    /// The body of the answer.
    pub(super) fn render(
        &self,
        market: &Market,
        subject: &Subject,
        scene: Scene<'_>,
        day: i64,
    ) -> Vec<u8> {
        let (filter, warning) = Filter::parse(&self.filter);
        let kept: Vec<Offer> =
            market.offers(subject, day).filter(|offer| filter.keeps(offer)).collect();
        let start = self.offset.min(kept.len());
        let end = (self.offset + self.limit).min(kept.len());
        let found = Found {
            query: &self.query,
            offers: &kept[start..end],
            total: kept.len(),
            limit: self.limit,
            offset: self.offset,
        };
        let mut json = render::page(scene, subject, &found);
        if let Some(warning) = warning {
            let warnings = format!("{{\"warnings\":[{}],", notice::entry(warning));
            json.splice(..1, warnings.into_bytes());
        }
        json
    }
}

fn number(request: &Request, name: &str, default: usize) -> Option<usize> {
    match request.parameter(name) {
        Some(text) => text.parse().ok(),
        None => Some(default),
    }
}

/// The id of the item that is asked for.
pub(super) fn item_id(request: &Request) -> Option<ItemId> {
    ItemId::parse(&request.path_after(ITEM_PATH)?)
}

pub(super) fn item(
    market: &Market,
    subject: &Subject,
    id: ItemId,
    scene: Scene<'_>,
    day: i64,
) -> Reply {
    let (offer, standing) = match market.fate(id, subject, day) {
        Fate::Running(offer) => (offer, Standing::Running),
        Fate::Over { offer, is_sold, days_ago } => (offer, Standing::Ended { is_sold, days_ago }),
        Fate::Gone => return notice::reply(404, &notice::NOT_FOUND),
    };
    Reply::json(200, render::item(scene, subject, &offer, &standing))
}
