use super::*;

fn of(prices: &[f64]) -> Stats {
    Stats::of(prices.to_vec(), Vec::new(), &ClassicConfig::default()).unwrap()
}

fn near(found: f64, expected: f64) {
    assert!((found - expected).abs() < 1e-9, "{found} is not {expected}");
}

/// Places (n − 1)·q of 10, 12, 14, 16, 18: 0.4, 0.8, 1, 2, 3, 3.2, 3.6.
/// Mean 14; deviations 4, 2, 0, 2, 4: variance 40/5 = 8.
#[test]
fn figures_of_five_asks() {
    let stats = of(&[14.0, 10.0, 18.0, 16.0, 12.0]);
    near(stats.p10, 10.8);
    near(stats.p20, 11.6);
    near(stats.p50, 14.0);
    near(stats.p80, 16.4);
    near(stats.p90, 17.2);
    near(stats.iqr, 4.0);
    near(stats.mean, 14.0);
    near(stats.cv, 8_f64.sqrt() / 14.0);
    near(stats.dispersion, 16.4 / 11.6);
    near(stats.consensus, 60.0);
    assert_eq!((stats.min, stats.max), (10.0, 18.0));
}

/// A twentieth of 19 is 0.95: nothing. Of 20: one at each end. Of 45: 2.25, two at each end.
#[test]
fn both_ends_are_cut_off_from_twenty_asks_on() {
    let up_to = |n: u32| (1..=n).map(f64::from).collect::<Vec<_>>();
    for (n, first, last) in [(19, 1.0, 19.0), (20, 2.0, 19.0), (39, 2.0, 38.0), (45, 3.0, 43.0)] {
        let stats = of(&up_to(n));
        assert_eq!((stats.min, stats.max), (first, last), "{n} asks");
        assert_eq!(stats.raw_count, usize::try_from(n).unwrap());
        near(count(stats.sample_size), last - first + 1.0);
    }
}

#[test]
fn a_trim_that_would_leave_nothing_is_not_made() {
    let config =
        ClassicConfig { trim_low_rate: 0.5, trim_high_rate: 0.5, ..ClassicConfig::default() };
    assert_eq!(Stats::of(vec![1.0, 2.0], Vec::new(), &config).unwrap().sample_size, 2);
}

/// The median is 10: 8 and 12 are counted, 7.99 and 12.01 are not.
#[test]
fn consensus_includes_its_bounds() {
    near(of(&[7.99, 8.0, 10.0, 12.0, 12.01]).consensus, 60.0);
    near(of(&[5.0]).consensus, 100.0);
}

#[test]
fn nothing_has_no_figures() {
    assert_eq!(Stats::of(Vec::new(), vec![3], &ClassicConfig::default()), None);
}

/// Of an even number of ages, the middle of the two in the middle.
#[test]
fn the_median_age_is_the_middle() {
    let stats = Stats::of(vec![1.0], vec![40, 10, 20, 3], &ClassicConfig::default()).unwrap();
    near(stats.ages.unwrap().median_days, 15.0);
}
