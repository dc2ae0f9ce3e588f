//! What changed, what failed, and what can be done about it.

use rust_decimal::Decimal;
use store::batches::{self, Cause, ItemState};
use store::prices::{self, Move};
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
    use super::*;
    use crate::say::Lang;

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
