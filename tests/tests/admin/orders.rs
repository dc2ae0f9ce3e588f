//! What the site changes: settings, commands, dead letters, keys.

use reqwest::StatusCode;
use serde_json::json;
use store::audit::{self, Filter};
use tests::database;
use uuid::Uuid;

use crate::{Browser, NAME, Site};

/// Three dead commands of two causes, a message that names no command, and one that waits.
const TROUBLE: &str = "
insert into commands (id, name, status, payload, error, attempt, finished_at)
select ('00000000-0000-7000-8000-00000000000' || n)::uuid, 'diagnostics.ping', 'dead', '{}',
       case when n < 3 then 'refused after ' || n || ' s' else 'something else' end, 5, now()
from generate_series(1, 3) n;
insert into dead_letters (command_id, name, reason)
select id, name, error from commands;
insert into dead_letters (name, reason, body) values ('kpi.x', 'no pointer', '<script>alert(1)</script>');
insert into commands (id, name, status, payload) values
    ('00000000-0000-7000-8000-000000000009', 'diagnostics.ping', 'postponed', '{}');
insert into due (command_id, due_at) values
    ('00000000-0000-7000-8000-000000000009', now() + interval '1 day');
";

impl Site {
    async fn last_line(&self) -> audit::Line {
        let client = self.store.client().await.unwrap();
        let filter = Filter { limit: 1, ..Filter::default() };
        audit::list(&client, &filter).await.unwrap().pop().unwrap()
    }

