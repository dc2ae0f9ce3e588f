//! Pages of cards with their prices.

use cards::Variant;
use rust_decimal::Decimal;
use tokio_postgres::types::ToSql;

use super::{PRICE_COLUMNS, PriceRow};
use crate::catalogue::{CARD_COLUMNS, CARD_TABLES, Reader, StoredCard};
use crate::{Client, Error, Result};

/// Which cards to list, and how. `None` is no restriction.
#[derive(Clone, Debug)]
pub struct Filter {
    /// Words that all occur in the id, a name or the number, in any case and without accents.
    pub text: Option<String>,
    pub set_id: Option<String>,
    pub variant: Option<Variant>,
    pub verdict: Option<String>,
    /// Of the price on show or, failing that, the proposal; EUR.
    pub min_price: Option<Decimal>,
    pub max_price: Option<Decimal>,
    pub suspended: Option<bool>,
    /// Why the last decision was not simply to publish.
    pub reason: Option<String>,
    pub only: Option<Only>,
    /// Those that wait only because they moved far, have a reference, and are at least so sure.
    pub sure: Option<f64>,
    /// Also inactive cards, hidden sets and hidden series.
    pub with_hidden: bool,
    pub sort: Sort,
    /// The last row of the page before.
    pub after: Option<Cursor>,
    pub limit: i64,
}

/// The order of a list; ties by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Name,
    /// Dearest first, cards without a price last.
    Price,
    /// Never looked at first, then the oldest look.
    Staleness,
    /// Those whose price, rule or verdict has not changed for longest come first.
    Since,
}

/// A view of the list that people ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Only {
    NeverLooked,
    /// Nothing is on show.
    WithoutPrice,
    /// A person decides, or the price is off the shelf until one does.
    ToReview,
    Suspended,
    /// The last look failed.
    Failing,
    /// What is on show was decided by a person.
    ByHand,
}

/// Where a page ended; its key means something to the sort that it came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    pub key: String,
    pub id: i64,
}

/// A card with its price, and its place in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    pub card: StoredCard,
    pub price: Option<PriceRow>,
    pub cursor: Cursor,
}

impl Default for Filter {
    fn default() -> Filter {
        Filter {
            text: None,
            set_id: None,
            variant: None,
            verdict: None,
            min_price: None,
            max_price: None,
            suspended: None,
            reason: None,
            only: None,
            sure: None,
            with_hidden: false,
            sort: Sort::default(),
            after: None,
            limit: 50,
        }
    }
}

/// A price that waits for nothing but that it moved far at once, and that a reference confirms: one
/// that disagreed would be the reason.
pub(super) const SURE: &str = "(p.verdict = 'REVIEW' and p.reason = 'MOVE'
    and greatest(c.cm_trend, c.cm_avg7, c.cm_avg30) > 0)";

impl Sort {
    /// The key, its type, and its direction; the key is never null.
    fn sql(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Sort::Name => ("c.name", "text", "asc"),
            Sort::Price => ("coalesce(p.anchor, p.estimate, -1)", "numeric", "desc"),
            Sort::Staleness => ("coalesce(p.taken_at, timestamptz 'epoch')", "timestamptz", "asc"),
            Sort::Since => ("coalesce(p.since, timestamptz 'epoch')", "timestamptz", "asc"),
        }
    }
}

impl Only {
    pub(super) fn sql(self) -> &'static str {
        match self {
            Only::NeverLooked => "p.taken_at is null",
            Only::WithoutPrice => "p.neuf is null",
            Only::ToReview => "(p.verdict in ('REVIEW', 'REVIEW_REF') or p.suspended)",
            Only::Suspended => "p.suspended",
            Only::Failing => "c.error_count > 0",
            Only::ByHand => "p.rule = 'manual'",
        }
    }
}

/// A page of cards.
///
/// # Errors
/// [`Error::Invalid`] when the cursor belongs to another sort.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn list(client: &Client, filter: &Filter) -> Result<Vec<Listed>> {
    let (key, of, direction) = filter.sort.sql();
    let only = filter.only.map_or("true", Only::sql);
    let beyond = if direction == "asc" { ">" } else { "<" };
    // The page is found with narrow rows; what is shown of it is read afterwards.
    let statement = format!(
        "with page as (
            select c.id, {key} as key
            from {CARD_TABLES} left join buy_prices p on p.card_id = c.id
            where ($1::text[] is null or c.search like all ($1))
              and ($2::text is null or c.set_id = $2)
              and ($3::text is null or c.variant = $3)
              and ($4::text is null or p.verdict = $4)
              and ($5::numeric is null or coalesce(p.anchor, p.estimate) >= $5)
              and ($6::numeric is null or coalesce(p.anchor, p.estimate) <= $6)
              and ($7::bool is null or p.suspended = $7)
              and ($8 or not (s.hidden or e.hidden or not c.is_active))
              and ($12::text is null or p.reason = $12)
              and ($13::float8 is null or {SURE} and p.confidence >= $13)
              and {only}
              and ($9::text is null or ({key}, c.id) {beyond} ($9::text::{of}, $10))
            order by {key} {direction}, c.id {direction} limit $11
         )
         select g.key::text, p.card_id is not null, {PRICE_COLUMNS}, {CARD_COLUMNS}
         from {CARD_TABLES} join page g on g.id = c.id
         left join buy_prices p on p.card_id = c.id
         order by g.key {direction}, g.id {direction}"
    );
    let patterns = match &filter.text {
        Some(text) => Some(patterns(client, text).await?),
        None => None,
    };
    let variant = filter.variant.map(Variant::as_str);
    let after = filter.after.as_ref();
    let (after_key, after_id) = (after.map(|after| &after.key), after.map(|after| after.id));
    let params: [&(dyn ToSql + Sync); 13] = [
        &patterns,
        &filter.set_id,
        &variant,
        &filter.verdict,
        &filter.min_price,
        &filter.max_price,
        &filter.suspended,
        &filter.with_hidden,
        &after_key,
        &after_id,
        &filter.limit,
        &filter.reason,
        &filter.sure,
    ];
    let rows = client.query(&statement, &params).await.map_err(|error| refused(error, filter))?;
    rows.iter().map(|row| listed(&mut Reader::new(row))).collect()
}

fn listed(reader: &mut Reader<'_>) -> Result<Listed> {
    let key = reader.get();
    let has_price = reader.get();
    let price = PriceRow::read_opt(reader, has_price);
    let card = reader.card()?;
    Ok(Listed { cursor: Cursor { key, id: card.id }, card, price })
}

/// The database folds the words as it folded the cards.
async fn patterns(client: &Client, text: &str) -> Result<Vec<String>> {
    let folded: String = client.query_one("select search_text($1)", &[&text]).await?.get(0);
    Ok(folded.split_whitespace().map(pattern).collect())
}

fn pattern(word: &str) -> String {
    let mut pattern = String::from("%");
    for sign in word.chars() {
        if matches!(sign, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(sign);
    }
    pattern.push('%');
    pattern
}

fn refused(error: tokio_postgres::Error, filter: &Filter) -> Error {
    let error = Error::from(error);
    match &filter.after {
        Some(after) if error.is_data() => {
            Error::Invalid(format!("cursor `{}`: it belongs to another sort", after.key))
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_patterns_are_taken_literally() {
        assert_eq!(pattern("100%_a\\b"), "%100\\%\\_a\\\\b%");
    }
}
