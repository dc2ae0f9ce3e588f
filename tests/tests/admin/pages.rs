//! What pages show of what others wrote, and what they say when something is missing.

use reqwest::StatusCode;
use reqwest::header::COOKIE;
use tests::database;

use crate::Site;

const PATHS: &[&str] = &[
    "/",
    "/commands",
    "/commands?status=dead",
    "/commands/00000000-0000-7000-8000-000000000001",
    "/commands/00000000-0000-7000-8000-000000000001/cancel",
    "/dead-letters",
    "/lanes",
    "/tenants",
    "/tenants/00000000-0000-7000-8000-0000000000aa",
    "/api-keys",
    "/audit",
    "/settings",
];

/// Markup and scripts wherever somebody else can write.
const HOSTILE: &str = r#"
insert into tenants (id, name) values
    ('00000000-0000-7000-8000-0000000000aa', '<script>alert("tenant")</script>" onload="alert(1)');
insert into commands (id, name, status, tenant_id, payload, error, result, progress, attempt, finished_at)
values ('00000000-0000-7000-8000-000000000001', 'ingest.tickets', 'dead',
        '00000000-0000-7000-8000-0000000000aa',
        '{"source": "<script>alert(\"payload\")</script>", "api_token": "hush-hush"}',
        '<script>alert("error")</script> at https://x.example/?token=hush-hush',
        '{"x": "<script>alert(\"result\")</script>"}',
        '{"done": 1, "total": 2, "message": "<script>alert(\"progress\")</script>"}', 5, now());
insert into attempts (command_id, attempt, outcome, detail, worker)
values ('00000000-0000-7000-8000-000000000001', 5, 'dead', '<script>alert("detail")</script>',
        '<script>alert("worker")</script>');
insert into dead_letters (command_id, name, reason)
select id, '<script>alert("name")</script>', error from commands;
insert into api_keys (id, tenant_id, name, lookup, secret_hash)
values (gen_random_uuid(), '00000000-0000-7000-8000-0000000000aa',
        '<script>alert("key")</script>', '<script>', decode(repeat('00', 32), 'hex'));
insert into audit_log (actor, action, resource, detail)
values ('<script>alert("actor")</script>', '<script>alert("action")</script>',
        '<script>alert("resource")</script>', '{"before": "<script>", "after": "</script>"}');
insert into workers (id, host, version, lanes, slots)
values (gen_random_uuid(), '<script>alert("host")</script>', '<script>', '{"<script>"}', 1);
"#;

#[tokio::test(flavor = "multi_thread")]
async fn what_others_wrote_is_text_and_secrets_stay_hidden() {
    let database = database().await;
    let site = Site::start(&database).await;
    site.execute(HOSTILE).await;
    let mut member = site.member().await;
    for path in PATHS {
        let page = site.open(&mut member, path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        assert!(!page.text.contains("<script>"), "{path}: {}", page.text);
        assert!(!page.text.contains("\" onload"), "{path}");
        assert!(!page.text.contains("hush-hush"), "{path}");
        for inline in ["style=\"", "onclick=", "javascript:"] {
            assert!(!page.text.contains(inline), "{path}: {inline}");
        }
    }
    let hostile = "/commands?name=%22%3E%3Cscript%3E&tenant=%3Cscript%3E&status=%3Cscript%3E";
    for path in [hostile, "/audit?actor=%3Cscript%3E", "/login?next=%22%3E%3Cscript%3E"] {
        assert!(!site.open(&mut member, path).await.text.contains("<script>"), "{path}");
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_installation_says_so() {
    let database = database().await;
    let site = Site::start(&database).await;
    let mut member = site.member().await;
    for (path, words) in [
        ("/", "No batch is running."),
        ("/commands", "No command is in this list."),
        ("/dead-letters", "Nothing to decide."),
        ("/tenants", "No tenant."),
        ("/api-keys", "No key yet."),
    ] {
        let page = site.open(&mut member, path).await;
        assert_eq!(page.status, StatusCode::OK);
        assert!(page.text.contains(words), "{path}: {}", page.text);
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_exist_is_a_page_of_its_own() {
    let database = database().await;
    let site = Site::start(&database).await;
    let mut member = site.member().await;
    for path in [
        "/nowhere",
        "/commands/not-an-id",
        "/commands/00000000-0000-7000-8000-000000000000",
        "/tenants/00000000-0000-7000-8000-000000000000",
        "/dead-letters/nothing",
        "/api-keys/00000000-0000-7000-8000-000000000000/revoke",
        "/assets/courtier.css",
    ] {
        let page = site.open(&mut member, path).await;
        assert_eq!(page.status, StatusCode::NOT_FOUND, "{path}");
        assert!(page.text.contains("This page does not exist."), "{path}");
    }
    let wrong = site.post("/audit").header(COOKIE, member.cookie_line()).send().await.unwrap();
    assert_eq!(wrong.status(), StatusCode::METHOD_NOT_ALLOWED);
    let large = "x".repeat(300 * 1024);
    let refused = site.send(&mut member, "/settings", &[("pricing", &large)]).await;
    assert_eq!(refused.status, StatusCode::PAYLOAD_TOO_LARGE);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn both_languages_are_spoken_as_the_browser_asks() {
    let database = database().await;
    let site = Site::start(&database).await;
    let mut member = site.member().await;
    let ask = |lang: &str| {
        site.get("/settings").header(COOKIE, member.cookie_line()).header("accept-language", lang)
    };
    let french = ask("fr-FR,fr;q=0.9").send().await.unwrap().text().await.unwrap();
    assert!(french.contains("<html lang=\"fr\"") && french.contains("Réglages"));
    let english = ask("de").send().await.unwrap().text().await.unwrap();
    assert!(english.contains("<html lang=\"en\"") && english.contains("Settings"));
    let switched = site.open(&mut member, "/audit?actor=x&lang=fr").await;
    assert_eq!(switched.location, "/audit?actor=x");
    assert!(site.open(&mut member, "/audit").await.text.contains("<html lang=\"fr\""));
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_lists_come_in_pages() {
    let database = database().await;
    let site = Site::start(&database).await;
    site.execute(
        "insert into commands (id, name, status, payload)
         select ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 'diagnostics.ping',
                'succeeded', '{}' from generate_series(1, 120) n",
    )
    .await;
    let mut member = site.member().await;
    let mut path = "/commands?name=diagnostics".to_owned();
    let mut seen = Vec::new();
    let mut sizes = Vec::new();
    loop {
        let text = site.open(&mut member, &path).await.text;
        let rows: Vec<String> = text
            .split("name=\"id\" value=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        sizes.push(rows.len());
        seen.extend(rows);
        let Some(next) = text.split("rel=\"next\"").next().filter(|head| head.len() < text.len())
        else {
            break;
        };
        let href = next.rsplit("href=\"").next().unwrap().split('"').next().unwrap();
        path = href.replace("&#38;", "&");
    }
    assert_eq!(sizes, [50, 50, 20]);
    let mut sorted = seen.clone();
    sorted.sort_by(|a, b| b.cmp(a));
    sorted.dedup();
    assert_eq!(seen, sorted, "newest first, each once");
    site.stop().await;
}
