//! Listings lie in tables of one month each.

use futures::TryStreamExt;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan};
use scheduler::Config;
use store::prices::{Priced, Written};
use store::{Client, Role, card_exports, listing_months, snapshots};
use tests::Fabric;

use crate::{Shop, priced, statistics};

/// The first instant of the month that is so many months away.
fn month(n: i64) -> Timestamp {
    let this = Timestamp::now().to_zoned(TimeZone::UTC).date().first_of_month();
    let first = this.checked_add(n.months()).unwrap();
    first.to_zoned(TimeZone::UTC).unwrap().timestamp()
}

fn table(n: i64) -> String {
    month(n).strftime("snapshot_listings_%Y_%m").to_string()
}

const MICROSECOND: SignedDuration = SignedDuration::from_micros(1);
const TABLES: &str =
    "select coalesce(array_agg(name::text order by name), '{}') from listings_months()";

impl Shop {
    /// Looks at a card; its listings tell when. Returns the snapshot's id.
    async fn look(&self, card_id: i64, at: Timestamp) -> i64 {
        let (seen, statistics) = (at.to_string(), statistics());
        let look = Priced { listings: Some(seen.as_bytes()), ..priced(card_id, at, &statistics) };
        let Written::New { snapshot_id, .. } = self.write(&look).await else { panic!() };
        snapshot_id
    }

    /// The table in which listings lie, if they are there as they were written.
    async fn place(&self, id: i64) -> Option<String> {
        let snapshot = snapshots::get(&self.client().await, id).await.unwrap().unwrap();
        assert_eq!(snapshot.statistics, statistics());
        assert_eq!(snapshot.listings?, snapshot.taken_at.to_string().as_bytes());
        let place = "select tableoid::regclass::text from snapshot_listings where snapshot_id = $1";
        Some(self.owner.query_one(place, &[&id]).await.unwrap().get(0))
    }

    async fn replayed(&self) -> Vec<i64> {
        let client = self.client().await;
        let all = snapshots::replay(&client, month(-1), month(24), None).await.unwrap();
        let all: Vec<_> = all.try_collect().await.unwrap();
        all.iter().map(|snapshot| snapshot.id).collect()
    }
}

