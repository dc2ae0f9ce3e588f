//! Tickets, time entries, and what the figures are made of, over HTTP.

use jiff::civil::date;
use msp::kpi::Period;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tests::{TestDatabase, database};
use uuid::Uuid;

use crate::Server;

/// Tickets of three instants, several of each, and as many time entries.
async fn fill(database: &TestDatabase, tenant: Uuid) {
    let owner = database.owner().await;
    let tickets = "
        insert into raw_tickets (tenant_id, source, cw_ticket_id, content_hash, board, company,
                                 summary, created_at_remote, closed_at, high_priority, raw)
        select $1, 'mock', 'T~' || n, gen_random_uuid(), 'Board ' || n % 2, 'Été & Fils',
               'Summary', timestamptz '2026-01-20 09:00Z' + (n % 3) * interval '1 day',
               case when n % 4 = 0 then timestamptz '2026-01-24 10:00Z' end, n % 5 = 0, '{}'
        from generate_series(1, 23) as n";
    let entries = "
        insert into raw_time_entries (tenant_id, source, cw_time_entry_id, content_hash,
            cw_ticket_id, member, billable, billable_class, minutes, date_worked, raw)
        select $1, 'mock', 'E' || n, gen_random_uuid(), 'T~' || n, 'Ann', n % 3 = 1, n % 3, n,
               date '2026-01-20' + n % 2, '{}'
        from generate_series(1, 23) as n";
    for statement in [tickets, entries] {
        owner.execute(statement, &[&tenant]).await.unwrap();
    }
}

/// All rows of a list, read in pages by `next`.
async fn walk(server: &Server, key: &str, first: &str, field: &str) -> Vec<Value> {
    let mut rows = Vec::new();
    let mut path = first.to_owned();
    loop {
        let request = server.anonymous(Method::GET, &path).header("x-api-key", key);
        let response = request.send().await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let link = response.headers().get("link").map(|link| link.to_str().unwrap().to_owned());
        let page: Value = response.json().await.unwrap();
        rows.extend(page[field].as_array().unwrap().iter().cloned());
        let Some(next) = page["next"].as_str() else {
            assert_eq!(link, None);
            return rows;
        };
        assert_eq!(link.unwrap(), format!("<{next}>; rel=\"next\""));
        next.clone_into(&mut path);
    }
}

