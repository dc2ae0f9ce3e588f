//! Calls to eBay: today, and the six days before.

use store::quota::{Day, Usage};

use crate::plot::{Bar, Plot, Scale, XTick, YTick, center};
use crate::say::Say;

const N_DAYS: usize = 7;

/// The days, oldest first; the last one is today.
pub(super) struct Days {
    past: Vec<Day>,
    usage: Usage,
}

impl Days {
    pub(super) async fn read(client: &store::Client) -> store::Result<Days> {
        let usage = store::quota::current(client, commands::PROVIDER).await?;
        let n_days = i64::try_from(N_DAYS).unwrap_or(i64::MAX);
        let mut past = store::quota::history(client, commands::PROVIDER, n_days).await?;
        past.retain(|day| day.usage_date < usage.day.usage_date);
        past.reverse();
        Ok(Days { past, usage })
    }

    pub(super) fn today(&self) -> i64 {
        self.usage.day.used.into()
    }

    /// Bars for seven days; a day without a window is a gap.
    pub(super) fn plot(&self, say: &Say, limit: i32) -> Plot {
        let days = self.days();
        let most = days.iter().map(|(_, used)| used.unwrap_or(0)).max().unwrap_or(0).max(limit);
        let scale = Scale::exactly(f64::from(most) * 1.1, 2);
        let mut y = scale.ticks(|value| say.float(value, 0));
        let at = scale.y(f64::from(limit));
        y.retain(|tick| (tick.at - at).abs() > 10.0 || tick.class == "base-l");
        y.push(YTick { at, text: say.n(limit), class: "limit-l" });
        let bars = days.iter().enumerate().filter_map(|(index, (_, used))| {
            let class = if index + 1 == N_DAYS { "b1" } else { "b2" };
            Some(Bar::column(class, (index, N_DAYS), scale, 0.0, f64::from((*used)?)))
        });
        let x = days.iter().enumerate().map(|(index, (date, _))| XTick {
            at: center(index, N_DAYS),
            text: say.weekday(date.weekday()).to_owned(),
            anchor: "middle",
            alt: false,
        });
        let figures = days.iter().filter_map(|(day, used)| Some([say.day(*day), say.n((*used)?)]));
        let plot = Plot {
            class: "axis",
            label: say.t2("usage-label", ("today", self.today()), ("limit", i64::from(limit))),
            y,
            x: x.collect(),
            bars: bars.collect(),
            ..Plot::default()
        };
        plot.with_figures(say, ["figures-day", "figures-calls"], figures)
    }

    fn days(&self) -> Vec<(jiff::civil::Date, Option<i32>)> {
        let today = self.usage.day.usage_date;
        let back = i64::try_from(N_DAYS).unwrap_or(i64::MAX) - 1;
        (0..=back)
            .rev()
            .filter_map(|days| today.checked_sub(jiff::Span::new().days(days)).ok())
            .map(|date| {
                let used = if date == today {
                    Some(self.usage.day.used)
                } else {
                    self.past.iter().find(|day| day.usage_date == date).map(|day| day.used)
                };
                (date, used)
            })
            .collect()
    }
}
