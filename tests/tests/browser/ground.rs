//! A whole Courtier with a month of a tenant, a set of cards, and something that went wrong.

use std::fs;

use jiff::Zoned;
use tempfile::TempDir;
use tests::generate::{Plan, tenants, write};
use tests::simulator::{Endpoint, Fault, Options, Simulator};
use tests::{Process, TestDatabase, amqp_url, courtier, database, remove_queues};
use uuid::Uuid;

/// The running site, and what belongs to it.
pub(crate) struct Ground {
    process: Process,
    _simulator: Simulator,
    _database: TestDatabase,
    _folder: TempDir,
    admin_url: String,
    api_url: String,
    tenant_id: Uuid,
    /// What its processes and tools are told.
    environment: Vec<(&'static str, String)>,
}

const NAME: &str = "nadia";
const PASSWORD: &str = "correct horse battery staple";
const TOKEN: &str = "a-token-that-only-the-tests-know";
const SECRET: &str = "5f0c1b9e7a3d4826b1f0e9d8c7b6a594";

/// A command that was given up, and one that waits; both of a kind that runs at once.
const TROUBLE: &str = "
insert into commands (id, name, status, payload, error, attempt, created_at, started_at, finished_at)
values (':dead', 'diagnostics.ping', 'dead', '{}',
        'eBay refuses the credentials (<script>alert(1)</script>); check EBAY_CLIENT_ID and '
        'EBAY_CLIENT_SECRET', 5,
        now() - interval '1 hour', now() - interval '1 hour', now() - interval '58 minutes'),
       (':waiting', 'diagnostics.ping', 'postponed', '{}',
        'the calls of this day are used up', 0, now() - interval '1 hour', null, null);
insert into attempts (command_id, attempt, outcome, detail, worker, started_at, finished_at)
select ':dead', n, case when n = 5 then 'dead' else 'retrying' end,
       'eBay failed with status 503 (it did not say why)', 'courtier-2', now() - interval '1 hour' + n * interval '20 seconds',
       now() - interval '1 hour' + n * interval '21 seconds'
from generate_series(1, 5) n;
insert into dead_letters (command_id, name, reason)
values (':dead', 'diagnostics.ping',
        'eBay refuses the credentials (<script>alert(1)</script>); check EBAY_CLIENT_ID and '
        'EBAY_CLIENT_SECRET');
update schedules set is_enabled = true
where name in ('exports', 'kpi-yesterday', 'new-cards', 'price-guide');
insert into due (command_id, due_at)
values (':waiting', now() + interval '1 day');
insert into commands (id, name, status, payload, attempt, created_at, started_at, callback_url)
values (':told', 'diagnostics.ping', 'running', '{}', 1, now(), now(),
        'https://n8n.example.com/webhook/kpi');
update commands set status = 'succeeded', finished_at = now(), result = '{\"pong\": true}'
where id = ':told';
";

/// What was seen so far was seen two weeks earlier.
const TWO_WEEKS_AGO: &str = "
update market_snapshots set taken_at = taken_at - interval '14 days';
update snapshot_listings set taken_at = taken_at - interval '14 days';
update buy_prices set taken_at = taken_at - interval '14 days', since = since - interval '14 days',
    estimate_at = estimate_at - interval '14 days';
update price_history set at = at - interval '14 days';
update sold_listings set last_seen_at = last_seen_at - interval '14 days',
    detected_sold_at = detected_sold_at - interval '14 days';
update batch_runs set started_at = started_at - interval '14 days',
    finished_at = finished_at - interval '14 days';
update batch_items set finished_at = finished_at - interval '14 days';
";
/// Looks after the first one.
const N_LOOKS: u32 = 3;

/// Prices that only wait because they leapt: what is on show is far below what the market says.
const LEAPS: &str = "
create temp table leap as
select p.* from buy_prices p join cards c on c.id = p.card_id
where p.verdict = 'OK' and p.neuf >= 2 and greatest(c.cm_trend, c.cm_avg7, c.cm_avg30) > 0
order by p.neuf desc limit 3;
select put_price(row(card_id, round(neuf * 0.6, 1), round(bon * 0.6, 1), round(correct * 0.6, 1),
        round(anchor * 0.55, 2), anchor_source, rule, published_snapshot_id, 'OK', null, 0.999,
        null, null, null)::wanted_price, 'publish', 'snapshot') from leap;
select put_price(row(card_id, null, null, null, null, null, rule, null, 'REVIEW', 'MOVE', 0.995,
        null, null, null)::wanted_price, 'keep', 'snapshot') from leap;
";

impl Ground {
    pub(crate) async fn new() -> Ground {
        let (database, folder) = (database().await, TempDir::new().unwrap());
        let simulator = Simulator::start(Options::default()).await.unwrap();
        let variables = variables(&database, &folder, &simulator);
        let plan =
            Plan { n_tenants: 2, n_tickets: 300, n_days: 40, until: Zoned::now().date(), seed: 7 };
        write(&plan, &folder.path().join("data")).unwrap();
        fs::create_dir(folder.path().join("exports")).unwrap();
        let process = {
            let variables: Vec<_> = variables.iter().map(|(n, v)| (*n, v.as_str())).collect();
            Process::start(&["all"], &variables)
        };
        let admin = process.says("the admin site listens").await["address"].clone();
        let api = process.says("the API listens").await["address"].clone();
        let tenant_id = tenants(1)[0].id;
        fill(&variables, tenant_id).await;
        look_again(&variables, &database, &simulator).await;
        // Of this moment: what an old id names would be pruned.
        let mut trouble = format!("{TROUBLE}{LEAPS}");
        for name in [":dead", ":waiting", ":told"] {
            trouble = trouble.replace(name, &Uuid::now_v7().to_string());
        }
        database.owner().await.batch_execute(&trouble).await.unwrap();
        Ground {
            process,
            _simulator: simulator,
            _database: database,
            _folder: folder,
            admin_url: format!("http://{}", admin.as_str().unwrap()),
            api_url: format!("http://{}", api.as_str().unwrap()),
            tenant_id,
            environment: variables,
        }
    }

