//! `courtier verify` and `courtier doctor` on an installation: PASS as it is, and BLOCKED with the
//! right reason for everything that a plan can be blocked by.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use tests::database;

use crate::caddy::{Caddy, PASSWORD, USER};
use crate::ground::{Ground, TOKEN};

/// Every text of a folder.
fn texts(folder: &Path) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            texts.extend(self::texts(&entry.path()));
        } else {
            let name = entry.file_name().to_string_lossy().into_owned();
            texts.push((name, fs::read_to_string(entry.path()).unwrap()));
        }
    }
    texts
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_behind_a_proxy_passes_and_its_proof_is_whole() {
    let ground = Ground::new().await;
    let caddy = Caddy::start(&ground.api, &ground.admin);
    let (proof, pair) = (ground.path("proof"), ground.path("pair"));
    fs::write(&pair, format!("{USER}:{PASSWORD}\n")).unwrap();
    let line = format!(
        "verify {} --url http://{} --public-url {} --basic-auth {} --ca {}",
        proof.display(),
        ground.api,
        caddy.url(),
        pair.display(),
        caddy.ca().display()
    );
    let (code, said) = ground.run(&line.split(' ').collect::<Vec<_>>(), &[]).await;
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("PASS: see "), "{said}");

    let texts = texts(&proof);
    let text = |name: &str| &texts.iter().find(|(found, _)| found == name).unwrap().1;
    for name in [
        "00_plan.md",
        "10_commands.md",
        "network_verification.txt",
        "coolify_variables.txt",
        "coolify_volumes.txt",
        "migration_output.txt",
        "seed_output.txt",
        "api_tests.txt",
        "n8n_credentials.txt",
        "wf01_execution.json",
        "wf10_execution.json",
        "wf20_execution.json",
        "db_verification.txt",
        "public_site.txt",
    ] {
        assert!(!text(name).is_empty(), "{name}");
    }
    assert!(text("40_verdict.md").starts_with("# PASS\n"), "{}", text("40_verdict.md"));
    assert!(text("api_tests.txt").contains("< 201 Created"));
    assert!(text("coolify_variables.txt").contains("SERVICE_TOKEN=*** (set)"));
    assert!(
        text("db_verification.txt").contains("60 tickets, "),
        "{}",
        text("db_verification.txt")
    );
    let secrets = secrets(&ground);
    for (name, text) in &texts {
        for secret in &secrets {
            assert!(!text.contains(secret.as_str()), "{name} shows a secret: {text}");
        }
        // Of a key, only the part by which it is looked up may be seen.
        let keys = text.split("msp_ak_").skip(1).map(|key| key.split('_').nth(1));
        assert!(keys.flatten().all(|secret| secret.starts_with("***")), "{name}: {text}");
    }
    // The key of the walk is gone.
    let (_, keys) = ground.run(&["api-keys", "list", "--json"], &[]).await;
    let keys: Value = serde_json::from_str(&keys).unwrap();
    let of_walk: Vec<&Value> =
        keys.as_array().unwrap().iter().filter(|key| key["name"] == "verify").collect();
    assert_eq!(of_walk.len(), 1, "{keys:#}");
    assert!(of_walk[0]["revoked_at"].is_string(), "{keys:#}");
    ground.end().await;
}

fn secrets(ground: &Ground) -> Vec<String> {
    let mut secrets = vec![TOKEN.to_owned(), PASSWORD.to_owned()];
    for (name, value) in &ground.variables {
        match *name {
            "SESSION_SECRET_KEY" | "API_KEY_PEPPER" | "JWT_SECRET_KEY" | "ADMIN_PASSWORD_HASH" => {
                secrets.push(value.clone());
            }
            "DATABASE_URL" | "AMQP_URL" => {
                let (user, _) = value.rsplit_once('@').unwrap();
                secrets.push(user.rsplit_once(':').unwrap().1.to_owned());
            }
            _ => {}
        }
    }
    secrets
}

