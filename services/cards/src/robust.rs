//! The robust rule: "the weakest link decides".
//!
//! Every seller has one voice, two at most. The most crowded group of prices gives the estimate,
//! its lower fifth. Three questions are asked of it: does it outvote its rivals, are there enough
//! voices for ±30 %, is it narrow enough to be one market? The weakest answer is the score.
//! References, earlier snapshots and sales confirm or veto; they never choose the group.
//!
//! [`voices()`] and [`stage1()`] look at listings alone, [`decide()`] at everything. `docs/PRICING.md`
//! has the formulas. Prices are logarithms in here, and return to cents at the very end.

mod biweight;
mod decide;
mod evidence;
mod group;
mod stage1;
mod verdict;
mod voices;
mod weigh;

#[cfg(test)]
mod tests;

pub(crate) use decide::floor_to_cents;
pub use decide::{Limits, decide};
pub use evidence::{Evidence, PastSnapshot, reference};
pub use stage1::{Stage1, stage1};
pub use verdict::{Decision, Figures, Link, Links, Reason, Verdict};
pub use voices::{Ask, Voice, voices};
