//! What is ordered at a slot, and by whom.

use jiff::SignedDuration;
use serde_json::{Value, json};
use store::schedules::{newest, upcoming};
use tests::Fabric;

use crate::{Office, at, for_each, pings};

#[tokio::test(flavor = "multi_thread")]
async fn the_nightly_batch_follows_its_settings() {
    let office = Office::with_a_card().await;
    assert_eq!(office.fired("2027-01-10T01:59:59Z").await, 0);
    assert_eq!(office.fired("2027-01-10T02:00:00Z").await, 1, "03:00 in Paris");
    assert_eq!(office.fired("2027-01-10T02:00:01Z").await, 0);
    let queued = "select count(*) from commands c join outbox on command_id = c.id
                  join schedule_fire f on f.command_id = c.id and f.schedule = 'nightly-batch'
                  where c.name = 'batch.run' and c.status = 'queued'";
    assert_eq!(office.number(queued).await, 1);
    office.finish().await;

    office.set(&[("batch_hour", "23"), ("batch_minute", "45")]).await;
    assert_eq!(office.fired("2027-01-10T22:44:59Z").await, 0);
    assert_eq!(office.fired("2027-01-10T22:45:00Z").await, 1);
    office.finish().await;
    office.set(&[("batch_timezone", "America/New_York")]).await;
    assert_eq!(office.fired("2027-01-11T22:45:00Z").await, 0, "23:45 in Paris");
    assert_eq!(office.fired("2027-01-12T04:45:00Z").await, 1);
    office.set(&[("batch_enabled", "false")]).await;
    assert_eq!(office.fired("2027-01-13T04:45:00Z").await, 0);
    assert_eq!(upcoming(&office.client().await, 5).await.unwrap(), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_without_cards_orders_nothing() {
    let office = Office::new().await;
    office.owner.execute("update schedules set is_enabled = true", &[]).await.unwrap();
    let looked = office.look("2027-01-10T02:00:00Z").await;
    assert_eq!((looked.fired, looked.missed), (0, 0));
    assert_eq!(office.number("select count(*) from schedule_fire").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn each_tenant_has_its_own_morning() {
    let office = Office::new().await;
    let paris = office.tenant(1, "Europe/Paris").await;
    let tokyo = office.tenant(2, "Asia/Tokyo").await;
    let gone = office.tenant(3, "Asia/Tokyo").await;
    office
        .owner
        .execute("update tenants set is_active = false where id = $1", &[&gone])
        .await
        .unwrap();
    let parameters = json!({"date": "{yesterday}"});
    office.put(&for_each("files", "exports.generate", parameters, "30 7 * * *")).await;
    // 07:30 in Tokyo is 22:30 UTC of the day before.
    assert_eq!(office.fired("2027-02-28T22:30:00Z").await, 1);
    assert_eq!(office.fired("2027-03-01T06:30:00Z").await, 1);
    let query = "select tenant_id, payload ->> 'date' from commands order by id";
    let rows = office.owner.query(query, &[]).await.unwrap();
    let ordered: Vec<_> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    assert_eq!(ordered, [(tokyo, "2027-02-28".to_owned()), (paris, "2027-02-28".to_owned())]);
}

/// Many schedulers that look at the same moments: each moment fires once.
#[tokio::test(flavor = "multi_thread")]
async fn eight_schedulers_fire_each_of_fifty_slots_once() {
    let office = Office::new().await;
    office.put(&for_each("minutely", "ingest.tickets", json!({}), "* * * * *")).await;
    for n in 1..=3 {
        office.tenant(n, "Europe/Paris").await;
    }
    for minute in 0..50 {
        let now = at("2027-01-10T12:00:00Z") + SignedDuration::from_mins(minute);
        let looks = (0..8).map(|_| {
            let store = office.store.clone();
            tokio::spawn(async move {
                scheduler::look(&store.client().await.unwrap(), now).await.unwrap().fired
            })
        });
        let fired = futures::future::join_all(looks).await;
        assert_eq!(fired.into_iter().map(Result::unwrap).sum::<usize>(), 3, "minute {minute}");
        office.finish().await;
    }
    assert_eq!(office.number("select count(*) from commands").await, 150);
    assert_eq!(office.number("select count(*) from outbox").await, 150);
    assert_eq!(
        office.number("select count(*) from schedule_fire where outcome = 'fired'").await,
        150
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_is_still_open_is_not_given_again() {
    let office = Office::new().await;
    office.put(&pings("quarterly", "*/15 * * * *")).await;
    office.begin("2027-01-10T11:59:00Z").await;
    assert_eq!(office.fired("2027-01-10T12:00:00Z").await, 1);
    assert_eq!(office.fired("2027-01-10T12:15:00Z").await, 0);
    assert_eq!(office.fired("2027-01-10T12:30:00Z").await, 0, "the skipped slot hides nothing");
    office.finish().await;
    assert_eq!(office.fired("2027-01-10T12:45:00Z").await, 1);
    let outcomes: Vec<String> =
        office.slots("quarterly").await.into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, ["fired", "skipped", "skipped", "fired"]);
    let newest = newest(&office.client().await, 2).await.unwrap();
    assert_eq!(newest[0].command_status.as_deref(), Some("queued"));
    assert!(newest[1].detail.as_deref().unwrap().starts_with("the same order is still open"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slot_that_nobody_fired_in_time_is_recorded() {
    let office = Office::new().await;
    office.put(&pings("daily", "0 12 * * *")).await;
    office.set(&[("batch_timezone", "Etc/UTC")]).await;
    office.begin("2027-01-10T11:59:00Z").await;
    assert_eq!(office.fired("2027-01-10T12:00:00Z").await, 1);
    office.finish().await;
    let looked = office.look("2027-01-13T17:59:00Z").await;
    assert_eq!((looked.fired, looked.missed), (1, 2), "less than six hours late");
    office.finish().await;
    let looked = office.look("2027-01-14T18:00:01Z").await;
    assert_eq!((looked.fired, looked.missed), (0, 1));
    assert_eq!(looked.next, Some(at("2027-01-15T12:00:00Z")));
    let outcomes: Vec<String> =
        office.slots("daily").await.into_iter().map(|(_, outcome)| outcome).collect();
    assert_eq!(outcomes, ["fired", "missed", "missed", "fired", "missed"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_that_cannot_be_given_is_recorded_and_others_fire() {
    let office = Office::new().await;
    office.put(&pings("bad", "0 12 * * *")).await;
    office.put(&pings("worse", "0 12 * * *")).await;
    office.put(&pings("good", "0 12 * * *")).await;
    office.set(&[("batch_timezone", "Etc/UTC")]).await;
    office.begin("2027-01-10T11:59:00Z").await;
    let broken = "update schedules set parameters = '{\"colour\": \"red\"}' where name = 'bad'";
    office.owner.execute(broken, &[]).await.unwrap();
    let unreadable = "update schedules set cron = '0 12 * * * * *' where name = 'worse'";
    office.owner.execute(unreadable, &[]).await.unwrap();
    let looked = office.look("2027-01-10T12:00:00Z").await;
    assert_eq!((looked.fired, looked.problems.len()), (1, 1));
    assert!(looked.problems[0].starts_with("worse: "), "{:?}", looked.problems);
    assert_eq!(office.slots("bad").await, [(at("2027-01-10T12:00:00Z"), "refused".to_owned())]);
    let detail = "select detail from schedule_fire where schedule = 'bad'";
    let detail: String = office.owner.query_one(detail, &[]).await.unwrap().get(0);
    assert_eq!(detail, "colour: is not a parameter; there are none");
}

/// Somebody has written nonsense into the table of settings.
#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_setting_stops_only_what_needs_it() {
    let office = Office::with_a_card().await;
    let zoned = store::schedules::Schedule {
        timezone: Some("Etc/UTC".to_owned()),
        ..pings("zoned", "0 2 * * *")
    };
    office.put(&zoned).await;
    office.put(&pings("local", "0 3 * * *")).await;
    office.begin("2027-01-10T01:00:00Z").await;
    let wrong = "insert into settings (key, value) values ('batch_hour', 'soon')";
    office.owner.execute(wrong, &[]).await.unwrap();
    let looked = office.look("2027-01-10T02:00:00Z").await;
    assert_eq!((looked.fired, looked.problems.len()), (1, 2), "{:?}", looked.problems);
    assert!(looked.problems.iter().all(|problem| problem.contains("`batch_hour`")));
}

#[tokio::test(flavor = "multi_thread")]
async fn pruning_keeps_the_newest_slot_of_each_schedule() {
    let office = Office::new().await;
    let old = "insert into schedule_fire (schedule, slot, fired_at)
               select name, slot, slot from unnest(array['monthly', 'daily']) as name,
                   unnest(array[timestamptz '2026-01-01', timestamptz '2026-01-02']) as slot
               union all select 'daily', now(), now()";
    office.owner.execute(old, &[]).await.unwrap();
    let retention = scheduler::Config::default().retention;
    let now = jiff::Timestamp::now();
    store::prune::prune(&office.client().await, now, retention, 100).await.unwrap();
    assert_eq!(office.slots("monthly").await.len(), 1);
    assert_eq!(office.slots("daily").await.len(), 1);
    let left = "select count(*) from schedule_fire where slot = '2026-01-02'";
    assert_eq!(office.number(left).await, 1, "of the monthly one");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_fires_are_listed_with_tenants_together() {
    let office = Office::with_a_card().await;
    office.tenant(1, "Europe/Paris").await;
    office.tenant(2, "Europe/Paris").await;
    let parameters = json!({"date": "{yesterday}"});
    office.put(&for_each("files", "exports.generate", parameters, "30 7 * * *")).await;
    let next = upcoming(&office.client().await, 4).await.unwrap();
    assert_eq!(next.len(), 4);
    assert!(next.windows(2).all(|pair| pair[0].slot <= pair[1].slot));
    let count = |name: &str| next.iter().filter(|one| one.schedule == name).count();
    assert_eq!((count("nightly-batch"), count("files")), (2, 2), "{next:#?}");
    let files = next.iter().find(|one| one.schedule == "files").unwrap();
    assert_eq!((files.n_commands, files.tenant_id), (2, None));
}

/// From the row to the worker, by the clock of the database.
#[tokio::test(flavor = "multi_thread")]
async fn a_running_scheduler_hears_of_a_new_schedule() {
    let mut fabric = Fabric::new().await;
    fabric.run(commands::Folders::default());
    let mut client = fabric.client().await;
    store::schedules::put(&mut client, "test", &pings("minutely", "* * * * *")).await.unwrap();
    // A slot that has passed is as good as one that comes: nobody waits for a minute.
    let owner = fabric.database.owner().await;
    let earlier = "update schedules set changed_at = changed_at - interval '2 minutes'
                   where name = 'minutely'";
    owner.execute(earlier, &[]).await.unwrap();
    owner.batch_execute("notify schedules").await.unwrap();
    fabric
        .until_true(
            "select exists (select from commands join schedule_fire on command_id = id
                            where schedule = 'minutely' and status = 'succeeded')",
        )
        .await;
    let result: Value = owner
        .query_one("select result from commands where name = 'diagnostics.ping' limit 1", &[])
        .await
        .unwrap()
        .get(0);
    assert_eq!(result, json!({"pong": true}));
    fabric.stop().await;
}