/// As the scheduler does it: whoever uses the tables right now comes first.
async fn persist<T>(step: impl AsyncFn() -> store::Result<T>) -> T {
    loop {
        match step().await {
            Err(error) if error.is_transient() => {}
            done => return done.unwrap(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn months_are_made_before_they_begin() {
    let shop = Shop::new().await;
    let client = shop.client().await;
    listing_months::make(&client, month(0)).await.unwrap();
    assert_eq!(shop.value::<Vec<String>>(TABLES).await, [0, 1, 2].map(table));
    assert_eq!(listing_months::make(&client, month(1) - MICROSECOND).await.unwrap(), 0);
    assert_eq!(listing_months::make(&client, month(4) - MICROSECOND).await.unwrap(), 3);
    assert_eq!(shop.value::<Vec<String>>(TABLES).await, [0, 1, 2, 3, 4, 5].map(table));
    for n in 0..6 {
        for at in [month(n), month(n + 1) - MICROSECOND] {
            let id = shop.look(shop.cards[0], at).await;
            assert_eq!(shop.place(id).await, Some(table(n)));
        }
    }
    let before = shop.look(shop.cards[0], month(0) - MICROSECOND).await;
    assert_eq!(shop.place(before).await.unwrap(), "snapshot_listings_old");
    let api = shop.database.store(Role::Api).client().await.unwrap();
    listing_months::make(&api, month(12)).await.unwrap_err();
    listing_months::drop_oldest(&api, month(12)).await.unwrap_err();
    assert_eq!(shop.value::<Vec<String>>(TABLES).await, [0, 1, 2, 3, 4, 5].map(table));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_made_a_month_for_is_kept_and_moved_when_it_is_made() {
    let shop = Shop::new().await;
    let client = shop.client().await;
    let at = [month(4), month(5) - MICROSECOND, month(5)];
    let [first, last, later] = at.map(|at| shop.look(shop.cards[0], at));
    let [first, last, later] = [first.await, last.await, later.await];
    for id in [first, last, later] {
        assert_eq!(shop.place(id).await.unwrap(), "snapshot_listings_default");
    }
    assert_eq!(snapshots::newest(&client, shop.cards[0]).await.unwrap().unwrap().id, later);
    listing_months::make(&client, month(2)).await.unwrap();
    assert_eq!(shop.place(first).await, Some(table(4)));
    assert_eq!(shop.place(last).await, Some(table(4)));
    assert_eq!(shop.place(later).await.unwrap(), "snapshot_listings_default");
    assert_eq!(shop.replayed().await, [first, last, later]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_month_goes_when_all_of_it_is_too_old_and_the_newest_listings_stay() {
    let shop = Shop::new().await;
    let client = shop.client().await;
    listing_months::make(&client, month(2)).await.unwrap();
    let drop_oldest = async |before| listing_months::drop_oldest(&client, before).await.unwrap();
    let [often, once] = [shop.cards[0], shop.cards[1]];
    let first = shop.look(often, month(0)).await;
    let second = shop.look(often, month(1) - MICROSECOND).await;
    let only = shop.look(once, month(0)).await;
    let newest = shop.look(often, month(2)).await;

    assert!(!drop_oldest(month(1) - MICROSECOND).await);
    assert_eq!(shop.replayed().await, [first, only, second, newest]);
    assert!(drop_oldest(month(1)).await);
    assert!(!drop_oldest(month(1)).await, "the next month is younger");
    assert_eq!(shop.value::<Vec<String>>(TABLES).await, [1, 2, 3, 4].map(table));
    let gone: bool = shop.value(&format!("select to_regclass('{}') is null", table(0))).await;
    assert!(gone);
    assert_eq!((shop.place(first).await, shop.place(second).await), (None, None));
    assert_eq!(shop.place(only).await.unwrap(), "snapshot_listings_old");
    assert_eq!(shop.place(newest).await, Some(table(2)));
    assert_eq!(shop.replayed().await, [only, newest]);
    assert_eq!(shop.inputs(once).await.listings.unwrap().snapshot_id, only);

    // Looked at again: what was kept aside goes with the next month.
    let again = shop.look(once, month(4)).await;
    assert!(drop_oldest(month(2)).await);
    assert_eq!(shop.replayed().await, [newest, again]);
    assert_eq!(snapshots::list(&client, often, None, 10).await.unwrap().len(), 3);
    let late = shop.look(shop.cards[2], month(0)).await;
    assert_eq!(shop.place(late).await.unwrap(), "snapshot_listings_old");
    let rows: i64 = shop.value("select count(*) from snapshot_listings").await;
    assert_eq!(rows, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn schedulers_and_workers_do_not_disturb_each_other() {
    let shop = Shop::new().await;
    let first = shop.look(shop.cards[0], month(0)).await;
    let client = shop.client().await;
    listing_months::make(&client, month(0)).await.unwrap();
    let work = async |n: i64| {
        let client = shop.client().await;
        let n_made = persist(async || listing_months::make(&client, month(9)).await).await;
        let id = shop.look(shop.cards[0], month(11) + SignedDuration::from_secs(n)).await;
        let dropped = persist(async || listing_months::drop_oldest(&client, month(1)).await).await;
        (n_made, id, i32::from(dropped))
    };
    let all = futures::future::join_all((0..6).map(work)).await;
    assert_eq!(all.iter().map(|(made, ..)| made).sum::<i32>(), 9);
    assert_eq!(all.iter().map(|(.., dropped)| dropped).sum::<i32>(), 1);
    for (_, id, _) in &all {
        assert_eq!(shop.place(*id).await, Some(table(11)));
    }
    assert_eq!(shop.place(first).await, None);
    assert_eq!(shop.value::<Vec<String>>(TABLES).await, (1..12).map(table).collect::<Vec<_>>());
}

/// An export reads one moment for minutes, as a backup does. Who waited for it would have everybody
/// wait behind him.
#[tokio::test(flavor = "multi_thread")]
async fn a_reader_that_stays_is_not_waited_for() {
    let shop = Shop::new().await;
    let client = shop.client().await;
    let only = shop.look(shop.cards[0], month(0)).await;
    let mut reader = shop.client().await;
    let export = card_exports::begin(&mut reader).await.unwrap();
    for step in [
        listing_months::make(&client, month(3)).await.map(|_| ()),
        listing_months::drop_oldest(&client, month(3)).await.map(|_| ()),
    ] {
        let error = step.unwrap_err();
        assert!(error.is_transient() && error.to_string().contains("lock timeout"), "{error}");
    }
    let second = shop.look(shop.cards[0], month(0)).await;
    drop(export);
    assert_eq!(shop.replayed().await, [only, second]);
    assert!(listing_months::make(&client, month(3)).await.unwrap() >= 3);
    assert!(listing_months::drop_oldest(&client, month(3)).await.unwrap());
    assert_eq!(shop.replayed().await, [second]);
}

/// The tables of listings that `work` looks into.
async fn touched(shop: &Shop, plans: &str, work: impl AsyncFn(&Client)) -> Vec<String> {
    // A connection counts by itself, and hands its counts over between transactions.
    let client = shop.database.store(Role::Worker).client().await.unwrap();
    let begin = format!("begin; set local plan_cache_mode = {plans}");
    client.batch_execute(&begin).await.unwrap();
    work(&client).await;
    let scanned = "
        select relname::text from pg_stat_xact_user_tables
        where relname like 'snapshot_listings%' and seq_scan + coalesce(idx_scan, 0) > 0";
    let rows = client.query(scanned, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_month_in_question_is_read() {
    let shop = Shop::new().await;
    let card = shop.cards[0];
    let mut ids = Vec::new();
    for n in 0..3 {
        ids.push(shop.look(card, month(n)).await);
    }
    for plans in ["force_generic_plan", "force_custom_plan"] {
        let inputs = touched(&shop, plans, async |client| {
            let mut known = store::prices::inputs(client, &[card]).await.unwrap();
            assert_eq!(known.remove(&card).unwrap().listings.unwrap().snapshot_id, ids[2]);
        });
        assert_eq!(inputs.await, [table(2)], "{plans}");
        let newest = touched(&shop, plans, async |client| {
            assert_eq!(snapshots::newest(client, card).await.unwrap().unwrap().id, ids[2]);
        });
        assert_eq!(newest.await, [table(2)], "{plans}");
        let get = touched(&shop, plans, async |client| {
            assert!(snapshots::get(client, ids[1]).await.unwrap().unwrap().listings.is_some());
        });
        assert_eq!(get.await, [table(1)], "{plans}");
        let replay = touched(&shop, plans, async |client| {
            let span = snapshots::replay(client, month(1), month(2), None).await.unwrap();
            assert_eq!(span.try_collect::<Vec<_>>().await.unwrap().len(), 1);
        });
        assert_eq!(replay.await, [table(1)], "{plans}");
    }
}

/// A shop of which nobody has looked after the tables for a year.
const NEGLECTED: &str = "
do $$
declare
    months text := (select string_agg(name, ', ') from listings_months());
begin
    execute 'drop table snapshot_listings_old, ' || months;
    create table snapshot_listings_old (like snapshot_listings including all);
    alter table snapshot_listings attach partition snapshot_listings_old
        for values from (minvalue) to ('2025-02-01 00:00:00+00');
    perform make_listings_months('2025-02-01 00:00:00+00');
end
$$;
insert into snapshot_listings values (1, now(), '\\x01')";

#[tokio::test(flavor = "multi_thread")]
async fn the_scheduler_makes_months_and_drops_those_past_the_retention() {
    let mut fabric = Fabric::new().await;
    fabric.database.owner().await.batch_execute(NEGLECTED).await.unwrap();
    let config = Config::default();
    assert_eq!(config.retention.listings_days, 180);
    fabric.scheduler(config);
    // The oldest month has a day that is not 180 days old, and the one before has none.
    let kept = "
        select coalesce(min(ends) > now() - interval '180 days', false)
           and min(begins) <= now() - interval '180 days'
           and max(begins) = date_trunc('month', now() + interval '2 months', 'UTC')
        from listings_months()";
    fabric.until_true(kept).await;
    let this_month = format!(
        "
        select tableoid::regclass = '{}'::regclass from snapshot_listings",
        table(0)
    );
    fabric.until_true(&this_month).await;
    fabric.stop().await;
}
