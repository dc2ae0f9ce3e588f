//! Addresses for the one who runs the simulator by hand. Nothing here is counted.

use std::str::FromStr;
use std::sync::atomic::Ordering;

use jiff::Timestamp;

use super::fault::Injection;
use super::http::{Reply, Request};
use super::lock;
use super::world::World;

/// `GET /stats`, and `POST` to `/faults?inject=…`, `/latency?ms=…`, `/limit?calls=…`,
/// `/advance?days=…`, `/roll`, `/revoke`. `None` for every other address.
pub(super) fn answer(world: &World, request: &Request) -> Option<Reply> {
    let done = match (request.method.as_str(), request.url.path()) {
        ("GET", "/stats") => return Some(stats(world)),
        ("POST", "/faults") => parameter(request, "inject").map(|injection: Injection| {
            lock(&world.faults).push(injection);
        }),
        ("POST", "/latency") => parameter(request, "ms").map(|ms: u64| {
            world.latency_us.store(ms * 1_000, Ordering::Relaxed);
        }),
        ("POST", "/limit") => parameter(request, "calls").map(|calls| {
            lock(&world.ledger).set_limit(calls);
        }),
        ("POST", "/advance") => parameter(request, "days").map(|days: i64| {
            world.days_ahead.fetch_add(days, Ordering::Relaxed);
        }),
        ("POST", "/roll") => {
            lock(&world.ledger).roll(Timestamp::now());
            Ok(())
        }
        ("POST", "/revoke") => {
            lock(&world.tokens).revoke();
            Ok(())
        }
        _ => return None,
    };
    Some(match done {
        Ok(()) => Reply::empty(204),
        Err(reason) => Reply::of("text/plain", 400, reason + "\n"),
    })
}

fn stats(world: &World) -> Reply {
    let n_minted = lock(&world.tokens).n_minted;
    let stats = lock(&world.ledger).stats(n_minted);
    Reply::json(200, serde_json::to_string_pretty(&stats).unwrap() + "\n")
}

fn parameter<T: FromStr>(request: &Request, name: &str) -> Result<T, String> {
    let text = request.parameter(name).ok_or_else(|| format!("`{name}` is missing"))?;
    text.parse().map_err(|_| format!("`{name}` is `{text}`: see docs/EBAY.md"))
}
