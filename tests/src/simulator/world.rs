//! The state behind all connections, and the answer to each request.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use jiff::{Timestamp, ToSpan as _};

use super::Options;
use super::browse::{self, ITEM_PATH, SEARCH_PATH, Search};
use super::control;
use super::fault::{Fault, Faults};
use super::http::{Ending, Reply, Request};
use super::identity;
use super::ledger::{Arrival, Endpoint, Ledger};
use super::lock;
use super::market::{Market, Subject};
use super::notice;
use super::reference::{self, Reference};
use super::render::Scene;
use super::tokens::Tokens;

const TOKEN_PATH: &str = "/identity/v1/oauth2/token";
const RATE_LIMIT_PATH: &str = "/developer/analytics/v1_beta/rate_limit";
const TCGDEX_PATH: &str = "/v2/fr/";
const PRICE_GUIDE_PATH: &str = "/productCatalog/priceGuide/price_guide_6.json";
pub(super) const RATES_PATH: &str = "/stats/eurofxref/eurofxref-daily.xml";
/// Rendered pages that are kept, in bytes.
const MAX_PAGES_BYTES: usize = 256 << 20;

#[derive(Debug)]
pub(super) struct World {
    pub(super) url: String,
    pub(super) ledger: Mutex<Ledger>,
    pub(super) tokens: Mutex<Tokens>,
    pub(super) faults: Mutex<Faults>,
    pub(super) latency_us: AtomicU64,
    /// How far the market's calendar is ahead.
    pub(super) days_ahead: AtomicI64,
    market: Market,
    credentials: String,
    reference: Reference,
    n_guide_entries: usize,
    price_guide: OnceLock<Bytes>,
    /// By id, so that an item can be shown under the name of its card.
    subjects: Mutex<HashMap<u64, Subject>>,
    pages: Mutex<Pages>,
}

/// Pages by what was asked for.
#[derive(Debug, Default)]
struct Pages {
    by_request: HashMap<String, Bytes>,
    n_bytes: usize,
}

impl World {
    pub(super) fn new(url: String, options: &Options, reference: Reference) -> World {
        let now = Timestamp::now();
        World {
            url,
            ledger: Mutex::new(Ledger::new(options.limit, options.window, now)),
            tokens: Mutex::new(Tokens::new(options.token_lifetime)),
            faults: Mutex::default(),
            latency_us: AtomicU64::new(microseconds(options.latency)),
            days_ahead: AtomicI64::new(0),
            market: Market { seed: options.seed, places: options.listings_per_card },
            credentials: format!("{}:{}", options.client_id, options.client_secret),
            reference,
            n_guide_entries: options.price_guide_entries,
            price_guide: OnceLock::new(),
            subjects: Mutex::default(),
            pages: Mutex::default(),
        }
    }

    /// Counts the request, lets it go wrong if that was ordered, and answers it.
    pub(super) async fn answer(&self, request: &Request) -> Reply {
        if let Some(reply) = control::answer(self, request) {
            return reply;
        }
        let now = Timestamp::now();
        let (endpoint, subject) = route(request);
        let is_within_limit = lock(&self.ledger).arrive(endpoint, now);
        let fault = lock(&self.faults).take(endpoint);
        self.wait(fault.as_ref()).await;
        let reply = match &fault {
            None => self.right_answer(request, endpoint, is_within_limit, now),
            Some(fault) => fault.reply().unwrap_or_else(|| {
                fault.spoil(self.right_answer(request, endpoint, is_within_limit, now))
            }),
        };
        let status = if reply.ending == Ending::Reset { 0 } else { reply.status };
        let arrival = Arrival { at: now, endpoint, status, subject };
        lock(&self.ledger).answered(arrival);
        reply
    }

    async fn wait(&self, fault: Option<&Fault>) {
        let mut delay = Duration::from_micros(self.latency_us.load(Ordering::Relaxed));
        if let Some(Fault::Delay(extra)) = fault {
            delay += *extra;
        }
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
    }

