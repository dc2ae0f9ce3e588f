//! How long the pages of the admin site take with a large catalogue and a long past.

use std::net::SocketAddr;
use std::time::Instant;

use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode};
use secrecy::SecretString;
use serde_json::json;

use super::ground::Ground;
use super::ingest::median;
use super::report::{Row, thousands};
use super::roles::Role;
use super::{Bench, Result};
use crate::browser::Browser;
use crate::simulator::{Options, Simulator};

const N_CARDS: usize = 25_000;
const N_COMMANDS: i64 = 1_000_000;
const ROUNDS: usize = 5;
const LISTINGS: u64 = 80;
const NAME: &str = "bench";

/// Every card looked at and most of them priced, a batch that ended, and what the market paid.
pub(super) const PAST: &str = "
insert into market_snapshots (card_id, command_id, taken_at, query, total, n_listings, rule,
    statistics, verdict, reason, anchor, anchor_source, confidence)
select id, gen_random_uuid(), now() - id % 40 * interval '1 day', 'Pikachu', 20, 20, 'robust', '{}',
       case when id % 20 = 0 then 'REVIEW' else 'OK' end, case when id % 20 = 0 then 'MOVE' end,
       10 + id % 90, 'EBAY_ACTIVE', 0.5 + id % 50 / 100.0
from cards order by id;
select count(put_price(row(card_id, anchor / 2, anchor / 3, anchor / 4, anchor, anchor_source, rule,
    id, verdict, reason, confidence, anchor, id, taken_at)::wanted_price,
    case when verdict = 'OK' then 'publish' else 'keep' end, 'snapshot'))
from market_snapshots;
insert into batch_runs (id, mode, state, started_at, finished_at, cards_targeted, cards_succeeded)
values ('01900000-0000-7000-8000-000000000001', 'full', 'finished', now() - interval '9 hours',
        now() - interval '2 hours', 25000, 24900);
insert into batch_items (batch_id, card_id, set_id, position, state, detail, calls, finished_at)
select '01900000-0000-7000-8000-000000000001', id, set_id, id,
       case when id % 250 = 0 then 'failed' else 'succeeded' end,
       case when id % 250 = 0 then 'timeout' end, 1, now() - interval '9 hours' + id * interval '1 s'
from cards;
insert into sold_listings (item_id, card_id, title, price, effective_price, currency, last_seen_at,
    detected_sold_at)
select 'v1|' || id, id, 'Pikachu', 10, 12, 'EUR', now() - id % 60 * interval '1 day',
       now() - id % 60 * interval '1 day'
from cards where id % 5 = 0";

/// Cards that only wait because their price has moved far.
const WAIT: &str = "
with known as (
    update cards set cm_trend = 10 where id = any($1)
)
update buy_prices set verdict = 'REVIEW', reason = 'MOVE', confidence = 0.99,
    since = timestamptz '2000-01-01Z'
where card_id = any($1)";

pub(super) async fn measure(bench: &mut Bench) -> Result<()> {
    let ground = Ground::new().await?;
    crate::stock(&mut ground.store.client().await?, N_CARDS).await?;
    ground.add_finished(N_COMMANDS).await?;
    ground.owner.batch_execute(PAST).await?;
    ground.owner.batch_execute("vacuum analyze").await?;
    look_at_some(&ground).await?;
    let password = SecretString::from("a password for measurements only");
    let (site, address) = Role::admin(&ground, NAME, &password).await?;
    let mut reader = Reader::sign_in(address, &password).await?;
    let meter = bench.servers.meter();
    let mut looks = Vec::new();
    for path in paths(&ground).await? {
        looks.push(reader.look(path).await?);
    }
    let load = meter.load();
    bench.report.row(Row {
        what: format!(
            "pages of the admin site, {} cards, {} commands",
            thousands(f64::from(u32::try_from(N_CARDS)?)),
            thousands(f64::from(u32::try_from(N_COMMANDS)?))
        ),
        measured: format!("{}, {:.0} MiB resident", worst(&looks)?, site.memory()?.now_mib()),
        limit: String::new(),
        ratio: None,
        aim: "≤ 100 ms, also at first, ≤ 150 KB",
        load: Some(load),
    });
    drop(site);
    ground.end().await
}

