//! What goes wrong: every row of the table in `docs/EBAY.md`.

use std::time::Duration;

use ebay::{Client, Error, Remedy, Search};
use tests::simulator::{Endpoint, Fault, Options, Simulator};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;

use super::{Scene, config};

type Check = fn(&Error) -> bool;

#[tokio::test]
async fn every_answer_that_is_wrong_has_its_error() {
    let scene = Scene::new(Options::default()).await;
    let rows: [(Fault, Remedy, Check); 18] = [
        (Fault::Status(401), Remedy::NewToken, |it| it.is_unauthorized()),
        (Fault::Status(403), Remedy::Change, |it| matches!(it, Error::Forbidden(_))),
        (Fault::Status(400), Remedy::Change, |it| matches!(it, Error::Refused { status: 400, .. })),
        (Fault::Status(404), Remedy::Change, |it| matches!(it, Error::Refused { status: 404, .. })),
        (Fault::Status(409), Remedy::Change, |it| matches!(it, Error::Refused { status: 409, .. })),
        (Fault::Status(500), Remedy::Retry, |it| matches!(it, Error::Failed { status: 500, .. })),
        (Fault::Status(503), Remedy::Retry, |it| matches!(it, Error::Failed { status: 503, .. })),
        (Fault::Limit { retry_after_s: None }, Remedy::Wait, |it| {
            it.is_limit_reached() && it.retry_after().is_none()
        }),
        (Fault::Limit { retry_after_s: Some(90) }, Remedy::Wait, |it| {
            it.is_limit_reached() && it.retry_after() == Some(Duration::from_secs(90))
        }),
        (Fault::Truncated, Remedy::Retry, |it| matches!(it, Error::Unreadable(_))),
        (Fault::WrongType, Remedy::Retry, |it| matches!(it, Error::Unreadable(_))),
        (Fault::Html, Remedy::Retry, |it| matches!(it, Error::Unreadable(_))),
        (Fault::GzipBomb, Remedy::Change, |it| matches!(it, Error::TooLarge { .. })),
        (Fault::Warnings, Remedy::Change, |it| matches!(it, Error::Doubtful(_))),
        (Fault::Errors, Remedy::Change, |it| matches!(it, Error::Doubtful(_))),
        (Fault::Redirect, Remedy::Change, |it| matches!(it, Error::Refused { status: 302, .. })),
        (Fault::Cut, Remedy::Retry, |it| matches!(it, Error::Broken(_))),
        (Fault::Reset, Remedy::Retry, |it| matches!(it, Error::Broken(_))),
    ];
    let n_rows = rows.len() as u64;
    for (fault, remedy, is_right) in rows {
        let error = scene.failure(fault.clone()).await;
        assert!(is_right(&error), "{fault:?}: {error:?}");
        assert_eq!(error.remedy(), remedy, "{fault:?}");
        assert!(error.may_have_left(), "{fault:?} has arrived, so it counts");
    }
    assert_eq!(scene.simulator.arrived(Endpoint::Search), n_rows, "each was sent once");
    scene.search("Dracaufeu 4/102").await.expect("the next answer is right again");
}

#[tokio::test]
async fn the_reasons_of_ebay_are_told() {
    let scene = Scene::new(Options::default()).await;
    let words = scene.failure(Fault::Warnings).await.to_string();
    assert!(words.contains("12002: A filter is not known and was ignored."), "{words}");
    let words = scene.failure(Fault::Status(400)).await.to_string();
    assert!(words.contains("status 400 (12001: "), "{words}");
    let words = scene.failure(Fault::Limit { retry_after_s: Some(90) }).await.to_string();
    assert_eq!(words, "eBay's call limit is reached; it asks to wait 90 s");
}

#[tokio::test]
async fn silence_ends_in_time() {
    let scene = Scene::new(Options::default()).await;
    let mut config = config(scene.simulator.url());
    config.timeout = Duration::from_millis(300);
    let impatient = Client::new(config).unwrap();
    let search = Search::new("Dracaufeu 4/102");
    for fault in [Fault::Hang, Fault::Delay(Duration::from_mins(1))] {
        scene.simulator.inject(Endpoint::Search, fault.clone(), 1);
        let error = impatient.search(&scene.token, &search).await.unwrap_err();
        assert!(matches!(error, Error::TimedOut), "{fault:?}: {error:?}");
        assert!(error.may_have_left() && error.remedy() == Remedy::Retry);
    }
    assert_eq!(scene.simulator.arrived(Endpoint::Search), 2);
}

