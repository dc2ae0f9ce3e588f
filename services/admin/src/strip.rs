//! Listings by price, each a dot on a logarithmic axis: kept ones are filled, rejected ones hollow.

use std::collections::{HashMap, HashSet};

use cards::explain::{Explanation, Role};
use cards::{Currency, Listing, Money, Shipping};
use rust_decimal::Decimal;

use crate::plot::{self, Bar, Dot, Mark, Plot, Rule, XTick, YTick};
use crate::say::Say;
use crate::shop::float;

/// What the listings of a card say.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Evidence {
    /// What the listings of the main group ask, EUR, ascending.
    pub(crate) kept: Vec<Decimal>,
    /// All others whose price is known in EUR.
    pub(crate) others: Vec<Decimal>,
    pub(crate) n_sellers: usize,
}

/// Prices that are nearer than this stand above each other, in percent of the width.
const NEAR: f64 = 1.4;
/// Higher piles lean on their neighbours.
const MAX_LEVELS: usize = 5;
/// One level up, in percent of the height.
const LEVEL: f64 = 15.0;
/// Half the width of a letter, in percent of the narrowest strip, that of a phone.
const HALF_LETTER: f64 = 1.05;
/// What stands under an axis of money, where it lies within.
const STEPS: [f64; 3] = [1.0, 2.0, 5.0];

impl Evidence {
    /// `listings` are those of the same look, if they are at hand: they tell what rejected ones ask.
    pub(crate) fn of(explanation: &Explanation, listings: &[Listing]) -> Evidence {
        let asked: HashMap<&str, &Listing> =
            listings.iter().map(|listing| (listing.item_id.as_str(), listing)).collect();
        let mut evidence = Evidence::default();
        let mut sellers = HashSet::new();
        for listing in &explanation.listings {
            let near_mint = listing.landed.map(|landed| landed.near_mint_eur);
            match (listing.role, near_mint) {
                (Role::Group, Some(price)) => {
                    evidence.kept.push(price);
                    sellers.insert(listing.seller.as_str());
                }
                (_, Some(price)) => evidence.others.push(price),
                _ => {
                    let asked = asked.get(listing.item_id.as_str());
                    evidence.others.extend(asked.and_then(|listing| asked_eur(listing)));
                }
            }
        }
        evidence.kept.sort();
        evidence.n_sellers = sellers.len();
        evidence
    }

    /// Least and most that the main group asks.
    pub(crate) fn range(&self) -> Option<(Decimal, Decimal)> {
        Some((*self.kept.first()?, *self.kept.last()?))
    }
}

/// What a listing asks with its postage, where that is told in EUR.
pub(crate) fn asked_eur(listing: &Listing) -> Option<Decimal> {
    let eur = |money: Money| (money.currency == Currency::EUR).then_some(money.amount);
    let postage = match listing.shipping {
        Shipping::Fixed(money) => eur(money)?,
        Shipping::Calculated | Shipping::Unknown => Decimal::ZERO,
    };
    Some(eur(listing.price)? + postage)
}

/// A logarithmic axis over a span of amounts.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Axis {
    low: f64,
    high: f64,
}

impl Axis {
    /// With some room at both ends; `None` without a positive amount.
    fn over(amounts: impl Iterator<Item = f64>) -> Option<Axis> {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for amount in amounts.filter(|amount| *amount > 0.0) {
            low = low.min(amount);
            high = high.max(amount);
        }
        (high > 0.0).then(|| Axis { low: low / 1.25, high: high * 1.25 })
    }

    fn x(&self, amount: f64) -> f64 {
        let share = (amount / self.low).ln() / (self.high / self.low).ln();
        (share * 100.0).clamp(0.0, 100.0)
    }

