//! Who called what, and how much of the limit is left.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _, Unit};
use serde::Serialize;

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    Token,
    Search,
    Item,
    RateLimit,
    Tcgdex,
    PriceGuide,
    Rates,
    /// An address that nothing answers to.
    Unknown,
}

impl Endpoint {
    /// Whether it is paid from the calls of Browse.
    pub fn is_browse(self) -> bool {
        matches!(self, Endpoint::Search | Endpoint::Item)
    }
}

impl FromStr for Endpoint {
    type Err = String;

    fn from_str(text: &str) -> Result<Endpoint, String> {
        Ok(match text {
            "token" => Endpoint::Token,
            "search" => Endpoint::Search,
            "item" => Endpoint::Item,
            "rate_limit" => Endpoint::RateLimit,
            "tcgdex" => Endpoint::Tcgdex,
            "price_guide" => Endpoint::PriceGuide,
            "rates" => Endpoint::Rates,
            _ => return Err(format!("`{text}` is not an endpoint")),
        })
    }
}

/// When the count of calls starts again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// At midnight in Los Angeles, as eBay's does.
    Pacific,
    /// After this long, again and again.
    Every(Duration),
}

/// One request that arrived.
#[derive(Clone, Debug, Serialize)]
pub struct Arrival {
    pub at: Timestamp,
    pub endpoint: Endpoint,
    /// What it was answered with; 0 when the connection was reset.
    pub status: u16,
    /// The query of a search, or the id of an item, a card or a set.
    pub subject: String,
}

/// The counters, as `/stats` shows them.
#[derive(Clone, Debug, Serialize)]
pub struct Stats {
    /// Every request, by endpoint, whatever became of it.
    pub arrived: BTreeMap<Endpoint, u64>,
    /// The same by hour, UTC.
    pub by_hour: BTreeMap<String, BTreeMap<Endpoint, u64>>,
    pub by_status: BTreeMap<u16, u64>,
    /// Calls of Browse in the window that is running.
    pub window_calls: u64,
    /// Of these, the ones that came when the limit was reached already.
    pub window_refused: u64,
    pub limit: u64,
    pub reset: Timestamp,
    pub tokens_minted: u64,
}

#[derive(Debug)]
pub(super) struct Ledger {
    window: Window,
    limit: u64,
    calls: u64,
    refused: u64,
    reset: Timestamp,
    arrived: BTreeMap<Endpoint, u64>,
    by_hour: BTreeMap<String, BTreeMap<Endpoint, u64>>,
    by_status: BTreeMap<u16, u64>,
    arrivals: Vec<Arrival>,
}

/// A log of a long run by hand must not fill the memory.
const MAX_ARRIVALS: usize = 200_000;

impl Ledger {
    pub(super) fn new(limit: u64, window: Window, now: Timestamp) -> Ledger {
        Ledger {
            window,
            limit,
            calls: 0,
            refused: 0,
            reset: window.end(now),
            arrived: BTreeMap::new(),
            by_hour: BTreeMap::new(),
            by_status: BTreeMap::new(),
            arrivals: Vec::new(),
        }
    }

    /// Counts a request as it arrives. `false` when it is beyond the limit; eBay counts it still.
    pub(super) fn arrive(&mut self, endpoint: Endpoint, now: Timestamp) -> bool {
        if now >= self.reset {
            self.roll(now);
        }
        *self.arrived.entry(endpoint).or_default() += 1;
        let hour = now.strftime("%Y-%m-%dT%HZ").to_string();
        *self.by_hour.entry(hour).or_default().entry(endpoint).or_default() += 1;
        if !endpoint.is_browse() {
            return true;
        }
        self.calls += 1;
        let is_within = self.calls <= self.limit;
        self.refused += u64::from(!is_within);
        is_within
    }

    pub(super) fn answered(&mut self, arrival: Arrival) {
        *self.by_status.entry(arrival.status).or_default() += 1;
        if self.arrivals.len() < MAX_ARRIVALS {
            self.arrivals.push(arrival);
        }
    }

    /// Starts a new window now.
    pub(super) fn roll(&mut self, now: Timestamp) {
        (self.calls, self.refused) = (0, 0);
        self.reset = self.window.end(now);
    }

    pub(super) fn set_limit(&mut self, limit: u64) {
        self.limit = limit;
    }

    pub(super) fn arrivals(&self) -> Vec<Arrival> {
        self.arrivals.clone()
    }

    pub(super) fn arrived(&self, endpoint: Endpoint) -> u64 {
        self.arrived.get(&endpoint).copied().unwrap_or(0)
    }

    pub(super) fn stats(&self, tokens_minted: u64) -> Stats {
        Stats {
            arrived: self.arrived.clone(),
            by_hour: self.by_hour.clone(),
            by_status: self.by_status.clone(),
            window_calls: self.calls,
            window_refused: self.refused,
            limit: self.limit,
            reset: self.reset,
            tokens_minted,
        }
    }

    /// The body of the rate limit endpoint.
    pub(super) fn rate_limit(&self) -> String {
        let (limit, count) = (self.limit, self.calls);
        let remaining = limit.saturating_sub(count);
        let reset = self.reset.strftime("%Y-%m-%dT%H:%M:%S.000Z");
        let seconds = self.window.seconds();
        let rates = |count: u64, remaining: u64| {
            format!(
                r#"[{{"count":{count},"limit":{limit},"remaining":{remaining},"reset":"{reset}","timeWindow":{seconds}}}]"#
            )
        };
        let (browse, bulk) = (rates(count, remaining), rates(0, limit));
        format!(
            r#"{{"rateLimits":[{{"apiContext":"buy","apiName":"Offer","apiVersion":"v1_beta","resources":[]}},{{"apiContext":"buy","apiName":"Browse","apiVersion":"v1","resources":[{{"name":"buy.browse.item.bulk","rates":{bulk}}},{{"name":"buy.browse","rates":{browse}}}]}}]}}"#
        )
    }
}

impl Window {
    fn end(self, now: Timestamp) -> Timestamp {
        match self {
            Window::Pacific => {
                let zone = TimeZone::get("America/Los_Angeles").unwrap();
                let tomorrow = now.to_zoned(zone).start_of_day().unwrap().checked_add(1.day());
                tomorrow.unwrap().timestamp()
            }
            Window::Every(length) => {
                let end = now.checked_add(SignedDuration::try_from(length).unwrap()).unwrap();
                // eBay tells whole seconds, and a client must not call before.
                end.round(Unit::Second).unwrap()
            }
        }
    }

    fn seconds(self) -> u64 {
        match self {
            Window::Pacific => 86_400,
            Window::Every(length) => length.as_secs(),
        }
    }
}
