//! Every listing of the last look, and what became of it.

use std::collections::HashMap;

use cards::explain::{ExplainedListing, Role};
use cards::{Currency, Listing, Money, Shipping};
use rust_decimal::Decimal;

use super::Known;
use crate::plot::Plot;
use crate::say::Say;
use crate::shop;
use crate::strip;

pub(super) struct ListingsView {
    pub(super) strip: Option<Plot>,
    pub(super) rows: Vec<ListingRow>,
    pub(super) words: String,
    /// Beyond those that are shown, and where they are.
    pub(super) n_more: usize,
    pub(super) whole: String,
    pub(super) is_looked_at: bool,
}

pub(super) struct ListingRow {
    pub(super) title: String,
    /// Where it is offered; only addresses of the web.
    pub(super) url: Option<String>,
    pub(super) seller: String,
    pub(super) price: String,
    pub(super) postage: Postage,
    pub(super) total: Option<Decimal>,
    pub(super) tag: &'static str,
    pub(super) verdict: String,
    pub(super) why: String,
}

/// What sending costs.
pub(super) enum Postage {
    Free,
    Costs(String),
    Unknown,
}

/// The query that asks for all of them.
pub(super) const WHOLE: &str = "listings=all";
/// Most cards have fewer; the others are shown in full when somebody asks.
const MAX_ROWS: usize = 80;

pub(super) fn view(say: &Say, known: &Known, is_whole: bool) -> ListingsView {
    let Some(explained) = &known.explained else {
        return ListingsView {
            strip: None,
            rows: Vec::new(),
            words: String::new(),
            n_more: 0,
            whole: String::new(),
            is_looked_at: false,
        };
    };
    let look = known.look.as_ref().map_or(&[][..], |look| look.listings.as_slice());
    let asked: HashMap<&str, &Listing> =
        look.iter().map(|listing| (listing.item_id.as_str(), listing)).collect();
    let mut listings: Vec<&ExplainedListing> = explained.explanation.listings.iter().collect();
    // What makes the price first, each group from the cheapest on.
    listings.sort_by_key(|it| {
        (order(it.role), it.landed.map(|landed| landed.item_eur + landed.shipping_eur))
    });
    let n = listings.len();
    let n_shown = if is_whole { n } else { n.min(MAX_ROWS) };
    let (kept, anchor) = (known.evidence.kept.len(), explained.proposal().map(|(eur, _)| eur));
    ListingsView {
        strip: strip::strip(say, &known.evidence, anchor),
        words: say.f(
            "listings-words",
            &[
                ("n", crate::say::Argument::argument(&n)),
                ("kept", crate::say::Argument::argument(&kept)),
                ("rest", crate::say::Argument::argument(&(n - kept))),
            ],
        ),
        rows: listings
            .iter()
            .take(n_shown)
            .map(|it| row(say, it, asked.get(it.item_id.as_str()).copied()))
            .collect(),
        n_more: n - n_shown,
        whole: format!("/cards/{}?{WHOLE}#listings", known.stored.id),
        is_looked_at: true,
    }
}

fn order(role: Role) -> u8 {
    match role {
        Role::Group => 0,
        Role::Outside => 1,
        Role::Repeat => 2,
        Role::Rejected => 3,
    }
}

fn row(say: &Say, explained: &ExplainedListing, asked: Option<&Listing>) -> ListingRow {
    let (tag, verdict, why) = verdict(say, explained);
    let landed = explained.landed;
    let total = landed.map(|landed| landed.item_eur + landed.shipping_eur);
    ListingRow {
        title: explained.title.clone(),
        url: explained.url.clone().filter(|url| url.starts_with("https://")),
        seller: explained.seller.clone(),
        price: match (landed, asked) {
            (Some(landed), _) => say.eur(landed.item_eur),
            (None, Some(asked)) => money(say, asked.price),
            (None, None) => String::new(),
        },
        postage: postage(say, asked),
        total: total.or_else(|| asked.and_then(strip::asked_eur)),
        tag,
        verdict,
        why,
    }
}

fn verdict(say: &Say, explained: &ExplainedListing) -> (&'static str, String, String) {
    let imputed = explained.landed.is_some_and(|landed| landed.shipping_imputed);
    let postage = if imputed { say.t("listing-postage-guessed") } else { String::new() };
    match explained.role {
        Role::Group => ("ok", say.t("listing-kept"), postage),
        Role::Outside => ("warn", say.t("listing-outside"), postage),
        Role::Repeat => ("", say.t("listing-repeat"), say.t("listing-repeat-why")),
        Role::Rejected => {
            let code = explained.rejection.and_then(|it| serde_json::to_value(it).ok());
            let code = code.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
            let key = format!("reject-{}-why", code.to_ascii_lowercase().replace('_', "-"));
            ("", shop::word(say, "reject", code), say.try_t(&key).unwrap_or_default())
        }
    }
}

fn postage(say: &Say, asked: Option<&Listing>) -> Postage {
    match asked.map(|listing| listing.shipping) {
        Some(Shipping::Fixed(amount)) if amount.amount.is_zero() => Postage::Free,
        Some(Shipping::Fixed(amount)) => Postage::Costs(money(say, amount)),
        _ => Postage::Unknown,
    }
}

fn money(say: &Say, money: Money) -> String {
    if money.currency == Currency::EUR {
        return say.eur(money.amount);
    }
    format!("{} {}", say.float(shop::float(money.amount), 2), money.currency)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    fn rejected(url: &str) -> ExplainedListing {
        serde_json::from_value(serde_json::json!({
            "item_id": "1", "title": "<script>", "seller": "s", "url": url, "role": "rejected",
            "rejection": "GRADED", "landed": null,
        }))
        .unwrap()
    }

    #[test]
    fn only_addresses_of_the_web_become_links() {
        let say = Say::new(Lang::Fr, "UTC");
        let url = |url| row(&say, &rejected(url), None).url;
        assert_eq!(url("https://www.ebay.fr/itm/1").as_deref(), Some("https://www.ebay.fr/itm/1"));
        assert_eq!(url("javascript:alert(1)"), None);
        assert_eq!(row(&say, &rejected(""), None).verdict, "Gradée");
    }
}
