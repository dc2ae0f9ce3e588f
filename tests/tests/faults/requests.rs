//! An API that dies, or whose committer breaks down, after the commit and before the answer.

use crate::{
    history::check,
    load::{Load, Order, client},
    site::{Api, Site, aborted},
};

const DIES: &str = "1*return";

#[tokio::test(flavor = "multi_thread")]
async fn an_api_that_dies_between_commit_and_answer_has_accepted() {
    let site = Site::new().await;
    let mut dying = site.api_failing(&format!("api.before-answer={DIES}")).await;
    let mut order = Order::new();
    order.send(&client(), &dying.url).await;
    assert_eq!(order.acknowledged, None);
    assert!(aborted(dying.process.exit().await));
    let unpublished = "select count(*) from commands join outbox on command_id = commands.id";
    assert_eq!(site.number(unpublished).await, 1);

    let api = site.api().await;
    order.send(&client(), &api.url).await;
    let processes = (site.start(&["scheduler"]), site.start(&["worker"]));
    check("api killed between commit and publish", &site, &[order]).await;
    assert_eq!(site.number("select count(*) from commands").await, 1);
    drop((api, processes));
    site.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn apis_that_die_under_load_lose_nothing() {
    let site = Site::new().await;
    let processes = (site.start(&["scheduler"]), site.start(&["worker"]));
    let failpoints = format!("api.before-answer=20*off->{DIES}");
    let mut api = site.api_failing(&failpoints).await;
    let load = Load::start(&api);
    for _ in 0..3 {
        assert!(aborted(api.process.exit().await));
        api = site.api_failing(&failpoints).await;
        load.turn_to(&api);
    }
    assert!(aborted(api.process.exit().await));
    api = site.api().await;
    load.turn_to(&api);
    load.acknowledge(20).await;
    let orders = load.stop().await;
    check("api killed four times under load", &site, &orders).await;
    drop((api, processes));
    site.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_whose_committer_breaks_down_ends_instead_of_refusing_for_ever() {
    let site = Site::new().await;
    let mut broken = site.api_failing("api.before-answer=1*panic").await;
    let mut order = Order::new();
    order.send(&client(), &broken.url).await;
    assert_eq!(order.acknowledged, None);
    assert_eq!(broken.process.exit().await.code(), Some(1), "it ends by itself, and says so");

    let api = site.api().await;
    order.send(&client(), &api.url).await;
    let processes = (site.start(&["scheduler"]), site.start(&["worker"]));
    check("api whose committer panicked", &site, &[order]).await;
    drop((api, processes));
    site.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_other_roles_of_the_process_stop_in_order_when_its_api_breaks_down() {
    let site = Site::new().await;
    let process = site.start_failing(&["all"], "api.before-answer=1*panic");
    process.says("worker started").await;
    let address = process.says("the API listens").await["address"].as_str().unwrap().to_owned();
    let mut broken = Api { process, url: format!("http://{address}") };
    let mut order = Order::new();
    order.send(&client(), &broken.url).await;
    assert_eq!(broken.process.exit().await.code(), Some(1));
    broken.process.says("worker stopped").await;
    broken.process.says("scheduler stopped").await;
    site.remove().await;
}
