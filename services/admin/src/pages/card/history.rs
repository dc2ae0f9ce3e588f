//! Twelve months of a card: what it sold for, beside its reference.

use jiff::{Span, Timestamp};
use rust_decimal::Decimal;
use store::prices::{self, Version};
use store::snapshots::{self, Point};

use crate::failure::Failure;
use crate::plot::{Dot, Line, Plot, Scale, XTick, path};
use crate::say::Say;
use crate::shop::{self, float};

pub(super) struct HistoryView {
    /// Without two looks there is nothing to draw.
    pub(super) plot: Option<Plot>,
    pub(super) n_looks: usize,
    pub(super) versions: Vec<VersionRow>,
}

/// What was on show from an instant on.
pub(super) struct VersionRow {
    pub(super) at: Timestamp,
    pub(super) price: Option<Decimal>,
    pub(super) anchor: Option<Decimal>,
    pub(super) word: String,
}

const MONTHS: i64 = 12;
const MAX_POINTS: i64 = 500;
const N_VERSIONS: i64 = 30;
/// Ticks under the chart.
const N_TICKS: i32 = 4;

pub(super) async fn read(
    say: &Say,
    client: &store::Client,
    card_id: i64,
) -> Result<HistoryView, Failure> {
    let since = say.now.checked_sub(Span::new().hours(MONTHS * 730)).unwrap_or(say.now);
    let points = snapshots::curve(client, card_id, since, MAX_POINTS).await?;
    let versions = prices::history(client, card_id, None, N_VERSIONS).await?;
    Ok(HistoryView {
        n_looks: points.len(),
        plot: plot(say, &points),
        versions: versions.iter().map(|version| row(say, version)).collect(),
    })
}

fn row(say: &Say, version: &Version) -> VersionRow {
    let verdict = shop::word(say, "verdict", &version.verdict);
    let reason = version.reason.as_deref().map(|reason| shop::reason(say, reason));
    let word = match reason {
        _ if version.suspended => say.t("shelf-suspended"),
        Some(reason) if reason != verdict => format!("{verdict} · {reason}"),
        _ => verdict,
    };
    VersionRow {
        at: version.at,
        price: version.prices.map(|prices| prices.neuf),
        anchor: version.anchor,
        word,
    }
}

/// Time runs from the first look to the last.
struct Frame {
    from: i64,
    to: i64,
    scale: Scale,
}

impl Frame {
    fn over(points: &[Point]) -> Option<Frame> {
        let (from, to) =
            (points.first()?.taken_at.as_second(), points.last()?.taken_at.as_second());
        let amounts = points
            .iter()
            .flat_map(|point| [point.anchor, point.reference, band(point).map(|band| band.1)]);
        let most = amounts.flatten().map(float).fold(0.0, f64::max);
        (to > from && most > 0.0).then(|| Frame { from, to, scale: Scale::to(most * 1.05, 4) })
    }

    fn at(&self, point: &Point, amount: Decimal) -> (f64, f64) {
        (self.x(point.taken_at.as_second()), self.scale.y(float(amount)))
    }

    fn x(&self, second: i64) -> f64 {
        let whole = |seconds: i64| f64::from(i32::try_from(seconds).unwrap_or(i32::MAX));
        100.0 * whole(second - self.from) / whole(self.to - self.from)
    }

    /// A day has one tick at most; within one day, both ends say their time.
    fn ticks(&self, say: &Say) -> Vec<XTick> {
        let days = (self.to - self.from) / 86_400;
        let last = i32::try_from(days).unwrap_or(N_TICKS).clamp(1, N_TICKS);
        let tick = |n: i32| {
            let second = self.from + (self.to - self.from) * i64::from(n) / i64::from(last);
            let at = Timestamp::from_second(second).ok()?;
            let anchor = match n {
                0 => "start",
                n if n == last => "end",
                _ => "middle",
            };
            let text = if days == 0 { say.clock(at) } else { say.date(say.date_of(at)) };
            Some(XTick { at: self.x(second), text, anchor, alt: n % 2 == 1 && n < last })
        };
        (0..=last).filter_map(tick).collect()
    }
}

