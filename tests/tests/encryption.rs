//! Encrypted connections: the real binary on a PostgreSQL and a RabbitMQ with a certificate, and
//! what is refused there.
#![expect(clippy::unwrap_used, reason = "a failed step fails the test")]

#[path = "encryption/certificates.rs"]
mod certificates;
#[path = "encryption/site.rs"]
mod site;

use broker::{Broker, Topology};
use serde_json::Value;
use store::{Role, Session, Store, encryption};

use site::Site;

/// What opening a connection of the pool comes to: the protocol, or why there is none.
async fn opened(url: &str) -> Result<Option<String>, String> {
    let config = store::Config { url: url.to_owned(), role: Role::Owner, pool_size: 1 };
    let store = Store::new(&config).map_err(|error| error.to_string())?;
    let mut client = store.client().await.map_err(|error| error.to_string())?;
    // The connections of the loops come about by the same hand.
    store.connect(Session::Relaxed).await.map_err(|error| error.to_string())?;
    Ok(encryption::protocol(&mut client).await.unwrap())
}

async fn is_refused_by_database(url: &str, words: &str) {
    let refusal = opened(url).await.unwrap_err();
    assert!(refusal.contains(words), "{refusal}");
}

async fn is_refused_by_broker(url: &str, words: &str) {
    let broker = Broker::new(url, Topology::new("none", &["kpi"])).unwrap();
    let refusal = broker.inspect().await.unwrap_err().to_string();
    assert!(refusal.contains(words), "{refusal}");
    assert!(!refusal.contains(url), "{refusal}");
}

/// One installation for all of it: its servers take some seconds to start.
#[tokio::test(flavor = "multi_thread")]
async fn servers_with_a_certificate_are_used_encrypted_or_not_at_all() {
    let site = Site::new();
    commands_run(&site).await;
    a_backup_goes_the_same_way(&site).await;
    modes_protect_as_they_say(&site).await;
    who_is_not_trusted_is_refused(&site).await;
    the_doctor_says_what_is_wrong(&site).await;
    a_database_that_stops_encrypting_is_refused(&site).await;
}

/// Every role in one process, as an operator would see it.
async fn commands_run(site: &Site) {
    let variables = site.variables(&site.database("ca.pem"), &site.broker("ca.pem"));
    assert_eq!(site.run("migrate", &variables).await.0, Some(0));
    let mut process = site::start(&variables);
    assert_eq!(process.says("connected to the broker").await["encrypted"], true);
    let (code, output) = site.run("enqueue diagnostics.ping --wait", &variables).await;
    assert_eq!(code, Some(0), "{output}");
    the_systems_roots_count(site).await;
    all_connections_are_encrypted(site).await;
    process.stop().await;
}

/// Without a file; the variable stands for a system that trusts our authority.
async fn the_systems_roots_count(site: &Site) {
    let mut variables = site.variables(&site.database(""), &site.broker(""));
    let (code, output) = site.run("migrate", &variables).await;
    assert!(code == Some(1) && output.contains("nobody who is trusted here"), "{output}");
    variables.push(("SSL_CERT_FILE", site.path("ca.pem")));
    let (_, checks) = site.run("doctor --json", &variables).await;
    let checks: Value = serde_json::from_str(&checks).unwrap();
    let checks = checks["checks"].as_array().unwrap();
    let detail = |name: &str| -> &str {
        checks.iter().find(|check| check["check"] == name).unwrap()["detail"].as_str().unwrap()
    };
    assert!(detail("database").ends_with("encrypted by TLSv1.3"), "{}", detail("database"));
    assert!(detail("broker topology").ends_with("connection is encrypted"), "{checks:#?}");
}

/// Those of the pool, of the loops and of the listeners alike.
async fn all_connections_are_encrypted(site: &Site) {
    let config = store::Config { url: site.database("ca.pem"), role: Role::Owner, pool_size: 1 };
    let client = Store::new(&config).unwrap().client().await.unwrap();
    let statement = "
        select count(*), bool_and(ssl) from pg_stat_ssl join pg_stat_activity using (pid)
        where application_name = 'courtier' and pid <> pg_backend_pid()";
    let row = client.query_one(statement, &[]).await.unwrap();
    assert!(row.get::<_, i64>(0) > 5 && row.get::<_, bool>(1), "{row:?}");
}

/// `pg_dump` would look for roots elsewhere, and end, if it were not told of ours.
async fn a_backup_goes_the_same_way(site: &Site) {
    let variables = site.variables(&site.database("ca.pem"), &site.broker("ca.pem"));
    let line = format!("backup {}", site.path("courtier.dump"));
    let (code, output) = site.run(&line, &variables).await;
    assert_eq!(code, Some(0), "{output}");
}

async fn modes_protect_as_they_say(site: &Site) {
    let encrypted = Ok(Some("TLSv1.3".to_owned()));
    // By the wrong name and without its authority: nobody is verified.
    for (mode, expected) in
        [("disable", Ok(None)), ("prefer", encrypted.clone()), ("require", encrypted.clone())]
    {
        let url = format!("{}?sslmode={mode}", site.instance.database_url);
        assert_eq!(opened(&url).await, expected, "{mode}");
    }
    assert_eq!(opened(&site.instance.database_url).await, encrypted, "as libpq without a mode");
    assert_eq!(opened(&site.database("ca.pem")).await, encrypted);
}

async fn who_is_not_trusted_is_refused(site: &Site) {
    let by_number = |url: String| url.replace("localhost", "127.0.0.1");
    let stranger = "give the file of its authority as";
    is_refused_by_database(&site.database("other.pem"), stranger).await;
    is_refused_by_database(&site.database(""), stranger).await;
    let name = "and not for 127.0.0.1: use a name that it is for in DATABASE_URL";
    is_refused_by_database(&by_number(site.database("ca.pem")), name).await;
    is_refused_by_database(&site.database("key.pem"), "holds no certificate").await;

    is_refused_by_broker(&site.broker("other.pem"), stranger).await;
    is_refused_by_broker(&site.broker(""), stranger).await;
    let name = "and not for 127.0.0.1: use a name that it is for in AMQP_URL";
    is_refused_by_broker(&by_number(site.broker("ca.pem")), name).await;
    let plain = tests::amqp_url().replacen("amqp://", "amqps://", 1);
    is_refused_by_broker(&plain, "the server does not speak TLS at the port in AMQP_URL").await;
}

async fn the_doctor_says_what_is_wrong(site: &Site) {
    let variables = site.variables(&site.database("other.pem"), &site.broker("other.pem"));
    let (code, output) = site.run("doctor", &variables).await;
    assert_eq!(code, Some(1));
    for words in ["as sslrootcert in DATABASE_URL", "lower sslmode", "as cacertfile in AMQP_URL"] {
        assert!(output.contains(words), "{output}");
    }
    assert!(!output.contains(site.password()), "{output}");
}

/// Last, since it changes the server.
async fn a_database_that_stops_encrypting_is_refused(site: &Site) {
    let url = format!("{}?sslmode=prefer", site.instance.database_url);
    let config = store::Config { url: url.clone(), role: Role::Owner, pool_size: 1 };
    let client = Store::new(&config).unwrap().client().await.unwrap();
    client.batch_execute("alter system set ssl = off").await.unwrap();
    client.batch_execute("select pg_reload_conf()").await.unwrap();
    // The server takes note of it a moment later.
    while opened(&url).await.unwrap().is_some() {}
    let words = "the server offers no encryption, which sslmode in DATABASE_URL wants";
    is_refused_by_database(&url.replace("prefer", "require"), words).await;
    is_refused_by_database(&site.database("ca.pem"), words).await;
}
