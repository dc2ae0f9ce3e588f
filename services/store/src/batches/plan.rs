//! What the planning of a batch needs to know, of all cards in one query.

use cards::Variant;
use cards::plan::Candidate;
use rust_decimal::Decimal;
use tokio_postgres::types::ToSql;

use crate::catalogue::{CARD_TABLES, Reader};
use crate::{Client, Result};

/// Which cards may be planned. `None` is no restriction.
#[derive(Clone, Copy, Debug, Default)]
pub struct Scope<'a> {
    pub set_id: Option<&'a str>,
    pub card_ids: Option<&'a [i64]>,
}

/// A card that may be planned.
#[derive(Clone, Debug, PartialEq)]
pub struct PlanInput {
    pub card_id: i64,
    pub set_id: String,
    pub serie_id: String,
    pub variant: Variant,
    pub candidate: Candidate,
    /// What the listings said last, if it is known beside a reference: a sample of their ratio.
    pub ebay_eur: Option<Decimal>,
}

// The reference is the dearer of trend and 30-day mean, the volatility that of
// `cards::plan::volatility`.
const INPUTS: &str = "
    c.id, c.set_id, s.serie_id, c.variant, c.is_active, s.hidden or e.hidden, p.taken_at,
    p.estimate, greatest(c.cm_trend, c.cm_avg30), 
    case when p.n_changes >= 3 and p.change_days > 0
         then sqrt(p.squared_changes / p.change_days) end, c.error_count,
    c.last_error_at";

/// All cards in scope, hidden and inactive ones too, in the order of their ids: the same cards in
/// the same order give the same plan.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn plan_inputs(client: &Client, scope: Scope<'_>) -> Result<Vec<PlanInput>> {
    let statement = format!(
        "select {INPUTS} from {CARD_TABLES} left join buy_prices p on p.card_id = c.id
         where ($1::text is null or c.set_id = $1) and ($2::bigint[] is null or c.id = any ($2))"
    );
    let params: [&(dyn ToSql + Sync); 2] = [&scope.set_id, &scope.card_ids];
    let rows = client.query(&statement, &params).await?;
    let mut inputs =
        rows.iter().map(|row| input(&mut Reader::new(row))).collect::<Result<Vec<_>>>()?;
    // Here, where it fits into memory: the database would sort on disk.
    inputs.sort_unstable_by_key(|input| input.card_id);
    Ok(inputs)
}

fn input(reader: &mut Reader<'_>) -> Result<PlanInput> {
    let card_id = reader.get();
    let set_id = reader.get();
    let serie_id = reader.get();
    let variant = reader.word()?;
    let candidate = Candidate {
        is_active: reader.get(),
        is_hidden: reader.get(),
        priced_at: reader.get(),
        price_eur: reader.get(),
        reference_eur: reader.get(),
        volatility: reader.get(),
        error_count: reader.get::<i32>().unsigned_abs(),
        last_error_at: reader.get(),
        calls: 1,
    };
    let ebay_eur = candidate.reference_eur.and(candidate.price_eur);
    Ok(PlanInput { card_id, set_id, serie_id, variant, candidate, ebay_eur })
}
