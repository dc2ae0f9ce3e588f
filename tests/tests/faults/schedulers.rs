//! The nightly batch, with three schedulers of which one dies at the slot.

use crate::site::{Site, aborted};

/// The nightly batch was due when this hour began; nobody has looked yet.
const DUE: &str = "
insert into series (id, name) values ('base', 'Base');
insert into sets (id, name, serie_id) values ('base1', 'Base', 'base');
insert into cards (tcgdex_id, set_id, local_id, name, created_at)
values ('base1-1-NORMAL', 'base1', '1', 'Pikachu', now() - interval '1 year');
update schedules set is_enabled = false, changed_at = date_trunc('hour', now()) - interval '1 minute';
insert into settings (key, value, updated_at)
values ('batch_timezone', 'Etc/UTC', now() - interval '1 year'),
       ('batch_hour', extract(hour from now() at time zone 'UTC')::int::text, now() - interval '1 year')";

/// A batch is one command of one slot, whose message is out.
async fn one_batch(site: &Site) {
    site.until_true("select count(*) = 1 from commands where name = 'batch.run'").await;
    site.until_true("select not exists (select from outbox)").await;
    assert_eq!(site.number("select count(*) from commands").await, 1);
    let fired = "select count(*) from schedule_fire join commands on id = command_id";
    assert_eq!(site.number(fired).await, 1);
    assert_eq!(site.number("select count(*) from schedule_fire").await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_schedulers_one_dies_before_it_fires_and_there_is_one_batch() {
    let site = Site::new().await;
    site.owner.batch_execute(DUE).await.unwrap();
    let mut dying = site.start_failing(&["scheduler"], "clock.at-slot=1*return");
    assert!(aborted(dying.exit().await));
    assert_eq!(site.number("select count(*) from schedule_fire").await, 0);
    let (second, third) = (site.start(&["scheduler"]), site.start(&["scheduler"]));
    one_batch(&site).await;
    drop((second, third));
    site.remove().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_three_schedulers_one_dies_when_it_has_fired_and_there_is_one_batch() {
    let site = Site::new().await;
    site.owner.batch_execute(DUE).await.unwrap();
    let mut dying = site.start_failing(&["scheduler"], "clock.after-fire=1*return");
    assert!(aborted(dying.exit().await));
    assert_eq!(site.number("select count(*) from schedule_fire").await, 1);
    let (second, third) = (site.start(&["scheduler"]), site.start(&["scheduler"]));
    one_batch(&site).await;
    drop((second, third));
    site.remove().await;
}

/// All of them wake at the same moment, and the one that was started first is killed in it.
#[tokio::test(flavor = "multi_thread")]
async fn three_schedulers_that_wake_together_while_one_is_killed_order_one_batch() {
    let site = Site::new().await;
    let schedulers = [(); 3].map(|()| site.start(&["scheduler"]));
    for scheduler in &schedulers {
        scheduler.says("scheduler started").await;
    }
    let [first, second, third] = schedulers;
    site.owner.batch_execute(DUE).await.unwrap();
    site.owner.batch_execute("notify settings").await.unwrap();
    first.kill();
    one_batch(&site).await;
    let slots = "select count(*) from schedule_fire where outcome = 'fired'";
    assert_eq!(site.number(slots).await, 1);
    drop((second, third));
    site.remove().await;
}
