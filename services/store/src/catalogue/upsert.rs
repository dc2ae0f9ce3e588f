//! Writes what a source says, in bulk, touching only what differs.

use std::collections::HashMap;
use std::pin::pin;

use cards::Card;
use cards::card::{Hidden, Set};
use serde::Serialize;
use tokio_postgres::binary_copy::BinaryCopyInWriter;
use tokio_postgres::types::{ToSql, Type};

use crate::{Client, Error, Result, Transaction};

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authority {
    /// A source: overrides, number format, query override and the active flag of a card that
    /// exists stay as they are, and so does what the source leaves out.
    Source,
    /// The shop: the card becomes what is given. Only failures, figures that are left out and the
    /// card's own query stay.
    Shop,
}

/// A card to write.
#[derive(Clone, Copy, Debug)]
pub struct Incoming<'a> {
    pub card: &'a Card,
    /// The query built from it.
    pub ebay_query: Option<&'a str>,
}

/// What a bulk write did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Upserted {
    pub created: u64,
    pub updated: u64,
    pub unchanged: u64,
}

const SERIES: &str = "
insert into series as e (id, name, hidden)
select distinct on (id) id, coalesce(name, id), id = any ($3)
from unnest($1::text[], $2::text[]) as n (id, name) order by id, name
on conflict (id) do update set name = excluded.name
where e.name <> excluded.name and excluded.name <> excluded.id";

const UPDATE_SETS: &str = "
update sets s set
    serie_id = n.serie_id, name = n.name, name_en = coalesce(n.name_en, s.name_en),
    official_count = coalesce(n.official_count, s.official_count),
    total_count = coalesce(n.total_count, s.total_count),
    released = coalesce(n.released, s.released), imported_at = clock_timestamp()
from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::date[])
    as n (id, serie_id, name, name_en, official_count, total_count, released)
where s.id = n.id and n.serie_id <> $8
  and (n.serie_id, n.name, coalesce(n.name_en, s.name_en), coalesce(n.official_count, s.official_count),
       coalesce(n.total_count, s.total_count), coalesce(n.released, s.released))
      is distinct from
      (s.serie_id, s.name, s.name_en, s.official_count, s.total_count, s.released)";

const INSERT_SETS: &str = "
insert into sets (id, serie_id, name, name_en, official_count, total_count, released)
select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::int[], $6::int[], $7::date[])
on conflict (id) do nothing";

/// Writes sets and their series. New series begin hidden as [`Hidden::default`] says; nothing is
/// shown or hidden here later on. A set that only a row of a file named
/// ([`Set::UNKNOWN_SERIE`]) never overwrites one that is known.
///
/// # Errors
/// When the database cannot be written.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn upsert_sets(client: &mut Client, sets: &[Set]) -> Result<Upserted> {
    let sets: Vec<&Set> = last_by(sets, |set| &set.id);
    let transaction = client.transaction().await?;
    let ids: Vec<_> = sets.iter().map(|set| set.id.as_str()).collect();
    let series: Vec<_> = sets.iter().map(|set| set.serie_id.as_str()).collect();
    let serie_names: Vec<_> = sets.iter().map(|set| set.serie_name.as_deref()).collect();
    let hidden: Vec<String> = Hidden::default().series.into_iter().collect();
    transaction.execute(SERIES, &[&series, &serie_names, &hidden]).await?;

    let names: Vec<_> = sets.iter().map(|set| set.name.as_str()).collect();
    let names_en: Vec<_> = sets.iter().map(|set| set.name_en.as_deref()).collect();
    let count = |n: Option<u32>| n.map(|n| i32::try_from(n).unwrap_or(i32::MAX));
    let official: Vec<_> = sets.iter().map(|set| count(set.card_count_official)).collect();
    let totals: Vec<_> = sets.iter().map(|set| count(set.card_count)).collect();
    let released: Vec<_> = sets.iter().map(|set| set.release_date).collect();
    let columns: [&(dyn ToSql + Sync); 8] =
        [&ids, &series, &names, &names_en, &official, &totals, &released, &Set::UNKNOWN_SERIE];
    let updated = transaction.execute(UPDATE_SETS, &columns).await?;
    let created = transaction.execute(INSERT_SETS, &columns[..7]).await?;
    transaction.commit().await?;
    Ok(Upserted { created, updated, unchanged: sets.len() as u64 - created - updated })
}

