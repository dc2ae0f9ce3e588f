//! One card that waits: the reason in a sentence, the evidence, and two prices.

use commands::Explained;
use rust_decimal::Decimal;
use store::catalogue::StoredCard;
use store::prices::PriceRow;

use crate::plot::Plot;
use crate::say::{Argument as _, Say};
use crate::shop::{self, Moved};
use crate::strip::{self, Evidence};

pub(in crate::pages) struct ReviewItem {
    pub(in crate::pages) id: i64,
    pub(in crate::pages) name: String,
    pub(in crate::pages) context: String,
    pub(in crate::pages) reason: String,
    /// Off the shelf meanwhile.
    pub(in crate::pages) suspended: bool,
    pub(in crate::pages) why: String,
    pub(in crate::pages) strip: Option<Plot>,
    /// What is on show, mint.
    pub(in crate::pages) before: Option<Decimal>,
    /// What would be on show.
    pub(in crate::pages) proposal: Option<Decimal>,
    pub(in crate::pages) moved: Option<Moved>,
}

impl ReviewItem {
    pub(in crate::pages) fn new(
        say: &Say,
        stored: &StoredCard,
        price: Option<&PriceRow>,
        explained: Option<&Explained>,
        evidence: &Evidence,
    ) -> ReviewItem {
        let proposal = explained.and_then(Explained::proposal);
        let (anchor, proposal) = (proposal.map(|it| it.0), proposal.map(|it| it.1.neuf));
        let before = price.and_then(|price| price.prices).map(|prices| prices.neuf);
        let reason = price.and_then(|price| price.reason.as_deref()).unwrap_or_default();
        let reference = stored.card.cardmarket.max().filter(|eur| !eur.is_zero());
        ReviewItem {
            id: stored.id,
            name: stored.card.effective_name().to_owned(),
            context: shop::context(say, &stored.card),
            reason: match reason {
                "" => say.t("shelf-review"),
                reason => shop::reason(say, reason),
            },
            suspended: price.is_some_and(|price| price.suspended),
            why: why(say, reason, price, anchor.zip(reference), evidence),
            strip: strip::mini(say, evidence, anchor, reference),
            moved: before
                .zip(proposal)
                .and_then(|(before, after)| shop::moved(say, before, after, 0)),
            before,
            proposal,
        }
    }

    /// The proposal is what is on show already.
    pub(in crate::pages) fn is_same(&self) -> bool {
        self.before.is_some() && self.before == self.proposal
    }
}

/// Why a person is asked, and what the listings say.
fn why(
    say: &Say,
    reason: &str,
    price: Option<&PriceRow>,
    compared: Option<(Decimal, Decimal)>,
    evidence: &Evidence,
) -> String {
    let mut words = Vec::new();
    match (reason, compared) {
        ("REF_DISAGREES", Some((anchor, reference))) => {
            let (low, high) = (anchor.min(reference), anchor.max(reference));
            let factor = high.checked_div(low).map_or(0.0, shop::float);
            let key =
                if reference > anchor { "why-reference-above" } else { "why-reference-below" };
            let pairs = [
                ("reference", say.eur(reference).argument()),
                ("anchor", say.eur(anchor).argument()),
                ("factor", say.float(factor, 1).argument()),
            ];
            words.push(say.f(key, &pairs));
        }
        ("MOVE", _) => {
            let before = price.and_then(|price| price.anchor);
            let after = price.and_then(|price| price.estimate);
            if let Some((before, after)) = before.zip(after) {
                let (before, after) = (say.eur(before), say.eur(after));
                words.push(say.t2("why-move", ("before", before), ("after", after)));
            }
        }
        (reason, _) => {
            let key = format!("why-{}", reason.to_ascii_lowercase().replace('_', "-"));
            words.extend(say.try_t(&key));
        }
    }
    if let Some((low, high)) = evidence.range() {
        let pairs = [
            ("n", evidence.kept.len().argument()),
            ("sellers", evidence.n_sellers.argument()),
            ("low", say.eur(low).argument()),
            ("high", say.eur(high).argument()),
        ];
        words.push(say.f("why-listings", &pairs));
    } else {
        words.push(say.t("why-no-listings"));
    }
    if price.is_some_and(|price| price.suspended) {
        words.push(say.t("why-suspended"));
    }
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    #[test]
    fn the_reason_is_a_sentence_with_its_figures() {
        let say = Say::new(Lang::En, "UTC");
        let evidence = Evidence {
            kept: vec![Decimal::from(36), Decimal::from(46)],
            others: Vec::new(),
            n_sellers: 2,
        };
        let compared = Some((Decimal::from(40), Decimal::from(120)));
        let text = why(&say, "REF_DISAGREES", None, compared, &evidence);
        assert_eq!(
            text,
            "Cardmarket says €120.00, 3.0 times the €40.00 of the listings. 2 listings of 2 \
             sellers ask €36.00 to €46.00."
        );
        for reason in ["TOO_FEW", "VOTES", "PRECISION", "SPREAD"] {
            let text = why(&say, reason, None, None, &Evidence::default());
            assert!(text.split(". ").count() >= 2, "{reason}: {text}");
        }
    }
}