    /// Round amounts along the axis, not more than about six.
    fn ticks(&self) -> Vec<f64> {
        let mut ticks = Vec::new();
        let mut decade = 10_f64.powf(self.low.log10().floor());
        while decade <= self.high {
            ticks.extend(STEPS.iter().map(|step| step * decade));
            decade *= 10.0;
        }
        ticks.retain(|tick| (self.low..=self.high).contains(tick));
        let every = ticks.len().div_ceil(6).max(1);
        ticks.into_iter().step_by(every).collect()
    }
}

/// The strip of a card's page: dots in piles on the axis, the anchor dashed.
pub(crate) fn strip(say: &Say, evidence: &Evidence, anchor: Option<Decimal>) -> Option<Plot> {
    let amounts = evidence.kept.iter().chain(&evidence.others).chain(&anchor);
    let axis = Axis::over(amounts.map(|amount| float(*amount)))?;
    let mut plot = Plot { class: "strip", label: label(say, evidence), ..Plot::default() };
    plot.y.push(YTick { at: 100.0, text: String::new(), class: "base-l" });
    if let Some((low, high)) = evidence.range() {
        let (from, to) = (axis.x(float(low)) - 1.2, axis.x(float(high)) + 1.2);
        plot.bars.push(Bar { class: "area", x: from, width: to - from, y: 20.0, height: 80.0 });
    }
    let kept = evidence.kept.iter().map(|price| (axis.x(float(*price)), ""));
    let others = evidence.others.iter().map(|price| (axis.x(float(*price)), "out"));
    plot.dots = piled(kept.chain(others).collect());
    if let Some(anchor) = anchor {
        let x = axis.x(float(anchor));
        plot.rules.push(Rule { x, from: 14.0, to: 100.0 });
        let text = say.t1("strip-anchor", "price", say.eur(anchor));
        plot.marks.push(mark(x, 0.0, 8, "on", text));
    }
    plot.x = axis.ticks().into_iter().map(|tick| x_tick(say, &axis, tick)).collect();
    Some(plot)
}

/// The strip of a line of the review: one row of dots, the proposal above, the reference below.
pub(crate) fn mini(
    say: &Say,
    evidence: &Evidence,
    anchor: Option<Decimal>,
    reference: Option<Decimal>,
) -> Option<Plot> {
    let amounts = evidence.kept.iter().chain(&anchor).chain(&reference);
    let axis = Axis::over(amounts.map(|amount| float(*amount)))?;
    let mut plot = Plot { class: "mini", label: label(say, evidence), ..Plot::default() };
    plot.y.push(YTick { at: 50.0, text: String::new(), class: "base-l" });
    let dot = |price: &Decimal| Dot { x: axis.x(float(*price)), y: 50.0, class: "" };
    plot.dots = evidence.kept.iter().map(dot).collect();
    if let Some(anchor) = anchor {
        let x = axis.x(float(anchor));
        plot.rules.push(Rule { x, from: 16.0, to: 84.0 });
        plot.marks.push(mark(x, 0.0, 6, "on", say.eur(anchor)));
    }
    if let Some(reference) = reference {
        let x = axis.x(float(reference));
        plot.dots.push(Dot { x, y: 50.0, class: "out" });
        let text = format!("Cardmarket {}", say.eur(reference));
        plot.marks.push(mark(x, 100.0, 0, "", text));
    }
    Some(plot)
}

fn label(say: &Say, evidence: &Evidence) -> String {
    let (n, others) = (evidence.kept.len(), evidence.others.len());
    match evidence.range() {
        Some((low, high)) => say.f(
            "strip-label",
            &[
                ("n", crate::say::Argument::argument(&n)),
                ("others", crate::say::Argument::argument(&others)),
                ("low", crate::say::Argument::argument(&say.eur(low))),
                ("high", crate::say::Argument::argument(&say.eur(high))),
            ],
        ),
        None => say.t1("strip-label-none", "others", others),
    }
}

