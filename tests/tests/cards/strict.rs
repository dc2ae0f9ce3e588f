//! The quota holds to the call, with any number of workers.

use serde_json::json;
use tests::Process;
use tests::generate::Random;
use tests::simulator::{Arrival, Endpoint, Options};
use tokio::sync::Mutex;

use crate::shop::Shop;

const LIMIT: u64 = 50;
const N_PROCESSES: usize = 8;
/// Eight processes at a time have connections enough to PostgreSQL.
static TURN: Mutex<()> = Mutex::const_new(());

/// All cards have had their turn: priced, or waiting for the next window.
const ALL_HAD_A_TURN: &str = "
    select count(*) = 0 from commands
    where name = 'cards.price' and status not in ('succeeded', 'postponed')";

async fn limited(n_cards: usize) -> Shop {
    let shop = Shop::new(n_cards, Options { limit: LIMIT, ..Options::default() }).await;
    shop.set(&[("daily_api_limit", &LIMIT.to_string())]).await;
    shop
}

/// A worker on one lane, as a process of its own.
fn process(shop: &Shop, lane: &str) -> Process {
    let (options, url, amqp) = (Options::default(), shop.fabric.database.url(), tests::amqp_url());
    let variables = [
        ("DATABASE_URL", url.as_str()),
        ("AMQP_URL", amqp.as_str()),
        ("AMQP_PREFIX", shop.fabric.prefix()),
        ("EBAY_API_URL", shop.simulator.url()),
        ("EBAY_CLIENT_ID", options.client_id.as_str()),
        ("EBAY_CLIENT_SECRET", options.client_secret.as_str()),
    ];
    Process::start(&["worker", "--lanes", lane], &variables)
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_never_exceed_the_limit_and_defer_the_rest() {
    let _turn = TURN.lock().await;
    let mut shop = limited(1_000).await;
    shop.order_each().await;
    shop.workers(0);
    let processes: Vec<Process> = (0..N_PROCESSES).map(|_| process(&shop, "cards")).collect();
    shop.fabric.until_true(ALL_HAD_A_TURN).await;
    assert_eq!(shop.simulator.browse_calls(), LIMIT);
    shop.assert_settled().await;
    let priced = "select count(*) from commands where status = 'succeeded'";
    assert_eq!(shop.number(priced).await.unsigned_abs(), LIMIT);

    shop.roll().await;
    let goal = format!("select count(*) = {} from commands where status = 'succeeded'", LIMIT * 2);
    shop.fabric.until_true(&goal).await;
    shop.fabric.until_true(ALL_HAD_A_TURN).await;
    assert_eq!(shop.simulator.browse_calls(), LIMIT * 2);
    assert_eq!(shop.simulator.stats().window_refused, 0);
    processes.into_iter().for_each(Process::kill);
    shop.fabric.stop().await;
}

/// Workers that die lose what they hold: that counts as spent, so that fewer calls arrive, never
/// more. Who dies, and when, follows from a seed.
#[tokio::test(flavor = "multi_thread")]
async fn processes_that_are_killed_at_random_never_exceed_the_limit() {
    const N_CARDS: usize = 200;
    const N_KILLED: usize = 8;
    let _turn = TURN.lock().await;
    let mut random = Random::new(7, 0);
    let mut shop = limited(N_CARDS).await;
    shop.order_each().await;
    shop.workers(0);
    let mut processes: Vec<Process> = (0..N_PROCESSES).map(|_| process(&shop, "cards")).collect();
    for _ in 0..N_KILLED {
        let goal = shop.simulator.browse_calls() + 1 + random.below(3);
        // Until so many more have arrived, or there are none to be had.
        while shop.simulator.browse_calls() < goal.min(LIMIT) && !shop.is_used_up().await {}
        let victim = random.below(N_PROCESSES as u64);
        processes.swap_remove(victim.try_into().unwrap()).kill();
        processes.push(process(&shop, "cards"));
    }
    processes.into_iter().for_each(Process::kill);
    let arrived = shop.simulator.browse_calls();
    assert!((1..=LIMIT).contains(&arrived), "{arrived} calls");
    shop.lapse().await;
    shop.fabric.until_true("select sum(reserved) = 0 from api_usage").await;
    let used = shop.number("select sum(used)::bigint from api_usage").await.unsigned_abs();
    assert!((arrived..=LIMIT).contains(&used), "{used} are counted, {arrived} arrived");

    let processes: Vec<Process> = (0..N_PROCESSES).map(|_| process(&shop, "cards")).collect();
    shop.fabric.until_true(ALL_HAD_A_TURN).await;
    assert!(shop.simulator.browse_calls() <= LIMIT, "{:?}", shop.simulator.stats());
    let n_left = shop.number("select count(*) from commands where status = 'postponed'").await;
    let enough = (n_left.unsigned_abs() + LIMIT).to_string();
    shop.set(&[("daily_api_limit", &enough)]).await;
    shop.simulator.set_limit(enough.parse().unwrap());
    shop.roll().await;
    shop.fabric.until_true("select bool_and(status = 'succeeded') from commands").await;
    assert_eq!(shop.simulator.stats().window_refused, 0);
    assert_eq!(shop.number("select count(*) from dead_letters").await, 0);
    assert_eq!(shop.count("select count(distinct card_id) from market_snapshots").await, N_CARDS);
    processes.into_iter().for_each(Process::kill);
    shop.fabric.stop().await;
}

/// A worker for people only calls besides those of batches, and the rate is one for all.
#[tokio::test(flavor = "multi_thread")]
async fn workers_of_either_lane_share_the_rate() {
    const REQUESTS_PER_SECOND: f64 = 20.0;
    let mut shop = Shop::new(30, Options::default()).await;
    shop.set(&[("ebay_requests_per_second", &REQUESTS_PER_SECOND.to_string())]).await;
    shop.workers(0);
    let processes = ["cards", "reprice"].map(|lane| process(&shop, lane));
    shop.fabric.until_true("select count(*) = 2 from workers").await;
    let cards = shop.order_each().await;
    for card_id in cards {
        shop.fabric.accept("cards.reprice", json!({ "card_id": card_id })).await;
    }
    shop.fabric.until_true("select bool_and(status = 'succeeded') from commands").await;
    let called: Vec<_> = shop.simulator.arrivals().into_iter().filter(is_search).collect();
    assert_eq!(called.len(), 60);
    let seconds = called[59].at.duration_since(called[0].at).as_secs_f64();
    // Each worker may have saved up one call, and its first is none of the interval.
    let fastest = (60.0 - 4.0) / REQUESTS_PER_SECOND;
    assert!(seconds >= fastest, "60 calls within {seconds} s");
    processes.into_iter().for_each(Process::kill);
    shop.fabric.stop().await;
}

fn is_search(arrival: &Arrival) -> bool {
    arrival.endpoint == Endpoint::Search
}
