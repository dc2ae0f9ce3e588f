//! Every end is told, and told once.

use serde_json::json;
use store::commands::{Changed, cancel, retry};

use crate::receiver::{Answer, Received, Receiver};
use crate::{SECRET, count, ended, fabric_with, fabric_with_paused, nothing};

#[tokio::test(flavor = "multi_thread")]
async fn an_end_is_told_once_and_signed() {
    let receiver = Receiver::start([Answer::Status(200)]).await;
    let (fabric, url) = fabric_with(&receiver).await;
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    let told = ended(&fabric, id).await;
    assert_eq!((&*told.status, told.result), ("succeeded", Some(json!({"answers": [200]}))));

    let callbacks = receiver.received();
    assert_eq!(callbacks.len(), 1);
    let callback = &callbacks[0];
    assert_eq!(callback.head[0], "POST /webhook-waiting/14?signature=key HTTP/1.1");
    assert_eq!(callback.header("content-type"), "application/json");
    assert_eq!(callback.header("webhook-id"), told.id.to_string());
    let signature = callback.header("webhook-signature").strip_prefix("v1,").unwrap();
    assert_eq!(unbase64(signature), callback.signature(SECRET));
    let sent_at: i64 = callback.header("webhook-timestamp").parse().unwrap();
    let ended_at = told.started_at.unwrap().as_second();
    assert!((sent_at - ended_at).abs() <= 60, "{sent_at} is not {ended_at}");

    let body = callback.json();
    assert_eq!(body["type"], "command.succeeded");
    assert_eq!(body["data"]["id"], id.to_string());
    assert_eq!(body["data"]["result"], json!({"pong": true}));
    assert_eq!(count(&fabric, "select count(*) from commands").await, 2);
    fabric.stop().await;
}

/// Standard base64, as `webhook-signature` has it.
fn unbase64(text: &str) -> Vec<u8> {
    let digit = |byte: u8| match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        _ => panic!("{text} is not base64"),
    };
    let digits: Vec<u8> = text.trim_end_matches('=').bytes().map(digit).collect();
    let bits = digits.chunks(4).flat_map(|chunk| {
        let word = chunk.iter().fold(0_u32, |word, digit| word << 6 | u32::from(*digit));
        let word = word << (6 * (4 - chunk.len()));
        word.to_be_bytes()[1..chunk.len()].to_vec()
    });
    bits.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_without_an_address_tells_nobody() {
    let receiver = Receiver::start([Answer::Status(200)]).await;
    let (fabric, _) = fabric_with(&receiver).await;
    fabric.done("diagnostics.ping", nothing()).await;
    assert_eq!(count(&fabric, "select count(*) from commands").await, 1);
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_ends_a_command_it_is_told() {
    let receiver = Receiver::start([Answer::Status(204)]).await;
    let (fabric, url) = fabric_with_paused("diagnostics", &receiver).await;
    let client = fabric.client().await;

    // Rejected by itself: there is no such tenant.
    let parameters = json!({"tenant_id": uuid::Uuid::nil(), "date": "2026-01-24"});
    let dead = fabric.accept_called_back("kpi.compute-daily", parameters, &url).await;
    ended(&fabric, dead).await;
    // Cancelled while it waits.
    let waiting = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    assert_eq!(cancel(&client, waiting).await.unwrap(), Changed::Done);
    ended(&fabric, waiting).await;
    // Given up by the broker.
    let buried = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    assert!(store::dead_letters::bury(&client, buried, "poison").await.unwrap());
    ended(&fabric, buried).await;
    // Cancelled while it runs.
    store::lanes::resume(&client, "test", "diagnostics").await.unwrap();
    let running =
        fabric.accept_called_back("diagnostics.wait", json!({"seconds": 600}), &url).await;
    fabric.until(running, |command| command.status == "running").await;
    assert_eq!(cancel(&client, running).await.unwrap(), Changed::Requested);
    ended(&fabric, running).await;

    let told: Vec<_> = receiver.received().iter().map(Received::json).collect();
    let ends: Vec<_> =
        told.iter().map(|body| (body["data"]["id"].clone(), &body["type"])).collect();
    let expected = [
        (dead, "command.dead"),
        (waiting, "command.cancelled"),
        (buried, "command.dead"),
        (running, "command.cancelled"),
    ];
    for (id, kind) in expected {
        let n_told = ends.iter().filter(|end| end.0 == id.to_string() && *end.1 == kind).count();
        assert_eq!(n_told, 1, "{id} {kind} among {ends:?}");
    }
    assert_eq!(ends.len(), expected.len());
    drop(client);
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_that_is_tried_again_ends_again() {
    let receiver = Receiver::start([Answer::Status(200)]).await;
    let (fabric, url) = fabric_with_paused("diagnostics", &receiver).await;
    let client = fabric.client().await;
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    assert_eq!(cancel(&client, id).await.unwrap(), Changed::Done);
    let first = ended(&fabric, id).await;
    assert_eq!(retry(&client, id).await.unwrap(), Changed::Done);
    store::lanes::resume(&client, "test", "diagnostics").await.unwrap();
    let again = fabric.until(id, |command| command.callback_id != Some(first.id)).await;
    assert_eq!(again.status, "succeeded");
    ended(&fabric, id).await;
    let told: Vec<_> = receiver.received().iter().map(|it| it.json()["type"].clone()).collect();
    assert_eq!(told, ["command.cancelled", "command.succeeded"]);
    drop(client);
    fabric.stop().await;
}
