//! The most crowded group of prices.

use crate::config::RobustConfig;

/// Sum of squared deviations from the mean.
fn spread(logs: &[f64], n: f64) -> f64 {
    let sum: f64 = logs.iter().sum();
    let squares: f64 = logs.iter().map(|log| log * log).sum();
    squares - sum * sum / n
}

/// The window with the most voices, the tightest of them when several have as many, the cheapest
/// of those. `logs` is ascending.
pub(super) fn densest<'a>(logs: &'a [f64], config: &RobustConfig) -> &'a [f64] {
    let mut best: (&[f64], f64) = (&[], f64::INFINITY);
    for (start, first) in logs.iter().enumerate() {
        let window = window(&logs[start..], *first, config);
        if window.len() < best.0.len() {
            continue;
        }
        let spread = spread(window, f64::from(count(window, |_| true)));
        if window.len() > best.0.len() || spread < best.1 - 1e-12 {
            best = (window, spread);
        }
    }
    best.0
}

/// The largest number of voices in one window.
pub(super) fn crowd(logs: &[f64], config: &RobustConfig) -> u32 {
    let windows = logs.iter().enumerate().map(|(start, first)| {
        let window = window(&logs[start..], *first, config);
        count(window, |_| true)
    });
    windows.max().unwrap_or(0)
}

/// The voices from `first` to the end of the window that begins there.
fn window<'a>(logs: &'a [f64], first: f64, config: &RobustConfig) -> &'a [f64] {
    let end = logs.partition_point(|log| *log <= first + config.window_log);
    &logs[..end]
}

pub(super) fn median(ascending: &[f64]) -> f64 {
    let middle = ascending.len() / 2;
    if ascending.len() % 2 == 1 {
        return ascending[middle];
    }
    0.5 * (ascending[middle] + ascending[middle - 1])
}

/// How many pass the test.
pub(super) fn count(logs: &[f64], test: impl Fn(f64) -> bool) -> u32 {
    logs.iter().map(|log| u32::from(test(*log))).sum()
}
