//! The single checks.

use std::{fs, path::Path, time::Duration};

use broker::Broker;
use jiff::Timestamp;
use settings::{api::Api, files::Files};
use store::{
    Client, Session, Store,
    accept::{Accepter, NewCommand},
    migrate,
};
use uuid::Uuid;

use super::Check;
use crate::start;

/// Clocks further apart than this make leases and days wrong.
const CLOCK_SECONDS: i64 = 5;
/// Longest wait for the ping.
const PING: Duration = Duration::from_secs(15);
const PING_POLL: Duration = Duration::from_millis(50);

/// The service token, as `courtier api` would read it.
pub(super) fn token() -> Check {
    match start::load(Api::load) {
        Ok(_) => {
            Check::well("service token", "is set, and long enough, and so are the API's secrets")
        }
        Err(problems) => Check::ill(
            "service token",
            problems.to_string(),
            "set what is named to the output of `openssl rand -hex 32`: SERVICE_TOKEN as n8n has it, API_KEY_PEPPER as the admin site has it",
        ),
    }
}

/// The database, its migrations and its clock.
pub(super) async fn database(store: &Store) -> Vec<Check> {
    let client = match store.client().await {
        Ok(client) => client,
        Err(error) => {
            let advice = "check host, port, user and password in DATABASE_URL, that both \
                          containers share a network, and that `courtier migrate` has run once";
            return vec![Check::ill("database", error.to_string(), advice)];
        }
    };
    vec![
        Check::well("database", "answers in the role courtier_worker"),
        migrations(&client).await,
        clock(&client).await,
    ]
}

async fn migrations(client: &Client) -> Check {
    match migrate::status(client).await {
        Ok(status) if status.pending.is_empty() => {
            Check::well("migrations", format!("all {} are applied", status.known))
        }
        Ok(status) => {
            let missing = format!("missing: {}", status.pending.join(", "));
            Check::ill("migrations", missing, "run `courtier migrate`")
        }
        Err(error) => Check::ill("migrations", error.to_string(), "run `courtier migrate`"),
    }
}

async fn clock(client: &Client) -> Check {
    let advice = "synchronise the clocks of both hosts (NTP)";
    match migrate::now(client).await {
        Ok(now) => {
            let apart = (Timestamp::now() - now).get_seconds().abs();
            let detail = format!("{apart} s apart from the database's");
            match apart {
                0..=CLOCK_SECONDS => Check::well("clock", detail),
                _ => Check::ill("clock", detail, advice),
            }
        }
        Err(error) => Check::ill("clock", error.to_string(), advice),
    }
}

/// The broker's topology, and who listens.
pub(super) async fn broker(broker: &Broker) -> Vec<Check> {
    let differences = match broker.inspect().await {
        Ok(differences) => differences,
        Err(error) => {
            let advice = "check host, port, user, password and virtual host in AMQP_URL";
            return vec![Check::ill("broker", error.to_string(), advice)];
        }
    };
    if !differences.is_empty() {
        let named: Vec<_> = differences.iter().map(ToString::to_string).collect();
        let advice = "missing parts come with the first worker or scheduler; delete a queue that \
                      differs once it is empty";
        return vec![Check::ill("broker topology", named.join("; "), advice)];
    }
    vec![Check::well("broker topology", "is as it should be"), consumers(broker).await]
}

async fn consumers(broker: &Broker) -> Check {
    let advice = "start `courtier worker` (lanes) and `courtier scheduler` (dead letters)";
    match broker.depths().await {
        Ok(depths) => {
            let alone = depths.iter().filter(|depth| depth.consumers == 0);
            let alone: Vec<_> = alone.map(|depth| depth.lane.as_str()).collect();
            if alone.is_empty() {
                return Check::well("consumers", "every lane has one");
            }
            Check::ill("consumers", format!("nobody listens to {}", alone.join(", ")), advice)
        }
        Err(error) => Check::ill("consumers", error.to_string(), advice),
    }
}

/// The folder of the mock source.
pub(super) fn mock_data(files: &Files) -> Check {
    match psa::mock::read_tenants(&files.mock_data) {
        Ok(file) => Check::well(
            "mock data",
            format!("{} tenants in {}", file.tenants.len(), files.mock_data.display()),
        ),
        Err(error) => Check::ill(
            "mock data",
            error.to_string(),
            "mount the folder of tenants.json read-only at MOCK_DATA_PATH",
        ),
    }
}

/// The folder of the exports.
pub(super) fn exports(files: &Files) -> Check {
    match write_probe(&files.exports) {
        Ok(()) => Check::well("exports", format!("{} can be written", files.exports.display())),
        Err(error) => Check::ill(
            "exports",
            format!("{}: {error}", files.exports.display()),
            "mount a volume at EXPORTS_PATH that the user of this process can write to",
        ),
    }
}

fn write_probe(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let probe = folder.join(format!(".doctor-{}", Uuid::now_v7()));
    fs::write(&probe, b"probe")?;
    fs::remove_file(probe)
}

/// Sends a command through the whole path.
pub(super) async fn ping(store: &Store) -> Check {
    let advice = "read the logs of the scheduler (it relays) and of the worker (it runs)";
    let started = std::time::Instant::now();
    match tokio::time::timeout(PING, send_ping(store)).await {
        Ok(Ok(())) => {
            let detail = format!("through the whole path in {} ms", started.elapsed().as_millis());
            Check::well("ping", detail)
        }
        Ok(Err(error)) => Check::ill("ping", error.to_string(), advice),
        Err(_) => {
            let detail = format!("not run within {} s", PING.as_secs());
            Check::ill("ping", detail, advice)
        }
    }
}

async fn send_ping(store: &Store) -> store::Result<()> {
    let id = Uuid::now_v7();
    let command = NewCommand {
        id,
        name: "diagnostics.ping",
        tenant_id: None,
        payload: serde_json::json!({}),
        traceparent: None,
        waited: false,
        idempotency: None,
        callback_url: None,
    };
    Accepter::new(store.connect(Session::Durable).await?).await?.accept(&[command]).await?;
    let client = store.client().await?;
    loop {
        let found = store::commands::get(&client, id).await?;
        if found.is_some_and(|command| command.status == "succeeded") {
            return Ok(());
        }
        tokio::time::sleep(PING_POLL).await;
    }
}
