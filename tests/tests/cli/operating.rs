//! The operator's tools: schedules, lanes, commands, dead letters, batches, status.

use serde_json::{Value, json};
use tests::courtier_until;
use uuid::Uuid;

use crate::{Ran, Site, TENANT};

impl Site {
    pub(crate) async fn with_a_tenant() -> Site {
        let site = Site::new().await;
        assert_eq!(site.run("seed").await.code(), 0);
        site
    }

    pub(crate) async fn execute(&self, statement: &str) {
        self.database.owner().await.batch_execute(statement).await.unwrap();
    }

    /// Runs with arguments that hold spaces.
    async fn call(&self, arguments: &[&str]) -> Ran {
        Ran(tests::courtier(arguments, &self.variables()).await)
    }

    /// Accepts pings that nobody runs, and returns their ids.
    pub(crate) async fn pings(&self, n: usize) -> Vec<String> {
        let mut ids = Vec::new();
        for _ in 0..n {
            let order = self.run("enqueue diagnostics.ping --json").await.json();
            ids.push(order["id"].as_str().unwrap().to_owned());
        }
        ids
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn schedules_are_listed_changed_and_refused_by_field() {
    let site = Site::with_a_tenant().await;
    let all = site.run("schedules list --json").await.json();
    let names: Vec<_> = all.as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert!(names.contains(&&json!("nightly-batch")) && names.len() >= 9, "{names:?}");
    assert!(site.run("schedules list").await.out().contains("03:00 by the settings"));

    let wrong = [
        "schedules",
        "set",
        "kpi-night",
        "command=kpi.compute-daily",
        "cron=0 25 * * *",
        "timezone=Mars",
        "tenant=each",
        "parameters={\"date\": \"soon\"}",
    ];
    let wrong = site.call(&wrong).await;
    assert_eq!(wrong.code(), 3, "{}", wrong.err());
    for part in ["cron: `0 25 * * *` is not", "timezone: `Mars` is no", "parameters.date: "] {
        assert!(wrong.err().contains(part), "{part}: {}", wrong.err());
    }
    let wrong = site.call(&["schedules", "set", "x", "colour=red", "tenant=me"]).await;
    assert!(
        wrong.err().contains("colour: is no field") && wrong.err().contains("tenant: `me`"),
        "{}",
        wrong.err()
    );
    let nobody = format!("tenant={}", Uuid::nil());
    let nobody = ["schedules", "set", "x", "command=ingest.tickets", "cron=0 6 * * *", &nobody];
    assert!(site.call(&nobody).await.err().contains("tenant: there is no tenant"));

    let set = [
        "schedules",
        "set",
        "kpi-night",
        "command=kpi.compute-daily",
        "cron=0 5 * * *",
        "tenant=each",
        "parameters={\"date\": \"{yesterday}\"}",
    ];
    assert!(site.call(&set).await.out().contains("created, and off"));
    assert!(!site.run("schedules next").await.out().contains("kpi-night"));
    assert_eq!(site.run("schedules enable kpi-night").await.code(), 0);
    let next = site.run("schedules next --limit 1 --json").await.json();
    assert_eq!(
        (&next[0]["schedule"], &next[0]["tenant_name"]),
        (&json!("kpi-night"), &json!("CCA Demo"))
    );
    let logged = "select count(*) from audit_log where actor = 'cli' and resource = 'kpi-night'";
    let logged: i64 = site.database.owner().await.query_one(logged, &[]).await.unwrap().get(0);
    assert_eq!(logged, 2);
    assert_eq!(site.run("schedules remove kpi-night").await.code(), 0);
    assert_eq!(site.run("schedules disable kpi-night").await.code(), 1);
    let nightly = site.run("schedules disable nightly-batch").await;
    assert!(nightly.err().contains("settings set batch_enabled=false"), "{}", nightly.err());
}

#[tokio::test(flavor = "multi_thread")]
async fn lanes_are_paused_with_a_reason_and_an_end() {
    let site = Site::new().await;
    assert_eq!(site.run("lanes pause cards").await.code(), 2, "a reason is required");
    assert_eq!(site.run("lanes pause card --reason x").await.code(), 2);
    let past = site.run("lanes pause cards --reason x --until 2020-01-01T00:00:00Z").await;
    assert!(past.err().contains("resume_at: is past"), "{}", past.err());
    assert_eq!(site.run("lanes pause cards --reason eBay --for 2h").await.code(), 0);
    site.pings(1).await;
    let lanes = site.run("lanes list --json").await.json();
    let lane = |name: &str| {
        lanes.as_array().unwrap().iter().find(|one| one["lane"] == name).unwrap().clone()
    };
    assert_eq!(lane("cards")["pause"]["reason"], "eBay");
    assert!(lane("cards")["pause"]["resume_at"].is_string());
    assert_eq!(
        (&lane("diagnostics")["queued"], &lane("diagnostics")["pause"]),
        (&json!(1), &Value::Null)
    );
    let stats = site.run("stats --json").await.json();
    assert_eq!(stats["paused_lanes"][0]["lane"], "cards", "{stats:#}");
    assert!(site.run("lanes resume cards").await.out().contains("is resumed"));
    assert!(site.run("lanes resume cards").await.out().contains("was not paused"));
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_found_cancelled_and_tried_again() {
    let site = Site::with_a_tenant().await;
    let ids = site.pings(2).await;
    site.run(&format!("enqueue ingest.tickets tenant_id={TENANT}")).await;
    let list = |filter: &'static str| {
        let site = &site;
        async move { site.run(&format!("commands list --json {filter}")).await.json() }
    };
    assert_eq!(list("--state queued").await.as_array().unwrap().len(), 3);
    assert_eq!(list("--name diagnostics").await.as_array().unwrap().len(), 2);
    let of_tenant = site.run(&format!("commands list --tenant {TENANT} --json")).await.json();
    assert_eq!(of_tenant[0]["name"], "ingest.tickets");
    assert_eq!(list("--limit 1").await.as_array().unwrap().len(), 1);
    assert_eq!(site.run("commands list --state lost").await.code(), 2);

    let cancelled = site.run(&format!("commands cancel {} {}", ids[0], ids[1])).await;
    assert_eq!((cancelled.code(), cancelled.out().matches("cancelled").count()), (0, 2));
    let again = site.run(&format!("commands cancel {}", ids[0])).await;
    assert_eq!(again.code(), 3, "{}", again.out());
    assert!(site.run(&format!("commands retry {}", ids[0])).await.out().contains("queued again"));
    let shown = site.run(&format!("commands show {} --json", ids[0])).await.json();
    assert_eq!((&shown["status"], &shown["attempts"]), (&json!("queued"), &json!([])));
    let nobody = site.run(&format!("commands retry {}", Uuid::nil())).await;
    assert_eq!((nobody.code(), nobody.out().contains("there is no such command")), (3, true));
    assert_eq!(site.run(&format!("commands show {}", Uuid::nil())).await.code(), 1);
    let logged = "select count(*) from audit_log where action like 'command.%' and actor = 'cli'";
    let logged: i64 = site.database.owner().await.query_one(logged, &[]).await.unwrap().get(0);
    assert_eq!(logged, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_are_shown_without_secrets_and_replayed_by_filter() {
    let site = Site::with_a_tenant().await;
    let line = format!("enqueue exports.generate tenant_id={TENANT} date=2026-01-24");
    assert_eq!(site.run(&line).await.code(), 0);
    site.pings(2).await;
    site.execute(
        "update commands set status = 'dead', error = 'disk full', finished_at = now();
         insert into dead_letters (command_id, name, reason) select id, name, 'disk full' from commands;
         insert into dead_letters (name, reason, body) values ('diagnostics.ping', 'unreadable', 'secret')",
    )
    .await;
    let letters = site.run("dead-letters list --json").await;
    assert!(!letters.out().contains("secret"), "{}", letters.out());
    let letters = letters.json();
    assert_eq!(letters.as_array().unwrap().len(), 4);
    assert_eq!(letters[0]["body"], "6 bytes, hidden");
    let export = letters.as_array().unwrap().iter().find(|one| one["name"] == "exports.generate");
    let export = &export.unwrap()["id"];
    let shown = site.run(&format!("dead-letters show {export} --json")).await.json();
    assert_eq!(shown["command"]["payload"], json!({"tenant_id": TENANT, "date": "•••"}));
    let whole = site.run(&format!("dead-letters show {export} --payload --json")).await.json();
    assert_eq!(whole["command"]["payload"]["date"], "2026-01-24");

    assert_eq!(site.run("dead-letters replay").await.code(), 2, "all is not a filter");
    let dry = site.run("dead-letters replay --name diagnostics --dry-run --json").await.json();
    assert_eq!(dry.as_array().unwrap().len(), 2, "{dry:#}");
    let dead = site.run("commands list --state dead --json").await.json();
    assert_eq!(dead.as_array().unwrap().len(), 3, "nothing has happened");
    let done = site.run("dead-letters replay --name diagnostics --reason DISK --json").await.json();
    assert_eq!((done["replayed"].as_array().unwrap().len(), &done["left"]), (2, &json!([])));
    let queued = site.run("commands list --state queued --name diagnostics --json").await.json();
    assert_eq!(queued.as_array().unwrap().len(), 2);
    let none = site.run("dead-letters replay --name diagnostics --json").await.json();
    assert_eq!(none["replayed"], json!([]));
    assert_eq!(site.run(&format!("dead-letters replay {export}")).await.code(), 0);
    assert_eq!(
        site.run(&format!("dead-letters replay {export}")).await.code(),
        3,
        "it is not dead"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_status_shows_everything_at_once() {
    let site = Site::with_a_tenant().await;
    site.run("lanes pause kpi --reason maintenance").await;
    let (process, _) = site.start().await;
    let ping = site.run("enqueue diagnostics.ping --wait --json").await.json();
    assert_eq!(ping["status"], "succeeded");
    let status = site.run("status --json").await.json();
    let lanes = status["lanes"].as_array().unwrap();
    assert_eq!(lanes.len(), commands::LANES.len());
    let kpi = lanes.iter().find(|lane| lane["lane"] == "kpi").unwrap();
    assert_eq!((&kpi["pause"]["reason"], &kpi["ready"]), (&json!("maintenance"), &json!(0)));
    assert_eq!(status["workers"].as_array().unwrap().len(), 1);
    assert_eq!((&status["outbox"]["entries"], &status["batch"]), (&json!(0), &Value::Null));
    assert!(status["quota"]["day"]["daily_limit"].is_number());
    assert_eq!(status["broker_error"], Value::Null);
    let text = site.run("status").await;
    for part in ["outbox: 0 waiting", "of 5000 used", "paused by cli: maintenance", "diagnostics"] {
        assert!(text.out().contains(part), "{part}: {}", text.out());
    }
    assert_eq!(site.run("batch status").await.code(), 1, "there was none");
    let watched = Ran(courtier_until(
        "maintenance",
        &["status", "--watch", "--every", "1"],
        &site.variables(),
    )
    .await);
    assert_eq!(watched.code(), 0, "{}", watched.out());
    assert!(watched.out().starts_with("\u{1b}[?1049h"), "another screen: {}", watched.out());
    assert!(watched.out().ends_with("\u{1b}[?1049l"), "the first one is back: {}", watched.out());
    site.clean_up(process).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn completions_and_manual_pages_name_every_tool() {
    let site = Site::new().await;
    for shell in ["bash", "zsh", "fish"] {
        let script = site.run(&format!("completions {shell}")).await;
        assert!(script.code() == 0 && script.out().contains("dead-letters"), "{shell}");
    }
    assert!(site.run("man").await.out().contains(".TH courtier 1"));
    let folder = site.folder.path().join("man");
    assert_eq!(site.run(&format!("man {}", folder.display())).await.code(), 0);
    assert!(folder.join("courtier-batch-stop.1").exists());
}