fn ids(rows: &[Value]) -> Vec<&str> {
    let mut ids: Vec<&str> = rows.iter().map(|row| row["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

#[tokio::test(flavor = "multi_thread")]
async fn every_record_is_on_exactly_one_page() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (tenant, key) = server.tenant("One").await;
    let (other, key_of_other) = server.tenant("Other").await;
    fill(&database, tenant).await;
    fill(&database, other).await;
    for (path, field) in [("/v1/tickets", "tickets"), ("/v1/time-entries", "time_entries")] {
        for limit in [1, 5, 22, 23, 24] {
            let rows = walk(&server, &key, &format!("{path}?limit={limit}"), field).await;
            assert_eq!(rows.len(), 23, "{path} by {limit}");
            assert_eq!(ids(&rows).len(), 23, "{path} by {limit}");
        }
        let rows = walk(&server, &key_of_other, &format!("{path}?limit=7"), field).await;
        assert_eq!(rows.len(), 23);
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn records_are_filtered_and_mistakes_named() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (tenant, key) = server.tenant("One").await;
    fill(&database, tenant).await;
    for (path, field, n_rows) in [
        ("/v1/tickets?closed=true", "tickets", 5),
        ("/v1/tickets?closed=false&board=Board%201", "tickets", 12),
        ("/v1/tickets?company=%C3%89t%C3%A9%20%26%20Fils&limit=4", "tickets", 23),
        ("/v1/tickets?owner=Ann", "tickets", 0),
        (
            "/v1/tickets?created_from=2026-01-21T00:00:00Z&created_to=2026-01-22T00:00:00Z",
            "tickets",
            8,
        ),
        ("/v1/time-entries?class=no_charge", "time_entries", 8),
        ("/v1/time-entries?from=2026-01-21&to=2026-01-21&limit=3", "time_entries", 12),
        ("/v1/time-entries?ticket_id=T~7&member=Ann", "time_entries", 1),
    ] {
        assert_eq!(walk(&server, &key, path, field).await.len(), n_rows, "{path}");
    }
    for (path, field) in [
        ("/v1/tickets?cursor=x", "cursor"),
        ("/v1/tickets?cursor=2026-01-20~mock~T", "cursor"),
        ("/v1/tickets?closed=perhaps", "closed"),
        ("/v1/tickets?limit=501", "limit"),
        ("/v1/time-entries?class=free", "class"),
        ("/v1/time-entries?tenant_id=x", "tenant_id"),
    ] {
        let (status, problem) = server.get_as(&key, path).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert_eq!(problem["errors"][0]["field"], field, "{path}: {problem}");
    }
    server.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_figure_is_explained_broken_down_and_remembered() {
    let database = database().await;
    let server = Server::start(&database).await;
    let (tenant, key) = server.tenant("One").await;
    fill(&database, tenant).await;
    let day = date(2026, 1, 21);
    let mut client = server.store.client().await.unwrap();
    let period = Period::new(day, day).unwrap();
    store::kpi_daily::compute(&mut client, tenant, period).await.unwrap();

    let explain = "/v1/kpis/explain?date=2026-01-21&kpi=tickets_created";
    let (status, explained) = server.get_as(&key, &format!("{explain}&limit=3")).await;
    assert_eq!(status, StatusCode::OK, "{explained}");
    assert_eq!((&explained["value"], &explained["from_records"]), (&8.into(), &8.into()));
    assert_eq!(explained["agrees"], true);
    assert_eq!(explained["terms"]["records"], 8);
    assert_eq!(explained["records"].as_array().unwrap().len(), 3);
    assert!(explained["records"][0]["id"].as_str().unwrap().starts_with("T~"));

    let breakdown = "/v1/kpis/breakdown?by=board&from=2026-01-21&to=2026-01-21";
    let (status, parts) = server.get_as(&key, breakdown).await;
    assert_eq!(status, StatusCode::OK, "{parts}");
    let created = |n: usize| parts["values"][n]["tickets_created"].as_i64().unwrap();
    assert_eq!((&parts["values"][0]["value"], created(0) + created(1)), (&"Board 0".into(), 8));

    let owner = database.owner().await;
    let gone = "delete from raw_tickets where cw_ticket_id = 'T~1'";
    owner.batch_execute(gone).await.unwrap();
    store::kpi_daily::compute(&mut client, tenant, period).await.unwrap();
    let (_, revisions) = server.get_as(&key, "/v1/kpis/revisions?date=2026-01-21").await;
    let created =
        |n: usize| &revisions["revisions"][n]["kpis"]["kpis"]["ticket_trends"]["tickets_created"];
    assert_eq!((created(0), created(1)), (&8.into(), &7.into()), "{revisions}");
    let moment = revisions["revisions"][0]["known_since"].as_str().unwrap();
    let then = format!("/v1/kpis/daily?date=2026-01-21&as_of={moment}");
    let (_, then) = server.get_as(&key, &then).await;
    assert_eq!(then["kpis"]["ticket_trends"]["tickets_created"], 8);

    for (path, field) in [
        ("/v1/kpis/explain?date=2026-01-21&kpi=tickets", "kpi"),
        ("/v1/kpis/explain?kpi=tickets_created", "date"),
        ("/v1/kpis/breakdown?by=colour&from=2026-01-21&to=2026-01-21", "by"),
        ("/v1/kpis/breakdown?by=board&from=2025-01-21&to=2026-01-31", "to"),
        ("/v1/kpis/daily?from=2026-01-21&to=2026-01-21&as_of=2026-01-21", "as_of"),
        ("/v1/kpis/daily?date=2026-01-21&as_of=then", "as_of"),
        ("/v1/kpis/revisions", "date"),
    ] {
        let (status, problem) = server.get_as(&key, path).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {problem}");
        assert_eq!(problem["errors"][0]["field"], field, "{path}: {problem}");
    }
    let (status, _) = server.get_as(&key, "/v1/kpis/explain?date=2026-01-22&kpi=z_score").await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    server.stop().await;
}
