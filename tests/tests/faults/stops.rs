//! Roles that are asked to stop while there is work.

use uuid::Uuid;

use crate::{
    history::check,
    load::{Load, post},
    site::{Api, Site},
};

/// The only command that does not end within the grace period.
const LONG: &str = "from commands where name = 'diagnostics.wait'";

#[tokio::test(flavor = "multi_thread")]
async fn roles_that_are_asked_to_stop_end_well_and_leave_the_rest_to_others() {
    let site = Site::new().await;
    let mut api = site.api().await;
    let mut scheduler = site.start(&["scheduler"]);
    let mut worker = site.start(&["worker"]);
    let load = Load::start(&api);
    post(&api, "/internal/diagnostics/wait?seconds=3600").await;
    site.until_true("select exists (select from commands where progress is not null)").await;
    load.acknowledge(50).await;

    let others = (site.api().await, site.start(&["scheduler"]), site.start(&["worker"]));
    load.turn_to(&others.0);
    for process in [&mut api.process, &mut scheduler, &mut worker] {
        process.stop().await;
    }
    load.acknowledge(50).await;
    let orders = load.stop().await;
    // Another worker has it now.
    site.until_true(
        "select count(*) = 2 from history where status = 'running'
            and command_id = (select id from commands where name = 'diagnostics.wait')",
    )
    .await;
    let long: Uuid = site.owner.query_one(&format!("select id {LONG}"), &[]).await.unwrap().get(0);
    post(&others.0, &format!("/internal/commands/{long}/cancel")).await;
    check("every role stopped under load", &site, &orders).await;
    let burned = "select count(*) from commands where attempt <> 1";
    assert_eq!(site.number(burned).await, 0, "no attempt was burned");
    drop(others);
    site.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn all_roles_in_one_process_stop_together() {
    let site = Site::new().await;
    let mut all = site.start(&["all"]);
    let url = all.says("the API listens").await["address"].as_str().unwrap().to_owned();
    let api = Api { process: all, url: format!("http://{url}") };
    let load = Load::start(&api);
    load.acknowledge(50).await;
    all = api.process;
    all.signal("TERM");
    let other = site.api().await;
    load.turn_to(&other);
    assert!(all.exit().await.success());
    let others = (site.start(&["scheduler"]), site.start(&["worker"]));
    load.acknowledge(50).await;
    let orders = load.stop().await;
    check("all roles in one process stopped under load", &site, &orders).await;
    drop((other, others));
    site.remove().await;
}
