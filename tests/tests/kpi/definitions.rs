//! What each figure means, on cases small enough to count by hand. The first five are mistakes that
//! such reports are known for.

use jiff::{SignedDuration, Timestamp, ToSpan, civil::date};
use msp::kpi::{TechEfficiency, TimeConsumption};

use crate::{
    compute,
    data::{Market, PastSpan, Ticket, TimeEntry},
    day, kept,
};

const DAY: jiff::civil::Date = date(2026, 1, 20);

fn entry(number: usize, ticket: &str, member: &str, class: i16, minutes: i32) -> TimeEntry {
    TimeEntry {
        cw_time_entry_id: number.to_string(),
        cw_ticket_id: Some(ticket.into()),
        member: Some(member.into()),
        billable_class: class,
        minutes,
        date_worked: DAY,
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_edit_does_not_move_a_closing() {
    let market = Market::new("Europe/Paris").await;
    let ticket = market.ticket("T-1", "2026-01-19T09:00");
    market
        .add(&[Ticket {
            // The source's own word for it, not the literal one.
            status: Some("Completed"),
            closed_at: Some(market.at("2026-01-20T10:00")),
            updated_at_remote: Some(market.at("2026-01-23T16:00")),
            ..ticket
        }])
        .await;
    compute(&market, date(2026, 1, 19), date(2026, 1, 24)).await;
    let closed: Vec<i64> = kept(&market, date(2026, 1, 19), date(2026, 1, 24))
        .await
        .iter()
        .map(|day| day.kpis.ticket_trends.tickets_closed)
        .collect();
    assert_eq!(closed, [0, 1, 0, 0, 0, 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_backlog_is_that_of_the_day_not_of_the_computation() {
    let market = Market::new("Europe/Paris").await;
    market.add(&[market.ticket("T-1", "2026-01-19T09:00")]).await;
    assert_eq!(day(&market, DAY).await.kpis.ticket_trends.tickets_open, 1);

    let statement = "update raw_tickets set closed_at = $1";
    market.owner.execute(statement, &[&market.at("2026-01-22T09:00")]).await.unwrap();
    assert_eq!(compute(&market, DAY, DAY).await, 0, "the old day changed");
    assert_eq!(day(&market, DAY).await.kpis.ticket_trends.tickets_open, 1);
    assert_eq!(day(&market, date(2026, 1, 21)).await.kpis.ticket_trends.tickets_open, 1);
    assert_eq!(day(&market, date(2026, 1, 22)).await.kpis.ticket_trends.tickets_open, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn high_priority_counts_what_is_open_at_the_end_of_the_day() {
    let market = Market::new("Europe/Paris").await;
    let high = |id, created, closed: Option<&str>| Ticket {
        high_priority: true,
        closed_at: closed.map(|closed| market.at(closed)),
        ..market.ticket(id, created)
    };
    market
        .add(&[
            high("closed before", "2026-01-01T09:00", Some("2026-01-05T09:00")),
            high("closed on the day", "2026-01-19T09:00", Some("2026-01-20T09:00")),
            high("closed after", "2026-01-19T09:00", Some("2026-01-21T00:00")),
            high("open", "2026-01-20T23:59", None),
            high("not yet", "2026-01-21T00:00", None),
            market.ticket("low", "2026-01-19T09:00"),
        ])
        .await;
    let trends = day(&market, DAY).await.kpis.ticket_trends;
    assert_eq!((trends.tickets_open, trends.tickets_high_priority), (3, 2));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_z_score_has_a_standard_deviation_and_local_days() {
    let market = Market::new("Europe/Paris").await;
    // 10, 12, 10, 12 … tickets on 20 days, all at 00:30 local time, which is the day before in UTC.
    let mut tickets = Vec::new();
    for ago in 1..=20 {
        let created = market.at(&format!("{}T00:30", DAY - ago.days()));
        for number in 0..10 + 2 * (ago % 2) {
            let id = format!("T-{ago}-{number}");
            let ticket = market.ticket(&id, "2026-01-01T00:00");
            tickets.push(Ticket { created_at_remote: created, ..ticket });
        }
    }
    market.add(&tickets).await;
    let quiet = day(&market, DAY).await.kpis.ticket_trends;
    // Mean 11, deviation sqrt(20 / 19): none created is far below.
    assert_eq!(quiet.z_score, Some(-10.7215));
    assert!(quiet.anomaly_detected);
    let usual = day(&market, DAY - 1.day()).await.kpis.ticket_trends;
    assert_eq!(usual.tickets_created, 12);
    assert!(!usual.anomaly_detected && usual.z_score.unwrap().abs() < 2.0);
    // The 14th day with a history has a score, the 13th none.
    assert!(day(&market, DAY - 6.days()).await.kpis.ticket_trends.z_score.is_some());
    assert_eq!(day(&market, DAY - 7.days()).await.kpis.ticket_trends.z_score, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn resolution_first_call_and_satisfaction_are_computed() {
    let market = Market::new("Europe/Paris").await;
    let closed = |id, created, closed, score| Ticket {
        closed_at: Some(market.at(closed)),
        satisfaction_score: score,
        ..market.ticket(id, created)
    };
    market
        .add(&[
            closed("one call", "2026-01-20T09:00", "2026-01-20T09:10", Some(5.0)),
            closed("two calls", "2026-01-20T09:00", "2026-01-20T09:30", Some(3.5)),
            closed("no call", "2026-01-19T09:00", "2026-01-20T09:00", None),
            closed("other day", "2026-01-19T09:00", "2026-01-19T09:01", Some(0.0)),
        ])
        .await;
    market
        .add_entries(&[
            entry(1, "one call", "ann", 1, 10),
            entry(2, "two calls", "ann", 0, 20),
            entry(3, "two calls", "bob", 2, 30),
        ])
        .await;
    let kpis = day(&market, DAY).await.kpis;
    assert_eq!(
        kpis.tech_efficiency,
        TechEfficiency {
            // 10, 30 and 1,440 minutes.
            avg_resolution_minutes: Some(493.33),
            median_resolution_minutes: Some(30.0),
            p90_resolution_minutes: Some(1158.0),
            n_resolution: 3,
            first_call_resolution_rate: Some(33.33),
            avg_satisfaction_score: Some(4.25),
            n_satisfaction: 2,
            tickets_per_technician: Some(1.5),
            ..TechEfficiency::default()
        }
    );
    let minutes = TimeConsumption {
        total_minutes: 60,
        billable_minutes: 10,
        non_billable_minutes: 50,
        no_charge_minutes: 30,
    };
    assert_eq!(kpis.time_consumption, minutes);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closing_holds_when_the_ticket_stays_closed_for_seven_days() {
    let market = Market::new("Europe/Paris").await;
    let closed_at = market.at("2026-01-20T12:00");
    let week = SignedDuration::from_hours(168);
    for (id, reopened_at) in [
        ("reopened too soon", closed_at + week - SignedDuration::from_secs(1)),
        ("reopened later", closed_at + week),
    ] {
        let ticket = market.ticket(id, "2026-01-20T11:00");
        let created_at_remote = ticket.created_at_remote;
        market.add(&[Ticket { reopened_at: Some(reopened_at), ..ticket }]).await;
        market
            .add_past(&[PastSpan {
                cw_ticket_id: id.into(),
                created_at_remote,
                opened_at: created_at_remote,
                closed_at,
                next_opened_at: reopened_at,
                high_priority: false,
            }])
            .await;
    }
    let late = TimeEntry { date_worked: DAY + 8.days(), ..entry(3, "reopened later", "ann", 1, 5) };
    let entries =
        [entry(1, "reopened too soon", "ann", 1, 5), entry(2, "reopened later", "ann", 1, 5), late];
    market.add_entries(&entries).await;

    let efficiency = day(&market, DAY).await.kpis.tech_efficiency;
    assert_eq!(efficiency.n_resolution, 1);
    assert_eq!(efficiency.first_call_resolution_rate, Some(50.0));
    let reopening = day(&market, DAY + 7.days()).await.kpis.ticket_trends;
    assert_eq!((reopening.tickets_reopened, reopening.tickets_open), (2, 2));
    // The age counts from the creation, not from the reopening.
    assert_eq!(reopening.tickets_open_7_13d, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_is_decided_when_it_is_met_or_falls_due() {
    let market = Market::new("Europe/Paris").await;
    let due = |id, due: &str, response: Option<&str>| Ticket {
        sla_response_due_at: Some(market.at(due)),
        first_response_at: response.map(|response| market.at(response)),
        ..market.ticket(id, "2026-01-19T09:00")
    };
    let both = due("missed both", "2026-01-20T10:00", None);
    market
        .add(&[
            due("met", "2026-01-22T09:00", Some("2026-01-20T09:00")),
            due("answered too late", "2026-01-20T09:00", Some("2026-01-21T09:00")),
            due("never answered", "2026-01-20T23:59", None),
            due("due later", "2026-01-21T00:00", None),
            Ticket { sla_resolution_due_at: Some(market.at("2026-01-20T11:00")), ..both },
            Ticket {
                // The source counts business hours: its verdict wins over the instants.
                sla_resolution_due_at: Some(market.at("2026-01-20T09:00")),
                closed_at: Some(market.at("2026-01-20T15:00")),
                sla_resolution_verdict: Some(true),
                ..market.ticket("verdict", "2026-01-19T09:00")
            },
            market.ticket("no target", "2026-01-19T09:00"),
        ])
        .await;
    let efficiency = day(&market, DAY).await.kpis.tech_efficiency;
    assert_eq!(efficiency.sla_response_met_pct, Some(25.0));
    assert_eq!(efficiency.sla_resolution_met_pct, Some(50.0));
    assert_eq!(efficiency.tickets_sla_breached, 3);
    assert_eq!(
        (efficiency.n_first_response, efficiency.avg_first_response_minutes),
        (1, Some(1440.0))
    );
    let next = day(&market, date(2026, 1, 21)).await.kpis.tech_efficiency;
    assert_eq!((next.sla_response_met_pct, next.tickets_sla_breached), (Some(0.0), 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_target_that_is_not_due_yet_is_not_missed() {
    let market = Market::new("Europe/Paris").await;
    let now = Timestamp::now();
    let hour = SignedDuration::from_hours(1);
    let due = |id, sla_response_due_at| Ticket {
        sla_response_due_at: Some(sla_response_due_at),
        sla_resolution_due_at: Some(sla_response_due_at),
        created_at_remote: now - 72 * hour,
        ..market.ticket(id, "2026-01-01T00:00")
    };
    // Midnight may fall between them: look at yesterday, today and tomorrow together.
    market.add(&[due("missed", now - hour), due("running", now + hour)]).await;
    let today = now.to_zoned(market.timezone.clone()).date();
    compute(&market, today - 1.day(), today + 1.day()).await;
    let days = kept(&market, today - 1.day(), today + 1.day()).await;
    let missed = days.iter().map(|day| day.kpis.tech_efficiency.tickets_sla_breached).sum::<i64>();
    assert_eq!(missed, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_to_divide_by_is_null_and_counts_are_zero() {
    let market = Market::new("Europe/Paris").await;
    // Nothing at all, then a day with work but without tickets.
    let empty = day(&market, DAY).await;
    assert_eq!(empty.kpis, msp::kpi::Kpis::default());
    market.add_entries(&[entry(1, "unknown", "ann", 1, 7)]).await;
    let worked = day(&market, DAY).await.kpis;
    assert_eq!(worked.time_consumption.total_minutes, 7);
    assert_eq!(worked.tech_efficiency.tickets_per_technician, Some(0.0));
    assert_eq!(worked.tech_efficiency.first_call_resolution_rate, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_response_keeps_its_groups() {
    let market = Market::new("Europe/Paris").await;
    let shown = serde_json::to_value(day(&market, DAY).await).unwrap();
    assert_eq!(shown["date"], "2026-01-20");
    assert_eq!(shown["tenant_id"], market.tenant_id.to_string());
    for (group, names) in [
        ("time_consumption", &["total_minutes", "billable_minutes", "non_billable_minutes"][..]),
        (
            "tech_efficiency",
            &["avg_resolution_minutes", "first_call_resolution_rate", "avg_satisfaction_score"],
        ),
        (
            "ticket_trends",
            &[
                "tickets_created",
                "tickets_closed",
                "tickets_open",
                "tickets_high_priority",
                "anomaly_detected",
                "z_score",
            ],
        ),
    ] {
        for name in names {
            assert!(shown["kpis"][group].get(name).is_some(), "{group}.{name} is missing");
        }
    }
}
