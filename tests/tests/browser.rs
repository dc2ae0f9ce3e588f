//! The admin site in a real browser: `tests/browser/*.mjs` drive the distribution's Chromium against
//! a whole Courtier with data in it. Pictures of every page are left in `target/screenshots`.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "browser/ground.rs"]
mod ground;
#[path = "browser/tools.rs"]
mod tools;

use ground::Ground;

/// What people do: sign in, change a setting, replay, revoke, on a phone and by keyboard.
#[tokio::test(flavor = "multi_thread")]
async fn people_find_their_way() {
    let ground = Ground::new().await;
    tools::node_test("journeys.test.mjs", &ground.variables()).await;
    ground.end().await;
}

/// What the shop does: batches, reviews, corrections, files.
#[tokio::test(flavor = "multi_thread")]
async fn the_shop_is_run_from_its_pages() {
    let ground = Ground::new().await;
    tools::node_test("shop.test.mjs", &ground.variables()).await;
    ground.end().await;
}

/// Every page in both themes and languages, wide and on a phone: `make screenshots` shows them.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_fit_to_be_seen() {
    let ground = Ground::new().await;
    tools::node_test("pages.test.mjs", &ground.variables()).await;
    ground.end().await;
}

/// The same of questions, refusals and empty lists.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_fit_to_be_seen_in_its_rarer_states() {
    let ground = Ground::new().await;
    tools::node_test("states.test.mjs", &ground.variables()).await;
    ground.end().await;
}