#[tokio::test]
async fn what_was_not_sent_is_known_not_to_have_left() {
    // A port that was free a moment ago, and that nobody listens at.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for url in [format!("http://{free}"), "http://ebay.invalid".into()] {
        let mut config = config(&url);
        // Where no name server answers, this ends the wait for it.
        config.connect_timeout = Duration::from_millis(500);
        let client = Client::new(config).unwrap();
        let error = client.search(&"token".into(), &Search::new("x")).await.unwrap_err();
        assert!(matches!(error, Error::Unreachable(_)), "{url}: {error:?}");
        assert!(!error.may_have_left() && error.remedy() == Remedy::Retry);
        let error = client.mint().await.unwrap_err();
        assert!(!error.may_have_left(), "{url}: {error:?}");
    }
}

#[tokio::test]
async fn a_failed_handshake_is_known_not_to_have_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        // Takes the greeting and hangs up: no key was agreed upon, no request can have been sent.
        stream.read(&mut [0; 64]).await.unwrap()
    });
    let client = Client::new(config(&url)).unwrap();
    let error = client.search(&"token".into(), &Search::new("x")).await.unwrap_err();
    assert!(matches!(error, Error::Unreachable(_)), "{error:?}");
    assert!(!error.may_have_left());
    assert!(server.await.unwrap() > 0);
}

#[tokio::test]
async fn a_closed_connection_is_not_used_again() {
    let scene = Scene::new(Options::default()).await;
    for _ in 0..5 {
        scene.failure(Fault::Cut).await;
        scene.search("x").await.unwrap();
    }
    assert_eq!(scene.simulator.arrived(Endpoint::Search), 10);
}

#[tokio::test]
async fn a_token_ends_by_time_or_by_revocation() {
    let scene = Scene::new(Options::default()).await;
    scene.simulator.revoke_tokens();
    let error = scene.search("x").await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
    assert!(error.to_string().contains("1001: Invalid access token"), "{error}");
    let again = scene.client.mint().await.unwrap().secret;
    scene.client.search(&again, &Search::new("x")).await.unwrap();
    let brief = Options { token_lifetime: Duration::ZERO, ..Options::default() };
    let error = Scene::new(brief).await.search("x").await.unwrap_err();
    assert!(error.is_unauthorized(), "{error}");
}

#[tokio::test]
async fn a_token_endpoint_that_fails_says_how() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let client = Client::new(config(simulator.url())).unwrap();
    for (fault, remedy) in [
        (Fault::Status(500), Remedy::Retry),
        (Fault::Status(401), Remedy::Change),
        (Fault::Limit { retry_after_s: None }, Remedy::Wait),
        (Fault::Html, Remedy::Retry),
        (Fault::Truncated, Remedy::Retry),
        (Fault::Reset, Remedy::Retry),
    ] {
        simulator.inject(Endpoint::Token, fault.clone(), 1);
        let error = client.mint().await.unwrap_err();
        assert_eq!(error.remedy(), remedy, "{fault:?}: {error}");
        assert!(!error.to_string().contains("v^1.1"), "{error}");
    }
    client.mint().await.unwrap();
}

#[tokio::test]
async fn items_and_limits_fail_alike() {
    let scene = Scene::new(Options::default()).await;
    for endpoint in [Endpoint::Item, Endpoint::RateLimit] {
        for (fault, remedy) in [
            (Fault::Status(401), Remedy::NewToken),
            (Fault::Limit { retry_after_s: None }, Remedy::Wait),
            (Fault::Status(500), Remedy::Retry),
            (Fault::Truncated, Remedy::Retry),
            (Fault::GzipBomb, Remedy::Change),
        ] {
            scene.simulator.inject(endpoint, fault.clone(), 1);
            let error = match endpoint {
                Endpoint::Item => {
                    scene.search("x").await.unwrap();
                    let listing = scene.search("x").await.unwrap().listings.remove(0);
                    scene.client.item(&scene.token, &listing.item_id).await.unwrap_err()
                }
                _ => scene.client.rate_limit(&scene.token).await.unwrap_err(),
            };
            assert_eq!(error.remedy(), remedy, "{endpoint:?} {fault:?}: {error}");
        }
    }
    scene.simulator.inject(Endpoint::Item, Fault::Status(404), 1);
    let item = scene.client.item(&scene.token, "v1|5|0").await.unwrap();
    assert!(item.is_gone, "eBay's own 404 is an answer");
}

#[tokio::test]
async fn beyond_the_limit_every_call_is_refused_and_counted() {
    let scene = Scene::new(Options { limit: 2, ..Options::default() }).await;
    scene.search("x").await.unwrap();
    scene.search("x").await.unwrap();
    for _ in 0..3 {
        let error = scene.search("x").await.unwrap_err();
        assert!(error.is_limit_reached(), "{error}");
    }
    let error = scene.client.item(&scene.token, "v1|5|0").await.unwrap_err();
    assert!(error.is_limit_reached(), "items and searches have one budget: {error}");
    assert_eq!(scene.simulator.stats().window_refused, 4);
    assert_eq!(scene.client.rate_limit(&scene.token).await.unwrap().unwrap().remaining, 0);
    scene.simulator.roll_window();
    scene.search("x").await.unwrap();
}
