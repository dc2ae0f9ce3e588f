//! A whole Courtier with two tenants, as one who follows the plan would have it.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;
use tempfile::TempDir;
use tests::generate::{Plan, write};
use tests::{Process, TestDatabase, amqp_url, courtier, database, remove_queues};
use uuid::Uuid;

pub(crate) const TOKEN: &str = "a-token-that-only-the-tests-know";
pub(crate) const PASSWORD: &str = "correct horse battery staple";
const SECRET: &str = "5f0c1b9e7a3d4826b1f0e9d8c7b6a594";

/// A running installation.
pub(crate) struct Ground {
    process: Process,
    pub(crate) database: TestDatabase,
    folder: TempDir,
    /// What its processes and tools are told.
    pub(crate) variables: Vec<(&'static str, String)>,
    pub(crate) api: String,
    pub(crate) admin: String,
}

impl Ground {
    pub(crate) async fn new() -> Ground {
        let folder = TempDir::new().unwrap();
        let until = jiff::Zoned::now().date();
        let plan = Plan { n_tenants: 2, n_tickets: 60, n_days: 20, until, seed: 7 };
        write(&plan, &folder.path().join("data")).unwrap();
        let ground = Ground::on(folder).await;
        let (code, said) = ground.run(&["seed"], &[]).await;
        assert_eq!(code, 0, "{said}");
        ground
    }

    /// With neither data nor tenants.
    pub(crate) async fn empty() -> Ground {
        Ground::on(TempDir::new().unwrap()).await
    }

    async fn on(folder: TempDir) -> Ground {
        let database = database().await;
        fs::create_dir(folder.path().join("exports")).unwrap();
        let at = |name: &str| folder.path().join(name).display().to_string();
        let variables = vec![
            ("DATABASE_URL", database.url()),
            ("AMQP_URL", amqp_url()),
            ("AMQP_PREFIX", format!("t{}", Uuid::now_v7().simple())),
            ("LOG_FORMAT", "json".to_owned()),
            ("API_LISTEN", "127.0.0.1:0".to_owned()),
            ("ADMIN_LISTEN", "127.0.0.1:0".to_owned()),
            ("ADMIN_USERNAME", "nadia".to_owned()),
            ("ADMIN_PASSWORD_HASH", admin::hash_password(&PASSWORD.into()).unwrap()),
            ("SESSION_SECRET_KEY", SECRET.to_owned()),
            ("SERVICE_TOKEN", TOKEN.to_owned()),
            ("API_KEY_PEPPER", SECRET.to_owned()),
            ("JWT_SECRET_KEY", SECRET.chars().rev().collect()),
            ("TRUSTED_PROXIES", "127.0.0.1".to_owned()),
            ("MOCK_DATA_PATH", at("data")),
            ("EXPORTS_PATH", at("exports")),
        ];
        let started: Vec<_> = variables.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let process = Process::start(&["all"], &started);
        let admin = process.says("the admin site listens").await["address"].clone();
        let api = process.says("the API listens").await["address"].clone();
        let address = |address: Value| address.as_str().unwrap().to_owned();
        let (api, admin) = (address(api), address(admin));
        let ground = Ground { process, database, folder, variables, api, admin };
        ground.until_someone_works().await;
        ground
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Runs a tool with the variables of this installation, some of them changed.
    pub(crate) async fn run(&self, arguments: &[&str], changed: &[(&str, &str)]) -> (i32, String) {
        let mut variables: Vec<(&str, &str)> =
            self.variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        variables.retain(|(name, _)| changed.iter().all(|(other, _)| other != name));
        variables.extend_from_slice(changed);
        let output = courtier(arguments, &variables).await;
        (output.status.code().unwrap(), crate::text(&output))
    }

    /// The scheduler and the worker begin a moment after the API.
    async fn until_someone_works(&self) {
        let ping = ["enqueue", "diagnostics.ping", "--wait", "--timeout", "60"];
        let (code, said) = self.run(&ping, &[]).await;
        assert_eq!(code, 0, "{said}");
    }

    /// Ends it, and takes its queues away.
    pub(crate) async fn end(mut self) {
        self.process.stop().await;
        remove_queues(&self.variables).await;
    }
}
