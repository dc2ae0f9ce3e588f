//! The statement for ranges against a naive one for days, on random histories.

use jiff::{
    ToSpan,
    civil::{Date, date},
};
use serde_json::{Map, Value};

use crate::{compute, data::Market, history, kept};

const NAIVE: &str = include_str!("naive.sql");

/// Zones of both hemispheres, with half hours, without changes, and (in autumn) one whose clocks go
/// back at midnight.
const OTHER_ZONES: [&str; 5] = [
    "America/New_York",
    "America/Havana",
    "Pacific/Auckland",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
];

/// First days of histories whose computed part holds the changes of the clock of spring and autumn.
const SEASONS: [Date; 2] = [date(2026, 2, 20), date(2026, 9, 10)];

/// The part of a history that is computed: it begins before the first ticket.
fn part(season: Date) -> (Date, Date) {
    (season - 3.days(), season + 63.days())
}

async fn naive(market: &Market, day: Date) -> Map<String, Value> {
    let row = market.owner.query_one(NAIVE, &[&market.tenant_id, &day]).await.unwrap();
    let Value::Object(figures) = row.get(0) else { panic!("not an object") };
    figures
}

/// Compares every figure of every day, and says which differ.
async fn assert_equal_to_naive(market: &Market, from: Date, to: Date) {
    let statement = "
        select kpi_date, kpi_figures(kpi_daily) - array['tenant_id', 'kpi_date']
        from kpi_daily where tenant_id = $1 and kpi_date between $2 and $3 order by 1";
    let rows = market.owner.query(statement, &[&market.tenant_id, &from, &to]).await.unwrap();
    assert_eq!(rows.len(), usize::try_from((to - from).get_days() + 1).unwrap());
    for row in rows {
        let day: Date = row.get(0);
        let Value::Object(kept) = row.get(1) else { panic!("not an object") };
        let naive = naive(market, day).await;
        let names: Vec<&String> = kept.keys().collect();
        assert_eq!(names, naive.keys().collect::<Vec<_>>());
        let differing: Vec<_> = kept
            .iter()
            .filter(|(name, value)| naive[*name] != **value)
            .map(|(name, value)| format!("{name}: {value}, naive {}", naive[name]))
            .collect();
        assert!(differing.is_empty(), "{day}: {differing:?}");
    }
}

/// Whether the figures of random histories say anything at all.
async fn assert_rich(market: &Market) {
    let statement = "
        select count(*) filter (where tickets_reopened > 0), count(z_score),
               count(first_call_resolution_rate) filter (where first_call_resolution_rate > 0),
               count(avg_satisfaction_score), count(*) filter (where tickets_sla_breached > 0),
               count(sla_response_met_pct) filter (where sla_response_met_pct between 1 and 99),
               count(*) filter (where n_resolution between 1 and tickets_closed - 1),
               count(*) filter (where tickets_open_30d_up > 0 and tickets_open_0d > 0)
        from kpi_daily";
    let row = market.owner.query_one(statement, &[]).await.unwrap();
    for column in 0..row.len() {
        assert!(row.get::<_, i64>(column) > 5, "column {column} says nothing");
    }
}

/// One zone and season: the range at once, each day by itself, and the naive count agree.
async fn check(seed: u64, zone: &str, season: Date) {
    let market = Market::new(zone).await;
    history::fill(&market, seed, season, 400).await;
    let (from, to) = part(season);
    assert_eq!(compute(&market, from, to).await, i64::from((to - from).get_days()) + 1);
    assert_equal_to_naive(&market, from, to).await;
    assert_rich(&market).await;

    market.owner.execute("delete from kpi_daily", &[]).await.unwrap();
    for day in from.series(1.day()).take_while(|day| *day <= to) {
        assert_eq!(compute(&market, day, day).await, 1);
    }
    assert_eq!(compute(&market, from, to).await, 0, "{zone}: days differ from the range");
}

#[tokio::test(flavor = "multi_thread")]
async fn ranges_and_single_days_equal_the_naive_count() {
    let [spring, autumn] = SEASONS;
    let other_zones = (2..).zip(OTHER_ZONES).map(|(seed, zone)| {
        let season = if seed % 2 == 0 { spring } else { autumn };
        check(seed, zone, season)
    });
    futures::join!(
        check(0, "Europe/Paris", spring),
        check(1, "Europe/Paris", autumn),
        futures::future::join_all(other_zones)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_backlog_changes_by_what_was_created_closed_and_reopened() {
    for (seed, season) in (100..).zip(SEASONS) {
        let market = Market::new("Europe/Paris").await;
        history::fill(&market, seed, season, 400).await;
        let (from, to) = part(season);
        compute(&market, from, to).await;
        let mut before = 0;
        for day in kept(&market, from, to).await {
            let trends = &day.kpis.ticket_trends;
            let change = trends.tickets_created - trends.tickets_closed + trends.tickets_reopened;
            assert_eq!(trends.tickets_open, before + change, "{}", day.date);
            assert_eq!(trends.tickets_net_change, trends.tickets_created - trends.tickets_closed);
            let ages = [
                trends.tickets_open_0d,
                trends.tickets_open_1_2d,
                trends.tickets_open_3_6d,
                trends.tickets_open_7_13d,
                trends.tickets_open_14_29d,
                trends.tickets_open_30d_up,
            ];
            assert_eq!(ages.iter().sum::<i64>(), trends.tickets_open, "{}", day.date);
            before = trends.tickets_open;
        }
        assert!(before > 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_as_long_as_the_clock_makes_it() {
    let market = Market::new("Europe/Paris").await;
    // One ticket each half hour, from before the first day to after the last, straight through
    // both changes of the clock.
    let statement = "
        insert into raw_tickets (tenant_id, source, cw_ticket_id, content_hash, created_at_remote,
                                 high_priority, raw)
        select $1, 'mock', at::text, gen_random_uuid(), at, false, '{}'
        from (select generate_series(timestamptz '2026-03-27Z', '2026-04-01Z', '30 minutes')
              union all
              select generate_series(timestamptz '2026-10-23Z', '2026-10-28Z', '30 minutes'))
            as instants (at)";
    market.owner.execute(statement, &[&market.tenant_id]).await.unwrap();
    compute(&market, date(2026, 3, 1), date(2026, 11, 1)).await;
    for (day, hours) in [
        (date(2026, 3, 28), 24),
        (date(2026, 3, 29), 23),
        (date(2026, 3, 30), 24),
        (date(2026, 10, 24), 24),
        (date(2026, 10, 25), 25),
        (date(2026, 10, 26), 24),
    ] {
        let kept = kept(&market, day, day).await.pop().unwrap();
        assert_eq!(kept.kpis.ticket_trends.tickets_created, 2 * hours, "{day}");
        assert_eq!(kept.kpis.ticket_trends.tickets_open_0d, 2 * hours, "{day}");
    }
}
