//! What `courtier broker-definitions` writes, loaded by a RabbitMQ of the test's own: the roles work
//! with the rights it gives, and can do nothing else.

use lapin::options::{BasicConsumeOptions, BasicPublishOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Connection, ConnectionProperties};
use tempfile::TempDir;
use tests::{Instance, Process, courtier, database};

const PASSWORDS: [(&str, &str, &str); 4] = [
    ("courtier-api", "RABBITMQ_API_PASSWORD", "the-password-of-the-api-000"),
    ("courtier-worker", "RABBITMQ_WORKER_PASSWORD", "the-password-of-workers-111"),
    ("courtier-scheduler", "RABBITMQ_SCHEDULER_PASSWORD", "the-password-of-schedulers"),
    ("operator", "RABBITMQ_OPERATOR_PASSWORD", "the-password-of-operators-3"),
];
const SECRET: &str = "5f0c1b9e7a3d4826b1f0e9d8c7b6a594";
const TOKEN: &str = "a-token-that-only-the-tests-know";

/// The address of the broker for one of its users.
fn url(instance: &Instance, user: &str) -> String {
    let password = PASSWORDS.iter().find(|(name, _, _)| *name == user).unwrap().2;
    let (_, rest) = instance.amqp_url.split_once('@').unwrap();
    let (host, _) = rest.split_once('/').unwrap();
    format!("amqp://{user}:{password}@{host}/courtier")
}

async fn connection(instance: &Instance, user: &str) -> Connection {
    Connection::connect(&url(instance, user), ConnectionProperties::default()).await.unwrap()
}

/// Whether `user` may send a command.
async fn may_send(instance: &Instance, user: &str) -> bool {
    let connection = connection(instance, user).await;
    let channel = connection.create_channel().await.unwrap();
    channel.confirm_select(lapin::options::ConfirmSelectOptions::default()).await.unwrap();
    let (exchange, key) = ("commands".into(), "diagnostics.ping".into());
    let options = BasicPublishOptions::default();
    let sent =
        channel.basic_publish(exchange, key, options, b"{}", BasicProperties::default()).await;
    match sent {
        Ok(confirm) => confirm.await.is_ok_and(|confirm| confirm.is_ack()),
        Err(_) => false,
    }
}

/// Whether `user` may take from a queue.
async fn may_take(instance: &Instance, user: &str, queue: &str) -> bool {
    let connection = connection(instance, user).await;
    let channel = connection.create_channel().await.unwrap();
    let (options, arguments) = (BasicConsumeOptions::default(), FieldTable::default());
    channel.basic_consume(queue.into(), "".into(), options, arguments).await.is_ok()
}

/// Whether `user` may make a queue of another name.
async fn may_make(instance: &Instance, user: &str) -> bool {
    let connection = connection(instance, user).await;
    let channel = connection.create_channel().await.unwrap();
    let options = QueueDeclareOptions { durable: true, ..QueueDeclareOptions::default() };
    channel.queue_declare("another.v1".into(), options, FieldTable::default()).await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn each_role_can_do_its_work_with_its_own_user_and_nothing_else() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().display().to_string();
    let passwords: Vec<(&str, &str)> =
        PASSWORDS.iter().map(|(_, variable, password)| (*variable, *password)).collect();
    let written = courtier(&["broker-definitions", &path], &passwords).await;
    assert!(written.status.success(), "{}", crate::text(&written));
    let definitions = folder.path().join("definitions.json");
    let text = std::fs::read_to_string(&definitions).unwrap();
    assert!(PASSWORDS.iter().all(|(_, _, password)| !text.contains(password)), "{text}");
    let instance = tokio::task::spawn_blocking(|| Instance::start("definitions")).await.unwrap();
    instance.rabbitmqctl(&["import_definitions", &definitions.display().to_string()]);

    // What was loaded is what the code would declare.
    let lanes: Vec<&str> = commands::LANES.iter().map(|lane| lane.name).collect();
    let topology = broker::Topology::new("", &lanes);
    let worker = broker::Broker::new(&url(&instance, "courtier-worker"), topology).unwrap();
    assert_eq!(worker.inspect().await.unwrap(), Vec::new());

    assert!(!may_send(&instance, "courtier-api").await);
    assert!(!may_take(&instance, "courtier-api", "diagnostics.v1").await);
    assert!(!may_make(&instance, "courtier-api").await);
    assert!(!may_send(&instance, "courtier-worker").await);
    assert!(may_take(&instance, "courtier-worker", "diagnostics.v1").await);
    assert!(!may_take(&instance, "courtier-worker", "dead.v1").await);
    assert!(!may_make(&instance, "courtier-worker").await);
    assert!(may_take(&instance, "courtier-scheduler", "dead.v1").await);
    assert!(!may_make(&instance, "courtier-scheduler").await);
    assert!(may_make(&instance, "operator").await);

    a_command_goes_all_the_way(&instance).await;
}

/// From an API that only looks, by a scheduler that sends, to a worker that takes.
async fn a_command_goes_all_the_way(instance: &Instance) {
    let database = database().await;
    let database_url = database.url();
    let with = |user: &str| {
        vec![
            ("DATABASE_URL", database_url.clone()),
            ("AMQP_URL", url(instance, user)),
            ("LOG_FORMAT", "json".to_owned()),
            ("API_LISTEN", "127.0.0.1:0".to_owned()),
            ("SERVICE_TOKEN", TOKEN.to_owned()),
            ("API_KEY_PEPPER", SECRET.to_owned()),
            ("JWT_SECRET_KEY", SECRET.chars().rev().collect()),
        ]
    };
    let start = |role: &str, user: &str| {
        let variables = with(user);
        let variables: Vec<_> =
            variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
        Process::start(&[role], &variables)
    };
    let api = start("api", "courtier-api");
    let _worker = start("worker", "courtier-worker");
    let _scheduler = start("scheduler", "courtier-scheduler");
    let address = api.says("the API listens").await["address"].as_str().unwrap().to_owned();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let ping = client.post(format!("http://{address}/internal/diagnostics/ping?wait=60"));
    let answer = ping.bearer_auth(TOKEN).send().await.unwrap();
    let done: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(done["status"], "succeeded", "{done:#}");
    let ready = client.get(format!("http://{address}/health/ready")).send().await.unwrap();
    let ready: serde_json::Value = ready.json().await.unwrap();
    assert_eq!(ready["checks"]["broker"]["ok"], true, "{ready:#}");
}
