//! Who comes in, and who does not.

use reqwest::StatusCode;
use reqwest::header::{COOKIE, SET_COOKIE};
use tests::database;

use crate::{Browser, NAME, PASSWORD, Site};

const SESSION: &str = "courtier_session";

#[tokio::test(flavor = "multi_thread")]
async fn only_the_password_opens_the_door() {
    let database = database().await;
    let site = Site::start(&database).await;
    let mut browser = site.visitor().await;
    assert!(site.open(&mut browser, "/settings").await.is_at_the_door());
    for (name, password) in [(NAME, "wrong"), ("somebody", PASSWORD), ("", "")] {
        let page = site.sign_in(&mut browser, name, password).await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED);
        assert!(page.text.contains("Unknown name or password."), "{}", page.text);
        assert_eq!(browser.cookie(SESSION), None);
    }
    let token = browser.token.clone();
    let fields = [("username", NAME), ("password", PASSWORD), ("token", &token)];
    let answer = site.post("/login").header(COOKIE, browser.cookie_line()).form(&fields);
    let answer = answer.send().await.unwrap();
    let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
    for attribute in ["Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=604800"] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    let stored = "select count(*) from admin_sessions where id_hash::text like '%' || $1 || '%'";
    let id = cookie.split(['=', '.']).nth(1).unwrap();
    let client = site.store.client().await.unwrap();
    let found: i64 = client.query_one(stored, &[&id]).await.unwrap().get(0);
    assert_eq!(found, 0, "the database holds no id that opens a session");
    drop(client);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_planted_is_worth_nothing() {
    let database = database().await;
    let site = Site::start(&database).await;
    let attacker = site.member().await;
    let planted = attacker.cookie(SESSION).unwrap().to_owned();
    site.send(&mut attacker.clone(), "/logout", &[]).await;
    // The victim signs in with the attacker's cookies in his browser.
    let mut victim = site.visitor().await;
    victim.set(SESSION, &planted);
    let page = site.sign_in(&mut victim, NAME, PASSWORD).await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    assert_ne!(victim.cookie(SESSION).unwrap(), planted);
    assert!(site.open(&mut attacker.clone(), "/").await.is_at_the_door());
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_cookie_is_nobodys() {
    let database = database().await;
    let site = Site::start(&database).await;
    let member = site.member().await;
    let cookie = member.cookie(SESSION).unwrap();
    let (id, signature) = cookie.split_once('.').unwrap();
    let door = member.cookie("courtier_door").unwrap();
    let flipped = cookie.replace(['0', '1'], "2");
    for bad in [id, &cookie[1..], &format!("{id}.{id}"), &format!(".{signature}"), door, &flipped] {
        let mut browser = Browser::default();
        browser.set(SESSION, bad);
        assert!(site.open(&mut browser, "/").await.is_at_the_door(), "{bad}");
    }
    assert_eq!(site.open(&mut member.clone(), "/").await.status, StatusCode::OK);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_by_idleness_by_age_and_by_revocation() {
    let database = database().await;
    let site = Site::start(&database).await;
    for ended in [
        "seen_at = now() - interval '12 hours 1 minute'",
        "created_at = now() - interval '7 days 1 minute'",
        "revoked_at = now()",
        "username = 'somebody else'",
    ] {
        let mut member = site.member().await;
        assert_eq!(site.open(&mut member, "/settings").await.status, StatusCode::OK);
        site.execute(&format!("update admin_sessions set {ended}")).await;
        assert!(site.open(&mut member, "/settings").await.is_at_the_door(), "{ended}");
        let stream = site.get("/live/status").header(COOKIE, member.cookie_line());
        assert_eq!(stream.send().await.unwrap().status(), StatusCode::UNAUTHORIZED);
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn live_figures_do_not_keep_a_session_awake() {
    let database = database().await;
    let site = Site::start(&database).await;
    let mut member = site.member().await;
    site.execute("update admin_sessions set seen_at = now() - interval '1 hour'").await;
    let stream = site.get("/live/status").header(COOKIE, member.cookie_line());
    let mut answer = stream.send().await.unwrap();
    assert!(answer.chunk().await.unwrap().is_some());
    let awake = "select count(*) from admin_sessions where seen_at > now() - interval '1 minute'";
    assert_eq!(site.number(awake).await, 0);
    site.open(&mut member, "/").await;
    assert_eq!(site.number(awake).await, 1);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_from_elsewhere_changes_nothing() {
    let database = database().await;
    let site = Site::start(&database).await;
    let member = site.member().await;
    let stranger = site.member().await;
    let post = |token: &str, from: Option<&str>| {
        let fields = [("batch_enabled", "on"), ("batch_hour", "5"), ("token", token)];
        let request = site.post("/settings").header(COOKIE, member.cookie_line()).form(&fields);
        match from {
            Some(from) => request.header("sec-fetch-site", from),
            None => request,
        }
    };
    for (token, from) in [
        (member.token.as_str(), Some("cross-site")),
        (&member.token, Some("same-site")),
        (&member.token, Some("none")),
        ("", Some("same-origin")),
        ("", None),
        (&stranger.token, Some("same-origin")),
    ] {
        let answer = post(token, from).send().await.unwrap();
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{from:?}");
    }
    assert_eq!(site.number("select count(*) from settings").await, 0);
    assert_eq!(
        site.number("select count(*) from audit_log where action = 'settings.set'").await,
        0
    );
    // Signing in is a form like any other: nobody is signed in to somebody else's account.
    let fields = [("username", NAME), ("password", PASSWORD)];
    let answer = site.post("/login").form(&fields).send().await.unwrap();
    assert_eq!(answer.status(), StatusCode::FORBIDDEN);
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_back_stays_on_this_site() {
    let database = database().await;
    let site = Site::start(&database).await;
    for (next, expected) in [
        ("/audit?actor=a%20b", "/audit?actor=a%20b"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
    ] {
        let mut browser = site.visitor().await;
        let fields = [("username", NAME), ("password", PASSWORD), ("next", next)];
        let page = site.send(&mut browser, "/login", &fields).await;
        assert_eq!((page.status, page.location.as_str()), (StatusCode::SEE_OTHER, expected));
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_keeps_to_itself() {
    let database = database().await;
    let site = Site::start(&database).await;
    let member = site.member().await;
    for path in ["/login", "/", "/settings", "/nowhere", "/assets/nothing.css"] {
        let answer = site.get(path).header(COOKIE, member.cookie_line()).send().await.unwrap();
        let headers = answer.headers();
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; style-src 'self'; script-src 'self'"));
        assert!(!policy.contains("unsafe") && policy.contains("frame-ancestors 'none'"));
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("cache-control", "no-store"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
        ] {
            assert_eq!(headers[name], value, "{path}");
        }
    }
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn one_session_ends_all_others() {
    let database = database().await;
    let site = Site::start(&database).await;
    let (mut lost, mut mine) = (site.member().await, site.member().await);
    assert_eq!(site.send(&mut mine, "/settings/sessions", &[]).await.location, "/settings");
    assert!(site.open(&mut lost, "/").await.is_at_the_door());
    assert_eq!(site.open(&mut mine, "/").await.status, StatusCode::OK);
    site.stop().await;
}