/// The causes of a verdict, in words, and the verdict itself.
pub(crate) async fn blocked(
    ground: &Ground,
    url: &str,
    changed: &[(&str, &str)],
) -> (Vec<String>, String) {
    let proof = ground.path("blocked");
    let folder = proof.display().to_string();
    let arguments = ["verify", &folder, "--url", url, "--json"];
    let (code, said) = ground.run(&arguments, changed).await;
    assert_eq!(code, 1, "{said}");
    let summary: Value = serde_json::from_str(&said).unwrap();
    assert_eq!(summary["verdict"], "BLOCKED");
    let steps = summary["steps"].as_array().unwrap().iter();
    let checks = steps.flat_map(|step| step["checks"].as_array().unwrap().clone());
    let causes = checks
        .filter(|check| check["ok"] == false)
        .inspect(|check| assert!(!check["advice"].as_str().unwrap().is_empty(), "{check:#}"))
        .map(|check| check["cause"].as_str().unwrap().to_owned());
    let causes: Vec<String> = causes.collect();
    let verdict = fs::read_to_string(proof.join("40_verdict.md")).unwrap();
    assert!(verdict.starts_with("# BLOCKED\n"), "{verdict}");
    for cause in &causes {
        assert!(verdict.contains(&format!("- **{cause}**, ")), "{verdict}");
    }
    (causes, verdict)
}

