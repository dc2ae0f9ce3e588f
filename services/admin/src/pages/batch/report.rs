//! What changed, what failed, and what can be done about it.

use rust_decimal::Decimal;
use serde_json::Value;
use store::batches::{self, Cause, ItemState};
use store::prices::{self, Anomalies, Anomaly, Move};
use uuid::Uuid;

use crate::failure::Failure;
use crate::icon::Mark;
use crate::plot::{Bar, Plot, Scale, XTick, center};
use crate::say::Say;
use crate::shop::{self, Moved};
use crate::told::Told;

/// A card whose price moved far.
pub(super) struct MoveRow {
    pub(super) card_id: i64,
    pub(super) name: String,
    pub(super) before: Decimal,
    pub(super) after: Decimal,
    pub(super) moved: Option<Moved>,
}

/// Cards that ended alike without a price.
pub(super) struct CauseRow {
    pub(super) mark: Mark,
    pub(super) state: &'static str,
    /// As the items have it, which a repetition names.
    pub(super) detail: String,
    pub(super) told: Told,
    pub(super) n: i64,
    pub(super) card_id: i64,
    /// Looking at them again may help.
    pub(super) can_repeat: bool,
}

/// What somebody should look at, as it was when the batch ended.
pub(super) struct Odd {
    pub(super) n_cards: i64,
    /// How many of each kind, in words.
    pub(super) counts: String,
    /// Those that moved furthest.
    pub(super) cards: Vec<OddRow>,
    /// There are more.
    pub(super) is_cut: bool,
}

/// An odd card.
pub(super) struct OddRow {
    pub(super) card_id: i64,
    pub(super) name: String,
    pub(super) before: Option<Decimal>,
    pub(super) after: Option<Decimal>,
    pub(super) why: String,
}

/// Between these shares a price counts as moved so far.
const BOUNDS: [f64; 10] = [-0.5, -0.2, -0.1, -0.05, -0.005, 0.005, 0.05, 0.1, 0.2, 0.5];
const N_MOVES: i64 = 8;
/// Prices that moved by less are no news.
const NEWS: f64 = 0.02;
const N_CAUSES: i64 = 12;

type Report = (Option<Plot>, Vec<MoveRow>, Vec<CauseRow>);

pub(super) async fn read(say: &Say, client: &store::Client, id: Uuid) -> Result<Report, Failure> {
    let moves = batches::moves(client, id, &BOUNDS).await?;
    let top = prices::top_moves(client, id, NEWS, N_MOVES).await?;
    let causes = batches::causes(client, id, N_CAUSES).await?;
    Ok((
        plot(say, &moves),
        top.into_iter().map(|one| moved(say, one)).collect(),
        causes.into_iter().map(|cause| row(say, cause)).collect(),
    ))
}

/// `None` where the report of the batch tells of nothing odd.
pub(super) fn odd(say: &Say, report: &Value) -> Option<Odd> {
    let told = report.get("anomalies")?;
    let Anomalies { cards, moves, dispersed, cardmarket_fallback, to_review, suspended, top } =
        serde_json::from_value(told.clone()).ok()?;
    let kinds = [
        ("move", moves),
        ("dispersion", dispersed),
        ("cardmarket_fallback", cardmarket_fallback),
        ("to_review", to_review),
        ("suspended", suspended),
    ];
    let counts = kinds.into_iter().filter(|(_, n)| *n > 0);
    let counts = counts.map(|(kind, n)| odd_kind(say, kind, say.n(n)));
    Some(Odd {
        n_cards: cards,
        is_cut: usize::try_from(cards).is_ok_and(|n| n > top.len()),
        counts: counts.collect::<Vec<_>>().join(" · "),
        cards: top.into_iter().map(|card| odd_row(say, card)).collect(),
    })
    .filter(|odd| odd.n_cards > 0)
}

fn odd_row(say: &Say, card: Anomaly) -> OddRow {
    let why = card.reasons.iter().map(|reason| match reason.split_once(':') {
        Some((kind, code)) => odd_kind(say, kind, shop::reason(say, code)),
        None => shop::word(say, "odd", reason),
    });
    OddRow {
        why: why.collect::<Vec<_>>().join(" · "),
        card_id: card.card_id,
        name: card.name,
        before: card.before,
        after: card.after,
    }
}

fn odd_kind(say: &Say, kind: &str, what: String) -> String {
    say.t2("odd-kind", ("kind", shop::word(say, "odd", kind)), ("what", what))
}

fn moved(say: &Say, one: Move) -> MoveRow {
    MoveRow {
        moved: shop::moved(say, one.before, one.after, 0),
        card_id: one.card_id,
        name: one.name,
        before: one.before,
        after: one.after,
    }
}