const STAGE: &str = "
create temp table card_stage (
    tcgdex_id text collate \"C\", set_id text collate \"C\", local_id text collate \"C\", name text,
    name_en text, set_code text, card_number_full text, variant text collate \"C\", rarity text,
    cardmarket_id bigint, name_override text, local_id_override text, set_name_override text,
    card_number_full_override text, card_count_official_override text,
    card_number_format text collate \"C\", card_number_padded boolean, ebay_query_override text,
    cm_trend numeric, cm_avg1 numeric, cm_avg7 numeric, cm_avg30 numeric, is_active boolean,
    ebay_query text
) on commit drop";

const TYPES: [Type; 24] = [
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::INT8,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::TEXT,
    Type::BOOL,
    Type::TEXT,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::NUMERIC,
    Type::BOOL,
    Type::TEXT,
];

// A query that was built without the shop's corrections is not the card's.
const UPDATE_FROM_SOURCE: &str = "
update cards c set
    set_id = n.set_id, local_id = n.local_id, name = n.name,
    name_en = coalesce(n.name_en, c.name_en),
    card_number_full = coalesce(n.card_number_full, c.card_number_full), variant = n.variant,
    rarity = coalesce(n.rarity, c.rarity),
    cardmarket_id = coalesce(n.cardmarket_id, c.cardmarket_id),
    ebay_query = case when coalesce(c.name_override, c.local_id_override,
            c.card_number_full_override, c.card_count_official_override) is not null
        or (c.card_number_format, c.card_number_padded)
            <> (n.card_number_format, n.card_number_padded)
        then null else n.ebay_query end,
    cm_trend = case when g.given then n.cm_trend else c.cm_trend end,
    cm_avg1 = case when g.given then n.cm_avg1 else c.cm_avg1 end,
    cm_avg7 = case when g.given then n.cm_avg7 else c.cm_avg7 end,
    cm_avg30 = case when g.given then n.cm_avg30 else c.cm_avg30 end,
    cm_updated_at = case when g.given then clock_timestamp() else c.cm_updated_at end,
    updated_at = clock_timestamp()
from card_stage n,
     lateral (select coalesce(n.cm_trend, n.cm_avg1, n.cm_avg7, n.cm_avg30) is not null as given) g
where c.tcgdex_id = n.tcgdex_id
  and ((c.set_id, c.local_id, c.name, c.variant) <> (n.set_id, n.local_id, n.name, n.variant)
    or (c.name_en, c.card_number_full, c.rarity, c.cardmarket_id) is distinct from
       (coalesce(n.name_en, c.name_en), coalesce(n.card_number_full, c.card_number_full),
        coalesce(n.rarity, c.rarity), coalesce(n.cardmarket_id, c.cardmarket_id))
    or (g.given and (c.cm_trend, c.cm_avg1, c.cm_avg7, c.cm_avg30) is distinct from
        (round(n.cm_trend, 2), round(n.cm_avg1, 2), round(n.cm_avg7, 2), round(n.cm_avg30, 2))))";

const UPDATE_FROM_SHOP: &str = "
update cards c set
    set_id = n.set_id, local_id = n.local_id, name = n.name, name_en = n.name_en,
    card_number_full = n.card_number_full, variant = n.variant, rarity = n.rarity,
    cardmarket_id = n.cardmarket_id, ebay_query = n.ebay_query,
    ebay_query_override = n.ebay_query_override, name_override = n.name_override,
    local_id_override = n.local_id_override, set_name_override = n.set_name_override,
    card_number_full_override = n.card_number_full_override,
    card_count_official_override = n.card_count_official_override,
    card_number_format = n.card_number_format, card_number_padded = n.card_number_padded,
    is_active = n.is_active, updated_at = clock_timestamp()
from card_stage n
where c.tcgdex_id = n.tcgdex_id
  and (c.set_id, c.local_id, c.name, c.name_en, c.card_number_full, c.variant, c.rarity,
       c.cardmarket_id, c.ebay_query, c.ebay_query_override, c.name_override, c.local_id_override,
       c.set_name_override, c.card_number_full_override, c.card_count_official_override,
       c.card_number_format, c.card_number_padded, c.is_active)
      is distinct from
      (n.set_id, n.local_id, n.name, n.name_en, n.card_number_full, n.variant, n.rarity,
       n.cardmarket_id, n.ebay_query, n.ebay_query_override, n.name_override, n.local_id_override,
       n.set_name_override, n.card_number_full_override, n.card_count_official_override,
       n.card_number_format, n.card_number_padded, n.is_active)";

