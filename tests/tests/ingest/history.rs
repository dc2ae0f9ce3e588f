//! Closings, reopenings, and what must not move them.

use serde_json::{Value, json};

use crate::{Fixture, ticket};

const CLOSED: &str = "select closed_at::text from raw_tickets";
const SPANS: &str = "
    select coalesce(string_agg(concat_ws(' ', to_char(opened_at, 'DDHH24'),
        to_char(closed_at, 'DDHH24'), to_char(next_opened_at, 'DDHH24')), ', ' order by opened_at), '')
    from ticket_past_spans";
const CURRENT: &str = "select concat_ws(' ', to_char(reopened_at, 'DDHH24'), to_char(closed_at, 'DDHH24')) from raw_tickets";

fn at(status: &str, updated: &str) -> Value {
    ticket("T-1", json!({"status": status, "updated_at_remote": updated}))
}

#[tokio::test(flavor = "multi_thread")]
async fn later_edits_do_not_move_a_closing() {
    let fixture = Fixture::new().await;
    fixture.tickets(&[at("Closed", "2026-03-04T10:00:00Z")]).await;
    assert_eq!(fixture.value::<String>(CLOSED).await, "2026-03-04 10:00:00+00");
    for edit in ["2026-03-09T10:00:00Z", "2026-04-01T10:00:00Z"] {
        assert_eq!(fixture.tickets(&[at("Closed", edit)]).await, [1, 0, 1, 0, 0]);
        assert_eq!(fixture.value::<String>(CLOSED).await, "2026-03-04 10:00:00+00");
    }
    let said = json!({"status": "Closed", "updated_at_remote": "2026-04-02T10:00:00Z",
                      "closed_at": "2026-04-02T10:00:00Z"});
    fixture.tickets(&[ticket("T-1", said)]).await;
    assert_eq!(fixture.value::<String>(CLOSED).await, "2026-03-04 10:00:00+00");
    assert_eq!(fixture.value::<i64>("select count(*) from ticket_status_events").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn close_reopen_close_keeps_every_span() {
    let fixture = Fixture::new().await;
    fixture.tickets(&[at("Closed", "2026-03-04T10:00:00Z")]).await;
    fixture.tickets(&[at("In Progress", "2026-03-06T10:00:00Z")]).await;
    assert_eq!(fixture.value::<String>(SPANS).await, "0209 0410 0610");
    assert_eq!(fixture.value::<String>(CURRENT).await, "0610");
    fixture.tickets(&[at("Closed", "2026-03-08T10:00:00Z")]).await;
    assert_eq!(fixture.value::<String>(CURRENT).await, "0610 0810");
    fixture.tickets(&[at("Closed", "2026-03-12T10:00:00Z")]).await;
    assert_eq!(fixture.value::<String>(CURRENT).await, "0610 0810");
    fixture.tickets(&[at("New", "2026-03-14T10:00:00Z")]).await;
    assert_eq!(fixture.value::<String>(SPANS).await, "0209 0410 0610, 0610 0810 1410");
    assert_eq!(fixture.value::<String>(CURRENT).await, "1410");

    let events = "
        select string_agg(concat_ws(' ', to_char(at, 'DD'), old_status, '>', new_status, was_closed,
            is_closed), ', ' order by at) from ticket_status_events";
    assert_eq!(
        fixture.value::<String>(events).await,
        "06 Closed > In Progress t f, 08 In Progress > Closed f t, 14 Closed > New t f"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_the_source_is_believed() {
    let fixture = Fixture::new().await;
    let history = json!([
        {"closed_at": "2026-03-03T10:00:00Z", "reopened_at": "2026-03-04T10:00:00Z"},
        {"closed_at": "2026-03-05T10:00:00Z", "reopened_at": "2026-03-06T10:00:00Z"},
    ]);
    let first = json!({"reopened": history, "closed_at": "2026-03-07T10:00:00Z",
                       "updated_at_remote": "2026-03-07T10:00:00Z"});
    fixture.tickets(&[ticket("T-1", first.clone())]).await;
    let two = "0209 0310 0410, 0410 0510 0610";
    assert_eq!(fixture.value::<String>(SPANS).await, two);
    assert_eq!(fixture.value::<String>(CURRENT).await, "0610 0710");

    // An edit within the same span moves nothing, even when it says so.
    let mut edit = first.clone();
    edit["closed_at"] = json!("2026-03-09T10:00:00Z");
    edit["updated_at_remote"] = json!("2026-03-09T10:00:00Z");
    fixture.tickets(&[ticket("T-1", edit)]).await;
    assert_eq!(fixture.value::<String>(SPANS).await, two);
    assert_eq!(fixture.value::<String>(CURRENT).await, "0610 0710");

    // A reopening that happened between two loads brings its own closing.
    let mut reopened = first;
    let missed =
        json!({"closed_at": "2026-03-07T10:00:00Z", "reopened_at": "2026-03-10T10:00:00Z"});
    reopened["reopened"].as_array_mut().unwrap().push(missed);
    reopened["closed_at"] = json!("2026-03-11T10:00:00Z");
    reopened["updated_at_remote"] = json!("2026-03-11T10:00:00Z");
    fixture.tickets(&[ticket("T-1", reopened)]).await;
    assert_eq!(fixture.value::<String>(SPANS).await, format!("{two}, 0610 0710 1010"));
    assert_eq!(fixture.value::<String>(CURRENT).await, "1010 1110");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_version_is_ignored() {
    let fixture = Fixture::new().await;
    fixture.tickets(&[at("Closed", "2026-03-04T10:00:00Z")]).await;
    assert_eq!(fixture.tickets(&[at("New", "2026-03-03T10:00:00Z")]).await, [1, 0, 0, 1, 0]);
    assert_eq!(fixture.value::<String>("select status from raw_tickets").await, "Closed");
    assert_eq!(fixture.value::<String>(CLOSED).await, "2026-03-04 10:00:00+00");
    assert_eq!(fixture.value::<i64>("select count(*) from ticket_past_spans").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn past_spans_follow_a_changed_creation_and_priority() {
    let fixture = Fixture::new().await;
    fixture.tickets(&[at("Closed", "2026-03-04T10:00:00Z")]).await;
    fixture.tickets(&[at("New", "2026-03-06T10:00:00Z")]).await;
    let corrected = json!({"created_at_remote": "2026-03-01T09:00:00Z", "priority": "Critical",
                           "updated_at_remote": "2026-03-07T10:00:00Z"});
    fixture.tickets(&[ticket("T-1", corrected)]).await;
    assert_eq!(fixture.value::<String>(SPANS).await, "0109 0410 0610");
    assert!(fixture.value::<bool>("select bool_and(high_priority) from ticket_past_spans").await);
    let created =
        "select count(*) from ticket_past_spans where created_at_remote = '2026-03-01T09:00Z'";
    assert_eq!(fixture.value::<i64>(created).await, 1);
}
