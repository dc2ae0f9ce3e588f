//! What is known of a card, in the visitor's words.

use cards::{Card, Variant};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use store::catalogue::StoredCard;
use store::prices::PriceRow;

use crate::icon::Mark;
use crate::plot::short;
use crate::say::{Instant, Say};

/// Verdicts as rows write them.
pub(crate) const VERDICTS: [&str; 5] = ["OK", "LOW_CONF", "REVIEW", "REVIEW_REF", "DISABLED"];

/// A move that is worth a second look.
const LARGE_MOVE: f64 = 0.5;
/// A confidence below this is drawn as one that is weak.
const WEAK: f64 = 0.6;

/// Number, set and printing: `4/62 · Fossile · Holo`.
pub(crate) fn context(say: &Say, card: &Card) -> String {
    format!("{} · {} · {}", number(card), card.effective_set_name(), variant(say, card.variant))
}

/// As printed; without a total where none is known.
pub(crate) fn number(card: &Card) -> String {
    card.effective_number_full().unwrap_or_else(|| card.effective_local_id().to_owned())
}

pub(crate) fn variant(say: &Say, variant: Variant) -> String {
    word(say, "variant", variant.as_str())
}

/// Why a price is not simply published.
pub(crate) fn reason(say: &Say, code: &str) -> String {
    let estimated = code.strip_prefix("ESTIMATED_FROM_").and_then(|it| it.strip_suffix("_CARDS"));
    match estimated.and_then(|n| n.parse::<i64>().ok()) {
        Some(n) => say.t1("reason-estimated", "n", n),
        None => word(say, "reason", code),
    }
}

/// A word of the tables in the visitor's language; itself when there is none.
pub(crate) fn word(say: &Say, group: &str, code: &str) -> String {
    let key = format!("{group}-{}", code.to_ascii_lowercase().replace('_', "-"));
    say.try_t(&key).unwrap_or_else(|| code.to_owned())
}

/// A batch by its begin: of an hour of today, or of another day.
pub(crate) fn batch(say: &Say, started_at: impl Instant) -> String {
    let started_at = started_at.instant();
    let is_today = say.date_of(started_at) == say.date_of(say.now);
    let key = if is_today { "batch-of" } else { "batch-of-day" };
    say.t1(key, "at", say.moment(started_at))
}

/// Where the price of a card stands.
pub(crate) fn mark(say: &Say, stored: &StoredCard, price: Option<&PriceRow>) -> Mark {
    let mark = |tone, icon, key: &str| Mark::new(tone, icon, say.try_t(key).unwrap_or_default());
    if stored.is_hidden {
        return mark("idle", "slash", "shelf-hidden");
    }
    if stored.card.error_count > 0 {
        return mark("bad", "cross", "shelf-failing");
    }
    let Some(price) = price else { return mark("idle", "dashed", "shelf-never") };
    let reason = price.reason.as_deref().unwrap_or_default();
    match (price.verdict.as_str(), reason) {
        _ if price.suspended => mark("warn", "pause", "shelf-suspended"),
        ("OK", _) => mark("ok", "tick", "shelf-published"),
        ("LOW_CONF", _) => mark("idle", "info", "shelf-low-conf"),
        ("REVIEW_REF", _) | ("REVIEW", "REF_DISAGREES") => {
            mark("warn", "warning", "shelf-reference")
        }
        ("REVIEW", _) => mark("warn", "warning", "shelf-review"),
        (_, "BELOW_MIN" | "BUY_BELOW_MIN") => mark("idle", "slash", "shelf-below-min"),
        (_, "SWITCHED_OFF") => mark("idle", "slash", "shelf-withdrawn"),
        _ => mark("idle", "slash", "shelf-no-price"),
    }
}

/// Whether somebody has to decide.
pub(crate) fn waits(price: &PriceRow) -> bool {
    price.suspended || price.verdict.starts_with("REVIEW")
}

/// How far an amount has moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Moved {
    /// `+6,2 %`
    pub(crate) text: String,
    pub(crate) is_large: bool,
    pub(crate) is_none: bool,
}

pub(crate) fn moved(say: &Say, before: Decimal, after: Decimal, decimals: usize) -> Option<Moved> {
    let share = (after - before).checked_div(before)?.to_f64()?;
    let text = say.percent(share, decimals);
    let is_none = !text.contains(|c: char| ('1'..='9').contains(&c));
    let sign = if share > 0.0 && !is_none { "+" } else { "" };
    Some(Moved { text: format!("{sign}{text}"), is_large: share.abs() >= LARGE_MOVE, is_none })
}

/// A confidence as a bar with its number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Confidence {
    pub(crate) percent: String,
    /// Class of the bar.
    pub(crate) class: &'static str,
    /// In percent of the bar.
    pub(crate) width: String,
}

pub(crate) fn confidence(say: &Say, share: f64) -> Confidence {
    // Never rounded up to certainty.
    let percent = say.float((share * 100.0).floor(), 0);
    let class = if share < WEAK { "b-warn" } else { "b1" };
    Confidence { percent, class, width: short((share * 100.0).clamp(0.0, 100.0)) }
}

/// An amount as a chart takes it.
pub(crate) fn float(amount: Decimal) -> f64 {
    amount.to_f64().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    #[test]
    fn a_move_has_its_sign() {
        let say = Say::new(Lang::Fr, "UTC");
        let text = |before: i64, after: i64| {
            moved(&say, Decimal::new(before, 2), Decimal::new(after, 2), 1).map(|moved| moved.text)
        };
        assert_eq!(text(1000, 1062).as_deref(), Some("+6,2\u{a0}%"));
        assert_eq!(text(1000, 500).as_deref(), Some("\u{2212}50,0\u{a0}%"));
        assert_eq!(text(1000, 1000).as_deref(), Some("0,0\u{a0}%"));
        assert_eq!(text(0, 1000), None);
    }

    #[test]
    fn a_batch_is_called_by_its_hour_or_its_day() {
        let now: jiff::Timestamp = "2026-11-22T12:00:00Z".parse().unwrap();
        let say = Say { now, ..Say::new(Lang::Fr, "UTC") };
        let of = |at: &str| batch(&say, at.parse::<jiff::Timestamp>().unwrap());
        assert_eq!(of("2026-11-22T03:00:00Z"), "Relevé de 03:00");
        assert_eq!(of("2026-11-08T03:00:00Z"), "Relevé du 8\u{a0}nov. 03:00");
    }

    #[test]
    fn words_of_the_tables_are_known_in_every_language() {
        for lang in Lang::ALL {
            let say = Say::new(lang, "UTC");
            for variant in Variant::ALL {
                assert_ne!(super::variant(&say, variant), variant.as_str());
            }
            for code in ["NO_LISTINGS", "TOO_FEW_PRICES", "ESTIMATED_FROM_12_CARDS"] {
                assert!(!reason(&say, code).contains('_'), "{code}");
            }
            for verdict in VERDICTS {
                assert_ne!(word(&say, "verdict", verdict), verdict);
            }
        }
    }
}
