//! Clients that order pings without end, and remember what they were told.

use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::Value;
use tokio::{sync::watch, task::JoinSet, time::MissedTickBehavior};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::site::{Api, PATIENCE, TOKEN};

const CLIENTS: usize = 8;
/// Each client orders at most so often.
const PACE: Duration = Duration::from_millis(40);
/// A client that was turned away comes back after this pause.
const RETRY: Duration = Duration::from_millis(50);

/// One order. Its client repeats it under the same idempotency key until it is acknowledged.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) key: String,
    /// The command that the API promised to run.
    pub(crate) acknowledged: Option<Uuid>,
    /// Answers of 503, and broken connections.
    pub(crate) refusals: usize,
}

/// Clients at work.
pub(crate) struct Load {
    url: watch::Sender<String>,
    stop: CancellationToken,
    acknowledged: watch::Receiver<usize>,
    clients: JoinSet<Vec<Order>>,
}

impl Load {
    pub(crate) fn start(api: &Api) -> Load {
        let (url, stop) = (watch::Sender::new(api.url.clone()), CancellationToken::new());
        let (counter, acknowledged) = watch::channel(0);
        let clients =
            (0..CLIENTS).map(|_| work(url.subscribe(), counter.clone(), stop.clone())).collect();
        Load { url, stop, acknowledged, clients }
    }

    /// Sends the clients to another API.
    pub(crate) fn turn_to(&self, api: &Api) {
        self.url.send_replace(api.url.clone());
    }

    /// Waits until so many more orders are acknowledged.
    pub(crate) async fn acknowledge(&self, more: usize) {
        let mut acknowledged = self.acknowledged.clone();
        let wanted = *acknowledged.borrow_and_update() + more;
        let enough = acknowledged.wait_for(|n| *n >= wanted);
        tokio::time::timeout(PATIENCE, enough).await.expect("orders are accepted").unwrap();
    }

    /// Orders nothing new, and waits until every order is acknowledged.
    pub(crate) async fn stop(self) -> Vec<Order> {
        self.stop.cancel();
        let all = tokio::time::timeout(PATIENCE, self.clients.join_all()).await;
        all.expect("every order is acknowledged in the end").into_iter().flatten().collect()
    }
}

async fn work(
    url: watch::Receiver<String>,
    counter: watch::Sender<usize>,
    stop: CancellationToken,
) -> Vec<Order> {
    let client = client();
    let mut orders = Vec::new();
    let mut ticks = tokio::time::interval(PACE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    while !stop.is_cancelled() {
        ticks.tick().await;
        let mut order = Order::new();
        while order.acknowledged.is_none() {
            let at = url.borrow().clone();
            order.send(&client, &at).await;
        }
        counter.send_modify(|n| *n += 1);
        orders.push(order);
    }
    orders
}

impl Order {
    pub(crate) fn new() -> Order {
        Order { key: Uuid::now_v7().to_string(), acknowledged: None, refusals: 0 }
    }

    /// Tries once. Only 201, 503 and a broken connection are answers that a client may meet.
    pub(crate) async fn send(&mut self, client: &Client, url: &str) {
        let request = client.post(format!("{url}/internal/diagnostics/ping"));
        let request = request.bearer_auth(TOKEN).header("idempotency-key", &self.key);
        match answer(request).await {
            Ok((StatusCode::CREATED, body)) => {
                self.acknowledged = Some(body["id"].as_str().unwrap().parse().unwrap());
            }
            Ok((StatusCode::SERVICE_UNAVAILABLE, _)) | Err(_) => {
                self.refusals += 1;
                tokio::time::sleep(RETRY).await;
            }
            Ok((status, body)) => panic!("{status}: {body}"),
        }
    }
}

/// Both are JSON: the receipt, and the problem.
async fn answer(request: reqwest::RequestBuilder) -> reqwest::Result<(StatusCode, Value)> {
    let response = request.send().await?;
    Ok((response.status(), response.json().await?))
}

pub(crate) fn client() -> Client {
    Client::builder().timeout(Duration::from_secs(10)).build().unwrap()
}

/// Posts to the API, which has to agree.
pub(crate) async fn post(api: &Api, path: &str) {
    let request = client().post(format!("{}{path}", api.url)).bearer_auth(TOKEN);
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{path}: {}", answer.status());
}

/// Orders this many pings, one after the other, each acknowledged.
pub(crate) async fn order(api: &Api, pings: usize) -> Vec<Order> {
    let client = client();
    let mut orders = Vec::new();
    for _ in 0..pings {
        let mut order = Order::new();
        order.send(&client, &api.url).await;
        assert!(order.acknowledged.is_some());
        orders.push(order);
    }
    orders
}
