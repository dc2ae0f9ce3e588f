//! Guessing the password.

use futures::future::join_all;
use reqwest::StatusCode;
use tests::database;

use crate::{NAME, PASSWORD, Site};

const GUESSED: &str = "select coalesce(max(n_failures), 0)::bigint from admin_login_failures
                       where subject = 'account:nadia'";

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_guesses_are_a_handful() {
    let database = database().await;
    let site = Site::start(&database).await;
    let browser = site.visitor().await;
    for round in 0..20 {
        let guesses = (0..50).map(|n| {
            let (site, mut browser) = (&site, browser.clone());
            async move {
                let password = format!("guess {round} {n}");
                site.sign_in(&mut browser, NAME, &password).await.status
            }
        });
        let answers = join_all(guesses).await;
        assert!(answers.iter().all(|status| *status == StatusCode::UNAUTHORIZED));
    }
    let n_looked_at = site.number(GUESSED).await;
    assert!((5..=20).contains(&n_looked_at), "{n_looked_at} of 1,000 passwords were looked at");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pause_holds_the_right_password_too_and_then_ends() {
    let database = database().await;
    let site = Site::start(&database).await;
    let mut browser = site.visitor().await;
    let mut refused = String::new();
    for _ in 0..7 {
        refused = site.sign_in(&mut browser, NAME, "wrong").await.text;
    }
    site.execute("update admin_login_failures set open_at = now() + interval '1 minute'").await;
    let early = site.sign_in(&mut browser, NAME, PASSWORD).await;
    assert_eq!(early.status, StatusCode::UNAUTHORIZED);
    assert_eq!(early.text, refused, "nobody learns whether a password was looked at");
    let counted = site.number(GUESSED).await;
    site.sign_in(&mut browser, NAME, "wrong").await;
    assert_eq!(site.number(GUESSED).await, counted, "a guess that came too early does not count");
    site.execute("update admin_login_failures set open_at = now() - interval '1 second'").await;
    assert_eq!(site.sign_in(&mut browser, NAME, PASSWORD).await.status, StatusCode::SEE_OTHER);
    assert_eq!(site.number(GUESSED).await, 0, "whoever gets in is forgiven");
    site.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_hides_behind_a_header() {
    let database = database().await;
    let site = Site::start(&database).await;
    let browser = site.visitor().await;
    for n in 0..3 {
        let fields = [("username", "x"), ("password", "x"), ("token", browser.token.as_str())];
        let request = site.post("/login").header("cookie", browser.cookie_line()).form(&fields);
        request.header("x-forwarded-for", format!("198.51.100.{n}")).send().await.unwrap();
    }
    let addresses = "select count(*) from admin_login_failures where subject like 'address:%'";
    assert_eq!(site.number(addresses).await, 1, "no proxy is trusted here");
    let names = "select count(*) from admin_login_failures where subject like 'account:%'";
    assert_eq!(site.number(names).await, 1, "unknown names share one row");
    site.stop().await;
}
