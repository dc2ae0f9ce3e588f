//! What a deployment tells about itself: traces, figures and log lines.

#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

#[path = "telemetry/collector.rs"]
mod collector;

use std::collections::BTreeSet;
use std::fs;

use collector::Collector;
use serde_json::Value;
use tempfile::TempDir;
use tests::simulator::{self, Simulator};
use tests::{Process, TestDatabase, amqp_url, courtier, database, remove_queues};
use uuid::Uuid;

const TOKEN: &str = "a-token-that-only-the-tests-know";
const SECRET: &str = "5f0c1b9e7a3d4826b1f0e9d8c7b6a594";
const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// A database, folders and a market, with the variables that lead to them.
struct Ground {
    database: TestDatabase,
    _folder: TempDir,
    _simulator: Simulator,
    variables: Vec<(&'static str, String)>,
}

impl Ground {
    async fn new(more: &[(&'static str, &str)]) -> Ground {
        let (database, folder) = (database().await, TempDir::new().unwrap());
        let simulator = Simulator::start(simulator::Options::default()).await.unwrap();
        let options = simulator::Options::default();
        let mut variables = vec![
            ("DATABASE_URL", database.url()),
            ("AMQP_URL", amqp_url()),
            ("AMQP_PREFIX", format!("t{}", Uuid::now_v7().simple())),
            ("LOG_FORMAT", "json".to_owned()),
            ("API_LISTEN", "127.0.0.1:0".to_owned()),
            ("SERVICE_TOKEN", TOKEN.to_owned()),
            ("API_KEY_PEPPER", SECRET.to_owned()),
            ("JWT_SECRET_KEY", SECRET.chars().rev().collect()),
            ("EXPORTS_PATH", folder.path().display().to_string()),
            ("EBAY_CLIENT_ID", options.client_id),
            ("EBAY_CLIENT_SECRET", options.client_secret),
            ("EBAY_API_URL", simulator.url().to_owned()),
        ];
        variables.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        Ground { database, _folder: folder, _simulator: simulator, variables }
    }

    fn variables(&self) -> Vec<(&str, &str)> {
        self.variables.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }

    fn start(&self, line: &str) -> Process {
        Process::start(&line.split(' ').collect::<Vec<_>>(), &self.variables())
    }

    async fn run(&self, line: &str) -> i32 {
        let arguments: Vec<&str> = line.split(' ').collect();
        courtier(&arguments, &self.variables()).await.status.code().unwrap()
    }

    /// Ends a process as an operator would, and takes its queues away.
    async fn end(self, mut process: Process) {
        process.stop().await;
        self.remove().await;
    }

    /// Takes the queues and the database away.
    async fn remove(self) {
        remove_queues(&self.variables).await;
        drop(self.database);
    }
}

async fn address(process: &Process, message: &str) -> String {
    format!("http://{}", process.says(message).await["address"].as_str().unwrap())
}

fn client() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

async fn order(url: &str, path: &str, traceparent: &str) -> Value {
    let request = client().post(format!("{url}/internal/{path}?wait=60")).bearer_auth(TOKEN);
    let answer = request.header("traceparent", traceparent).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trace_leads_from_a_request_through_the_broker_to_ebay_and_the_database() {
    let collector = Collector::start().await;
    let more = [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=Bearer collectors-own-secret"),
    ];
    let ground = Ground::new(&more).await;
    let process = ground.start("all");
    let url = address(&process, "the API listens").await;
    let kept = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let left = "00-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa-00f067aa0ba902b7-00";
    let done = order(&url, "quota/reconcile", kept).await;
    assert_eq!(done["status"], "succeeded", "{done:#}");
    order(&url, "diagnostics/ping", left).await;
    ground.end(process).await;

    let trace = collector.trace("4bf92f3577b34da6a3ce929d0e0e4736");
    let request = trace.one("POST /internal/quota/reconcile");
    assert_eq!(
        (&request["kind"], request["parentSpanId"].as_str()),
        (&2.into(), Some("00f067aa0ba902b7"))
    );
    let publish = trace.one("publish");
    assert_eq!((&publish["kind"], &publish["parentSpanId"]), (&4.into(), &request["spanId"]));
    let run = trace.one("quota.reconcile");
    assert_eq!((&run["kind"], &run["parentSpanId"]), (&5.into(), &request["spanId"]));
    assert_eq!(collector::attribute(run, "command.id"), done["id"]);
    let ebay = trace.all("ebay");
    assert!(ebay.len() >= 2, "a token and a count: {ebay:#?}");
    for call in &ebay {
        assert_eq!(call["kind"], 3);
        assert_eq!(collector::attribute(call, "http.response.status_code"), "200");
        assert!(trace.is_below(call, run), "{call:#}");
    }
    let statements = trace.of_database();
    assert!(statements.iter().any(|statement| trace.is_below(statement, run)), "{statements:#?}");
    assert!(collector.trace("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa").is_empty(), "not to be kept");
    assert_eq!(collector.services(), BTreeSet::from(["courtier-all".to_owned()]));
    assert_eq!(collector.authorization(), "Bearer collectors-own-secret");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_collector_that_is_away_costs_nothing_but_its_spans() {
    let ground = Ground::new(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")]).await;
    let process = ground.start("all");
    let url = address(&process, "the API listens").await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    assert_eq!(order(&url, "diagnostics/ping", trace).await["status"], "succeeded");
    let warned = process.says("traces are not taken: OTEL_EXPORTER_OTLP_ENDPOINT").await;
    assert_eq!(warned["error"], "no answer");
    ground.end(process).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn log_lines_carry_the_ids_of_request_command_and_tenant() {
    let ground = Ground::new(&[]).await;
    let process = ground.start("all");
    let url = address(&process, "the API listens").await;
    let tenant_id = Uuid::now_v7();
    let owner = ground.database.owner().await;
    let insert = "insert into tenants (id, name) values ($1, 'Somebody')";
    owner.execute(insert, &[&tenant_id]).await.unwrap();
    // There are no files for it: the run fails for good, and says so.
    let path = format!("{url}/internal/ingest/tickets?tenant_id={tenant_id}&wait=60");
    let request = client().post(path).bearer_auth(TOKEN).header("x-request-id", "t-17");
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let line = process.says("request answered").await;
    assert_eq!(line["request_id"], "t-17", "{line:#}");
    assert_eq!((&line["command.id"], &line["tenant.id"]), (&answer["id"], &answer["tenant_id"]));
    let line = process.says("command failed for good").await;
    let span = &line["span"];
    assert_eq!((&span["command.id"], &span["tenant.id"]), (&answer["id"], &answer["tenant_id"]));
    assert_eq!(span["command.name"], "ingest.tickets");
    ground.end(process).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_role_serves_its_figures_and_can_be_asked_whether_it_lives() {
    let ground = Ground::new(&[("METRICS_LISTEN", "127.0.0.1:0")]).await;
    assert_eq!(ground.run("migrate").await, 0);
    for role in ["worker --lanes diagnostics", "scheduler"] {
        let mut process = ground.start(role);
        let url = address(&process, "figures are served").await;
        assert_eq!(ground.run(&format!("healthcheck --url {url}")).await, 0, "{role}");
        let figures = client().get(format!("{url}/metrics")).send().await.unwrap();
        assert_eq!(figures.headers()["content-type"], "text/plain; version=0.0.4");
        assert_eq!(client().get(format!("{url}/")).send().await.unwrap().status(), 404);
        process.stop().await;
    }
    ground.remove().await;
}

/// Names of figures in an expression of Prometheus.
fn names(expression: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    let mut rest = expression;
    while let Some(begin) = rest.find(|c: char| c.is_ascii_lowercase()) {
        let word: String =
            rest[begin..].chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        rest = &rest[begin + word.len()..];
        // Labels and their values stand in braces or after a grouping word.
        if word.contains('_') && !word.ends_with("_over_time") {
            names.insert(word);
        }
        if let Some(labels) = rest.strip_prefix('{') {
            rest = labels.split_once('}').map_or("", |(_, rest)| rest);
        }
    }
    names
}

/// What the dashboard and the alerts ask for; RabbitMQ's own figures are not ours to print.
fn asked() -> BTreeSet<String> {
    let read = |path: &str| fs::read_to_string(format!("{ROOT}/compose/{path}")).unwrap();
    let dashboard: Value = serde_json::from_str(&read("grafana/dashboards/courtier.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let targets = panels.iter().flat_map(|panel| panel["targets"].as_array().unwrap());
    let mut asked: BTreeSet<String> =
        targets.flat_map(|target| names(target["expr"].as_str().unwrap())).collect();
    let alerts = read("prometheus/alerts.yaml");
    let expressions = alerts.split("        expr: ").skip(1);
    for expression in expressions {
        let end = ["        for:", "        labels:"]
            .iter()
            .filter_map(|word| expression.find(word))
            .min()
            .unwrap();
        asked.extend(names(&expression[..end]));
    }
    asked.retain(|name| !name.starts_with("rabbitmq_"));
    asked
}

#[tokio::test(flavor = "multi_thread")]
async fn the_dashboard_and_the_alerts_ask_for_figures_that_there_are() {
    let ground = Ground::new(&[]).await;
    let process = ground.start("all");
    let url = address(&process, "the API listens").await;
    let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00";
    order(&url, "diagnostics/ping", trace).await;
    let text = client().get(format!("{url}/metrics")).send().await.unwrap().text().await.unwrap();
    let printed: BTreeSet<&str> = text
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split(['{', ' ']).next())
        .collect();
    let asked = asked();
    assert!(asked.len() > 20, "{asked:?}");
    let missing: Vec<_> = asked.iter().filter(|name| !printed.contains(name.as_str())).collect();
    assert!(missing.is_empty(), "nobody prints {missing:?}");
    ground.end(process).await;
}

/// An alert that nobody knows what to do about is noise.
#[test]
fn every_alert_has_its_line_in_the_manual() {
    let alerts = fs::read_to_string(format!("{ROOT}/compose/prometheus/alerts.yaml")).unwrap();
    let manual = fs::read_to_string(format!("{ROOT}/docs/OPERATIONS.md")).unwrap();
    let tested = fs::read_to_string(format!("{ROOT}/compose/prometheus/alerts.test.yaml")).unwrap();
    for alert in alerts.lines().filter_map(|line| line.trim().strip_prefix("- alert: ")) {
        assert!(manual.contains(&format!("| `{alert}` |")), "docs/OPERATIONS.md: {alert}");
        assert!(tested.contains(&format!("alertname: {alert}\n")), "alerts.test.yaml: {alert}");
    }
}
