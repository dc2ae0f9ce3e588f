//! Cards per second, from the begin to now.

use store::batches::{self, Run};

use crate::failure::Failure;
use crate::plot::{Bar, Plot, Scale, XTick, center};
use crate::say::Say;

const N_SPANS: i32 = 40;
/// Less is no course of things.
const LEAST_SECONDS: i32 = 5;

/// `None` while there is nothing to show.
pub(super) async fn read(
    say: &Say,
    client: &store::Client,
    run: Option<&Run>,
) -> Result<Option<Plot>, Failure> {
    let Some(run) = run else { return Ok(None) };
    let end = run.finished_at.unwrap_or(say.now);
    let length = end.duration_since(run.started_at);
    // A span of less than a second would count single cards.
    let n_spans = i32::try_from(length.as_secs()).unwrap_or(i32::MAX).min(N_SPANS);
    if n_spans < LEAST_SECONDS {
        return Ok(None);
    }
    let counts = batches::pace(client, run.id, [run.started_at, end], n_spans).await?;
    let each = length.as_secs_f64() / f64::from(n_spans);
    let rates: Vec<f64> =
        counts.iter().map(|n| f64::from(i32::try_from(*n).unwrap_or(i32::MAX)) / each).collect();
    Ok(plot(say, run, end, &rates))
}

fn plot(say: &Say, run: &Run, end: jiff::Timestamp, rates: &[f64]) -> Option<Plot> {
    let most = rates.iter().copied().fold(0.0, f64::max);
    if most <= 0.0 {
        return None;
    }
    let scale = Scale::to(most, 3);
    let n = rates.len();
    let bars = rates.iter().enumerate();
    let bars = bars.map(|(index, rate)| Bar::column("b1", (index, n), scale, 0.0, *rate));
    let decimals = usize::from(scale.top < 4.0);
    let length = end.duration_since(run.started_at);
    let clock = |instant| {
        if length.as_secs() < 300 { say.clock_s(instant) } else { say.clock(instant) }
    };
    let begin = |index: usize| {
        let spans = i32::try_from(n).unwrap_or(i32::MAX).max(1);
        let step = length / spans * i32::try_from(index).unwrap_or(i32::MAX);
        run.started_at.checked_add(step).unwrap_or(end)
    };
    let figures = rates.iter().enumerate();
    let figures = figures.map(|(index, rate)| [clock(begin(index)), say.float(*rate, 1)]);
    let plot = Plot {
        class: "axis",
        label: say.t1("pace-label", "n", say.float(most, 1)),
        y: scale.ticks(|value| say.float(value, decimals)),
        x: vec![
            XTick { at: center(0, n), text: clock(run.started_at), anchor: "start", alt: false },
            XTick { at: center(n - 1, n), text: clock(end), anchor: "end", alt: false },
        ],
        bars: bars.filter(|bar| bar.height > 0.0).collect(),
        ..Plot::default()
    };
    Some(plot.with_figures(say, ["figures-from", "pace"], figures))
}
