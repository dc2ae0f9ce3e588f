//! Why a card has this price: every listing with its verdict, and every step to the buy price.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::appraisal::Appraisal;
use crate::buy::{Buy, Label, Step};
use crate::classify::Rejection;
use crate::config::RobustConfig;
use crate::landed::Landed;
use crate::listing::Listing;
use crate::robust::{Decision, Figures, Stage1, floor_to_cents};

/// An appraisal in full, for people.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Explanation {
    pub decision: Decision,
    pub stage1: Option<Stage1>,
    /// In the order of the marketplace.
    pub listings: Vec<ExplainedListing>,
    /// From the middle of the listings to the price that the card sells for.
    pub anchor_steps: Vec<Step>,
    /// From there to the buy prices.
    pub buy: Option<Buy>,
}

/// What became of a listing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExplainedListing {
    pub item_id: String,
    pub title: String,
    pub seller: String,
    pub url: Option<String>,
    pub role: Role,
    /// Why it was rejected.
    pub rejection: Option<Rejection>,
    /// Its price, when it was not.
    pub landed: Option<Landed>,
}

/// The part that a listing plays in the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Not an offer of this card.
    Rejected,
    /// Not heard: its seller has spoken already.
    Repeat,
    /// A voice of the group that makes the price.
    Group,
    /// A voice outside of it.
    Outside,
}

/// Explains an appraisal of these very listings under this configuration.
pub fn explain(appraisal: &Appraisal, listings: &[Listing], config: &RobustConfig) -> Explanation {
    let roles = roles(appraisal, config);
    let listings = listings.iter().zip(&appraisal.listings).zip(roles);
    Explanation {
        decision: appraisal.decision.clone(),
        stage1: appraisal.stage1,
        listings: listings
            .map(|((listing, landed), role)| ExplainedListing {
                item_id: listing.item_id.clone(),
                title: listing.title.clone(),
                seller: listing.seller.clone(),
                url: listing.url.clone(),
                role,
                rejection: landed.err(),
                landed: landed.ok(),
            })
            .collect(),
        anchor_steps: anchor_steps(appraisal),
        buy: appraisal.buy.clone(),
    }
}

fn roles(appraisal: &Appraisal, config: &RobustConfig) -> Vec<Role> {
    let unheard =
        |landed: &Result<_, _>| if landed.is_ok() { Role::Repeat } else { Role::Rejected };
    let mut roles: Vec<Role> = appraisal.listings.iter().map(unheard).collect();
    for voice in &appraisal.voices {
        let is_member = |stage1: Stage1| stage1.is_member(voice.log, config);
        let in_group = appraisal.stage1.is_some_and(is_member);
        roles[voice.ask] = if in_group { Role::Group } else { Role::Outside };
    }
    roles
}

/// The steps of the statistics, in cents; they add up to the price of the decision.
fn anchor_steps(appraisal: &Appraisal) -> Vec<Step> {
    let (Some(stage1), Some(figures)) = (appraisal.stage1, appraisal.decision.figures) else {
        return Vec::new();
    };
    let Figures { estimate, fused, price, .. } = figures;
    let totals = [
        (Label::GroupMiddle, stage1.middle),
        (Label::LowerFifth, estimate),
        (Label::HistoryAndSales, fused),
        (Label::Caution, price),
    ];
    let mut before = Decimal::ZERO;
    let mut steps = Vec::new();
    for (label, log) in totals {
        let total_eur = floor_to_cents(log).unwrap_or(before);
        let amount_eur = total_eur - before;
        before = total_eur;
        if !amount_eur.is_zero() {
            steps.push(Step { label, amount_eur, total_eur });
        }
    }
    steps
}
