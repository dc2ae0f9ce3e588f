//! The quota holds to the call, with any number of workers.

use tests::Process;
use tests::simulator::{Endpoint, Options};

use crate::shop::Shop;

const LIMIT: u64 = 50;
const N_CARDS: usize = 1_000;
const N_PROCESSES: usize = 8;

/// All cards have had their turn: priced, or waiting for the next window.
const ALL_HAD_A_TURN: &str = "
    select count(*) = 0 from commands
    where name = 'cards.price' and status not in ('succeeded', 'postponed')";

async fn limited() -> Shop {
    let shop = Shop::new(N_CARDS, Options { limit: LIMIT, ..Options::default() }).await;
    shop.set(&[("daily_api_limit", &LIMIT.to_string())]).await;
    shop
}

/// A worker on the lane of cards, as a process of its own.
fn process(shop: &Shop) -> Process {
    let (options, url, amqp) = (Options::default(), shop.fabric.database.url(), tests::amqp_url());
    let variables = [
        ("DATABASE_URL", url.as_str()),
        ("AMQP_URL", amqp.as_str()),
        ("AMQP_PREFIX", shop.fabric.prefix()),
        ("EBAY_API_URL", shop.simulator.url()),
        ("EBAY_CLIENT_ID", options.client_id.as_str()),
        ("EBAY_CLIENT_SECRET", options.client_secret.as_str()),
    ];
    Process::start(&["worker", "--lanes", "cards"], &variables)
}

/// The window ends for the ledger and for eBay alike, and what waited is due.
async fn roll(shop: &Shop) {
    shop.simulator.roll_window();
    let owner = shop.fabric.database.owner().await;
    owner
        .batch_execute(
            "update api_usage set window_end = clock_timestamp() - interval '1 minute';
             update due set due_at = clock_timestamp()",
        )
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn eight_processes_never_exceed_the_limit_and_defer_the_rest() {
    let mut shop = limited().await;
    shop.order_each().await;
    shop.workers(0);
    let processes: Vec<Process> = (0..N_PROCESSES).map(|_| process(&shop)).collect();
    shop.fabric.until_true(ALL_HAD_A_TURN).await;
    assert_eq!(shop.simulator.browse_calls(), LIMIT);
    shop.assert_settled().await;
    let priced = "select count(*) from commands where status = 'succeeded'";
    assert_eq!(shop.number(priced).await.unsigned_abs(), LIMIT);

    roll(&shop).await;
    let goal = format!("select count(*) = {} from commands where status = 'succeeded'", LIMIT * 2);
    shop.fabric.until_true(&goal).await;
    shop.fabric.until_true(ALL_HAD_A_TURN).await;
    assert_eq!(shop.simulator.browse_calls(), LIMIT * 2);
    assert_eq!(shop.simulator.stats().window_refused, 0);
    processes.into_iter().for_each(Process::kill);
    shop.fabric.stop().await;
}

/// Workers that die lose what they hold: that counts as spent, so that fewer calls arrive, never
/// more.
#[tokio::test(flavor = "multi_thread")]
async fn killed_workers_never_exceed_the_limit() {
    let mut shop = limited().await;
    shop.order_each().await;
    shop.workers(0);
    for round in 1..=3 {
        let worker = process(&shop);
        // In the middle of its work, at another point each time.
        while shop.simulator.arrived(Endpoint::Search) < 3 * round {
            tokio::task::yield_now().await;
        }
        worker.kill();
    }
    let owner = shop.fabric.database.owner().await;
    let lapse = "update api_reservations set expires_at = clock_timestamp() where state = 'held';
                 update commands set lease_until = clock_timestamp() where status = 'running';
                 update due set due_at = clock_timestamp()";
    owner.batch_execute(lapse).await.unwrap();
    shop.fabric.card_worker(&shop.simulator);
    shop.fabric.until_true("select used = daily_limit from api_usage").await;
    assert!(shop.simulator.browse_calls() <= LIMIT, "{:?}", shop.simulator.stats());
    assert_eq!(shop.simulator.stats().window_refused, 0);
    assert_eq!(shop.number("select count(*) from dead_letters").await, 0);
    shop.fabric.stop().await;
}
