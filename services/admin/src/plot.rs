//! Charts, drawn by the server: data in, percentages out.
//!
//! Text, bars and dots stand at percentages of the outer `<svg>`, which has no view box, so that
//! nothing is stretched at any width; only lines and areas are paths in a nested view box. The
//! geometry here is pure; `plot.html` writes it down.

use std::fmt::Write as _;

use askama::Template;

use crate::say::Say;

/// A chart.
#[derive(Clone, Debug, Default, PartialEq, Template)]
#[template(path = "plot.html")]
pub(crate) struct Plot {
    /// Classes besides `plot`: `axis`, `tall`, `short`, `fill`.
    pub(crate) class: &'static str,
    /// What the chart shows, in one sentence with the finding: its text alternative.
    pub(crate) label: String,
    pub(crate) y: Vec<YTick>,
    pub(crate) x: Vec<XTick>,
    pub(crate) bars: Vec<Bar>,
    pub(crate) areas: Vec<String>,
    pub(crate) lines: Vec<Line>,
    pub(crate) dots: Vec<Dot>,
    pub(crate) marks: Vec<Mark>,
    pub(crate) rules: Vec<Rule>,
    /// The data as a table, for a page that does not show them as one anyway.
    pub(crate) figures: Option<Figures>,
}

/// The data of a chart as a table, folded away below it.
#[derive(Clone, Debug, Default, PartialEq, Template)]
#[template(path = "plot-figures.html")]
pub(crate) struct Figures {
    summary: String,
    /// Names the table: the chart's own words.
    label: String,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A dashed line down, at what the marks speak of.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Rule {
    pub(crate) x: f64,
    /// From the top, and where it ends.
    pub(crate) from: f64,
    pub(crate) to: f64,
}

/// A line across, with its value on the axis.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct YTick {
    /// From the top.
    pub(crate) at: f64,
    pub(crate) text: String,
    /// `base-l`, `grid-l` or `limit-l`.
    pub(crate) class: &'static str,
}

/// A word under the chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct XTick {
    pub(crate) at: f64,
    pub(crate) text: String,
    /// `start`, `middle` or `end`.
    pub(crate) anchor: &'static str,
    /// Left out on a phone.
    pub(crate) alt: bool,
}

/// A rectangle.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bar {
    pub(crate) class: &'static str,
    pub(crate) x: f64,
    pub(crate) width: f64,
    pub(crate) y: f64,
    pub(crate) height: f64,
}

/// A path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Line {
    /// `l1` (subject), `l2` (reference) or `l3` (forecast).
    pub(crate) class: &'static str,
    pub(crate) d: String,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Dot {
    pub(crate) x: f64,
    pub(crate) y: f64,
    pub(crate) class: &'static str,
}

/// A word on the chart.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Mark {
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// Down from there, in pixels.
    pub(crate) dy: i32,
    pub(crate) anchor: &'static str,
    pub(crate) class: &'static str,
    pub(crate) text: String,
}

/// An axis from zero to a round number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scale {
    pub(crate) top: f64,
    step: f64,
}

impl Plot {
    /// With its data; the words of `head` and each row begin with what is counted by.
    pub(crate) fn with_figures<const N: usize>(
        mut self,
        say: &Say,
        head: [&str; N],
        rows: impl IntoIterator<Item = [String; N]>,
    ) -> Plot {
        self.figures = Some(Figures {
            summary: say.t("figures"),
            label: self.label.clone(),
            head: head.iter().map(|key| say.t(key)).collect(),
            rows: rows.into_iter().map(Vec::from).collect(),
        });
        self
    }
}

impl Scale {
    /// An axis that shows `largest` with about `n_steps` lines of round distances.
    pub(crate) fn to(largest: f64, n_steps: u32) -> Scale {
        let largest = if largest > 0.0 { largest } else { 1.0 };
        let rough = largest / f64::from(n_steps.max(1));
        let magnitude = 10_f64.powf(rough.log10().floor());
        let factors = [1.0, 2.0, 2.5, 5.0, 10.0];
        let factor = factors.into_iter().find(|factor| factor * magnitude >= rough * 0.999);
        let mut step = factor.unwrap_or(10.0) * magnitude;
        // Fewer than one whole thing has no line of its own.
        if step < 1.0 && largest >= 1.0 {
            step = 1.0;
        }
        Scale { top: (largest / step).ceil() * step, step }
    }

    /// As [`Scale::to`], for an axis that ends where the chart does, not at a round number.
    pub(crate) fn exactly(top: f64, n_steps: u32) -> Scale {
        Scale { top, ..Scale::to(top, n_steps) }
    }

    /// How far from the top a value stands, in percent.
    pub(crate) fn y(&self, value: f64) -> f64 {
        100.0 - (value / self.top * 100.0).clamp(0.0, 100.0)
    }

    /// The lines of the axis, from the bottom.
    pub(crate) fn ticks(&self, text: impl Fn(f64) -> String) -> Vec<YTick> {
        let values = std::iter::successors(Some(0.0), |value| Some(value + self.step));
        values
            .take_while(|value| *value <= self.top * 1.001)
            .map(|value| YTick {
                at: self.y(value),
                text: text(value),
                class: if value == 0.0 { "base-l" } else { "grid-l" },
            })
            .collect()
    }
}

