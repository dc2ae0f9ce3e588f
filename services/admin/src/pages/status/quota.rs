//! The calls of the day: spent, in flight, left, and how many there will be at its end.

use jiff::{Span, Timestamp};
use store::settings::Settings;

use super::forecast::{Outlook, at_end, next_batch};
use super::overview::Quota;
use crate::plot::{self, Bar, Dot, Line, Mark, Plot, Scale, XTick, YTick};
use crate::say::Say;

/// The panel.
pub(super) struct QuotaView {
    pub(super) used: i64,
    pub(super) limit: i64,
    pub(super) free: i64,
    pub(super) reserved: i64,
    pub(super) since: String,
    pub(super) reset: Timestamp,
    /// eBay refuses us until then.
    pub(super) blocked: Option<Timestamp>,
    pub(super) plot: Plot,
    pub(super) note: String,
}

/// The day as the chart sees it.
struct Day<'a> {
    say: &'a Say,
    from: Timestamp,
    to: Timestamp,
    used: i64,
    limit: i64,
    reserve: i64,
    forecast: i64,
    night: Option<Timestamp>,
}

impl QuotaView {
    pub(super) fn new(say: &Say, quota: &Quota, settings: &Settings) -> QuotaView {
        let usage = &quota.usage;
        let (used, limit) = (i64::from(usage.day.used), i64::from(usage.day.daily_limit));
        let to = usage.day.window_end;
        let day_long = to.checked_sub(Span::new().hours(24)).unwrap_or(to);
        let from = quota.opened_at.map_or(day_long, |opened| opened.max(day_long)).min(usage.now);
        let night = next_batch(settings, usage.now).filter(|at| *at < to);
        let forecast = at_end(Outlook {
            used,
            free_for_batches: i64::from(usage.free_for_batches),
            running: i64::from(usage.day.reserved),
            nightly: night.map(|_| match quota.last_batch_calls {
                0 => i64::from(usage.free_for_batches),
                calls => calls,
            }),
        });
        let reserve = limit * i64::from(settings.interactive_reserve_percent) / 100;
        let day = Day { say, from: day_long.min(from), to, used, limit, reserve, forecast, night };
        QuotaView {
            used,
            limit,
            free: usage.free.into(),
            reserved: usage.day.reserved.into(),
            since: say.clock(day_long),
            reset: to,
            blocked: usage.blocked.as_ref().map(|block| block.until),
            plot: day.plot(quota),
            note: day.note(settings),
        }
    }
}

