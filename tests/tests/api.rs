//! The HTTP API on a real database: what it accepts, what it refuses, and whom it shows what.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "api/accept.rs"]
mod accept;
#[path = "api/access.rs"]
mod access;
#[path = "api/bad_input.rs"]
mod bad_input;
#[path = "api/batches.rs"]
mod batches;
#[path = "api/callbacks.rs"]
mod callbacks;
#[path = "api/cards.rs"]
mod cards;
#[path = "api/commands.rs"]
mod commands;
#[path = "api/document.rs"]
mod document;
#[path = "api/idempotency.rs"]
mod idempotency;
#[path = "api/odata.rs"]
mod odata;
#[path = "api/records.rs"]
mod records;
#[path = "api/results.rs"]
mod results;
#[path = "api/settings.rs"]
mod settings_routes;
#[path = "api/shop.rs"]
mod shop;
#[path = "api/tokens.rs"]
mod tokens;
#[path = "api/wait.rs"]
mod wait;

use std::path::PathBuf;
use std::sync::Arc;

use futures::FutureExt as _;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;
use settings::SecretString;
use settings::callbacks::Hosts;
use store::tenants::TenantWanted;
use store::{Role, Store};
use tests::{TestDatabase, keys};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

const TOKEN: &str = "a-token-that-only-the-tests-know";

/// A running API in front of a database.
struct Server {
    /// For looking and writing behind its back.
    store: Store,
    url: String,
    client: Client,
    shutdown: CancellationToken,
    running: JoinHandle<()>,
}

/// What a test may change about the server.
struct Options {
    rate_limit_per_minute: u32,
    exports: PathBuf,
    callback_hosts: Hosts,
    trusted_proxies: Vec<settings::Network>,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            rate_limit_per_minute: 1000,
            exports: PathBuf::new(),
            callback_hosts: Hosts::default(),
            trusted_proxies: Vec::new(),
        }
    }
}

impl Server {
    async fn start(database: &TestDatabase) -> Server {
        Server::with(database, Options::default()).await
    }

    async fn with(database: &TestDatabase, options: Options) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let config = api::Config {
            listener,
            store: database.store(Role::Api),
            settings: settings::api::Api {
                listen: address,
                service_token: SecretString::from(TOKEN),
                previous_service_token: None,
                rate_limit_per_minute: options.rate_limit_per_minute,
                service_rate_limit_per_minute: 0,
                trusted_proxies: options.trusted_proxies,
                allowed_origins: vec!["https://reports.example".to_owned()],
                api_keys: keys::api_keys(),
                tokens: keys::tokens(),
                callback_hosts: options.callback_hosts,
            },
            exports: options.exports,
            mock_mode: true,
            broker: None,
            metrics: Arc::new(|| "up 1\n".to_owned()),
        };
        let shutdown = CancellationToken::new();
        let running = tokio::spawn(api::serve(config, shutdown.clone()).map(Result::unwrap));
        let client = Client::builder().no_proxy().build().unwrap();
        let store = database.store(Role::Worker);
        Server { store, url: format!("http://{address}"), client, shutdown, running }
    }

    /// A request with the service token.
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.anonymous(method, path).bearer_auth(TOKEN)
    }

    fn anonymous(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        answer(self.request(Method::GET, path)).await
    }

    async fn post(&self, path: &str) -> (StatusCode, Value) {
        answer(self.request(Method::POST, path)).await
    }

    async fn get_as(&self, key: &str, path: &str) -> (StatusCode, Value) {
        answer(self.anonymous(Method::GET, path).header("x-api-key", key)).await
    }

    /// A new tenant, and its key.
    async fn tenant(&self, name: &str) -> (Uuid, String) {
        let id = Uuid::now_v7();
        self.put_tenant(id, name, true).await;
        let client = self.store.client().await.unwrap();
        let key = store::api_keys::create(&client, &keys::pepper(), id, "test", None).await;
        let key = key.unwrap();
        (id, key.key)
    }

    async fn put_tenant(&self, id: Uuid, name: &str, is_active: bool) {
        let mut client = self.store.client().await.unwrap();
        let wanted = TenantWanted {
            id,
            name: name.into(),
            is_active: Some(is_active),
            timezone: None,
            folder: None,
        };
        store::tenants::upsert(&mut client, &wanted).await.unwrap();
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.running.await.unwrap();
    }
}

async fn answer(request: RequestBuilder) -> (StatusCode, Value) {
    let response = request.send().await.unwrap();
    let status = response.status();
    let is_problem = response.headers()["content-type"] == "application/problem+json";
    assert_eq!(is_problem, status.is_client_error() || status.is_server_error());
    (status, response.json().await.unwrap())
}

fn id_of(receipt: &Value) -> Uuid {
    receipt["id"].as_str().unwrap().parse().unwrap()
}
