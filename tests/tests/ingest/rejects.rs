//! Records that cannot be used, and loads that cannot run.

use commands::Failure;
use serde_json::{Value, json};
use store::ingest::Scope;
use store::raw_tickets::Tickets;
use uuid::Uuid;

use crate::{Fixture, counts, run, ticket};

const REJECTS: &str = "
    select string_agg(concat_ws('|', line, field, reason, times), E'\\n' order by line)
    from ingest_rejects where kind = 'tickets'";

#[tokio::test(flavor = "multi_thread")]
async fn bad_lines_are_kept_with_line_and_field_and_stop_nothing() {
    let fixture = Fixture::new().await;
    let other = "550e8400-e29b-41d4-a716-446655440001";
    let lines = [
        ticket("T-1", json!({})).to_string(),
        "{broken".to_owned(),
        ticket("T-3", json!({"tenant_id": other})).to_string(),
        ticket("T-4", json!({"created_at_remote": "yesterday"})).to_string(),
        // Only PostgreSQL finds fault with these two: jsonb has no NUL, numeric has an end.
        ticket("T-5", json!({})).to_string().replace('}', r#", "custom": "\u0000"}"#),
        ticket("T-6", json!({})).to_string().replace('}', r#", "custom": 1e200000}"#),
        ticket("T-7", json!({})).to_string(),
    ];
    fixture.write(&format!("{}/tickets.jsonl", fixture.tenant), &lines.join("\n"));
    let result = fixture.ingest_tickets().await.unwrap();
    assert_eq!(counts(&result), [7, 2, 0, 0, 5]);
    assert_eq!(result["rejects"][1]["line"], 3);
    assert_eq!(result["rejects"][1]["field"], "tenant_id");

    let kept: String = fixture.value(REJECTS).await;
    let kept: Vec<_> = kept.lines().collect();
    assert!(kept[0].starts_with("2|is not valid JSON"), "{}", kept[0]);
    assert!(kept[1].starts_with(&format!("3|tenant_id|is `{other}`")), "{}", kept[1]);
    assert!(kept[2].starts_with("4|created_at_remote|is not a date and time"), "{}", kept[2]);
    assert!(kept[3].starts_with("5|unsupported Unicode escape sequence"), "{}", kept[3]);
    assert!(kept[4].starts_with("6|value overflows numeric format"), "{}", kept[4]);
    let excerpt = "select excerpt from ingest_rejects where line = 5";
    assert_eq!(fixture.value::<String>(excerpt).await, lines[4]);

    assert_eq!(counts(&fixture.ingest_tickets().await.unwrap()), [7, 0, 0, 2, 5]);
    let again: String = fixture.value(REJECTS).await;
    assert!(again.lines().all(|line| line.ends_with("|2")), "{again}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_file_is_rejected_with_the_paths_that_were_tried() {
    let fixture = Fixture::new().await;
    let failure = fixture.ingest_tickets().await.unwrap_err();
    assert!(matches!(failure, Failure::Reject(_)), "{failure}");
    let text = failure.to_string();
    assert!(text.contains(&format!("{}/tickets.jsonl", fixture.tenant)), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_load_of_the_same_records_waits_its_turn() {
    let fixture = Fixture::new().await;
    fixture.write_lines("tickets", &[ticket("T-1", json!({}))]);
    let scope = Scope { tenant_id: fixture.tenant, source: "mock" };
    let running = store::ingest::open::<Tickets>(&fixture.store, scope, 1).await.unwrap();
    assert!(running.is_some());
    let failure = fixture.ingest_tickets().await.unwrap_err();
    assert!(matches!(failure, Failure::Postpone { .. }), "{failure}");
    // Another tenant is not held up.
    let other = Scope { tenant_id: Uuid::from_u128(1), ..scope };
    assert!(store::ingest::open::<Tickets>(&fixture.store, other, 1).await.unwrap().is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_load_stops_between_two_chunks() {
    let fixture = Fixture::new().await;
    let records: Vec<_> = (0..60_000).map(|n| ticket(&format!("T-{n}"), json!({}))).collect();
    fixture.write_lines("tickets", &records);
    let mut context = fixture.context();
    let token = context.cancelled.clone();
    context.reporter = std::sync::Arc::new(move |_| token.cancel());
    let failure = run("ingest.tickets", fixture.tenant, context).await.unwrap_err();
    assert!(matches!(failure, Failure::Cancelled), "{failure}");
    let n_rows: i64 = fixture.value("select count(*) from raw_tickets").await;
    assert!(0 < n_rows && n_rows < 60_000, "{n_rows}");
    // What was committed stays, and the next run adds the rest.
    let [_, inserted, updated, ..] = counts(&fixture.ingest_tickets().await.unwrap());
    assert_eq!((inserted, updated), (60_000 - u64::try_from(n_rows).unwrap(), 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_id_in_a_record_never_writes_for_another_tenant() {
    let fixture = Fixture::new().await;
    let other = Uuid::from_u128(2);
    fixture.add_tenant(other).await;
    let records: Vec<Value> =
        (0..4).map(|n| ticket(&format!("T-{n}"), json!({"tenant_id": other}))).collect();
    assert_eq!(fixture.tickets(&records).await, [4, 0, 0, 0, 4]);
    assert_eq!(fixture.value::<i64>("select count(*) from raw_tickets").await, 0);
}
