//! Schedules as rows that people change.

use jiff::Timestamp;
use store::schedules::{Change, NIGHTLY_BATCH, get, list, put, remove, set_enabled, upcoming};
use store::{Role, schedules};

use crate::{Office, pings};

#[tokio::test(flavor = "multi_thread")]
async fn every_default_is_a_schedule_that_can_be_stored() {
    let office = Office::new().await;
    let all = list(&office.client().await).await.unwrap();
    assert!(all.len() >= 9, "{all:#?}");
    for schedule in all {
        let wrong = commands::schedule::check(&schedule, Timestamp::now());
        assert!(wrong.is_empty(), "{}: {wrong:?}", schedule.name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_audited_and_counts_from_now() {
    let office = Office::new().await;
    let mut client = office.client().await;
    let wanted = pings("night", "0 2 * * *");
    assert_eq!(put(&mut client, "ann", &wanted).await.unwrap(), Change::Created);
    let created = get(&client, "night").await.unwrap().unwrap();
    assert!(created.changed_at > Timestamp::UNIX_EPOCH);
    assert_eq!(put(&mut client, "ann", &wanted).await.unwrap(), Change::Unchanged);
    let off = set_enabled(&mut client, "bob", "night", false).await.unwrap();
    assert_eq!(off, Change::Updated);
    let changed = get(&client, "night").await.unwrap().unwrap();
    assert!(changed.changed_at > created.changed_at && !changed.is_enabled);
    assert_eq!(remove(&mut client, "bob", "night").await.unwrap(), Change::Removed);
    assert_eq!(remove(&mut client, "bob", "night").await.unwrap(), Change::Missing);
    let lines = "select actor || ' ' || action || ' ' || resource from audit_log order by id";
    let lines = office.owner.query(lines, &[]).await.unwrap();
    let lines: Vec<String> = lines.iter().map(|row| row.get(0)).collect();
    let expected =
        ["ann schedule.set night", "bob schedule.set night", "bob schedule.remove night"];
    assert_eq!(lines, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_nightly_batch_is_switched_by_its_setting() {
    let office = Office::new().await;
    let mut client = office.client().await;
    let refused = set_enabled(&mut client, "ann", NIGHTLY_BATCH, false).await.unwrap_err();
    assert!(refused.to_string().contains("set batch_enabled to false"), "{refused}");
    assert!(remove(&mut client, "ann", NIGHTLY_BATCH).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_admin_site_may_read_and_change_them() {
    let office = Office::with_a_card().await;
    let mut api = office.database.store(Role::Api).client().await.unwrap();
    assert_eq!(upcoming(&api, 1).await.unwrap().len(), 1);
    assert_eq!(put(&mut api, "ann", &pings("night", "0 2 * * *")).await.unwrap(), Change::Created);
    assert_eq!(schedules::newest(&api, 5).await.unwrap().len(), 0);
    let reader = office.database.store(Role::ReadOnly).client().await.unwrap();
    assert_eq!(list(&reader).await.unwrap().len(), list(&api).await.unwrap().len());
}