/// A word on the chart that stays within it, on a phone as well.
fn mark(x: f64, y: f64, dy: i32, class: &'static str, text: String) -> Mark {
    #[expect(clippy::cast_precision_loss, reason = "a few letters")]
    let half_width = HALF_LETTER * text.chars().count() as f64;
    let anchor = if x < half_width {
        "start"
    } else if x > 100.0 - half_width {
        "end"
    } else {
        "middle"
    };
    Mark { x, y, dy, anchor, class, text }
}

fn x_tick(say: &Say, axis: &Axis, amount: f64) -> XTick {
    let at = axis.x(amount);
    let decimals = usize::from(amount < 1.0);
    let text = say.t1("strip-tick", "n", say.float(amount, decimals));
    let anchor = if at > 96.0 {
        "end"
    } else if at < 4.0 {
        "start"
    } else {
        "middle"
    };
    XTick { at, text, anchor, alt: false }
}

/// Dots that would hide each other stand in piles; what belongs to the group is drawn last.
fn piled(mut places: Vec<(f64, &'static str)>) -> Vec<Dot> {
    places.sort_by(|one, other| one.0.total_cmp(&other.0));
    let mut tops = [f64::NEG_INFINITY; MAX_LEVELS];
    let mut dots: Vec<Dot> = places
        .into_iter()
        .map(|(x, class)| {
            let level = tops.iter().position(|last| x - last >= NEAR);
            let level = level.unwrap_or_else(|| farthest(&tops, x));
            tops[level] = x;
            Dot { x, y: 90.0 - LEVEL * plot::count(level), class }
        })
        .collect();
    dots.sort_by_key(|dot| dot.class.is_empty());
    dots
}

fn farthest(tops: &[f64], x: f64) -> usize {
    let gaps = tops.iter().map(|last| x - last).enumerate();
    gaps.max_by(|one, other| one.1.total_cmp(&other.1)).map_or(0, |(level, _)| level)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    fn eur(cents: i64) -> Decimal {
        Decimal::new(cents, 2)
    }

    #[test]
    fn dots_keep_their_order_and_do_not_hide_each_other() {
        let say = Say::new(Lang::Fr, "UTC");
        let evidence = Evidence {
            kept: vec![eur(4000), eur(4010), eur(5000)],
            others: vec![eur(400), eur(30_000)],
            n_sellers: 3,
        };
        let plot = strip(&say, &evidence, Some(eur(4190))).unwrap();
        assert_eq!(plot.dots.len(), 5);
        assert_eq!(plot.dots.iter().filter(|dot| dot.class == "out").count(), 2);
        let kept: Vec<&Dot> = plot.dots.iter().filter(|dot| dot.class.is_empty()).collect();
        assert!(kept[0].x < kept[1].x && kept[0].y > kept[1].y, "one above the other: {kept:?}");
        assert!(plot.dots.iter().all(|dot| (0.0..=100.0).contains(&dot.x)));
        let ticks: Vec<&str> = plot.x.iter().map(|tick| tick.text.as_str()).collect();
        assert!(ticks.len() <= 6 && ticks.contains(&"5\u{a0}€"), "{ticks:?}");
    }

    #[test]
    fn long_words_stay_within_the_chart() {
        let anchor = |x, text: &str| mark(x, 0.0, 0, "", text.to_owned()).anchor;
        assert_eq!(anchor(85.0, "7,26 €"), "middle");
        assert_eq!(anchor(85.0, "Cardmarket 24,58 €"), "end");
        assert_eq!(anchor(15.0, "Cardmarket 24,58 €"), "start");
        assert_eq!(anchor(50.0, "Cardmarket 24,58 €"), "middle");
    }

    #[test]
    fn nothing_to_show_is_no_chart() {
        let say = Say::new(Lang::En, "UTC");
        assert_eq!(strip(&say, &Evidence::default(), None), None);
        assert_eq!(mini(&say, &Evidence::default(), None, Some(Decimal::ZERO)), None);
    }
}
