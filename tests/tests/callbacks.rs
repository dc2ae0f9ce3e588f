//! Callbacks, on real servers: who is told, how often, and who never is.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "callbacks/delivery.rs"]
mod delivery;
#[path = "callbacks/ends.rs"]
mod ends;
#[path = "callbacks/guard.rs"]
mod guard;
#[path = "callbacks/receiver.rs"]
mod receiver;

use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use callbacks::{Client, Config, Lookup, Policy};
use commands::{Folders, Lane};
use futures::future::BoxFuture;
use serde_json::{Value, json};
use settings::callbacks::Hosts;
use store::commands::CommandRow;
use tests::Fabric;
use uuid::Uuid;

use receiver::Receiver;

const SECRET: &[u8] = b"a secret that only the tests know";
const LEASE: Duration = Duration::from_mins(1);

/// Where hosts are, in turn; the last answer stays.
struct Script {
    answers: Mutex<Vec<Vec<IpAddr>>>,
    asked: Mutex<Vec<String>>,
}

impl Script {
    fn new(answers: &[&[&str]]) -> Arc<Script> {
        let parse = |answer: &&[&str]| answer.iter().map(|text| text.parse().unwrap()).collect();
        let answers = Mutex::new(answers.iter().map(parse).collect());
        Arc::new(Script { answers, asked: Mutex::default() })
    }

    fn n_asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

impl Lookup for Script {
    fn addresses(&self, host: String) -> BoxFuture<'static, io::Result<Vec<IpAddr>>> {
        self.asked.lock().unwrap().push(host);
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.len() > 1 { answers.remove(0) } else { answers[0].clone() };
        Box::pin(async move { Ok(answer) })
    }
}

/// A client for which `private` hosts are of a network of one's own, and `allowed` ones are not.
fn client(allowed: &[&str], private: &[&str], lookup: Arc<dyn Lookup>) -> Client {
    let hosts = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    let policy = Policy::new(Hosts { allowed: hosts(allowed), private: hosts(private) });
    let timeout = Duration::from_secs(2);
    let config = Config::new(policy, vec![SECRET.to_vec().into()]);
    Client::new(Config { lookup, timeout, ..config }).unwrap()
}

/// A fabric whose callbacks may go to `n8n`, which is where the receiver listens.
async fn fabric_with(receiver: &Receiver) -> (Fabric, String) {
    let mut fabric = Fabric::new().await;
    let url = start_all(&mut fabric, receiver);
    (fabric, url)
}

/// The same with a paused lane, known to its worker before that could take anything.
async fn fabric_with_paused(lane: &str, receiver: &Receiver) -> (Fabric, String) {
    let mut fabric = Fabric::new().await;
    let client = fabric.client().await;
    store::lanes::pause(&client, "test", lane, None, "to cancel what waits").await.unwrap();
    let url = start_all(&mut fabric, receiver);
    (fabric, url)
}

/// All that a command and its callback need. Returns the address of the receiver.
fn start_all(fabric: &mut Fabric, receiver: &Receiver) -> String {
    let host = format!("n8n:{}", receiver.port());
    fabric.callback_worker(client(&[], &[&host], Script::new(&[&["127.0.0.1"]])));
    start_the_rest(fabric);
    format!("http://{host}/webhook-waiting/14?signature=key")
}

/// A scheduler, and a worker for everything but callbacks.
fn start_the_rest(fabric: &mut Fabric) {
    fabric.scheduler(scheduler::Config::default());
    let lanes: Vec<Lane> =
        commands::LANES.iter().copied().filter(|lane| lane.name != "callbacks").collect();
    fabric.worker(&lanes, Folders::default(), LEASE);
}

/// The command that tells of the newest end of `id`, once it is as `wanted`.
async fn delivery(fabric: &Fabric, id: Uuid, wanted: impl Fn(&CommandRow) -> bool) -> CommandRow {
    let ended = fabric.until(id, |command| command.callback_id.is_some()).await;
    fabric.until(ended.callback_id.unwrap(), wanted).await
}

async fn ended(fabric: &Fabric, id: Uuid) -> CommandRow {
    delivery(fabric, id, |delivery| delivery.finished_at.is_some()).await
}

/// What the attempts of a command said.
async fn said(fabric: &Fabric, id: Uuid) -> Vec<String> {
    let attempts = store::commands::attempts(&fabric.client().await, id).await.unwrap();
    attempts.into_iter().filter_map(|attempt| attempt.detail).collect()
}

async fn count(fabric: &Fabric, query: &str) -> i64 {
    fabric.database.owner().await.query_one(query, &[]).await.unwrap().get(0)
}

fn nothing() -> Value {
    json!({})
}