impl Bar {
    /// One of `n` columns of equal width, up to `value`, above what `below` is already stacked.
    pub(crate) fn column(
        class: &'static str,
        (index, n): (usize, usize),
        scale: Scale,
        below: f64,
        value: f64,
    ) -> Bar {
        let slot = 100.0 / count(n.max(1));
        let width = slot * if n > 14 { 0.76 } else { 0.52 };
        let (top, bottom) = (scale.y(below + value), scale.y(below));
        // A stack has a gap of ground between its parts.
        let gap = if below > 0.0 { 0.8 } else { 0.0 };
        Bar {
            class,
            x: center(index, n) - width / 2.0,
            width,
            y: top,
            height: (bottom - top - gap).max(0.0),
        }
    }
}

/// The middle of one of `n` columns, in percent.
pub(crate) fn center(index: usize, n: usize) -> f64 {
    100.0 * (count(index) + 0.5) / count(n.max(1))
}

/// The path through points of percent.
pub(crate) fn path(points: &[(f64, f64)]) -> String {
    let mut d = String::with_capacity(points.len() * 12);
    for (index, (x, y)) in points.iter().enumerate() {
        let command = if index == 0 { "M" } else { " L" };
        write!(d, "{command}{} {}", short(*x), short(*y)).expect("writing to a string cannot fail");
    }
    d
}

/// As [`path`], closed along the bottom.
pub(crate) fn area(points: &[(f64, f64)]) -> String {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    format!("{} L{} 100 L{} 100Z", path(points), short(last.0), short(first.0))
}

/// At most two decimals: finer than any screen.
pub(crate) fn short(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A small line without axes, for a cell of a table; empty when there is nothing to show.
pub(crate) fn spark(values: &[f64]) -> Option<Spark> {
    let largest = values.iter().copied().fold(0.0, f64::max);
    if largest <= 0.0 || values.len() < 2 {
        return None;
    }
    let last = count(values.len() - 1);
    let point = |(index, value): (usize, &f64)| {
        (100.0 * count(index) / last, 90.0 - 80.0 * value / largest)
    };
    let points: Vec<_> = values.iter().enumerate().map(point).collect();
    let (_, end) = points.last().copied()?;
    Some(Spark { d: path(&points), end: short(end) })
}

/// See [`spark`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Spark {
    pub(crate) d: String,
    /// Where the line ends, in percent from the top.
    pub(crate) end: String,
}

/// Counts of a chart are far below where `f64` loses whole numbers.
#[expect(clippy::cast_precision_loss, reason = "a chart has far fewer than 2^52 points")]
pub(crate) fn count(n: usize) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers() {
        for (largest, n_steps, top, n_ticks) in [
            (2_914.0, 4, 3_000.0, 4),
            (41.0, 3, 60.0, 4),
            (1.0, 4, 1.0, 2),
            (0.0, 4, 1.0, 2),
            (7.0, 4, 8.0, 5),
            (0.4, 4, 0.4, 5),
        ] {
            let scale = Scale::to(largest, n_steps);
            assert!((scale.top - top).abs() < 1e-9, "{largest}: {scale:?}");
            assert_eq!(scale.ticks(|value| value.to_string()).len(), n_ticks, "{largest}");
        }
    }

    #[test]
    fn values_stand_where_they_belong() {
        let scale = Scale::to(100.0, 4);
        assert_eq!((scale.y(0.0), scale.y(25.0), scale.y(150.0)), (100.0, 75.0, 0.0));
        assert_eq!(path(&[(0.0, 100.0), (50.0, 33.333)]), "M0 100 L50 33.33");
        assert_eq!(area(&[(0.0, 40.0), (50.0, 20.0)]), "M0 40 L50 20 L50 100 L0 100Z");
        assert_eq!(area(&[]), "");
        let bar = Bar::column("b1", (0, 2), scale, 0.0, 50.0);
        assert_eq!((bar.x, bar.width, bar.y, bar.height), (12.0, 26.0, 50.0, 50.0));
        let upper = Bar::column("b2", (0, 2), scale, 50.0, 25.0);
        assert!((upper.y - 25.0).abs() < 1e-9 && (upper.height - 24.2).abs() < 1e-9);
    }

    #[test]
    fn a_chart_is_written_without_inline_style() {
        let plot = Plot {
            class: "axis",
            label: "Calls & \"quotes\"".into(),
            y: Scale::to(10.0, 2).ticks(|value| value.to_string()),
            bars: vec![Bar::column("b1", (0, 1), Scale::to(10.0, 2), 0.0, 5.0)],
            lines: vec![Line { class: "l1", d: path(&[(0.0, 1.0), (2.0, 3.0)]) }],
            ..Plot::default()
        };
        let svg = plot.render().unwrap();
        assert!(
            svg.contains(r#"<rect class="b1" x="24%" width="52%" y="50%" height="50%""#),
            "{svg}"
        );
        assert!(svg.contains("Calls &#38; &#34;quotes&#34;"), "{svg}");
        assert!(!svg.contains("style="), "{svg}");
    }

    #[test]
    fn a_spark_of_nothing_is_nothing() {
        assert_eq!(spark(&[0.0, 0.0]), None);
        assert_eq!(spark(&[1.0]), None);
        let found = spark(&[0.0, 2.0]).unwrap();
        assert_eq!((found.d.as_str(), found.end.as_str()), ("M0 90 L100 10", "10"));
    }
}
