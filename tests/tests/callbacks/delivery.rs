//! Receivers that are late, away, or never agree.

use serde_json::json;

use crate::receiver::{Answer, Receiver};
use crate::{count, delivery, ended, fabric_with, nothing, said};

/// n8n answers 409 or 404 while it writes down the execution that waits.
#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_is_not_ready_yet_is_asked_again_at_once() {
    let early = [409, 404, 409, 200].map(Answer::Status);
    let receiver = Receiver::start(early).await;
    let (fabric, url) = fabric_with(&receiver).await;
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    let told = ended(&fabric, id).await;
    assert_eq!(told.result, Some(json!({"answers": [409, 404, 409, 200]})));
    assert_eq!(told.attempt, 1);
    let tries = receiver.received();
    let id = tries[0].header("webhook-id");
    assert!(tries.iter().all(|one| one.header("webhook-id") == id), "one message, one id");
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_in_trouble_is_asked_again_later_and_each_attempt_is_kept() {
    let receiver = Receiver::start([503, 429, 200].map(Answer::Status)).await;
    let (fabric, url) = fabric_with(&receiver).await;
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    let told = ended(&fabric, id).await;
    assert_eq!((&*told.status, told.attempt), ("succeeded", 3));
    let said = said(&fabric, told.id).await;
    assert_eq!(said.len(), 2);
    assert!(said[0].ends_with("answered 503") && said[1].ends_with("answered 429"), "{said:?}");
    assert!(!said[0].contains("key"), "the query is a secret: {said:?}");
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_there_or_no_answer_is_tried_again() {
    let receiver = Receiver::start([Answer::Silence, Answer::Status(200)]).await;
    let (fabric, url) = fabric_with(&receiver).await;
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    let told = ended(&fabric, id).await;
    assert_eq!((&*told.status, told.attempt), ("succeeded", 2));
    assert!(said(&fabric, told.id).await[0].ends_with("no answer in time"));

    receiver.leave().await;
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    let told = delivery(&fabric, id, |delivery| delivery.status == "retrying").await;
    assert!(told.error.unwrap().contains("refused"), "a connection is refused");
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_final_and_a_dead_letter() {
    let receiver = Receiver::start([Answer::Status(400)]).await;
    let (fabric, url) = fabric_with(&receiver).await;
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    let told = ended(&fabric, id).await;
    assert_eq!((&*told.status, told.attempt), ("dead", 1));
    let letters = format!("select count(*) from dead_letters where command_id = '{}'", told.id);
    assert_eq!(count(&fabric, &letters).await, 1);
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn patience_has_an_end() {
    let receiver = Receiver::start([Answer::Status(500)]).await;
    let (fabric, url) = fabric_with(&receiver).await;
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    let told = delivery(&fabric, id, |delivery| delivery.status == "retrying").await;
    // Nine of its ten attempts are used up, and the next is due.
    let owner = fabric.database.owner().await;
    owner.execute("update commands set attempt = 9 where id = $1", &[&told.id]).await.unwrap();
    let told = ended(&fabric, id).await;
    assert_eq!((&*told.status, told.attempt), ("dead", 10));
    let letters = format!("select count(*) from dead_letters where command_id = '{}'", told.id);
    assert_eq!(count(&fabric, &letters).await, 1);
    drop(owner);
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_without_end_is_not_read_to_it() {
    let receiver = Receiver::start([Answer::Flood]).await;
    let (fabric, url) = fabric_with(&receiver).await;
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    let told = ended(&fabric, id).await;
    assert_eq!((&*told.status, told.attempt), ("succeeded", 1));
    fabric.stop().await;
}