const INSERT: &str = "
insert into cards (
    tcgdex_id, set_id, local_id, name, name_en, card_number_full, variant, rarity, cardmarket_id,
    name_override, local_id_override, set_name_override, card_number_full_override,
    card_count_official_override, card_number_format, card_number_padded, ebay_query_override,
    cm_trend, cm_avg1, cm_avg7, cm_avg30, cm_updated_at, is_active, ebay_query)
select
    tcgdex_id, set_id, local_id, name, name_en, card_number_full, variant, rarity, cardmarket_id,
    name_override, local_id_override, set_name_override, card_number_full_override,
    card_count_official_override, card_number_format, card_number_padded, ebay_query_override,
    cm_trend, cm_avg1, cm_avg7, cm_avg30,
    case when coalesce(cm_trend, cm_avg1, cm_avg7, cm_avg30) is not null then clock_timestamp() end,
    is_active, ebay_query
from card_stage n
where not exists (select from cards c where c.tcgdex_id = n.tcgdex_id)
on conflict (tcgdex_id) do nothing";

const SET_CODES: &str = "
update sets s set code = n.set_code
from (select distinct on (set_id) set_id, set_code from card_stage where set_code is not null
      order by set_id, set_code) n
where s.id = n.set_id and s.code is distinct from n.set_code";

const UNKNOWN_SET: &str = "
select tcgdex_id, set_id from card_stage n
where not exists (select from sets s where s.id = n.set_id) limit 1";

/// Writes cards in one transaction: all of them or none. A card that comes twice is taken as it
/// came last.
///
/// # Errors
/// [`Error::Invalid`] when a set is unknown; [`Error::is_data`] when a figure is out of range.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn upsert_cards(
    client: &mut Client,
    authority: Authority,
    cards: &[Incoming<'_>],
) -> Result<Upserted> {
    let cards: Vec<&Incoming<'_>> = last_by(cards, |incoming| &incoming.card.tcgdex_id);
    let transaction = client.transaction().await?;
    transaction.batch_execute(STAGE).await?;
    stage(&transaction, &cards).await?;
    if let Some(row) = transaction.query_opt(UNKNOWN_SET, &[]).await? {
        let (card, set): (&str, &str) = (row.get(0), row.get(1));
        return Err(Error::Invalid(format!(
            "card {card}: there is no set `{set}`, write it first"
        )));
    }
    let update = match authority {
        Authority::Source => UPDATE_FROM_SOURCE,
        Authority::Shop => UPDATE_FROM_SHOP,
    };
    let updated = transaction.execute(update, &[]).await?;
    let created = transaction.execute(INSERT, &[]).await?;
    transaction.execute(SET_CODES, &[]).await?;
    transaction.commit().await?;
    Ok(Upserted { created, updated, unchanged: cards.len() as u64 - created - updated })
}

async fn stage(transaction: &Transaction<'_>, cards: &[&Incoming<'_>]) -> Result<()> {
    let sink = transaction.copy_in("copy card_stage from stdin (format binary)").await?;
    let mut writer = pin!(BinaryCopyInWriter::new(sink, &TYPES));
    for Incoming { card, ebay_query } in cards.iter().copied() {
        let (overrides, figures) = (&card.overrides, &card.cardmarket);
        let values: [&(dyn ToSql + Sync); 24] = [
            &card.tcgdex_id,
            &card.set_id,
            &card.local_id,
            &card.name,
            &card.name_en,
            &card.set_code,
            &card.card_number_full,
            &card.variant.as_str(),
            &card.rarity,
            &card.cardmarket_id,
            &overrides.name,
            &overrides.local_id,
            &overrides.set_name,
            &overrides.card_number_full,
            &overrides.card_count_official,
            &card.card_number_format.as_str(),
            &card.card_number_padded,
            &card.ebay_query_override,
            &figures.trend,
            &figures.avg1,
            &figures.avg7,
            &figures.avg30,
            &card.is_active,
            ebay_query,
        ];
        writer.as_mut().write(&values).await?;
    }
    writer.finish().await?;
    Ok(())
}

/// The items, each key once, as it came last.
fn last_by<T>(items: &[T], key: impl Fn(&T) -> &String) -> Vec<&T> {
    let mut positions: HashMap<&String, usize> = HashMap::with_capacity(items.len());
    let mut kept: Vec<&T> = Vec::with_capacity(items.len());
    for item in items {
        let position = *positions.entry(key(item)).or_insert(kept.len());
        match kept.get_mut(position) {
            Some(earlier) => *earlier = item,
            None => kept.push(item),
        }
    }
    kept
}
