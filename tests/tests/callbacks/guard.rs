//! What a name leads to is checked for each connection: a resolver that changes its mind gains
//! nothing.

use std::sync::Arc;

use tests::Fabric;

use crate::receiver::{Answer, Receiver};
use crate::{Script, client, ended, nothing, start_the_rest};

/// A fabric whose worker believes `script`, with one `allowed` and one `private` host.
async fn fabric(script: &Arc<Script>, port: u16) -> Fabric {
    let mut fabric = Fabric::new().await;
    let (allowed, private) = (format!("hooks.test:{port}"), format!("n8n.test:{port}"));
    fabric.callback_worker(client(&[&allowed], &[&private], script.clone()));
    start_the_rest(&mut fabric);
    fabric
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_of_the_internet_that_leads_inside_is_not_called() {
    let receiver = Receiver::start([Answer::Status(200)]).await;
    for address in ["127.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "0.0.0.0", "::1"] {
        let script = Script::new(&[&[address]]);
        let fabric = fabric(&script, receiver.port()).await;
        let url = format!("https://hooks.test:{}/", receiver.port());
        let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
        let told = ended(&fabric, id).await;
        assert_eq!(told.status, "dead", "{address}");
        let error = told.error.unwrap();
        assert!(error.contains("`hooks.test` is at "), "{error}");
        assert_eq!(script.n_asked(), 1);
        fabric.stop().await;
    }
    assert!(receiver.received().is_empty());
}

/// The name is good when it is first asked for, and leads to the metadata of a cloud afterwards.
#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_changes_its_mind_is_not_followed() {
    let receiver = Receiver::start([Answer::Status(503), Answer::Status(200)]).await;
    let script = Script::new(&[&["127.0.0.1"], &["169.254.169.254"], &["127.0.0.1"]]);
    let fabric = fabric(&script, receiver.port()).await;
    let url = format!("http://n8n.test:{}/", receiver.port());
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    let told = ended(&fabric, id).await;
    assert_eq!((&*told.status, told.attempt), ("dead", 2));
    assert!(told.error.unwrap().contains("169.254.169.254"));
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(script.n_asked(), 2, "one look for one connection, none that could go stale");
    fabric.stop().await;
}

/// A bad address hides behind a good one, for a client that takes the next when one fails.
#[tokio::test(flavor = "multi_thread")]
async fn one_bad_address_condemns_the_others() {
    let receiver = Receiver::start([Answer::Status(200)]).await;
    let script = Script::new(&[&["127.0.0.1", "169.254.169.254"]]);
    let fabric = fabric(&script, receiver.port()).await;
    let url = format!("http://n8n.test:{}/", receiver.port());
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    assert_eq!(ended(&fabric, id).await.status, "dead");
    assert!(receiver.received().is_empty());
    fabric.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redirect_is_not_followed() {
    let elsewhere = Receiver::start([Answer::Status(200)]).await;
    let to = format!("http://127.0.0.1:{}/", elsewhere.port());
    let receiver = Receiver::start([Answer::Redirect(to)]).await;
    let fabric = fabric(&Script::new(&[&["127.0.0.1"]]), receiver.port()).await;
    let url = format!("http://n8n.test:{}/", receiver.port());
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    let told = ended(&fabric, id).await;
    assert_eq!(told.status, "dead");
    assert!(told.error.unwrap().ends_with("answered 302"));
    assert!(elsewhere.received().is_empty());
    fabric.stop().await;
}

/// What was accepted under other lists is judged by those of now.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_is_no_longer_listed_is_not_called() {
    let receiver = Receiver::start([Answer::Status(200)]).await;
    let script = Script::new(&[&["127.0.0.1"]]);
    let fabric = fabric(&script, receiver.port()).await;
    let url = format!("http://127.0.0.1:{}/", receiver.port());
    let id = fabric.accept_called_back("diagnostics.ping", nothing(), &url).await;
    assert_eq!(ended(&fabric, id).await.status, "dead");
    assert!(receiver.received().is_empty());
    assert_eq!(script.n_asked(), 0);
    fabric.stop().await;
}
