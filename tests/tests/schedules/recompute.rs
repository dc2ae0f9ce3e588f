//! Days that late data has touched are computed again, together.

use serde_json::json;
use store::Tenant;
use tests::Fabric;
use uuid::Uuid;

use crate::Office;

const SWITCH_ON: &str = "update schedules set is_enabled = true where name = 'kpi-dirty-days'";

async fn mark(office: &Office, tenant: Uuid, days: &[&str], age: &str) {
    let mut client = office.client().await;
    let tenant = Tenant::begin(&mut client, tenant).await.unwrap();
    for days in days {
        let mark = "insert into kpi_dirty (tenant_id, days, marked_at)
                    values ($1, $2::text::datemultirange, now() - $3::text::interval)";
        tenant.execute(mark, &[&tenant.id(), days, &age]).await.unwrap();
    }
    tenant.commit().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_is_recomputed_once_for_many_marks_and_left_alone_without() {
    let office = Office::new().await;
    office.owner.execute(SWITCH_ON, &[]).await.unwrap();
    let late = office.tenant(1, "Europe/Paris").await;
    let fresh = office.tenant(2, "Europe/Paris").await;
    let future = office.tenant(3, "Europe/Paris").await;
    mark(&office, late, &["{[2026-01-01,2026-01-05)}", "{[2026-01-03,2026-01-10)}"], "1 hour")
        .await;
    mark(&office, fresh, &["{[2026-01-01,2026-01-05)}"], "1 second").await;
    // Entries that are dated ahead, and others from another century.
    mark(&office, future, &["{[1999-01-01,1999-06-01)}", "{[2999-01-01,2999-06-01)}"], "1 day")
        .await;
    let looked = office.look("2027-01-10T12:00:00Z").await;
    assert_eq!((looked.fired, looked.missed), (1, 0));
    assert_eq!(office.fired("2027-01-10T12:05:00Z").await, 0, "the order is still open");
    let ordered = "select count(*) from commands where name = 'kpi.recompute' and tenant_id = $1";
    let ordered: i64 = office.owner.query_one(ordered, &[&late]).await.unwrap().get(0);
    assert_eq!(ordered, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn recomputing_takes_off_every_mark_that_has_begun() {
    let mut fabric = Fabric::new().await;
    fabric.run(commands::Folders::default());
    let id = Uuid::from_u128(1);
    let owner = fabric.database.owner().await;
    let tenant = "insert into tenants (id, name) values ($1, 'Demo')";
    owner.execute(tenant, &[&id]).await.unwrap();
    let marks = "insert into kpi_dirty (tenant_id, days)
                 select $1, days::datemultirange from unnest(array['{[2026-01-01,2026-01-05)}',
                     '{[2026-01-03,2026-01-10),[2026-03-01,2026-03-02)}', '{[2998-12-31,2999-01-03)}'])
                 as days";
    owner.execute(marks, &[&id]).await.unwrap();
    let done = fabric.done("kpi.recompute", json!({"tenant_id": id})).await;
    assert_eq!(done.result, Some(json!({"days": 10, "changed": 10})), "{:?}", done.error);
    let left = "select array_agg(days::text) from kpi_dirty";
    let left: Vec<String> = owner.query_one(left, &[]).await.unwrap().get(0);
    assert_eq!(left, ["{[2998-12-31,2999-01-03)}"]);
    let again = fabric.done("kpi.recompute", json!({"tenant_id": id})).await;
    assert_eq!(again.result, Some(json!({"days": 0, "changed": 0})));
    fabric.stop().await;
}