impl Day<'_> {
    fn plot(&self, quota: &Quota) -> Plot {
        let scale = Scale::exactly(whole(self.limit.max(self.used)) * 1.1, 4);
        let mut total = 0;
        let mut spent = vec![(0.0, 100.0)];
        let mut figures = Vec::new();
        for step in &quota.curve {
            spent.push((self.x(step.at), scale.y(whole(total))));
            total += step.n;
            spent.push((self.x(step.at), scale.y(whole(total))));
            figures.push([self.say.moment(step.at), self.say.n(step.n), self.say.n(total)]);
        }
        let now = (self.x(self.say.now), scale.y(whole(self.used)));
        spent.push(now);
        let words = self.say.t2(
            "quota-point",
            ("n", self.say.n(self.used)),
            ("at", self.say.clock(self.say.now)),
        );
        let plot = Plot {
            class: "axis tall fill",
            label: self.label(),
            y: self.y_ticks(scale),
            x: self.x_ticks(),
            bars: self.reserve_band(scale),
            areas: vec![plot::area(&spent)],
            lines: vec![
                Line { class: "l3", d: plot::path(&self.outlook(now, scale)) },
                Line { class: "l1", d: plot::path(&spent) },
            ],
            dots: vec![Dot { x: now.0, y: now.1, class: "" }],
            marks: self.marks(now, words, scale),
            ..Plot::default()
        };
        plot.with_figures(self.say, ["figures-at", "figures-calls", "figures-so-far"], figures)
    }

    fn label(&self) -> String {
        let say = self.say;
        say.f(
            "quota-label",
            &[
                ("used", say.n(self.used).into()),
                ("at", say.clock(say.now).into()),
                ("forecast", say.n(self.forecast).into()),
                ("end", say.moment(self.to).into()),
                ("limit", say.n(self.limit).into()),
            ],
        )
    }

    /// Flat until tonight's batch, then up to what is expected.
    fn outlook(&self, now: (f64, f64), scale: Scale) -> Vec<(f64, f64)> {
        let end = scale.y(whole(self.forecast));
        let mut points = vec![now];
        if let Some(night) = self.night {
            points.push((self.x(night), now.1));
            points.push((self.x(night), end));
        }
        points.push((100.0, end));
        points
    }

    fn marks(&self, now: (f64, f64), words: String, scale: Scale) -> Vec<Mark> {
        let is_late = now.0 > 70.0;
        let (x, anchor) = if is_late { (now.0 - 1.5, "end") } else { (now.0 + 1.5, "start") };
        let dy = if now.1 > 85.0 { -10 } else { 16 };
        let mut marks = vec![Mark { x, y: now.1, dy, anchor, class: "a halo", text: words }];
        let end = scale.y(whole(self.forecast));
        if self.forecast > self.used && (!is_late || (end - now.1).abs() > 12.0) {
            let text = self.say.t1("quota-forecast", "n", self.say.n(self.forecast));
            let dy = if end > 85.0 { -8 } else { 17 };
            marks.push(Mark { x: 99.5, y: end, dy, anchor: "end", class: "halo", text });
        }
        if self.reserve > 0 {
            let y = scale.y(whole(self.limit) - whole(self.reserve) / 2.0);
            let text = self.say.t("quota-reserved");
            marks.push(Mark { x: 1.0, y, dy: 4, anchor: "start", class: "halo", text });
        }
        marks
    }

    fn reserve_band(&self, scale: Scale) -> Vec<Bar> {
        let (top, bottom) = (scale.y(whole(self.limit)), scale.y(whole(self.limit - self.reserve)));
        vec![Bar { class: "reserve", x: 0.0, width: 100.0, y: top, height: bottom - top }]
    }

    fn y_ticks(&self, scale: Scale) -> Vec<YTick> {
        let limit = whole(self.limit);
        let mut ticks = scale.ticks(|value| self.say.float(value, 0));
        // A line of the grid under the limit's own, or so near that their words touch, is too much.
        ticks.retain(|tick| (tick.at - scale.y(limit)).abs() > 6.0 || tick.class == "base-l");
        ticks.push(YTick { at: scale.y(limit), text: self.say.n(self.limit), class: "limit-l" });
        ticks
    }

    fn x_ticks(&self) -> Vec<XTick> {
        (0..=6)
            .filter_map(|step| {
                let at = self.from.checked_add(Span::new().hours(4 * step)).ok()?;
                let anchor = match step {
                    0 => "start",
                    6 => "end",
                    _ => "middle",
                };
                let x = self.x(at);
                (x <= 100.5).then(|| XTick {
                    at: x.min(100.0),
                    text: self.say.clock(at),
                    anchor,
                    alt: step % 2 == 1,
                })
            })
            .collect()
    }

    /// Where an instant of the day stands, in percent.
    fn x(&self, at: Timestamp) -> f64 {
        let (from, to) =
            (self.from.as_second(), self.to.as_second().max(self.from.as_second() + 1));
        let share = whole(at.as_second() - from) / whole(to - from);
        (share * 100.0).clamp(0.0, 100.0)
    }

    fn note(&self, settings: &Settings) -> String {
        let percent = i64::from(settings.interactive_reserve_percent);
        match self.night {
            Some(night) => self.say.t2(
                "quota-note-night",
                ("at", self.say.clock(night)),
                ("percent", self.say.n(percent)),
            ),
            None => self.say.t1("quota-note", "percent", self.say.n(percent)),
        }
    }
}

/// Calls and seconds of a day are far below where `f64` loses whole numbers.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn whole(n: i64) -> f64 {
    n as f64
}
