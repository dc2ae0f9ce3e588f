//! What a load writes, and what it leaves alone.

use serde_json::json;

use crate::{Fixture, counts, ticket, time_entry};

#[tokio::test(flavor = "multi_thread")]
async fn only_what_changed_is_written() {
    let fixture = Fixture::new().await;
    let mut records: Vec<_> = (0..50).map(|n| ticket(&format!("T-{n}"), json!({}))).collect();
    assert_eq!(fixture.tickets(&records).await, [50, 50, 0, 0, 0]);
    let versions =
        "select string_agg(concat(ctid, xmin, xmax), ' ' order by ctid) from raw_tickets";
    let before: String = fixture.value(versions).await;
    assert_eq!(fixture.tickets(&records).await, [50, 0, 0, 50, 0]);
    assert_eq!(fixture.value::<String>(versions).await, before, "not even a lock was written");
    assert_eq!(fixture.value::<i64>("select count(*) from kpi_dirty").await, 1);

    records[7] = ticket("T-7", json!({"summary": "Printer on fire"}));
    records.push(ticket("T-50", json!({})));
    assert_eq!(fixture.tickets(&records).await, [51, 1, 1, 49, 0]);
    let summary = "select summary from raw_tickets where cw_ticket_id = 'T-7'";
    assert_eq!(fixture.value::<String>(summary).await, "Printer on fire");
    let raw = "select raw ->> 'summary' from raw_tickets where cw_ticket_id = 'T-7'";
    assert_eq!(fixture.value::<String>(raw).await, "Printer on fire");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_column_arrives() {
    let fixture = Fixture::new().await;
    let record = json!({
        "tenant_id": fixture.tenant, "cw_ticket_id": "T-1", "board": "Service", "status": "Closed",
        "priority": "High", "summary": "é \"quoted\"\n", "description": "", "company": "Acme",
        "owner": null, "created_at_remote": "2026-01-20T10:00:00+01:00",
        "updated_at_remote": "2026-01-20T14:30:00.123456Z", "sla_status": "OK",
        "estimated_hours": 2.5, "first_response_at": "2026-01-20T09:10:00Z",
        "resolved_at": "2026-01-20T12:00:00Z", "closed_at": "2026-01-20T13:00:00Z",
        "sla_response_due_at": "2026-01-20T09:05:00Z",
        "sla_resolution_due_at": "2026-01-20T12:30:00Z", "satisfaction_score": "4.5",
        "custom": {"kept": [1, 2]},
    });
    assert_eq!(fixture.tickets(&[record]).await, [1, 1, 0, 0, 0]);
    let statement = "
        select concat_ws('|', tenant_id, source, board, status, priority, summary, description,
            company, coalesce(owner, '-'), created_at_remote at time zone 'UTC',
            updated_at_remote at time zone 'UTC', sla_status, estimated_hours, high_priority,
            first_response_at at time zone 'UTC', resolved_at at time zone 'UTC',
            closed_at at time zone 'UTC', coalesce(reopened_at::text, '-'), is_closed,
            sla_response_met, sla_resolution_met, satisfaction_score, raw #>> '{custom,kept}')
        from raw_tickets";
    let expected = format!(
        "{}|mock|Service|Closed|High|é \"quoted\"\n||Acme|-|2026-01-20 09:00:00|\
         2026-01-20 14:30:00.123456|OK|2.50|t|2026-01-20 09:10:00|2026-01-20 12:00:00|\
         2026-01-20 13:00:00|-|t|f|t|4.50|[1, 2]",
        fixture.tenant
    );
    assert_eq!(fixture.value::<String>(statement).await, expected);

    let entries = [
        time_entry("E-1", json!({"billable": false, "minutes": 15, "work_type": "Remote"})),
        time_entry("E-2", json!({"billable_option": "NoCharge", "cw_ticket_id": null})),
    ];
    assert_eq!(fixture.time_entries(&entries).await, [2, 2, 0, 0, 0]);
    let statement = "
        select string_agg(concat_ws('|', cw_time_entry_id, coalesce(cw_ticket_id, '-'), member,
            work_type, billable, billable_class, billable_option, minutes, date_worked), ' ' order by cw_time_entry_id)
        from raw_time_entries";
    let expected = "E-1|T-1|tech1@msp.example|Remote|f|0|15|2026-03-03 \
                    E-2|-|tech1@msp.example|f|2|NoCharge|30|2026-03-03";
    assert_eq!(fixture.value::<String>(statement).await, expected);
}

#[tokio::test(flavor = "multi_thread")]
async fn time_entries_follow_the_same_rules() {
    let fixture = Fixture::new().await;
    let mut entries: Vec<_> = (0..20).map(|n| time_entry(&format!("E-{n}"), json!({}))).collect();
    assert_eq!(fixture.time_entries(&entries).await, [20, 20, 0, 0, 0]);
    entries[3] =
        time_entry("E-3", json!({"minutes": 31, "updated_at_remote": "2026-03-05T00:00:00Z"}));
    assert_eq!(fixture.time_entries(&entries).await, [20, 0, 1, 19, 0]);
    entries[3] =
        time_entry("E-3", json!({"minutes": 29, "updated_at_remote": "2026-03-04T00:00:00Z"}));
    assert_eq!(fixture.time_entries(&entries).await, [20, 0, 0, 20, 0]);
    let minutes = "select minutes from raw_time_entries where cw_time_entry_id = 'E-3'";
    assert_eq!(fixture.value::<i32>(minutes).await, 31);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_version_of_a_record_wins_whatever_the_chunk() {
    let fixture = Fixture::new().await;
    // Enough to fill several chunks on both connections, each id three times.
    let mut records = Vec::new();
    for version in 1..=3 {
        for n in 0..8_000 {
            let updated = format!("2026-03-0{version}T09:00:00Z");
            records.push(ticket(
                &format!("T-{n}"),
                json!({"summary": format!("version {version}"), "updated_at_remote": updated,
                       "created_at_remote": "2026-03-01T00:00:00Z"}),
            ));
        }
    }
    assert_eq!(fixture.tickets(&records).await, [24_000, 8_000, 16_000, 0, 0]);
    let newest = "select count(*) from raw_tickets where summary = 'version 3'";
    assert_eq!(fixture.value::<i64>(newest).await, 8_000);
    let progress = fixture.progress.lock().unwrap();
    let last = progress.last().unwrap();
    assert_eq!(last.total, Some(last.done), "all bytes are read when the last chunk is applied");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_array_and_a_demo_folder_load_alike() {
    let fixture = Fixture::new().await;
    let records: Vec<_> =
        (0..3).map(|n| ticket(&format!("T-{n}"), json!({"tenant_id": fixture.tenant}))).collect();
    fixture.write("tenant_demo_cca/tickets.json", &serde_json::to_string_pretty(&records).unwrap());
    let result = fixture.ingest_tickets().await.unwrap();
    assert_eq!(counts(&result), [3, 3, 0, 0, 0]);
    assert_eq!(result["file"], "tenant_demo_cca/tickets.json");
    // The same records in another place and form are the same records; only their bytes differ.
    std::fs::remove_dir_all(fixture.root.path().join("tenant_demo_cca")).unwrap();
    assert_eq!(fixture.tickets(&records).await[..3], [3, 0, 3]);
    assert_eq!(fixture.tickets(&records).await, [3, 0, 0, 3, 0]);
}
