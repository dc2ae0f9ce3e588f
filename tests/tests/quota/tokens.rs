//! One token for all workers, and rates of currencies.

use jiff::civil::date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use rust_decimal::Decimal;
use store::fx_rates::{self, Rate};
use store::{Role, api_tokens};

use crate::{EBAY, Ledger};

#[tokio::test(flavor = "multi_thread")]
async fn many_workers_ask_for_one_token() {
    let ledger = Ledger::new(100).await;
    let tasks: Vec<_> = (0..12_u8)
        .map(|n| {
            let store = ledger.database.store(Role::Worker);
            tokio::spawn(async move {
                let mut client = store.client().await.unwrap();
                let refresh = api_tokens::refresh(&mut client, EBAY).await.unwrap();
                if let Some(token) = refresh.current.clone() {
                    return token.sealed;
                }
                refresh.store(&[n], Timestamp::now() + 2.hours()).await.unwrap();
                vec![n]
            })
        })
        .collect();
    let mut tokens = Vec::new();
    for task in tasks {
        tokens.push(task.await.unwrap());
    }
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "{tokens:?}");
    let mut client = ledger.client().await;
    let stored = api_tokens::read(&client, EBAY).await.unwrap().unwrap();
    assert_eq!(stored.sealed, tokens[0]);
    assert!(stored.minted_at < stored.expires_at);

    // A refresh in vain counts, and leaves the token.
    let refresh = api_tokens::refresh(&mut client, EBAY).await.unwrap();
    assert_eq!(refresh.n_mints, 1);
    refresh.failed(None, "down").await.unwrap();
    drop(api_tokens::refresh(&mut client, EBAY).await.unwrap());
    let refresh = api_tokens::refresh(&mut client, EBAY).await.unwrap();
    assert_eq!(refresh.n_mints, 2);
    assert_eq!(refresh.current.as_ref().unwrap().sealed, tokens[0]);
    refresh.store(b"new", Timestamp::now() + 2.hours()).await.unwrap();
    ledger.meddle("update api_tokens set mint_date = mint_date - 1").await;
    let refresh = api_tokens::refresh(&mut client, EBAY).await.unwrap();
    assert_eq!(
        (refresh.n_mints, refresh.current.as_ref().unwrap().sealed.as_slice()),
        (0, &b"new"[..])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_was_never_had_is_none() {
    let ledger = Ledger::new(100).await;
    let mut client = ledger.client().await;
    let refresh = api_tokens::refresh(&mut client, EBAY).await.unwrap();
    let block = refresh.failed(None, "down").await.unwrap();
    assert!(api_tokens::read(&client, EBAY).await.unwrap().is_none());
    assert!(api_tokens::read(&client, "other").await.unwrap().is_none());
    let refresh = api_tokens::refresh(&mut client, EBAY).await.unwrap();
    assert!(refresh.current.is_none());
    assert_eq!((refresh.n_mints, refresh.blocked.as_ref()), (1, Some(&block)));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newest_rate_of_a_day_is_found() {
    let ledger = Ledger::new(100).await;
    let client = ledger.client().await;
    let rate = |day, currency: &str, cents| Rate {
        day: date(2026, 11, day),
        currency: currency.into(),
        per_eur: Decimal::new(cents, 2),
    };
    let rates = [rate(18, "USD", 108), rate(20, "USD", 110), rate(19, "GBP", 85)];
    assert_eq!(fx_rates::upsert(&client, &rates).await.unwrap(), 3);
    assert_eq!(fx_rates::upsert(&client, &rates).await.unwrap(), 0);
    assert_eq!(fx_rates::upsert(&client, &[rate(20, "USD", 111)]).await.unwrap(), 1);
    let latest = fx_rates::latest(&client, None).await.unwrap();
    assert_eq!(latest, [rate(19, "GBP", 85), rate(20, "USD", 111)]);
    let heard = "update fx_rates set known_at = (day + 1)::timestamp at time zone 'UTC'";
    ledger.owner.execute(heard, &[]).await.unwrap();
    let at = |day| Some(date(2026, 11, day).to_zoned(TimeZone::UTC).unwrap().timestamp());
    assert_eq!(
        fx_rates::latest(&client, at(20)).await.unwrap(),
        [rate(19, "GBP", 85), rate(18, "USD", 108)]
    );
    assert_eq!(fx_rates::latest(&client, at(18)).await.unwrap(), []);
    assert!(fx_rates::upsert(&client, &[rate(20, "usd", 1)]).await.unwrap_err().is_data());
    assert!(fx_rates::upsert(&client, &[rate(20, "USD", 0)]).await.unwrap_err().is_data());
}
