//! Migration 18 on a shop that has listings.

use std::path::Path;

use futures::TryStreamExt;
use jiff::Timestamp;
use store::{Role, snapshots};
use tokio_postgres::Client;
use tokio_postgres::types::ToSql;

/// As refinery makes it; the first migration mentions it.
const HISTORY: &str = "
drop schema public cascade;
create schema public;
grant usage on schema public to public;
create table refinery_schema_history (
    version int4 primary key, name varchar(255), applied_on varchar(255), checksum varchar(255))";

/// A look each week over two years; cards 1 to 6 were looked at last half a year ago, card 7 two
/// years ago. As always then, what is older than 180 days is kept for the newest looks only.
const LOOKS: &str = "
insert into market_snapshots (card_id, command_id, taken_at, query, total, n_listings, listings,
    rule, statistics, verdict)
select card, gen_random_uuid(), at, 'Abra', 5, 5,
       case when at > now() - interval '180 days' or card > 6 then decode(md5(n::text), 'hex') end,
       'robust', '{}', 'OK'
from generate_series(1, 7) card, generate_series(0, 103) n
cross join lateral (select now() - interval '728 days' + n * interval '7 days' as at) look
where card <= 6 or n = 0
order by at, card";

/// As the version before writes a look, but for the columns that do not matter here.
const OLD_WRITE: &str = "
with input as (
    select * from unnest($1::uuid[], $2::timestamptz[], $3::bytea[])
        as i (command_id, taken_at, listings)
)
insert into market_snapshots (card_id, command_id, taken_at, query, total, n_listings, listings,
    rule, statistics, verdict)
select 8, command_id, taken_at, 'Abra', 5, 5, listings, 'robust', '{}', 'OK' from input
on conflict (command_id) do nothing returning id";

const KEPT: &str = "
select id, taken_at, listings from market_snapshots where listings is not null order by id";

/// The migration files, in their order.
fn migrations() -> Vec<(u32, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations");
    let mut files: Vec<(u32, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let (version, _) = name.strip_prefix('V').unwrap().split_once("__").unwrap();
            (version.parse().unwrap(), std::fs::read_to_string(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

async fn apply(owner: &Client, versions: impl Fn(u32) -> bool) {
    for (_, migration) in migrations().iter().filter(|(version, _)| versions(*version)) {
        owner.batch_execute(&format!("begin;\n{migration};\ncommit")).await.unwrap();
    }
}

async fn listings(owner: &Client, query: &str) -> Vec<(i64, Timestamp, Vec<u8>)> {
    let rows = owner.query(query, &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_keeps_every_byte_and_the_version_before_still_writes() {
    let database = tests::database().await;
    let owner = database.owner().await;
    owner.batch_execute(HISTORY).await.unwrap();
    apply(&owner, |version| version < 18).await;
    owner.batch_execute(LOOKS).await.unwrap();
    let before = listings(&owner, KEPT).await;
    assert!(before.len() > 6 * 25, "{}", before.len());
    apply(&owner, |version| version >= 18).await;

    assert_eq!(listings(&owner, "table snapshot_listings order by snapshot_id").await, before);
    assert!(listings(&owner, KEPT).await.is_empty());
    let astray = "
        select count(*), count(*) filter (where tableoid = 'snapshot_listings_old'::regclass)
        from snapshot_listings
        where tableoid in ('snapshot_listings_default'::regclass, 'snapshot_listings_old'::regclass)";
    let astray = owner.query_one(astray, &[]).await.unwrap();
    assert_eq!((astray.get::<_, i64>(0), astray.get::<_, i64>(1)), (1, 1), "only that of card 7");
    let client = database.store(Role::Worker).client().await.unwrap();
    let all = snapshots::replay(&client, before[0].1, Timestamp::MAX, None).await.unwrap();
    assert_eq!(all.try_collect::<Vec<_>>().await.unwrap().len(), before.len());

    let (command, now) = (uuid::Uuid::now_v7(), before[before.len() - 1].1);
    let seen: &[u8] = b"seen";
    let params: [&(dyn ToSql + Sync); 3] = [&vec![command], &vec![now], &vec![seen]];
    assert_eq!(client.query(OLD_WRITE, &params).await.unwrap().len(), 1);
    assert_eq!(client.query(OLD_WRITE, &params).await.unwrap().len(), 0);
    let newest = snapshots::newest(&client, 8).await.unwrap().unwrap();
    assert_eq!(newest.listings.as_deref(), Some(seen));
    let after = listings(&owner, "table snapshot_listings order by snapshot_id").await;
    assert_eq!(after.len(), before.len() + 1);
    assert!(listings(&owner, KEPT).await.is_empty());
}