/// The slowest pages, by each measure, and the largest.
fn worst(looks: &[Look]) -> Result<String> {
    let slowest = |ms: fn(&Look) -> f64| looks.iter().max_by(|a, b| ms(a).total_cmp(&ms(b)));
    let (again, first) = (slowest(|look| look.again_ms), slowest(|look| look.first_ms));
    let largest = looks.iter().max_by_key(|look| look.n_bytes);
    let (Some(again), Some(first), Some(largest)) = (again, first, largest) else {
        return Err("there is no page".into());
    };
    Ok(format!(
        "slowest {:.0} ms (`{}`), at first {:.0} ms (`{}`), largest {} KiB (`{}`)",
        again.again_ms,
        again.path,
        first.first_ms,
        first.path,
        largest.n_bytes / 1024,
        largest.path
    ))
}

/// Some cards have listings to show, and wait, though surely priced, longer than all others.
async fn look_at_some(ground: &Ground) -> Result<()> {
    let simulator =
        Simulator::start(Options { listings_per_card: Some(LISTINGS), ..Options::default() })
            .await?;
    let scheduler = Role::scheduler(ground).await?;
    let worker = Role::card_worker(ground, &["batch", "cards"], &simulator).await?;
    let cards: Vec<i64> = ids(ground, "select id from cards order by id limit 25").await?;
    ground.run("batch.run", json!({ "cards": cards })).await?;
    drop((scheduler, worker));
    ground.owner.execute(WAIT, &[&cards]).await?;
    Ok(())
}

async fn ids(ground: &Ground, query: &str) -> Result<Vec<i64>> {
    Ok(ground.owner.query(query, &[]).await?.iter().map(|row| row.get(0)).collect())
}

/// Every page, and the lists once more by their dearest filters.
async fn paths(ground: &Ground) -> Result<Vec<String>> {
    let card = ids(ground, "select id from cards order by id limit 1").await?;
    let command: uuid::Uuid =
        ground.owner.query_one("select min(id::text)::uuid from commands", &[]).await?.get(0);
    let fixed = [
        "/",
        "/settings",
        "/cards",
        "/cards?sort=price&q=pika",
        "/cards?set=set1&status=review",
        "/review",
        "/review/sure",
        "/sets",
        "/sales",
        "/import",
        "/exports",
        "/batches",
        "/batches?estimate=1&set=&mode=full&limit=",
        "/batches/01900000-0000-7000-8000-000000000001",
        "/commands",
        "/commands?status=running&name=kpi.compute-daily",
        "/dead-letters",
        "/lanes",
        "/tenants",
        "/api-keys",
        "/audit",
    ];
    let known = [format!("/cards/{}", card[0]), format!("/commands/{command}")];
    Ok(fixed.into_iter().map(str::to_owned).chain(known).collect())
}

/// How a page was seen, until its last byte.
struct Look {
    path: String,
    /// Figures over the whole catalogue, which are kept for some seconds, are counted for the first
    /// page that shows them.
    first_ms: f64,
    /// The median of looks of which all but the first find such figures kept.
    again_ms: f64,
    n_bytes: usize,
}

/// Somebody who is signed in.
struct Reader {
    client: Client,
    url: String,
    browser: Browser,
}

impl Reader {
    async fn sign_in(address: SocketAddr, password: &SecretString) -> Result<Reader> {
        use secrecy::ExposeSecret as _;
        let client = Client::builder().no_proxy().redirect(Policy::none()).build()?;
        let mut reader =
            Reader { client, url: format!("http://{address}"), browser: Browser::default() };
        reader.browser.send(reader.client.get(format!("{}/login", reader.url))).await?;
        let fields = [("username", NAME), ("password", password.expose_secret())];
        let request = reader.client.post(format!("{}/login", reader.url));
        let page = reader.browser.submit(request, &fields).await?;
        match page.status {
            StatusCode::SEE_OTHER => Ok(reader),
            status => Err(format!("signing in was answered with {status}").into()),
        }
    }

    async fn look(&mut self, path: String) -> Result<Look> {
        let mut rounds_ms = Vec::new();
        let mut n_bytes = 0;
        for _ in 0..ROUNDS {
            let request = self.client.get(format!("{}{path}", self.url));
            let started = Instant::now();
            let page = self.browser.send(request).await?;
            rounds_ms.push(started.elapsed().as_secs_f64() * 1e3);
            if page.status != StatusCode::OK {
                return Err(format!("{path} was answered with {}", page.status).into());
            }
            n_bytes = page.text.len();
        }
        let first_ms = rounds_ms[0];
        Ok(Look { path, first_ms, again_ms: median(&mut rounds_ms), n_bytes })
    }
}
