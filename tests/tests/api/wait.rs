//! `Prefer: wait` and `?wait`: the answer is the result, when it comes in time.

use reqwest::{Method, StatusCode};
use store::Session;
use store::lease::Lessor;
use store::record::{End, Recorder, Run};
use tests::{TestDatabase, database};
use uuid::Uuid;

use crate::{Server, answer, id_of};

const PING: &str = "/internal/diagnostics/ping";

/// Does what a worker does, one step at a time and without a broker.
struct Hand {
    lessor: Lessor,
    recorder: Recorder,
    owner: tokio_postgres::Client,
}

impl Hand {
    async fn of(database: &TestDatabase, server: &Server) -> Hand {
        let token = Uuid::now_v7();
        let connect = || server.store.connect(Session::Durable);
        let lessor = Lessor::new(connect().await.unwrap(), token, 60.0).await.unwrap();
        let recorder = Recorder::new(connect().await.unwrap(), token, "hand".into()).await.unwrap();
        Hand { lessor, recorder, owner: database.owner().await }
    }

    /// Waits for the next accepted command and ends it.
    async fn end_next(&self, end: End) -> Uuid {
        let next = "delete from outbox returning command_id";
        let id = loop {
            if let Some(row) = self.owner.query_opt(next, &[]).await.unwrap() {
                break row.get(0);
            }
        };
        let leased = self.lessor.lease(&mut vec![id]).await.unwrap();
        let run = Run { id, attempt: leased[0].attempt, end };
        assert_eq!(self.recorder.record(&[run]).await.unwrap(), 1);
        id
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_is_the_answer() {
    let database = database().await;
    let server = Server::start(&database).await;
    let hand = Hand::of(&database, &server).await;
    for (request, end, status) in [
        (
            server.request(Method::POST, &format!("{PING}?wait=60")),
            End::Succeeded(serde_json::json!({"pong": true})),
            "succeeded",
        ),
        (
            server.request(Method::POST, PING).header("prefer", "respond-async, wait=60"),
            End::Dead { error: "it was told to".into() },
            "dead",
        ),
    ] {
        let (id, (code, command)) = tokio::join!(hand.end_next(end), answer(request));
        assert_eq!(code, StatusCode::OK, "{command}");
        assert_eq!(id_of(&command), id);
        assert_eq!(command["status"], status);
        assert_eq!(command["result"]["pong"] == true, status == "succeeded");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_takes_longer_is_merely_accepted() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (status, receipt) = server.post(&format!("{PING}?wait=1")).await;
    assert_eq!(status, StatusCode::CREATED, "{receipt}");
    assert_eq!(receipt["status"], "queued");
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_request_waits_for_the_first_command() {
    let database = database().await;
    let server = Server::start(&database).await;
    let hand = Hand::of(&database, &server).await;
    let keyed = |path: &str| server.request(Method::POST, path).header("idempotency-key", "k");
    // The first request does not wait, so that no notice tells of the end.
    let (_, first) = answer(keyed(PING)).await;
    let path = format!("{PING}?wait=60");
    let end = hand.end_next(End::Succeeded(serde_json::json!({"pong": true})));
    let (id, (status, command)) = tokio::join!(end, answer(keyed(&path)));
    assert_eq!(status, StatusCode::OK, "{command}");
    assert_eq!((id_of(&command), id_of(&first)), (id, id));
    let (status, command) = answer(keyed(&path)).await;
    assert_eq!(status, StatusCode::OK, "it has ended already");
    assert_eq!(id_of(&command), id);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_answers_those_who_wait() {
    let database = database().await;
    let server = Server::start(&database).await;
    let waiting = answer(server.request(Method::POST, &format!("{PING}?wait=60")));
    let owner = database.owner().await;
    let stop = async {
        let accepted = "select count(*) = 1 from commands";
        while !owner.query_one(accepted, &[]).await.unwrap().get::<_, bool>(0) {}
        server.shutdown.cancel();
    };
    let ((status, _), ()) = tokio::join!(waiting, stop);
    assert_eq!(status, StatusCode::CREATED);
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_listener_does_not_lose_the_end() {
    let database = database().await;
    let server = Server::start(&database).await;
    let hand = Hand::of(&database, &server).await;
    let waiting = answer(server.request(Method::POST, &format!("{PING}?wait=60")));
    let end = async {
        let accepted = "select count(*) = 1 from outbox";
        while !hand.owner.query_one(accepted, &[]).await.unwrap().get::<_, bool>(0) {}
        let cut = "select count(pg_terminate_backend(pid)) from pg_stat_activity
                   where datname = current_database() and query = 'listen done'";
        hand.owner.query_one(cut, &[]).await.unwrap();
        hand.end_next(End::Succeeded(serde_json::json!({"pong": true}))).await
    };
    let ((status, command), id) = tokio::join!(waiting, end);
    assert_eq!(status, StatusCode::OK, "{command}");
    assert_eq!(id_of(&command), id);
    server.stop().await;
}