    fn right_answer(
        &self,
        request: &Request,
        endpoint: Endpoint,
        is_within_limit: bool,
        now: Timestamp,
    ) -> Reply {
        let needs_token = endpoint.is_browse() || endpoint == Endpoint::RateLimit;
        if needs_token && let Some(refusal) = identity::check(request, &self.tokens, now) {
            return refusal;
        }
        if !is_within_limit {
            return notice::limit_reached();
        }
        match endpoint {
            Endpoint::Token => identity::mint(request, &self.credentials, &self.tokens, now),
            Endpoint::Search => self.search(request, now),
            Endpoint::Item => self.item(request, now),
            Endpoint::RateLimit => Reply::json(200, lock(&self.ledger).rate_limit()),
            Endpoint::Tcgdex => {
                let path = request.path_after(TCGDEX_PATH).unwrap_or_default();
                self.reference.tcgdex(&path, &self.market, now)
            }
            Endpoint::PriceGuide => Reply::json(200, self.price_guide(now)),
            Endpoint::Rates => reference::rates(now),
            Endpoint::Unknown => notice::reply(404, &notice::NO_RESOURCE),
        }
    }

    fn search(&self, request: &Request, now: Timestamp) -> Reply {
        let search = match Search::of(request) {
            Ok(search) => search,
            Err(refusal) => return notice::reply(400, refusal),
        };
        let marketplace = marketplace(request);
        let today = self.today(now);
        let day = day_of(today);
        let Search { query, filter, limit, offset } = &search;
        let key = format!("{day}\t{marketplace}\t{limit}\t{offset}\t{filter}\t{query}");
        if let Some(page) = lock(&self.pages).by_request.get(&key) {
            return Reply::json(200, page.clone());
        }
        let subject = self.market.subject(query);
        let scene = Scene { base_url: &self.url, marketplace, today };
        let page = Bytes::from(search.render(&self.market, &subject, scene, day));
        lock(&self.subjects).insert(subject.id, subject);
        lock(&self.pages).keep(key, page.clone());
        Reply::json(200, page)
    }

    fn item(&self, request: &Request, now: Timestamp) -> Reply {
        let Some(id) = browse::item_id(request) else {
            return notice::reply(404, &notice::NOT_FOUND);
        };
        // An item of a card that nobody has searched for was never offered.
        let Some(subject) = lock(&self.subjects).get(&id.subject_id).cloned() else {
            return notice::reply(404, &notice::NOT_FOUND);
        };
        let today = self.today(now);
        let scene = Scene { base_url: &self.url, marketplace: marketplace(request), today };
        browse::item(&self.market, &subject, id, scene, day_of(today))
    }

    fn price_guide(&self, now: Timestamp) -> Bytes {
        let render = || self.reference.price_guide(&self.market, self.n_guide_entries, now).into();
        self.price_guide.get_or_init(render).clone()
    }

    /// The market's instant.
    fn today(&self, now: Timestamp) -> Timestamp {
        now + (24 * self.days_ahead.load(Ordering::Relaxed)).hours()
    }
}

impl Pages {
    fn keep(&mut self, key: String, page: Bytes) {
        if self.n_bytes + page.len() > MAX_PAGES_BYTES {
            *self = Pages::default();
        }
        self.n_bytes += page.len();
        self.by_request.insert(key, page);
    }
}

fn route(request: &Request) -> (Endpoint, String) {
    let path = request.url.path();
    if path == SEARCH_PATH {
        return (Endpoint::Search, request.parameter("q").unwrap_or_default());
    }
    if let Some(id) = request.path_after(ITEM_PATH) {
        return (Endpoint::Item, id);
    }
    if let Some(rest) = request.path_after(TCGDEX_PATH) {
        return (Endpoint::Tcgdex, rest);
    }
    let endpoint = match path.trim_end_matches('/') {
        TOKEN_PATH => Endpoint::Token,
        RATE_LIMIT_PATH => Endpoint::RateLimit,
        PRICE_GUIDE_PATH => Endpoint::PriceGuide,
        RATES_PATH => Endpoint::Rates,
        _ => Endpoint::Unknown,
    };
    (endpoint, path.to_owned())
}

/// eBay takes those who do not say for Americans.
fn marketplace(request: &Request) -> &str {
    request.header("x-ebay-c-marketplace-id").unwrap_or("EBAY_US")
}

fn day_of(instant: Timestamp) -> i64 {
    instant.as_second().div_euclid(86_400)
}

pub(super) fn microseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_micros()).unwrap_or(u64::MAX)
}