fn row(say: &Say, cause: Cause) -> CauseRow {
    let (tone, icon) = match cause.state {
        ItemState::Failed => ("bad", "cross"),
        ItemState::Skipped => ("warn", "warning"),
        ItemState::Deferred => ("warn", "clock"),
        _ => ("idle", "pause"),
    };
    let word = shop::word(say, "item", cause.state.as_str());
    CauseRow {
        mark: Mark::new(tone, icon, word),
        state: cause.state.as_str(),
        told: say.cause(&cause.detail),
        detail: cause.detail,
        n: cause.n,
        card_id: cause.card_id,
        can_repeat: matches!(cause.state, ItemState::Failed | ItemState::Skipped),
    }
}

/// How many cards moved by how much; what hardly moved is grey, in the middle.
fn plot(say: &Say, counts: &[i64]) -> Option<Plot> {
    let amounts: Vec<f64> =
        counts.iter().map(|n| f64::from(i32::try_from(*n).unwrap_or(i32::MAX))).collect();
    let most = amounts.iter().copied().fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let (n, middle) = (amounts.len(), amounts.len() / 2);
    let scale = Scale::to(most, 3);
    let bars = amounts.iter().enumerate().map(|(index, amount)| {
        let class = if index == middle { "b2" } else { "b1" };
        Bar::column(class, (index, n), scale, 0.0, *amount)
    });
    let signed = |share: f64| {
        let text = say.percent(share, 0);
        if share > 0.0 { format!("+{text}") } else { text }
    };
    let tick = |(index, share): (usize, f64)| XTick {
        at: center(index, n),
        text: signed(share),
        anchor: "middle",
        alt: index % 2 == 1,
    };
    let shares = [-0.5, -0.3, -0.15, -0.07, -0.03, 0.0, 0.03, 0.07, 0.15, 0.3, 0.5];
    let ticks =
        shares.into_iter().enumerate().filter(|(index, _)| [0, 2, 4, 5, 6, 8, 10].contains(index));
    let (down, up): (i64, i64) = (counts[..middle].iter().sum(), counts[middle + 1..].iter().sum());
    let figures = shares.into_iter().zip(counts).map(|(share, n)| [signed(share), say.n(*n)]);
    let plot = Plot {
        class: "axis tall",
        label: say.f(
            "moves-label",
            &[
                ("up", crate::say::Argument::argument(&up)),
                ("down", crate::say::Argument::argument(&down)),
                ("same", crate::say::Argument::argument(&counts[middle])),
            ],
        ),
        y: scale.ticks(|value| say.float(value, 0)),
        x: ticks.map(tick).collect(),
        bars: bars.filter(|bar| bar.height > 0.0).collect(),
        ..Plot::default()
    };
    Some(plot.with_figures(say, ["figures-about", "moves-unit"], figures))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::say::Lang;

    #[test]
    fn what_is_odd_is_told_in_words() {
        let reasons = ["move", "dispersion", "cardmarket_fallback", "to_review:MOVE", "suspended"];
        let card = json!({"card_id": 7, "tcgdex_id": "base2-1", "name": "Mew", "before": null,
                          "after": "12.5", "dispersion": null, "reasons": reasons});
        let mut report = json!({"anomalies": {
            "cards": 11, "moves": 2, "dispersed": 1, "cardmarket_fallback": 0, "to_review": 9,
            "suspended": 0, "top": vec![card; 10],
        }});
        for lang in Lang::ALL {
            let odd = odd(&Say::new(lang, "UTC"), &report).unwrap();
            assert_eq!((odd.n_cards, odd.cards.len(), odd.is_cut), (11, 10, true));
            assert_eq!(odd.counts.split(" · ").count(), 3, "{}", odd.counts);
            assert_eq!(odd.cards[0].why.split(" · ").count(), reasons.len());
            assert!(!odd.cards[0].why.contains(['_', '-']), "{}", odd.cards[0].why);
        }
        report["anomalies"]["cards"] = json!(0);
        assert!(odd(&Say::new(Lang::Fr, "UTC"), &report).is_none());
        assert!(odd(&Say::new(Lang::Fr, "UTC"), &json!({})).is_none(), "of an older version");
    }

    #[test]
    fn what_hardly_moved_is_in_the_middle() {
        let say = Say::new(Lang::Fr, "UTC");
        assert_eq!(plot(&say, &[0; 11]), None);
        let plot = plot(&say, &[1, 0, 0, 0, 2, 30, 4, 0, 0, 0, 1]).unwrap();
        assert_eq!(plot.bars.len(), 5);
        let grey: Vec<&Bar> = plot.bars.iter().filter(|bar| bar.class == "b2").collect();
        assert_eq!(grey.len(), 1);
        assert!((grey[0].x + grey[0].width / 2.0 - 50.0).abs() < 1e-9);
    }
}
