//! The admin site on a real database: whom it lets in, what it changes, and what it never shows.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "admin/access.rs"]
mod access;
#[path = "admin/orders.rs"]
mod orders;
#[path = "admin/pages.rs"]
mod pages;
#[path = "admin/shop.rs"]
mod shop;
#[path = "admin/sure.rs"]
mod sure;
#[path = "admin/throttle.rs"]
mod throttle;

use std::sync::Arc;

use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, StatusCode};
use store::{Role, Store};
use tests::TestDatabase;
use tests::browser::{Browser, Page};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const NAME: &str = "nadia";
const PASSWORD: &str = "correct horse battery staple";
const SECRET: &str = "5f0c1b9e7a3d4826b1f0e9d8c7b6a594";

/// A running site in front of a database.
struct Site {
    /// For looking and writing behind its back.
    store: Store,
    url: String,
    client: Client,
    shutdown: CancellationToken,
    running: JoinHandle<()>,
}

impl Site {
    async fn start(database: &TestDatabase) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let config = admin::Config {
            listener,
            store: database.store(Role::Worker),
            settings: settings::admin::Admin {
                listen: address,
                username: NAME.into(),
                password_hash: admin::hash_password(&PASSWORD.into()).unwrap().into(),
                session_secret: SECRET.into(),
                public_url: String::new(),
                trusted_proxies: Vec::new(),
                api_keys: tests::keys::api_keys(),
            },
            exports: std::env::temp_dir().join("no-exports-here"),
            queues: Arc::new(|| Box::pin(async { Err("there is no broker here".to_owned()) })),
        };
        let shutdown = CancellationToken::new();
        let stop = shutdown.clone();
        let running = tokio::spawn(async move { admin::serve(config, stop).await.unwrap() });
        let client = Client::builder().no_proxy().redirect(Policy::none()).build().unwrap();
        let store = database.store(Role::Worker);
        Site { store, url: format!("http://{address}"), client, shutdown, running }
    }

    fn get(&self, path: &str) -> RequestBuilder {
        self.client.get(format!("{}{path}", self.url))
    }

    fn post(&self, path: &str) -> RequestBuilder {
        self.client.post(format!("{}{path}", self.url))
    }

    /// A browser that has seen the door.
    async fn visitor(&self) -> Browser {
        let mut browser = Browser::default();
        self.open(&mut browser, "/login").await;
        browser
    }

    /// A browser that is signed in, and has seen the status page.
    async fn member(&self) -> Browser {
        let mut browser = self.visitor().await;
        let page = self.sign_in(&mut browser, NAME, PASSWORD).await;
        assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, "/"));
        self.open(&mut browser, "/").await;
        browser
    }

    async fn sign_in(&self, browser: &mut Browser, name: &str, password: &str) -> Page {
        self.send(browser, "/login", &[("username", name), ("password", password)]).await
    }

    /// Follows a link.
    async fn open(&self, browser: &mut Browser, path: &str) -> Page {
        browser.send(self.get(path)).await.unwrap()
    }

    /// Sends a form of the page that is open.
    async fn send(&self, browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
        browser.submit(self.post(path), fields).await.unwrap()
    }

    async fn number(&self, query: &str) -> i64 {
        self.store.client().await.unwrap().query_one(query, &[]).await.unwrap().get(0)
    }

    async fn execute(&self, statements: &str) {
        self.store.client().await.unwrap().batch_execute(statements).await.unwrap();
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.running.await.unwrap();
    }
}
