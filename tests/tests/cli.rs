//! The command line, as an operator and a script use it: the real binary on real servers.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

#[path = "cli/backups.rs"]
mod backups;
#[path = "cli/operating.rs"]
mod operating;
#[path = "cli/shop.rs"]
mod shop;

use std::{
    fs,
    process::Output,
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use tests::{Process, TestDatabase, amqp_url, courtier, database, keys, remove_queues};
use uuid::Uuid;

const TOKEN: &str = "a-token-for-the-command-line-tests";
const TENANT: &str = "550e8400-e29b-41d4-a716-446655440000";

/// An installation without any role running.
struct Site {
    database: TestDatabase,
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Site {
    async fn new() -> Site {
        let database = database().await;
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        let variables = vec![
            ("DATABASE_URL", database.url()),
            ("AMQP_URL", amqp_url()),
            ("AMQP_PREFIX", format!("t{}", Uuid::now_v7().simple())),
            ("SERVICE_TOKEN", TOKEN.to_owned()),
            ("API_KEY_PEPPER", keys::PEPPER.to_owned()),
            ("JWT_SECRET_KEY", keys::JWT_SECRET.to_owned()),
            ("MOCK_DATA_PATH", path("data")),
            ("EXPORTS_PATH", path("exports")),
            ("API_LISTEN", "127.0.0.1:0".to_owned()),
            ("LOG_FORMAT", "json".to_owned()),
        ];
        let site = Site { database, folder, variables };
        site.write_tenants(&json!([{"id": TENANT, "name": "CCA Demo", "folder": "cca"}]));
        site
    }

    fn write_tenants(&self, tenants: &Value) {
        fs::write(self.folder.path().join("data/tenants.json"), tenants.to_string()).unwrap();
    }

    fn variables(&self) -> Vec<(&str, &str)> {
        self.variables.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    async fn run(&self, line: &str) -> Ran {
        let arguments: Vec<&str> = line.split(' ').collect();
        Ran(courtier(&arguments, &self.variables()).await)
    }

    /// Every role in one process, and the address of its API.
    async fn start(&self) -> (Process, String) {
        let process = Process::start(&["all"], &self.variables());
        let listening = process.says("the API listens").await;
        (process, format!("http://{}", listening["address"].as_str().unwrap()))
    }

    /// What the audit log tells, in order.
    async fn audited(&self) -> Vec<(String, String, String)> {
        let owner = self.database.owner().await;
        let lines = "select actor, action, resource from audit_log order by id";
        let rows = owner.query(lines, &[]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
    }

    async fn clean_up(self, mut process: Process) {
        process.stop().await;
        remove_queues(&self.variables).await;
    }
}

/// What a run printed, and how it ended.
struct Ran(Output);

impl Ran {
    fn code(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    fn out(&self) -> &str {
        std::str::from_utf8(&self.0.stdout).unwrap()
    }

    fn err(&self) -> &str {
        std::str::from_utf8(&self.0.stderr).unwrap()
    }

    fn json(&self) -> Value {
        assert_eq!(self.code(), 0, "{}{}", self.out(), self.err());
        serde_json::from_str(self.out()).unwrap()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_environment_is_named_whole_and_ends_with_2() {
    let ran =
        Ran(courtier(&["all"], &[("SERVICE_TOKEN", "short"), ("LEASE_SECONDS", "soon")]).await);
    assert_eq!(ran.code(), 2);
    for part in ["DATABASE_URL: is not set", "AMQP_URL: is not set", "SERVICE_TOKEN: is too short"]
    {
        assert!(ran.err().contains(part), "{}", ran.err());
    }
    assert!(
        ran.err().contains("LEASE_SECONDS: `soon` is not a number of seconds"),
        "{}",
        ran.err()
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn seeding_twice_creates_once_and_shows_each_key_once() {
    let site = Site::new().await;
    site.write_tenants(&json!([
        {"id": TENANT, "name": "CCA Demo", "llm_enabled": true},
        {"id": "550e8400-e29b-41d4-a716-446655440001", "name": "Client 2", "timezone": "America/New_York"},
    ]));
    let first = site.run("seed --json").await;
    assert!(first.err().contains("llm_enabled"), "{}", first.err());
    let first = first.json();
    assert_eq!((&first[0]["tenant"], &first[1]["tenant"]), (&json!("created"), &json!("created")));
    assert!(first[0]["api_key"].as_str().unwrap().starts_with("msp_ak_"));
    let again = site.run("seed --json").await.json();
    assert_eq!(
        again[0],
        json!({"id": TENANT, "name": "CCA Demo", "tenant": "unchanged", "api_key": null})
    );
    let tenants = site.run("tenants --json").await.json();
    assert_eq!(tenants[1]["timezone"], "America/New_York");
    let audited = site.audited().await;
    assert!(audited.iter().all(|(actor, _, _)| actor == "cli"), "{audited:?}");
    let actions: Vec<&str> = audited.iter().map(|(_, action, _)| action.as_str()).collect();
    assert_eq!(actions, ["tenants.create", "api-keys.create"].repeat(2));
    assert_eq!(audited[0].2, TENANT);
}

#[tokio::test(flavor = "multi_thread")]
async fn enqueue_refuses_what_the_api_would_refuse() {
    let site = Site::new().await;
    let refusals = [
        ("enqueue kpi.compute-daily date=2026-01-24", 3, "tenant_id: is required"),
        ("enqueue kpi.compute-daily tenant_id=x date=2026-01-24", 3, "tenant_id"),
        ("enqueue diagnostics.ping colour=red", 3, "colour: is not a parameter"),
        ("enqueue diagnostics.wait seconds=4000", 3, "seconds: must be at most 3600"),
        ("enqueue diagnostics.pong", 2, "there is no such command; there are batch.run"),
        ("enqueue diagnostics.ping colour", 2, "write it as name=value"),
    ];
    for (line, code, part) in refusals {
        let ran = site.run(line).await;
        assert_eq!(ran.code(), code, "{line}: {}", ran.err());
        assert!(ran.err().contains(part), "{line}: {}", ran.err());
    }
    let unknown = format!("enqueue ingest.tickets tenant_id={TENANT}");
    assert!(site.run(&unknown).await.err().contains("there is no tenant"));
}

#[tokio::test(flavor = "multi_thread")]
async fn waiting_shows_the_result_or_says_how_it_ended() {
    let site = Site::new().await;
    let (process, _) = site.start().await;
    site.run("seed").await;
    let ping = site.run("enqueue diagnostics.ping --wait --json").await.json();
    assert_eq!((&ping["status"], &ping["result"]), (&json!("succeeded"), &json!({"pong": true})));
    let nothing = format!("enqueue ingest.tickets tenant_id={TENANT} --wait");
    let dead = site.run(&nothing).await;
    assert_eq!(dead.code(), 4, "{}", dead.out());
    assert!(dead.out().contains("ingest.tickets dead"), "{}", dead.out());
    let long = site.run("enqueue diagnostics.wait seconds=600 --wait --timeout 1").await;
    assert_eq!(long.code(), 5);
    let stats = site.run("stats --json").await.json();
    assert_eq!(stats["workers"].as_array().unwrap().len(), 1);
    site.clean_up(process).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn doctor_and_healthcheck_tell_a_running_installation_from_a_stopped_one() {
    let site = Site::new().await;
    let stopped = site.run("doctor --json").await;
    assert_eq!(stopped.code(), 1);
    let checks: Value = serde_json::from_str(stopped.out()).unwrap();
    let ill = |checks: &Value| -> Vec<String> {
        let all = checks["checks"].as_array().unwrap().iter();
        let ill = all.filter(|check| check["ok"] == false);
        ill.map(|check| check["check"].as_str().unwrap().to_owned()).collect()
    };
    assert!(ill(&checks).contains(&"broker topology".to_owned()), "{checks:#}");
    assert!(ill(&checks).contains(&"ping".to_owned()), "{checks:#}");
    let nobody = site.run("healthcheck --url http://127.0.0.1:9").await;
    assert_eq!(nobody.code(), 1);

    let (process, url) = site.start().await;
    // Its worker and scheduler listen a moment after its API does.
    let patience = Instant::now() + Duration::from_mins(1);
    loop {
        let running = site.run(&format!("doctor --json --url {url}")).await;
        let checks: Value = serde_json::from_str(running.out()).unwrap();
        if ill(&checks).is_empty() {
            break;
        }
        assert!(Instant::now() < patience, "{checks:#}");
    }
    assert_eq!(site.run(&format!("healthcheck --ready --url {url}")).await.code(), 0);
    site.clean_up(process).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_refuses_a_revoked_key() {
    let site = Site::new().await;
    let (process, url) = site.start().await;
    site.run("seed").await;
    let line = format!(
        "api-keys create --tenant {TENANT} --name shop --scope exports,cards --expires-in-days 7 --json"
    );
    let created = site.run(&line).await.json();
    let key = created["key"].as_str().unwrap();
    let client = reqwest::Client::builder().build().unwrap();
    let get = || client.get(format!("{url}/v1/exports")).header("X-API-Key", key).send();
    assert_eq!(get().await.unwrap().status(), 200);
    let kpis = client.get(format!("{url}/v1/kpis/daily")).header("X-API-Key", key).send();
    assert_eq!(kpis.await.unwrap().status(), 403, "a right that the key was not given");
    let in_query = client.get(format!("{url}/v1/exports?table=x&api_key={key}")).send();
    assert_eq!(in_query.await.unwrap().status(), 200);
    process.says("request answered").await;
    let metrics = client.get(format!("{url}/metrics")).send().await.unwrap();
    let metrics = metrics.text().await.unwrap();
    let secret = key.rsplit('_').next().unwrap();
    assert!(metrics.contains("/v1/exports") && !metrics.contains(secret));
    assert!(process.has_written("/v1/exports") && !process.has_written(secret));
    let revoke = format!("api-keys revoke {}", created["id"].as_str().unwrap());
    assert_eq!(site.run(&revoke).await.code(), 0);
    assert_eq!(get().await.unwrap().status(), 401);
    assert_eq!(site.run(&revoke).await.code(), 1);
    let listed = site.run("api-keys list --json").await;
    assert!(!listed.out().contains(key), "a list shows no secrets");
    assert!(listed.json()[0]["revoked_at"].is_string());
    let of_key = |(_, action, resource): (String, String, String)| {
        (created["id"] == resource.as_str()).then_some(action)
    };
    let actions: Vec<String> = site.audited().await.into_iter().filter_map(of_key).collect();
    assert_eq!(actions, ["api-keys.create", "api-keys.revoke"]);
    site.clean_up(process).await;
}

/// The calls of a deployment's check list, word for word but for the host.
#[tokio::test(flavor = "multi_thread")]
async fn the_six_calls_of_a_deployment_answer_200_or_201() {
    let site = Site::new().await;
    let (process, url) = site.start().await;
    let seeded = site.run("seed --json").await.json();
    let key = seeded[0]["api_key"].as_str().unwrap();
    let client = reqwest::Client::builder().build().unwrap();
    let bearer = format!("Bearer {TOKEN}");
    let post = |path: &str| client.post(format!("{url}{path}")).header("Authorization", &bearer);
    let health = client.get(format!("{url}/health")).send().await.unwrap();
    assert_eq!(health.status(), 200);
    let tenants = client.get(format!("{url}/internal/tenants")).header("Authorization", &bearer);
    let tenants: Value = tenants.send().await.unwrap().json().await.unwrap();
    assert_eq!(tenants[0]["id"], TENANT);
    for path in [
        format!("/internal/ingest/tickets?tenant_id={TENANT}"),
        format!("/internal/ingest/time_entries?tenant_id={TENANT}"),
        format!("/internal/kpi/compute-daily?tenant_id={TENANT}&date=2026-01-24"),
        format!("/internal/exports/generate?tenant_id={TENANT}"),
    ] {
        assert_eq!(post(&path).send().await.unwrap().status(), 201, "{path}");
    }
    let compute = format!("/internal/kpi/compute-daily?tenant_id={TENANT}&date=2026-01-24&wait=60");
    assert_eq!(post(&compute).send().await.unwrap().status(), 200);
    let kpis = client.get(format!("{url}/v1/kpis/daily?date=2026-01-24")).header("X-API-Key", key);
    let kpis: Value = kpis.send().await.unwrap().json().await.unwrap();
    assert_eq!(kpis["tenant_id"], TENANT);
    for group in ["time_consumption", "tech_efficiency", "ticket_trends"] {
        assert!(kpis["kpis"][group].is_object(), "{kpis:#}");
    }
    site.clean_up(process).await;
}
