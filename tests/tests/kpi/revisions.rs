//! What a figure was on the day that somebody saw it.

use jiff::{Timestamp, ToSpan, civil::date};
use store::Tenant;
use store::kpi_daily::{self, AsOf};

use crate::{compute, data::Market};

const DAY: jiff::civil::Date = date(2026, 1, 20);

/// Tickets created on the day, as they were known at a moment.
async fn created(market: &Market, moment: AsOf) -> Option<i64> {
    let mut client = market.client().await;
    let tenant = Tenant::begin(&mut client, market.tenant_id).await.unwrap();
    let kpis = kpi_daily::day_as_of(&tenant, DAY, moment).await.unwrap();
    kpis.map(|day| day.kpis.ticket_trends.tickets_created)
}

/// Moves everything that is known so far into the past, by an hour.
async fn an_hour_passes(market: &Market) {
    let older = "
        update kpi_daily set computed_at = computed_at - interval '1 hour',
                             known_since = known_since - interval '1 hour';
        update kpi_revisions set known_since = known_since - interval '1 hour',
                                 known_until = known_until - interval '1 hour'";
    market.owner.batch_execute(older).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_shown_as_it_was_known_then() {
    let market = Market::new("Europe/Paris").await;
    for n in 1..=3 {
        an_hour_passes(&market).await;
        market.add(&[market.ticket(&format!("T-{n}"), "2026-01-20T09:00")]).await;
        assert_eq!(compute(&market, DAY, DAY).await, 1);
    }
    let now = Timestamp::now();
    let ago = |minutes: i64| AsOf::Instant(now - minutes.minutes());
    assert_eq!(created(&market, ago(150)).await, None, "not computed yet");
    assert_eq!(created(&market, ago(90)).await, Some(1));
    assert_eq!(created(&market, ago(30)).await, Some(2));
    assert_eq!(created(&market, AsOf::Instant(now + 1.minute())).await, Some(3));
    let today = now.to_zoned(market.timezone.clone()).date();
    assert_eq!(created(&market, AsOf::EndOf(today)).await, Some(3));
    assert_eq!(created(&market, AsOf::EndOf(DAY)).await, None);

    let mut client = market.client().await;
    let tenant = Tenant::begin(&mut client, market.tenant_id).await.unwrap();
    let revisions = kpi_daily::revisions(&tenant, DAY).await.unwrap();
    let numbers: Vec<i32> = revisions.iter().map(|revision| revision.kpis.revision).collect();
    assert_eq!(numbers, [1, 2, 3]);
    assert!(revisions.windows(2).all(|pair| pair[0].known_until == Some(pair[1].known_since)));
    assert_eq!(revisions[2].known_until, None);
    assert_eq!(revisions[0].kpis.kpis.ticket_trends.tickets_created, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_computation_that_changes_no_figure_makes_no_revision() {
    let market = Market::new("Europe/Paris").await;
    market.add(&[market.ticket("T-1", "2026-01-20T09:00")]).await;
    compute(&market, DAY, DAY).await;
    an_hour_passes(&market).await;
    let open = "update kpi_daily set is_final = false";
    market.owner.batch_execute(open).await.unwrap();
    assert_eq!(compute(&market, DAY, DAY).await, 1, "it becomes final");
    let kept = "select count(*) from kpi_revisions";
    assert_eq!(market.owner.query_one(kept, &[]).await.unwrap().get::<_, i64>(0), 0);
    let ago = AsOf::Instant(Timestamp::now() - 30.minutes());
    assert_eq!(created(&market, ago).await, Some(1), "the figure has stood since it was computed");
}

#[tokio::test(flavor = "multi_thread")]
async fn revisions_are_those_of_the_tenant() {
    let market = Market::new("Europe/Paris").await;
    for id in ["T-1", "T-2"] {
        market.add(&[market.ticket(id, "2026-01-20T09:00")]).await;
        compute(&market, DAY, DAY).await;
    }
    let other = uuid::Uuid::now_v7();
    market.add_tenant(other, "Europe/Paris").await;
    let mut client = market.client().await;
    let tenant = Tenant::begin(&mut client, other).await.unwrap();
    assert!(kpi_daily::revisions(&tenant, DAY).await.unwrap().is_empty());
    let rows = tenant.query("select 1 from kpi_revisions", &[]).await.unwrap();
    assert!(rows.is_empty(), "not even without a condition");
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_week_only_what_stood_at_the_end_of_a_day_is_kept() {
    let market = Market::new("Europe/Paris").await;
    for n in 1..=3 {
        market.add(&[market.ticket(&format!("T-{n}"), "2026-01-20T09:00")]).await;
        compute(&market, DAY, DAY).await;
    }
    // The first was replaced within an hour, the second stood over night, ten days ago.
    let ago = "
        with day as (
            select (date_trunc('day', now() at time zone 'Europe/Paris') - interval '10 days')
                       at time zone 'Europe/Paris' as begins
        )
        update kpi_revisions set
            known_since = begins + interval '8 hours' + (revision - 1) * interval '1 hour',
            known_until = begins + interval '9 hours' + (revision - 1) * interval '1 day'
        from day";
    market.owner.batch_execute(ago).await.unwrap();
    assert_eq!(compute(&market, DAY, DAY).await, 0);
    let kept = "select array_agg(revision order by revision) from kpi_revisions";
    let kept: Vec<i32> = market.owner.query_one(kept, &[]).await.unwrap().get(0);
    assert_eq!(kept, [2]);
    let today = Timestamp::now().to_zoned(market.timezone.clone()).date();
    assert_eq!(created(&market, AsOf::EndOf(today - 10.days())).await, Some(2));
    assert_eq!(created(&market, AsOf::EndOf(today - 11.days())).await, None);
}