fn with_password(url: &str, password: &str) -> String {
    let (scheme, rest) = url.split_once("://").unwrap();
    let (user, host) = rest.rsplit_once('@').unwrap();
    format!("{scheme}://{}:{password}@{host}", user.split(':').next().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_blocks_a_plan_is_named_with_what_to_do() {
    let ground = Ground::new().await;
    let here = format!("http://{}", ground.api);
    let value = |name: &str| ground.variables.iter().find(|(n, _)| *n == name).unwrap().1.clone();

    let (causes, verdict) = blocked(&ground, "http://analytics-api.invalid:8000", &[]).await;
    assert!(causes.contains(&"network".to_owned()), "{verdict}");
    assert!(verdict.contains("is not known here"), "{verdict}");
    assert!(verdict.contains("put both containers on one network"), "{verdict}");

    let (causes, verdict) = blocked(&ground, "http://127.0.0.1:9", &[]).await;
    assert!(causes.contains(&"network".to_owned()), "{verdict}");
    assert!(verdict.contains("nobody takes the connection"), "{verdict}");

    // Another service under this name, as on a network that is shared.
    let (causes, verdict) = blocked(&ground, &format!("http://{}", ground.admin), &[]).await;
    assert!(causes.contains(&"network".to_owned()), "{verdict}");
    assert!(verdict.contains("something else than Courtier"), "{verdict}");

    let other = [("SERVICE_TOKEN", "a-token-of-some-other-installation")];
    let (causes, verdict) = blocked(&ground, &here, &other).await;
    assert!(causes.iter().all(|cause| cause == "token"), "{verdict}");

    let url = with_password(&value("DATABASE_URL"), "of-another-database");
    let (causes, verdict) = blocked(&ground, &here, &[("DATABASE_URL", &url)]).await;
    assert_eq!(causes[0], "database", "{verdict}");
    assert!(verdict.contains("the user or the password in DATABASE_URL is wrong"), "{verdict}");

    let (causes, verdict) = blocked(&ground, &here, &[("MOCK_DATA_PATH", "/nowhere")]).await;
    assert!(causes.iter().all(|cause| cause == "volumes"), "{verdict}");
    assert!(verdict.contains("mount the folder of tenants.json read-only"), "{verdict}");

    // Nobody can make a folder below a file, not even root.
    let (causes, verdict) = blocked(&ground, &here, &[("EXPORTS_PATH", "/dev/null/exports")]).await;
    assert!(causes.iter().all(|cause| cause == "volumes"), "{verdict}");
    assert!(verdict.contains("mount a volume at EXPORTS_PATH"), "{verdict}");

    let empty = empty_database(&ground).await;
    let (causes, verdict) = blocked(&ground, &here, &[("DATABASE_URL", &empty)]).await;
    assert!(causes.contains(&"migrations".to_owned()), "{verdict}");
    assert!(verdict.contains("run `courtier migrate`"), "{verdict}");
    let (_, name) = empty.rsplit_once('/').unwrap();
    let owner = ground.database.owner().await;
    owner.batch_execute(&format!("drop database {name} with (force)")).await.unwrap();

    let url = with_wrong_clock(&ground).await;
    let (causes, verdict) = blocked(&ground, &here, &[("DATABASE_URL", &url)]).await;
    assert!(causes.iter().all(|cause| cause == "clock"), "{verdict}");
    assert!(verdict.contains("timedatectl set-ntp true"), "{verdict}");

    let url = with_password(&value("AMQP_URL"), "of-another-broker");
    let (causes, verdict) = blocked(&ground, &here, &[("AMQP_URL", &url)]).await;
    assert!(causes.iter().all(|cause| cause == "broker"), "{verdict}");
    assert!(verdict.contains("check host, port, user, password"), "{verdict}");
    ground.end().await;
}

/// A database of this server in which nothing was migrated.
async fn empty_database(ground: &Ground) -> String {
    let url = ground.database.url();
    let (server, name) = url.rsplit_once('/').unwrap();
    let name = format!("{}_empty", name.split('?').next().unwrap());
    let owner = ground.database.owner().await;
    owner.batch_execute(&format!("create database {name}")).await.unwrap();
    format!("{server}/{name}")
}

/// The way to the database by which its clock is an hour ahead; others see the right one.
async fn with_wrong_clock(ground: &Ground) -> String {
    let wrong = "create function public.clock_timestamp() returns timestamptz volatile language sql
                 as $$ select pg_catalog.clock_timestamp() + interval '1 hour' $$";
    ground.database.owner().await.batch_execute(wrong).await.unwrap();
    let url = ground.database.url();
    let separator = if url.contains('?') { '&' } else { '?' };
    // What is named first is found first; without it, the clock of the system is.
    format!("{url}{separator}options=-csearch_path%3Dpublic,pg_catalog")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_lets_too_much_through_blocks() {
    let ground = Ground::new().await;
    // The API itself, where a proxy should be.
    let url = format!("http://{}", ground.api);
    let arguments = [("PUBLIC_URL", url.as_str())];
    let (causes, verdict) = blocked(&ground, &url, &arguments).await;
    assert!(causes.iter().all(|cause| cause == "public_site"), "{verdict}");
    assert!(verdict.contains("compose/Caddyfile"), "{verdict}");
    ground.end().await;
}

/// The name that workflows of n8n call, in a file of hosts that only the walk sees.
#[tokio::test(flavor = "multi_thread")]
async fn the_name_inside_is_looked_up_as_n8n_would() {
    let Some(namespace) = crate::namespace() else { return };
    let ground = Ground::new().await;
    let (hosts, port) = (ground.path("hosts"), ground.api.rsplit_once(':').unwrap().1);
    fs::write(&hosts, "127.0.0.1 localhost analytics-api\n").unwrap();
    let script = "mount --bind \"$1\" /etc/hosts && shift && exec \"$@\"";
    let mut verify = Command::new("unshare");
    verify.args(namespace).args(["sh", "-c", script, "sh"]).arg(&hosts).arg(tests::binary());
    verify.arg("doctor").arg("--url").arg(format!("http://analytics-api:{port}"));
    verify.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
    verify.envs(ground.variables.iter().map(|(name, value)| (*name, value)));
    let output = tokio::task::spawn_blocking(move || verify.output().unwrap()).await.unwrap();
    let said = crate::text(&output);
    assert!(
        said.contains(&format!("✓ network: http://analytics-api:{port} answers (127.0.0.1)")),
        "{said}"
    );
    assert!(output.status.success(), "{said}");
    ground.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_tries_ebays_credentials_once_when_asked() {
    let simulator = tests::simulator::Simulator::start(tests::simulator::Options::default());
    let simulator = simulator.await.unwrap();
    let options = tests::simulator::Options::default();
    let database = database().await;
    let url = database.url();
    let check = async |secret: &str, ask: bool| {
        let arguments =
            if ask { vec!["doctor", "--json", "--ebay"] } else { vec!["doctor", "--json"] };
        let amqp = tests::amqp_url();
        let variables = [
            ("DATABASE_URL", url.as_str()),
            ("AMQP_URL", &amqp),
            ("AMQP_PREFIX", "nobody"),
            ("EBAY_CLIENT_ID", &options.client_id),
            ("EBAY_CLIENT_SECRET", secret),
            ("EBAY_API_URL", simulator.url()),
            ("API_LISTEN", "127.0.0.1:9"),
        ];
        let output = tests::courtier(&arguments, &variables).await;
        let report: Value = serde_json::from_slice(&output.stdout).unwrap();
        let checks = report["checks"].as_array().unwrap();
        checks.iter().find(|check| check["check"] == "eBay").unwrap().clone()
    };
    let unasked = check(&options.client_secret, false).await;
    assert_eq!(
        (&unasked["ok"], simulator.arrived(tests::simulator::Endpoint::Token)),
        (&true.into(), 0)
    );
    let well = check(&options.client_secret, true).await;
    assert_eq!(well["ok"], true, "{well:#}");
    assert_eq!(simulator.arrived(tests::simulator::Endpoint::Token), 1);
    let ill = check("another-secret", true).await;
    assert_eq!((&ill["ok"], &ill["cause"]), (&false.into(), &"ebay".into()), "{ill:#}");
    assert!(ill["advice"].as_str().unwrap().contains("production keyset"), "{ill:#}");
}
