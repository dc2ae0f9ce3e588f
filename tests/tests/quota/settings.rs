//! Settings in the database.

use serde_json::Value;
use store::settings::{self, Settings};
use store::{Error, Notice, Role};

use crate::Ledger;

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_written_together_logged_and_announced() {
    let ledger = Ledger::new(5_000).await;
    let client = ledger.client().await;
    let mut heard = ledger.store.listen("settings");
    assert_eq!(heard.next().await, Some(Notice::Connected));
    let changes =
        [("batch_hour", "04"), ("ebay_requests_per_second", "2.50"), ("batch_minute", "0")];
    let written = settings::set(&client, "alice", &changes).await.unwrap();
    let words: Vec<_> = written
        .iter()
        .map(|one| (one.key.as_str(), one.before.as_str(), one.after.as_str()))
        .collect();
    assert_eq!(words, [("batch_hour", "3", "4"), ("ebay_requests_per_second", "5", "2.5")]);
    assert!(matches!(heard.next().await, Some(Notice::Payload(key)) if key == "batch_hour"));

    let all = settings::all(&client).await.unwrap();
    assert_eq!((all.batch_hour, all.batch_minute, all.ebay_requests_per_second), (4, 0, 2.5));
    assert_eq!(
        all,
        Settings { batch_hour: 4, ebay_requests_per_second: 2.5, ..Settings::default() }
    );
    let log = "select jsonb_agg(detail || jsonb_build_object('key', resource) order by id)
               from audit_log where actor = 'alice' and action = 'settings.set'";
    let log: Value = ledger.value(log).await;
    assert_eq!(log[0], serde_json::json!({"key": "batch_hour", "before": "3", "after": "4"}));
    assert_eq!(log.as_array().unwrap().len(), 2, "what does not differ is not logged");
    let shown = settings::show(&client).await.unwrap();
    assert_eq!((shown[1].key, shown[1].value.as_str(), shown[1].default), ("batch_hour", "4", "3"));
}

#[tokio::test(flavor = "multi_thread")]
async fn one_bad_value_changes_nothing() {
    let ledger = Ledger::new(5_000).await;
    let client = ledger.client().await;
    let changes =
        [("batch_hour", "5"), ("batch_minute", "60"), ("batch_day", "1"), ("batch_hour", "6")];
    let refused = settings::set(&client, "bob", &changes).await.unwrap_err();
    assert!(matches!(refused, Error::Invalid(_)));
    let text = refused.to_string();
    for part in [
        "`batch_minute` cannot be `60`: write a whole number from 0 to 59",
        "`batch_day` is no setting",
        "`batch_hour` is given twice",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert_eq!(settings::all(&client).await.unwrap(), Settings::default());
    assert_eq!(ledger.value::<i64>("select count(*) from audit_log where actor = 'bob'").await, 0);

    // Reports may look, not write; the API may change values.
    let reports = ledger.database.store(Role::ReadOnly).client().await.unwrap();
    assert_eq!(settings::all(&reports).await.unwrap().batch_hour, 3);
    settings::set(&reports, "eve", &[("batch_hour", "5")]).await.unwrap_err();
    let api = ledger.database.store(Role::Api).client().await.unwrap();
    settings::set(&api, "carol", &[("batch_hour", "5")]).await.unwrap();
    assert_eq!(settings::all(&client).await.unwrap().batch_hour, 5);

    ledger.meddle("update settings set value = 'noon' where key = 'batch_hour'").await;
    let broken = settings::all(&client).await.unwrap_err();
    assert!(broken.to_string().contains("`batch_hour` cannot be `noon`"), "{broken}");
}
