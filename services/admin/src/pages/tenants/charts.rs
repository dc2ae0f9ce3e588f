//! A month of a tenant in three charts.

use jiff::civil::Date;
use jiff::{Span, Unit};
use msp::kpi::DailyKpis;

use crate::plot::{self, Bar, Dot, Line, Mark, Plot, Scale, XTick};
use crate::say::Say;

/// Tickets that came and went, with the last anomaly named.
pub(super) fn trends(say: &Say, from: Date, to: Date, days: &[DailyKpis]) -> Plot {
    let created = |day: &DailyKpis| whole(day.kpis.ticket_trends.tickets_created);
    let closed = |day: &DailyKpis| whole(day.kpis.ticket_trends.tickets_closed);
    let most = days.iter().map(|day| created(day).max(closed(day))).fold(0.0, f64::max);
    let scale = Scale::to(most, 3);
    let x = |date: Date| place(from, to, date);
    let points = |value: &dyn Fn(&DailyKpis) -> f64| -> Vec<(f64, f64)> {
        days.iter().map(|day| (x(day.date), scale.y(value(day)))).collect()
    };
    let odd = days.iter().rev().find(|day| day.kpis.ticket_trends.anomaly_detected);
    let mut plot = Plot {
        class: "axis",
        label: say.t2(
            "tenant-trends-label",
            ("created", sum(days, created)),
            ("closed", sum(days, closed)),
        ),
        y: scale.ticks(|value| say.float(value, 0)),
        x: dates(say, from, to),
        lines: vec![
            Line { class: "l2", d: plot::path(&points(&closed)) },
            Line { class: "l1", d: plot::path(&points(&created)) },
        ],
        ..Plot::default()
    };
    if let Some(day) = odd {
        let (at, y) = (x(day.date), scale.y(created(day)));
        plot.dots.push(Dot { x: at, y, class: "warn" });
        let text = say.t2(
            "tenant-anomaly",
            ("date", say.date(day.date)),
            ("n", day.kpis.ticket_trends.tickets_created),
        );
        let (x, anchor) = if at > 50.0 { (at - 1.5, "end") } else { (at + 1.5, "start") };
        plot.marks.push(Mark { x, y, dy: 4, anchor, class: "w halo", text });
    }
    plot
}

/// Hours by day: billable below, the others on top.
pub(super) fn hours(say: &Say, from: Date, to: Date, days: &[DailyKpis]) -> Plot {
    let total = |day: &DailyKpis| whole(day.kpis.time_consumption.total_minutes) / 60.0;
    let billable = |day: &DailyKpis| whole(day.kpis.time_consumption.billable_minutes) / 60.0;
    let scale = Scale::to(days.iter().map(total).fold(0.0, f64::max), 3);
    let n = n_days(from, to) + 1;
    let bars = days.iter().flat_map(|day| {
        let place = (n_days(from, day.date), n);
        [
            Bar::column("b1", place, scale, 0.0, billable(day)),
            Bar::column("b2", place, scale, billable(day), total(day) - billable(day)),
        ]
    });
    Plot {
        class: "axis",
        label: say.t2(
            "tenant-hours-label",
            ("billable", say.float(days.iter().map(billable).sum(), 0)),
            ("total", say.float(days.iter().map(total).sum(), 0)),
        ),
        y: scale.ticks(|value| say.float(value, 0)),
        x: dates(say, from, to),
        bars: bars.filter(|bar| bar.height > 0.0).collect(),
        ..Plot::default()
    }
}

/// The backlog at the end of each day.
pub(super) fn open(say: &Say, from: Date, to: Date, days: &[DailyKpis]) -> Plot {
    let open = |day: &DailyKpis| whole(day.kpis.ticket_trends.tickets_open);
    let scale = Scale::to(days.iter().map(open).fold(0.0, f64::max), 3);
    let points: Vec<_> =
        days.iter().map(|day| (place(from, to, day.date), scale.y(open(day)))).collect();
    let last = days.last().map_or(0, |day| day.kpis.ticket_trends.tickets_open);
    Plot {
        class: "axis fill",
        label: say.t1("tenant-open-label", "n", last),
        y: scale.ticks(|value| say.float(value, 0)),
        x: dates(say, from, to),
        dots: points.last().map(|(x, y)| Dot { x: *x, y: *y, class: "" }).into_iter().collect(),
        areas: vec![plot::area(&points)],
        lines: vec![Line { class: "l1", d: plot::path(&points) }],
        ..Plot::default()
    }
}

fn dates(say: &Say, from: Date, to: Date) -> Vec<XTick> {
    (0..=4)
        .filter_map(|step| {
            let days = i64::try_from(n_days(from, to)).ok()? * step / 4;
            let date = from.checked_add(Span::new().days(days)).ok()?;
            let anchor = match step {
                0 => "start",
                4 => "end",
                _ => "middle",
            };
            let text = say.date(date);
            Some(XTick { at: place(from, to, date), text, anchor, alt: step % 2 == 1 })
        })
        .collect()
}

fn n_days(from: Date, to: Date) -> usize {
    let days = from.until((Unit::Day, to)).map_or(0, |span| span.get_days());
    usize::try_from(days).unwrap_or(0)
}

/// Where a date stands between two others, in percent.
fn place(from: Date, to: Date, date: Date) -> f64 {
    100.0 * plot::count(n_days(from, date)) / plot::count(n_days(from, to).max(1))
}

fn sum(days: &[DailyKpis], value: impl Fn(&DailyKpis) -> f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "a month of tickets is far below 2^52")]
    let sum = days.iter().map(value).sum::<f64>() as i64;
    sum
}

/// A share of one; nothing where there is nothing to divide by.
pub(super) fn ratio(part: i64, of: i64) -> Option<f64> {
    (of > 0).then(|| whole(part) / whole(of))
}

/// Tickets and minutes of a day are far below where `f64` loses whole numbers.
#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn whole(n: i64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn dates_stand_where_they_belong() {
        let (from, to) = (date(2026, 10, 22), date(2026, 11, 21));
        assert_eq!(n_days(from, to), 30);
        assert!((place(from, to, date(2026, 11, 6)) - 50.0).abs() < 1e-9);
        assert_eq!(ratio(3, 0), None);
        let plot = open(&Say::new(crate::say::Lang::En, "UTC"), from, to, &[]);
        assert_eq!((plot.x.len(), plot.dots.len()), (5, 0));
    }
}
