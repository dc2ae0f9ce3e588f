//! Tenants and their API keys.

use jiff::{Timestamp, ToSpan};
use serde_json::json;
use store::api_keys;
use store::tenants::{self, Change, TenantWanted};
use store::{Error, Role};
use tests::keys::pepper;
use uuid::Uuid;

use crate::{Fixture, ticket};

fn wanted(id: Uuid) -> TenantWanted {
    TenantWanted { id, name: "Acme".into(), is_active: None, timezone: None, folder: None }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_is_created_once_and_updated_when_it_differs() {
    let fixture = Fixture::new().await;
    let mut client = fixture.store.client().await.unwrap();
    let mut acme = wanted(Uuid::from_u128(5));
    assert_eq!(tenants::upsert(&mut client, &acme).await.unwrap(), Change::Created);
    assert_eq!(tenants::upsert(&mut client, &acme).await.unwrap(), Change::Unchanged);
    acme.folder = Some("acme".into());
    acme.is_active = Some(false);
    assert_eq!(tenants::upsert(&mut client, &acme).await.unwrap(), Change::Updated);
    // What is not said stays as it is.
    assert_eq!(tenants::upsert(&mut client, &wanted(acme.id)).await.unwrap(), Change::Unchanged);
    let stored = tenants::get(&client, acme.id).await.unwrap().unwrap();
    assert_eq!((stored.timezone.as_str(), stored.is_active), ("Europe/Paris", false));
    assert_eq!(stored.folder.as_deref(), Some("acme"));
    let active = tenants::list(&client, true).await.unwrap();
    assert_eq!(active.iter().map(|tenant| tenant.id).collect::<Vec<_>>(), [fixture.tenant]);
    assert_eq!(tenants::list(&client, false).await.unwrap().len(), 2);

    acme.timezone = Some("Europe/Pariss".into());
    let refused = tenants::upsert(&mut client, &acme).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(text) if text.contains("Pariss")), "{refused}");
    acme.timezone = None;
    acme.name = String::new();
    let refused = tenants::upsert(&mut client, &acme).await.unwrap_err();
    assert!(matches!(&refused, Error::Invalid(text) if text.contains("empty")), "{refused}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_time_zone_makes_every_day_stale() {
    let fixture = Fixture::new().await;
    fixture.tickets(&[ticket("T-1", json!({"created_at_remote": "2026-03-02T04:00:00Z"}))]).await;
    fixture.owner.execute("delete from kpi_dirty", &[]).await.unwrap();
    let mut moved = wanted(fixture.tenant);
    moved.timezone = Some("America/New_York".into());
    let mut client = fixture.store.client().await.unwrap();
    tenants::upsert(&mut client, &moved).await.unwrap();
    // Paris knew the ticket from 2 March, New York from the evening before.
    let days = "select lower(days)::text from kpi_dirty";
    assert_eq!(fixture.value::<String>(days).await, "2026-03-01");
    let until =
        "select upper(days) = (now() at time zone 'America/New_York')::date + 1 from kpi_dirty";
    assert!(fixture.value::<bool>(until).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_its_tenant_until_it_is_revoked() {
    let fixture = Fixture::new().await;
    let client = fixture.store.client().await.unwrap();
    let created =
        api_keys::create(&client, &pepper(), fixture.tenant, "reports", None).await.unwrap();
    assert!(created.key.starts_with("msp_ak_"), "{}", created.key);

    let api = fixture.database.store(Role::Api).client().await.unwrap();
    let access = api_keys::find(&api, &pepper(), &created.key).await.unwrap().unwrap();
    assert_eq!((access.tenant_id, access.key_id), (fixture.tenant, created.id));
    assert!(access.tenant_is_active);
    api_keys::touch(&api, created.id).await.unwrap();
    let listed = api_keys::list(&client, Some(fixture.tenant)).await.unwrap();
    let used = listed[0].last_used_at.unwrap();
    api_keys::touch(&api, created.id).await.unwrap();
    let listed = api_keys::list(&client, None).await.unwrap();
    assert_eq!(listed[0].last_used_at, Some(used), "a second use within the minute writes nothing");

    let mut forged = created.key.clone();
    let last = if forged.pop() == Some('0') { '1' } else { '0' };
    forged.push(last);
    assert_eq!(api_keys::find(&api, &pepper(), &forged).await.unwrap(), None);
    assert!(api_keys::revoke(&client, created.id).await.unwrap());
    assert!(!api_keys::revoke(&client, created.id).await.unwrap());
    assert_eq!(api_keys::find(&api, &pepper(), &created.key).await.unwrap(), None);
    let stored = "select count(*) from api_keys where position(convert_to($$msp_ak_$$, 'UTF8') in secret_hash) > 0";
    assert_eq!(fixture.value::<i64>(stored).await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_opens_with_its_pepper_only() {
    let fixture = Fixture::new().await;
    let client = fixture.store.client().await.unwrap();
    let key = api_keys::create(&client, &pepper(), fixture.tenant, "x", None).await.unwrap().key;
    let other = api_keys::Pepper::new(b"another secret");
    assert_eq!(api_keys::find(&client, &other, &key).await.unwrap(), None);
    assert!(api_keys::find(&client, &pepper(), &key).await.unwrap().is_some());
    // Who can write the table, and knows no pepper, can make no key.
    let plain = "update api_keys set secret_hash = sha256(convert_to($1, 'UTF8'))";
    fixture.owner.execute(plain, &[&key]).await.unwrap();
    assert_eq!(api_keys::find(&client, &pepper(), &key).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_old_key_goes_on_opening_and_is_hashed_anew() {
    let fixture = Fixture::new().await;
    let client = fixture.store.client().await.unwrap();
    let key = api_keys::create(&client, &pepper(), fixture.tenant, "x", None).await.unwrap().key;
    let plain = "
        update api_keys set secret_hash = sha256(convert_to($1, 'UTF8')), is_peppered = false";
    fixture.owner.execute(plain, &[&key]).await.unwrap();
    assert!(api_keys::find(&client, &pepper(), &key).await.unwrap().is_some(), "as it was");
    assert_eq!(api_keys::pepper_old(&client, &pepper()).await.unwrap(), 1);
    assert_eq!(api_keys::pepper_old(&client, &pepper()).await.unwrap(), 0);
    assert!(fixture.value::<bool>("select bool_and(is_peppered) from api_keys").await);
    assert!(api_keys::find(&client, &pepper(), &key).await.unwrap().is_some());
    let other = api_keys::Pepper::new(b"another secret");
    assert_eq!(api_keys::find(&client, &other, &key).await.unwrap(), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_expired_key_opens_nothing() {
    let fixture = Fixture::new().await;
    let client = fixture.store.client().await.unwrap();
    let now = Timestamp::now();
    let pepper = pepper();
    let key = |at| api_keys::create(&client, &pepper, fixture.tenant, "short", Some(at));
    let expired = key(now - 1.second()).await.unwrap();
    let living = key(now + 1.hour()).await.unwrap();
    assert_eq!(api_keys::find(&client, &pepper, &expired.key).await.unwrap(), None);
    assert!(api_keys::find(&client, &pepper, &living.key).await.unwrap().is_some());
    let nobody = api_keys::create(&client, &pepper, Uuid::from_u128(77), "x", None).await;
    assert!(matches!(nobody, Err(Error::Invalid(_))));
}
