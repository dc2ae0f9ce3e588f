//! The clients of eBay, `TCGdex`, Cardmarket and the ECB against the simulator.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "ebay/calls.rs"]
mod calls;
#[path = "ebay/faults.rs"]
mod faults;
#[path = "ebay/sources.rs"]
mod sources;

use std::time::Duration;

use ebay::{Client, Config, Search};
use secrecy::SecretString;
use tests::simulator::{Endpoint, Fault, Options, Simulator};

/// A simulator, and a client of its eBay with a token.
struct Scene {
    simulator: Simulator,
    client: Client,
    token: SecretString,
}

impl Scene {
    async fn new(options: Options) -> Scene {
        let simulator = Simulator::start(options).await.unwrap();
        let client = Client::new(config(simulator.url())).unwrap();
        let token = client.mint().await.unwrap().secret;
        Scene { simulator, client, token }
    }

    async fn search(&self, query: &str) -> Result<ebay::Page, ebay::Error> {
        self.client.search(&self.token, &Search::new(query)).await
    }

    /// The error of a search that goes wrong once.
    async fn failure(&self, fault: Fault) -> ebay::Error {
        self.simulator.inject(Endpoint::Search, fault, 1);
        self.search("Dracaufeu 4/102").await.unwrap_err()
    }
}

fn config(url: &str) -> Config {
    let mut config = Config::new("courtier", "simulated-secret".into());
    config.api_url = url.into();
    config.timeout = Duration::from_secs(20);
    config
}