fn plot(say: &Say, points: &[Point]) -> Option<Plot> {
    let frame = Frame::over(points)?;
    let along = |pick: fn(&Point) -> Option<Decimal>| -> Vec<(f64, f64)> {
        points.iter().filter_map(|point| Some(frame.at(point, pick(point)?))).collect()
    };
    let anchors = along(|point| point.anchor);
    let references = along(|point| point.reference);
    let last = points.iter().rev().find_map(|point| point.anchor);
    let line = |class, places: &[(f64, f64)]| Line { class, d: path(places) };
    Some(Plot {
        class: "axis tall fill",
        label: say.t2(
            "history-label",
            ("n", points.len()),
            ("price", last.map(|last| say.eur(last)).unwrap_or_default()),
        ),
        y: frame.scale.ticks(|value| {
            say.t1("strip-tick", "n", say.float(value, usize::from(value.fract() != 0.0)))
        }),
        x: frame.ticks(say),
        areas: area(&frame, points).into_iter().collect(),
        lines: vec![line("l2", &references), line("l1", &anchors)],
        dots: anchors.last().map(|(x, y)| Dot { x: *x, y: *y, class: "" }).into_iter().collect(),
        ..Plot::default()
    })
}

/// Around the middle of the listings; without its upper edge there is no lower one.
fn area(frame: &Frame, points: &[Point]) -> Option<String> {
    let bands: Vec<_> = points.iter().filter_map(|point| Some((point, band(point)?))).collect();
    if bands.len() < 2 {
        return None;
    }
    let upper = bands.iter().map(|(point, band)| frame.at(point, band.1));
    let lower = bands.iter().rev().map(|(point, band)| frame.at(point, band.0));
    Some(format!("{}Z", path(&upper.chain(lower).collect::<Vec<_>>())))
}

/// Where two thirds of the main group lie, EUR.
fn band(point: &Point) -> Option<(Decimal, Decimal)> {
    let (middle, width) = (point.middle?, point.width?);
    let eur = |log: f64| Decimal::from_f64_retain(log.exp());
    Some((eur(middle - width)?, eur(middle + width)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    fn point(at: &str, cents: i64) -> Point {
        Point {
            taken_at: at.parse().unwrap(),
            anchor: Some(Decimal::new(cents, 2)),
            reference: None,
            middle: Some(3.0),
            width: Some(0.1),
        }
    }

    #[test]
    fn time_runs_to_the_right_and_prices_up() {
        let say = Say::new(Lang::Fr, "UTC");
        let first = point("2026-01-01T00:00:00Z", 1000);
        assert_eq!(plot(&say, &[first]), None, "one look is no line");
        let points =
            [first, point("2026-01-02T00:00:00Z", 3000), point("2026-01-05T00:00:00Z", 2000)];
        let plot = plot(&say, &points).unwrap();
        let line = plot.lines.iter().find(|line| line.class == "l1").unwrap();
        assert_eq!(line.d, "M0 75 L25 25 L100 50");
        assert_eq!(plot.areas.len(), 1);
        assert!(plot.areas[0].ends_with('Z'));
    }

    #[test]
    fn no_two_ticks_stand_on_each_other() {
        let say = Say::new(Lang::Fr, "UTC");
        let ticks = |to: &str| {
            let points = [point("2026-01-01T10:00:00Z", 1000), point(to, 2000)];
            let ticks = plot(&say, &points).unwrap().x;
            ticks.into_iter().map(|tick| tick.text).collect::<Vec<_>>()
        };
        assert_eq!(ticks("2026-01-01T10:00:01Z"), ["10:00", "10:00"]);
        assert_eq!(ticks("2026-01-01T16:30:00Z"), ["10:00", "16:30"]);
        assert_eq!(ticks("2026-01-03T11:00:00Z").len(), 3);
        assert!(ticks("2026-12-01T10:00:00Z").len() >= 5);
    }
}