    /// Ends it, and takes its queues away.
    pub(crate) async fn end(mut self) {
        self.process.stop().await;
        remove_queues(&self.environment).await;
    }

    /// What the browser tests are told.
    pub(crate) fn variables(&self) -> Vec<(&'static str, String)> {
        vec![
            ("ADMIN_URL", self.admin_url.clone()),
            ("API_URL", self.api_url.clone()),
            ("ADMIN_USERNAME", NAME.to_owned()),
            ("ADMIN_PASSWORD", PASSWORD.to_owned()),
            ("SERVICE_TOKEN", TOKEN.to_owned()),
            ("TENANT_ID", self.tenant_id.to_string()),
        ]
    }
}

fn variables(
    database: &TestDatabase,
    folder: &TempDir,
    simulator: &Simulator,
) -> Vec<(&'static str, String)> {
    let (options, url) = (Options::default(), simulator.url());
    let at = |name: &str| folder.path().join(name).display().to_string();
    let guide = format!("{url}/productCatalog/priceGuide/price_guide_6.json");
    vec![
        ("DATABASE_URL", database.url()),
        ("AMQP_URL", amqp_url()),
        ("AMQP_PREFIX", format!("browser-{}-", Uuid::now_v7().simple())),
        ("LOG_FORMAT", "json".to_owned()),
        ("API_LISTEN", "127.0.0.1:0".to_owned()),
        ("ADMIN_LISTEN", "127.0.0.1:0".to_owned()),
        ("ADMIN_USERNAME", NAME.to_owned()),
        ("ADMIN_PASSWORD_HASH", admin::hash_password(&PASSWORD.into()).unwrap()),
        ("API_KEY_PEPPER", tests::keys::PEPPER.to_owned()),
        ("JWT_SECRET_KEY", tests::keys::JWT_SECRET.to_owned()),
        ("SESSION_SECRET_KEY", SECRET.to_owned()),
        ("SERVICE_TOKEN", TOKEN.to_owned()),
        ("MOCK_DATA_PATH", at("data")),
        ("EXPORTS_PATH", at("exports")),
        ("EBAY_CLIENT_ID", options.client_id),
        ("EBAY_CLIENT_SECRET", options.client_secret),
        ("EBAY_API_URL", url.to_owned()),
        ("TCGDEX_URL", format!("{url}/v2/fr")),
        ("CARDMARKET_PRICE_GUIDE_URL", guide),
        ("ECB_RATES_URL", format!("{url}/stats/eurofxref/eurofxref-daily.xml")),
    ]
}

/// Has the running roles do a day's work, by the operator's own tools.
async fn fill(variables: &[(&str, String)], tenant_id: Uuid) {
    let today = Zoned::now().date();
    let first = today.checked_sub(jiff::Span::new().days(35)).unwrap();
    let last = today.yesterday().unwrap();
    let range =
        format!("enqueue --wait kpi.compute-range tenant_id={tenant_id} from={first} to={last}");
    for line in [
        "seed",
        &format!("enqueue --wait ingest.tickets tenant_id={tenant_id}"),
        &format!("enqueue --wait ingest.time_entries tenant_id={tenant_id}"),
        &range,
        &format!("enqueue --wait exports.generate tenant_id={tenant_id}"),
        "enqueue --wait catalogue.import source=tcgdex set=base2",
        "enqueue --wait catalogue.import source=cardmarket",
        "settings set ebay_requests_per_second=50",
        "run-batch --watch --limit 40",
    ] {
        run(variables, line).await;
    }
}

/// Batches over what the first one has seen, two weeks apart until today; in the last one some cards
/// fail.
async fn look_again(variables: &[(&str, String)], database: &TestDatabase, simulator: &Simulator) {
    let seen = "select card_id from buy_prices order by card_id";
    let seen = database.owner().await.query(seen, &[]).await.unwrap();
    let cards: Vec<String> =
        seen.iter().map(|row| format!("--card {}", row.get::<_, i64>(0))).collect();
    for n_left in (0..N_LOOKS).rev() {
        database.owner().await.batch_execute(TWO_WEEKS_AGO).await.unwrap();
        simulator.advance_days(14);
        if n_left == 0 {
            simulator.inject(Endpoint::Search, Fault::Status(400), 2);
            simulator.inject(Endpoint::Search, Fault::GzipBomb, 1);
        }
        run(variables, &format!("run-batch --watch {}", cards.join(" "))).await;
    }
}

async fn run(variables: &[(&str, String)], line: &str) {
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let arguments: Vec<&str> = line.split(' ').collect();
    let output = courtier(&arguments, &variables).await;
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{line}: {errors}");
}
