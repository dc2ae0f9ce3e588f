//! What is kept: revisions, dirty markers, one computation at a time, one tenant's rows.

use jiff::{ToSpan, civil::date};
use msp::kpi::{DEFINITION_VERSION, Period};
use store::{Tenant, kpi_daily};
use uuid::Uuid;

use crate::{
    compute,
    data::{self, Market},
    day, kept,
};

const FROM: jiff::civil::Date = date(2026, 1, 10);
const TO: jiff::civil::Date = date(2026, 1, 20);

async fn mark(market: &Market, days: &str) {
    let statement = "insert into kpi_dirty (tenant_id, days) values ($1, $2::text::datemultirange)";
    market.owner.execute(statement, &[&market.tenant_id, &days]).await.unwrap();
}

async fn marked(market: &Market) -> String {
    let statement = "
        select coalesce(range_agg(day), '{}')::text from kpi_dirty, unnest(days) as day
        where tenant_id = $1";
    market.owner.query_one(statement, &[&market.tenant_id]).await.unwrap().get(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_computation_changes_nothing() {
    let market = Market::new("Europe/Paris").await;
    market.add(&[market.ticket("T-1", "2026-01-15T09:00")]).await;
    assert_eq!(compute(&market, FROM, TO).await, 11);
    let first = kept(&market, FROM, TO).await;
    assert_eq!(compute(&market, FROM, TO).await, 0);
    assert_eq!(kept(&market, FROM, TO).await, first);
    assert!(first.iter().all(|day| day.revision == 1));
    assert!(first.iter().all(|day| day.definition_version == DEFINITION_VERSION));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_figure_raises_the_revision_of_its_day() {
    let market = Market::new("Europe/Paris").await;
    market.add(&[market.ticket("T-1", "2026-01-15T09:00")]).await;
    compute(&market, FROM, TO).await;
    let before = kept(&market, FROM, TO).await;

    market.add(&[market.ticket("T-2", "2026-01-19T09:00")]).await;
    assert_eq!(compute(&market, FROM, TO).await, 2);
    let after = kept(&market, FROM, TO).await;
    for (before, after) in before.iter().zip(&after) {
        let changed = after.date >= date(2026, 1, 19);
        assert_eq!(after.revision, if changed { 2 } else { 1 }, "{}", after.date);
        assert_eq!(after.computed_at != before.computed_at, changed, "{}", after.date);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_becomes_final_without_a_new_revision() {
    let market = Market::new("Europe/Paris").await;
    assert!(day(&market, FROM).await.is_final);
    let client = market.client().await;
    let today = kpi_daily::today(&client, market.tenant_id).await.unwrap().unwrap();
    assert!(!day(&market, today).await.is_final);
    assert!(!day(&market, today - 6.days()).await.is_final);
    assert!(day(&market, today - 9.days()).await.is_final);

    let statement = "update kpi_daily set is_final = false where kpi_date = $1";
    market.owner.execute(statement, &[&FROM]).await.unwrap();
    assert_eq!(compute(&market, FROM, FROM).await, 1);
    let row = kept(&market, FROM, FROM).await.pop().unwrap();
    assert_eq!((row.is_final, row.revision), (true, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn markers_of_computed_days_are_taken_off_and_no_others() {
    let market = Market::new("Europe/Paris").await;
    mark(&market, "{[2026-01-05,2026-01-12],[2026-01-18,2026-01-25]}").await;
    mark(&market, "{[2026-01-11,2026-01-14]}").await;
    mark(&market, "{[2026-02-01,2026-02-01]}").await;
    let other = Uuid::now_v7();
    market.add_tenant(other, "UTC").await;
    let statement =
        "insert into kpi_dirty (tenant_id, days) values ($1, '{[2026-01-11,2026-01-12)}')";
    market.owner.execute(statement, &[&other]).await.unwrap();

    compute(&market, FROM, TO).await;
    let left = "{[2026-01-05,2026-01-10),[2026-01-21,2026-01-26),[2026-02-01,2026-02-02)}";
    assert_eq!(marked(&market).await, left);
    compute(&market, date(2026, 1, 1), date(2026, 1, 31)).await;
    compute(&market, date(2026, 2, 1), date(2026, 2, 1)).await;
    assert_eq!(marked(&market).await, "{}");
    let others = "select count(*) from kpi_dirty";
    assert_eq!(market.owner.query_one(others, &[]).await.unwrap().get::<_, i64>(0), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_marker_of_records_that_were_not_seen_stays() {
    let market = Market::new("Europe/Paris").await;
    let mut loader = market.client().await;
    let loading = Tenant::begin(&mut loader, market.tenant_id).await.unwrap();
    let late = market.ticket("late", "2026-01-15T09:00");
    data::insert_tickets(loading.client(), market.tenant_id, &[late]).await;
    let mark_day =
        "insert into kpi_dirty (tenant_id, days) values ($1, '{[2026-01-15,2026-01-16)}')";
    loading.execute(mark_day, &[&market.tenant_id]).await.unwrap();

    // The load is not committed yet: the computation neither counts it nor takes its marker.
    compute(&market, FROM, TO).await;
    loading.commit().await.unwrap();
    assert_eq!(marked(&market).await, "{[2026-01-15,2026-01-16)}");
    assert_eq!(compute(&market, FROM, TO).await, 6);
    assert_eq!(marked(&market).await, "{}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computation_that_waited_sees_what_was_loaded_meanwhile() {
    let market = Market::new("Europe/Paris").await;
    let lock = "select pg_advisory_lock(hashtextextended('kpi_daily ' || $1, 0))";
    let tenant = market.tenant_id.to_string();
    market.owner.query_one(lock, &[&tenant]).await.unwrap();
    let mut client = market.client().await;
    let tenant_id = market.tenant_id;
    let computing = tokio::spawn(async move {
        kpi_daily::compute(&mut client, tenant_id, Period::new(FROM, TO).unwrap()).await
    });
    let waiting = "
        select exists (select from pg_locks join pg_database on pg_database.oid = database
                       where datname = current_database() and locktype = 'advisory'
                         and not granted)";
    while !market.owner.query_one(waiting, &[]).await.unwrap().get::<_, bool>(0) {
        assert!(!computing.is_finished(), "two computations of one tenant ran at once");
    }
    market.add(&[market.ticket("T-1", "2026-01-15T09:00")]).await;
    mark(&market, "{[2026-01-15,2026-01-16)}").await;
    let unlock = "select pg_advisory_unlock(hashtextextended('kpi_daily ' || $1, 0))";
    market.owner.query_one(unlock, &[&tenant]).await.unwrap();

    assert_eq!(computing.await.unwrap().unwrap().n_markers, 1);
    assert_eq!(kept(&market, TO, TO).await[0].kpis.ticket_trends.tickets_open, 1);
    assert_eq!(marked(&market).await, "{}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tenants_records_are_never_counted_nor_shown() {
    let market = Market::new("Europe/Paris").await;
    let other = Uuid::now_v7();
    market.add_tenant(other, "Europe/Paris").await;
    market.add(&[market.ticket("T-1", "2026-01-15T09:00")]).await;
    let theirs = ["T-1", "T-2", "T-3"].map(|id| market.ticket(id, "2026-01-16T09:00"));
    market.add_for(other, &theirs).await;

    compute(&market, FROM, TO).await;
    let trends = kept(&market, TO, TO).await[0].kpis.ticket_trends.clone();
    assert_eq!(trends.tickets_open, 1);

    // Even a statement that forgot to ask for its tenant sees its own rows only.
    let mut client = market.client().await;
    let period = Period::new(FROM, FROM).unwrap();
    kpi_daily::compute(&mut client, other, period).await.unwrap();
    let tenant = Tenant::begin(&mut client, other).await.unwrap();
    let rows = tenant.query("select tenant_id from kpi_daily", &[]).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].get::<_, Uuid>(0), other);
    let stolen = tenant.execute("update kpi_daily set tenant_id = $1", &[&market.tenant_id]).await;
    assert!(stolen.is_err(), "a row was given to another tenant");
}