    /// The keys of the causes on the page, in its order.
    async fn causes(&self, member: &mut Browser) -> Vec<String> {
        let page = self.open(member, "/dead-letters").await.text;
        let links = page.split("class=\"lead\" href=\"/dead-letters/").skip(1);
        links.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_changed_logged_and_put_back() {
    let database = database().await;
    let site = Site::start(&database).await;
    let mut member = site.member().await;
    let fields = [("batch_hour", "4"), ("low_value_threshold", "7,5"), ("batch_enabled", "on")];
    let saved = site.send(&mut member, "/settings", &fields).await;
    assert_eq!(saved.location, "/settings?saved=batch_hour,low_value_threshold", "{}", saved.text);
    let client = site.store.client().await.unwrap();
    let settings = store::settings::all(&client).await.unwrap();
    drop(client);
    assert_eq!((settings.batch_hour, settings.batch_enabled), (4, true));
    assert_eq!(settings.low_value_threshold.to_string(), "7.5");
    let line = site.last_line().await;
    assert_eq!((line.actor.as_str(), line.action.as_str()), (NAME, "settings.set"));
    assert_eq!(line.detail.unwrap(), json!({ "before": "10", "after": "7.5" }));
    let page = site.open(&mut member, &saved.location).await.text;
    assert!(page.contains("04:00"), "the page shows what is in force");
    let undone = site.send(&mut member, "/settings/undo", &[("key", "batch_hour")]).await;
    assert_eq!(undone.location, "/settings?saved=batch_hour");
    assert_eq!(site.last_line().await.detail.unwrap(), json!({ "before": "4", "after": "3" }));
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_setting_saves_nothing_and_keeps_what_was_typed() {
    let database = database().await;
    let site = Site::start(&database).await;
    let mut member = site.member().await;
    let fields = [
        ("batch_hour", "\"><script>alert(1)</script>"),
        ("batch_minute", "30"),
        ("daily_api_limit", "4444"),
    ];
    let page = site.send(&mut member, "/settings", &fields).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.text.contains("value=\"4444\""), "what was typed is still there");
    assert!(page.text.contains("<title>Error: Settings"));
    assert!(!page.text.contains("<script>alert"));
    assert_eq!(site.number("select count(*) from settings").await, 0);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_from_elsewhere_reaches_the_site() {
    let database = database().await;
    let site = Site::start(&database).await;
    let mut member = site.member().await;
    let client = site.store.client().await.unwrap();
    store::settings::set(&client, "cli", &[("batch_timezone", "Asia/Tokyo")]).await.unwrap();
    drop(client);
    // The notice takes a moment; the page follows by itself.
    let departs_in_tokyo = async {
        while !site.open(&mut member, "/settings").await.text.contains("Asia/Tokyo") {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), departs_in_tokyo).await.unwrap();
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn dead_letters_are_replayed_by_cause_after_a_dry_run() {
    let database = database().await;
    let site = Site::start(&database).await;
    site.execute(TROUBLE).await;
    let mut member = site.member().await;
    let causes = site.causes(&mut member).await;
    assert_eq!(causes.len(), 3, "numbers in a reason make no cause of their own");
    let path = format!("/dead-letters/{}/replay", causes[0]);
    let plan = site.open(&mut member, &path).await.text;
    assert!(plan.contains("Replay 2 commands"), "{plan}");
    assert_eq!(site.number("select count(*) from outbox").await, 0, "a dry run sends nothing");
    let done = site.send(&mut member, &path, &[]).await;
    assert_eq!(done.location, "/dead-letters?done=replayed&n=2");
    assert_eq!(site.number("select count(*) from outbox").await, 2);
    let queued = "select count(*) from commands where status = 'queued' and attempt = 0";
    assert_eq!(site.number(queued).await, 2);
    let line = site.last_line().await;
    assert_eq!(
        (line.action.as_str(), line.detail),
        ("dead-letters.replay", Some(json!({"commands": 2})))
    );
    // Sent twice, done once: the cause is gone.
    assert_eq!(
        site.send(&mut member, &path, &[]).await.location,
        "/dead-letters?done=replayed&n=0"
    );
    assert_eq!(site.causes(&mut member).await.len(), 2);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dismissed_cause_leaves_the_list_and_stays_in_the_table() {
    let database = database().await;
    let site = Site::start(&database).await;
    site.execute(TROUBLE).await;
    let mut member = site.member().await;
    for cause in site.causes(&mut member).await {
        let path = format!("/dead-letters/{cause}/dismiss");
        assert_eq!(site.open(&mut member, &path).await.status, StatusCode::OK);
        assert_eq!(site.send(&mut member, &path, &[]).await.status, StatusCode::SEE_OTHER);
    }
    assert!(site.causes(&mut member).await.is_empty());
    assert_eq!(site.number("select count(*) from dead_letters").await, 4);
    assert_eq!(site.number("select count(*) from commands where status = 'dead'").await, 3);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn commands_are_cancelled_and_retried_one_by_one_and_many_at_once() {
    let database = database().await;
    let site = Site::start(&database).await;
    site.execute(TROUBLE).await;
    let mut member = site.member().await;
    let waiting = "/commands/00000000-0000-7000-8000-000000000009";
    site.send(&mut member, &format!("{waiting}/cancel"), &[]).await;
    assert!(site.open(&mut member, waiting).await.text.contains("Cancelled"));
    assert_eq!(site.last_line().await.action, "commands.cancel");
    site.send(&mut member, &format!("{waiting}/retry"), &[]).await;
    assert!(site.open(&mut member, waiting).await.text.contains("Queued"));
    let ids = [1, 2, 9].map(|n| format!("00000000-0000-7000-8000-00000000000{n}"));
    let chosen: Vec<(&str, &str)> = ids.iter().map(|id| ("id", id.as_str())).collect();
    let order = |order| [chosen.as_slice(), &[("order", order)]].concat();
    let retried = site.send(&mut member, "/commands/bulk", &order("retry")).await;
    assert_eq!(retried.location, "/commands?done=retry&n=2", "the third is queued already");
    let asked = site.send(&mut member, "/commands/bulk", &order("cancel")).await;
    assert!(asked.text.contains("Cancel these 3 commands?"), "{}", asked.text);
    assert_eq!(site.number("select count(*) from commands where status = 'cancelled'").await, 0);
    let sure = [order("cancel").as_slice(), &[("sure", "yes")]].concat();
    let cancelled = site.send(&mut member, "/commands/bulk", &sure).await;
    assert_eq!(cancelled.location, "/commands?done=cancel&n=3");

    // All that match, after a question that names them.
    let all = [("all", "yes"), ("status", "cancelled"), ("order", "retry")];
    let asked = site.send(&mut member, "/commands/bulk", &all).await;
    assert!(asked.text.contains("Retry these 3 commands?"), "{}", asked.text);
    assert_eq!(site.number("select count(*) from commands where status = 'cancelled'").await, 3);
    let sure = [order("retry").as_slice(), &[("sure", "yes")]].concat();
    let retried = site.send(&mut member, "/commands/bulk", &sure).await;
    assert_eq!(retried.location, "/commands?done=retry&n=3");
    let none = [("all", "yes"), ("status", "cancelled"), ("order", "retry")];
    let none = site.send(&mut member, "/commands/bulk", &none).await;
    assert_eq!(none.location, "/commands?done=none");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_is_shown_once_and_revoked_by_its_name() {
    let database = database().await;
    let site = Site::start(&database).await;
    let tenant = Uuid::now_v7().to_string();
    site.execute(&format!("insert into tenants (id, name) values ('{tenant}', 'CCA')")).await;
    let mut member = site.member().await;
    let refused = site.send(&mut member, "/api-keys", &[("name", ""), ("tenant", &tenant)]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields =
        [("name", "Power BI"), ("tenant", tenant.as_str()), ("scope", "kpis"), ("days", "30")];
    let created = site.send(&mut member, "/api-keys", &fields).await;
    assert_eq!(created.status, StatusCode::CREATED, "{}", created.text);
    let key = created.text.split("id=\"new-key\"").nth(1).unwrap();
    let key = key.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned();
    let client = site.store.client().await.unwrap();
    let pepper = tests::keys::pepper();
    let access = store::api_keys::find(&client, &pepper, &key).await.unwrap().unwrap();
    assert_eq!(&*access.scopes, ["kpis"]);
    let info = store::api_keys::list(&client, None).await.unwrap().pop().unwrap();
    assert!(info.expires_at.is_some());
    assert!(!site.open(&mut member, "/api-keys").await.text.contains(&key));
    let path = format!("/api-keys/{}/revoke", access.key_id);
    let wrong = site.send(&mut member, &path, &[("name", "power bi")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(store::api_keys::find(&client, &pepper, &key).await.unwrap().is_some());
    let right = site.send(&mut member, &path, &[("name", "Power BI")]).await;
    assert_eq!(right.location, "/api-keys?revoked=1");
    assert!(store::api_keys::find(&client, &pepper, &key).await.unwrap().is_none());
    let line = site.last_line().await;
    assert_eq!(line.action, "api-keys.revoke");
    assert!(!line.detail.unwrap().to_string().contains(&key));
    drop(client);
    site.stop().await;
}
