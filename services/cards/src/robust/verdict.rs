//! What comes out of the rule.

use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is done with the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verdict {
    /// Published.
    Ok,
    /// Shown, but not exported by default.
    LowConf,
    /// A person decides.
    Review,
    /// A person decides; the listings are trusted more than the reference.
    ReviewRef,
    /// Not priced.
    Disabled,
}

/// Why a price is not simply published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Reason {
    /// Too few voices, and nothing else is known either.
    NoData,
    /// Too few voices in the main group.
    TooFew,
    /// The reference is far from the listings.
    RefDisagrees,
    /// The price would move too far at once.
    Move,
    /// Weakest link: the group does not outvote its rivals.
    Votes,
    /// Weakest link: not enough voices for ±30 %.
    Precision,
    /// Weakest link: the prices are too far apart for one market.
    Spread,
    /// The card is worth less than the shop buys.
    BelowMin,
    /// The buy price is not above the least that the shop pays.
    BuyBelowMin,
    /// Somebody switched the card off.
    SwitchedOff,
}

/// One of the three questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Link {
    Votes,
    Precision,
    Spread,
}

/// The three answers; 0 is good enough for the standard threshold.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Links {
    pub votes: f64,
    pub precision: f64,
    pub spread: f64,
}

impl Links {
    /// The lowest answer; the first question wins a draw.
    pub fn weakest(&self) -> (Link, f64) {
        let mut weakest = (Link::Votes, self.votes);
        for link in [(Link::Precision, self.precision), (Link::Spread, self.spread)] {
            if link.1 < weakest.1 {
                weakest = link;
            }
        }
        weakest
    }
}

/// The numbers behind a decision: they are logged with every decision of a person, so that the
/// confidence can be calibrated again on real cards. Prices are ln EUR.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Figures {
    /// Lower fifth of today's listings alone.
    pub estimate: f64,
    /// The same after history and sales.
    pub fused: f64,
    /// The same less the caution; the price.
    pub price: f64,
    /// Width that the fifth was taken from.
    pub width: f64,
    pub votes: i32,
    /// Votes without the reference's.
    pub votes_without_reference: i32,
    pub precision: f64,
    pub spread: f64,
    pub links: Links,
    /// The weakest link.
    pub score: f64,
}

/// The outcome for one card.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    pub verdict: Verdict,
    /// Empty when the verdict is `OK`.
    pub reason: Option<Reason>,
    /// What the card sells for, or the proposal for review. Cents, rounded down.
    pub price_eur: Option<Decimal>,
    /// Calibrated probability that the price is within ±30 % of the truth.
    pub confidence: Option<f64>,
    pub figures: Option<Figures>,
    /// Take the published price off the shelf at once: it is probably much too high.
    pub suspend_published: bool,
}

impl From<Link> for Reason {
    fn from(link: Link) -> Self {
        match link {
            Link::Votes => Self::Votes,
            Link::Precision => Self::Precision,
            Link::Spread => Self::Spread,
        }
    }
}

impl Decision {
    /// A decision without a price.
    pub(crate) fn unpriced(verdict: Verdict, reason: Reason) -> Self {
        Self {
            verdict,
            reason: Some(reason),
            price_eur: None,
            confidence: None,
            figures: None,
            suspend_published: false,
        }
    }
}
