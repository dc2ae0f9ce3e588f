//! Prices for cards that were not asked about, from what similar cards are asked for.

use cards::hybrid::{MIN_SAMPLES, Sample, learn};
use store::batches::{PlanInput, Scope, plan_inputs};
use store::prices::{Estimate, publish_estimates};
use store::{Client, segment_ratios};

use crate::{Context, Failure};

/// How the source of such a price is written.
const SOURCE: &str = "CARDMARKET_FALLBACK";

/// Learns the ratio of each segment, keeps it, and publishes an estimate for each card that has a
/// reference and was never priced by its listings, nor by a person.
pub(super) async fn publish(client: &mut Client, context: &Context) -> Result<(), Failure> {
    context.progress(0, None, "estimating");
    let inputs = plan_inputs(client, Scope::default()).await?;
    let factors = learn(inputs.iter().filter_map(sample), MIN_SAMPLES);
    segment_ratios::replace(client, factors.as_slice()).await?;
    let guide = context.market.guide(&context.store).await?;
    let config = &guide.settings.pricing;
    let estimates: Vec<Estimate> = inputs
        .iter()
        .filter(|input| input.candidate.is_active && !input.candidate.is_hidden)
        .filter(|input| input.candidate.priced_at.is_none())
        .filter_map(|input| {
            let reference = input.candidate.reference_eur?;
            let estimate = factors.estimate(&input.serie_id, input.variant, reference)?;
            let buy = cards::buy::buy(estimate.price_eur, None, &config.buy);
            let is_bought =
                !buy.is_below_min && estimate.price_eur >= config.buy.min_card_value_eur;
            Some(Estimate {
                card_id: input.card_id,
                anchor: estimate.price_eur,
                prices: is_bought.then_some(store::prices::Prices {
                    neuf: buy.prices.neuf,
                    bon: buy.prices.bon,
                    correct: buy.prices.correct,
                }),
                verdict: if is_bought { "LOW_CONF" } else { "DISABLED" }.to_owned(),
                reason: Some(format!("ESTIMATED_FROM_{}_CARDS", estimate.factor.n_samples)),
                confidence: None,
            })
        })
        .collect();
    publish_estimates(client, "hybrid", SOURCE, &estimates).await?;
    Ok(())
}

fn sample(input: &PlanInput) -> Option<Sample<'_>> {
    Some(Sample {
        serie_id: &input.serie_id,
        variant: input.variant,
        ebay_eur: input.ebay_eur?,
        cardmarket_eur: input.candidate.reference_eur?,
    })
}
