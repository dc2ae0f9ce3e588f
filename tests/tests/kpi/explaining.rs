//! Every number is explained by its records; the figures by company, board, priority and member add
//! up to those of the days.

use jiff::{ToSpan, civil::date};
use msp::kpi::Period;
use serde_json::Value;
use store::kpi_daily::{self, Dimension, Page, Slice};
use store::{Error, Tenant};

use crate::{compute, data::Market, history, kept};

/// Explains all figures of some days of a random history.
async fn check(seed: u64, zone: &str, season: jiff::civil::Date) {
    let market = Market::new(zone).await;
    history::fill(&market, seed, season, 400).await;
    let to = season + 63.days();
    compute(&market, season, to).await;
    let mut client = market.client().await;
    let tenant = Tenant::snapshot(&mut client, market.tenant_id).await.unwrap();
    let mut n_told = 0;
    for day in season.series(3.days()).take_while(|day| *day <= to) {
        let kept = kpi_daily::day(&tenant, day).await.unwrap().unwrap();
        let groups = serde_json::to_value(&kept.kpis).unwrap();
        for kpi in kpi_daily::explainable() {
            let explained = kpi_daily::explain(&tenant, day, kpi, 5000).await.unwrap().unwrap();
            assert!(explained.agrees, "{day} {kpi}: {explained:?}");
            let group = groups.as_object().unwrap().values().find(|group| group.get(kpi).is_some());
            assert_eq!(number(&explained.value), number(&group.unwrap()[kpi]), "{day} {kpi}");
            assert_eq!(explained.n_records, i64::try_from(explained.records.len()).unwrap());
            n_told += explained.n_records;
        }
    }
    assert!(n_told > 5000, "{n_told} records say little");
}

/// Whole numbers come as both kinds.
fn number(value: &Value) -> Value {
    value.as_f64().map_or_else(|| value.clone(), Value::from)
}

#[tokio::test(flavor = "multi_thread")]
async fn every_figure_of_random_histories_is_explained_by_its_records() {
    futures::join!(
        check(7, "Europe/Paris", date(2026, 2, 20)),
        check(8, "America/New_York", date(2026, 9, 10)),
        check(9, "Australia/Lord_Howe", date(2026, 2, 20)),
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_explanation_says_when_records_came_since() {
    let market = Market::new("Europe/Paris").await;
    let day = date(2026, 1, 20);
    market.add(&[market.ticket("T-1", "2026-01-20T09:00")]).await;
    compute(&market, day, day).await;
    market.add(&[market.ticket("T-2", "2026-01-20T08:00")]).await;
    let mark = "insert into kpi_dirty (tenant_id, days) values ($1, '{[2026-01-20,2026-01-21)}')";
    market.owner.execute(mark, &[&market.tenant_id]).await.unwrap();

    let mut client = market.client().await;
    let tenant = Tenant::snapshot(&mut client, market.tenant_id).await.unwrap();
    let explained = kpi_daily::explain(&tenant, day, "tickets_created", 1).await.unwrap().unwrap();
    assert_eq!((explained.value, explained.from_records), (1.into(), 2.into()));
    assert!(!explained.agrees && explained.is_stale);
    assert_eq!(explained.n_records, 2);
    let ids: Vec<&str> = explained.records.iter().map(|record| record.id.as_str()).collect();
    assert_eq!(ids, ["T-2"], "the oldest first, and no more than asked for");

    let unknown = kpi_daily::explain(&tenant, day, "tickets", 1).await;
    assert!(matches!(unknown, Err(Error::Invalid(_))));
    let never = kpi_daily::explain(&tenant, date(2026, 1, 21), "tickets_created", 1).await;
    assert!(never.unwrap().is_none());
}

/// A whole breakdown, read in small pages.
async fn slices(tenant: &Tenant<'_>, dimension: Dimension, period: Period) -> Vec<Slice> {
    let mut slices: Vec<Slice> = Vec::new();
    loop {
        let after = slices.last().and_then(|last| last.value.clone());
        let page = Page { after: after.as_deref(), limit: 2 };
        let more = kpi_daily::breakdown(tenant, dimension, period, &page).await.unwrap();
        let is_last = more.len() < 2 || more.last().unwrap().value.is_none();
        slices.extend(more);
        if is_last {
            return slices;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_parts_add_up_to_the_days() {
    let market = Market::new("Europe/Paris").await;
    let from = date(2026, 2, 20);
    let to = from + 63.days();
    history::fill(&market, 11, from, 400).await;
    let names = "
        update raw_tickets set
            company = (array['Acme', 'Été SARL', 'zeta', null])[1 + abs(hashtext(cw_ticket_id)) % 4],
            board = (array['Service', 'Projects'])[1 + abs(hashtext(cw_ticket_id || 'b')) % 2],
            priority = case when high_priority then 'High' else 'Low' end,
            owner = (array['Ann', 'Bob', null])[1 + abs(hashtext(cw_ticket_id || 'o')) % 3]";
    market.owner.execute(names, &[]).await.unwrap();
    compute(&market, from, to).await;
    let days = kept(&market, from, to).await;
    let sum = |figure: fn(&msp::kpi::Kpis) -> i64| days.iter().map(|day| figure(&day.kpis)).sum();
    let wanted: [i64; 7] = [
        sum(|kpis| kpis.ticket_trends.tickets_created),
        sum(|kpis| kpis.ticket_trends.tickets_closed),
        sum(|kpis| kpis.ticket_trends.tickets_reopened),
        sum(|kpis| kpis.tech_efficiency.n_resolution),
        sum(|kpis| kpis.tech_efficiency.n_first_response),
        sum(|kpis| kpis.time_consumption.billable_minutes),
        sum(|kpis| kpis.time_consumption.non_billable_minutes),
    ];
    let last = &days.last().unwrap().kpis.ticket_trends;

    let mut client = market.client().await;
    let tenant = Tenant::snapshot(&mut client, market.tenant_id).await.unwrap();
    let period = Period::new(from, to).unwrap();
    for (dimension, at_least) in [
        (Dimension::Company, 4),
        (Dimension::Board, 2),
        (Dimension::Priority, 2),
        (Dimension::Member, 3),
    ] {
        let slices = slices(&tenant, dimension, period).await;
        assert!(slices.len() >= at_least, "{dimension:?}: {slices:?}");
        let sum = |figure: fn(&Slice) -> i64| slices.iter().map(figure).sum::<i64>();
        let found = [
            sum(|slice| slice.tickets_created),
            sum(|slice| slice.tickets_closed),
            sum(|slice| slice.tickets_reopened),
            sum(|slice| slice.n_resolution),
            sum(|slice| slice.n_first_response),
            sum(|slice| slice.billable_minutes),
            sum(|slice| slice.non_billable_minutes),
        ];
        assert_eq!(found, wanted, "{dimension:?}");
        assert_eq!(sum(|slice| slice.tickets_open), last.tickets_open, "{dimension:?}");
        assert_eq!(sum(|slice| slice.tickets_high_priority), last.tickets_high_priority);
    }
}
