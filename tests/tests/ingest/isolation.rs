//! No role sees or writes another tenant's rows, whatever the statement.

use serde_json::json;
use store::{Role, Tenant};
use uuid::Uuid;

use crate::{Fixture, ticket, time_entry};

/// Tables with a tenant's data.
const GUARDED: [&str; 6] = [
    "raw_tickets",
    "ticket_past_spans",
    "ticket_status_events",
    "raw_time_entries",
    "kpi_dirty",
    "ingest_rejects",
];

/// A tenant with a row in every table.
async fn filled() -> Fixture {
    let fixture = Fixture::new().await;
    for (status, updated) in [("Closed", "2026-03-04T10:00:00Z"), ("New", "2026-03-06T10:00:00Z")] {
        let record = ticket("T-1", json!({"status": status, "updated_at_remote": updated}));
        fixture.tickets(&[record, json!({"bad": true})]).await;
    }
    fixture.time_entries(&[time_entry("E-1", json!({}))]).await;
    fixture
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_sees_only_the_tenant_of_its_transaction() {
    let fixture = filled().await;
    for role in [Role::Api, Role::Worker, Role::ReadOnly] {
        let mut client = fixture.database.store(role).client().await.unwrap();
        for table in GUARDED {
            let count = format!("select count(*) from {table}");
            let outside: i64 = client.query_one(&count, &[]).await.unwrap().get(0);
            assert_eq!(outside, 0, "{role:?} sees {table} without a tenant");
            for (id, sees) in [(fixture.tenant, true), (Uuid::from_u128(9), false)] {
                let tenant = Tenant::begin(&mut client, id).await.unwrap();
                let seen: i64 = tenant.query_one(&count, &[]).await.unwrap().get(0);
                assert_eq!(seen > 0, sees, "{role:?} as {id} sees {seen} of {table}");
                tenant.commit().await.unwrap();
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_cannot_write_for_another_tenant() {
    let fixture = filled().await;
    let mut client = fixture.store.client().await.unwrap();
    for table in GUARDED {
        let tenant = Tenant::begin(&mut client, Uuid::from_u128(9)).await.unwrap();
        let delete = format!("delete from {table}");
        assert_eq!(tenant.execute(&delete, &[]).await.unwrap(), 0, "{table}");
        let steal = format!("update {table} set tenant_id = $1");
        assert_eq!(tenant.execute(&steal, &[&Uuid::from_u128(9)]).await.unwrap(), 0, "{table}");
    }
    let foreign = Tenant::begin(&mut client, Uuid::from_u128(9)).await.unwrap();
    let insert = "insert into kpi_dirty (tenant_id, days) values ($1, '{}')";
    let refused = foreign.execute(insert, &[&fixture.tenant]).await.unwrap_err();
    assert_eq!(refused.code().unwrap().code(), "42501");
    drop(foreign);
    let own = Tenant::begin(&mut client, fixture.tenant).await.unwrap();
    let give_away = "update raw_tickets set tenant_id = $1";
    let refused = own.execute(give_away, &[&Uuid::from_u128(9)]).await.unwrap_err();
    assert_eq!(refused.code().unwrap().code(), "42501");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_http_side_and_reports_cannot_write_records() {
    let fixture = filled().await;
    for role in [Role::Api, Role::ReadOnly] {
        let mut client = fixture.database.store(role).client().await.unwrap();
        for table in GUARDED {
            let tenant = Tenant::begin(&mut client, fixture.tenant).await.unwrap();
            let delete = format!("delete from {table}");
            let refused = tenant.execute(&delete, &[]).await.unwrap_err();
            assert_eq!(refused.code().unwrap().code(), "42501", "{role:?} deletes from {table}");
        }
    }
    let client = fixture.database.store(Role::ReadOnly).client().await.unwrap();
    let refused = client.query("select * from api_keys", &[]).await.unwrap_err();
    assert_eq!(refused.code().unwrap().code(), "42501");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tenants_with_the_same_ids_do_not_meet() {
    let mut fixture = filled().await;
    let first = fixture.tenant;
    fixture.tenant = Uuid::from_u128(9);
    fixture.add_tenant(fixture.tenant).await;
    let record = ticket("T-1", json!({"summary": "mine"}));
    assert_eq!(fixture.tickets(std::slice::from_ref(&record)).await, [1, 1, 0, 0, 0]);
    let others = format!(
        "select count(*) from raw_tickets where tenant_id = '{first}' and summary <> 'mine'"
    );
    assert_eq!(fixture.value::<i64>(&others).await, 1);
    assert_eq!(fixture.value::<i64>("select count(*) from raw_tickets").await, 2);
}
