use super::*;
use proptest::prelude::*;

const NOW: i64 = 1_800_000_000;

fn now() -> Timestamp {
    ago_hours(0)
}

fn ago_hours(hours: i64) -> Timestamp {
    Timestamp::from_second(NOW - hours * 3_600).unwrap()
}

fn new(reference_eur: i64) -> Candidate {
    Candidate {
        is_active: true,
        reference_eur: Some(Decimal::from(reference_eur)),
        calls: 1,
        ..Candidate::default()
    }
}

fn priced(eur: i64, days_ago: i64) -> Candidate {
    Candidate {
        priced_at: Some(ago_hours(24 * days_ago)),
        price_eur: Some(Decimal::from(eur)),
        ..new(eur)
    }
}

fn failed(error_count: u32, hours_ago: i64) -> Candidate {
    Candidate { error_count, last_error_at: Some(ago_hours(hours_ago)), ..new(20) }
}

fn limits(budget_calls: u64) -> Limits {
    Limits { budget_calls, max_cards: None, calls_per_day: 100, waits: Waits::Kept }
}

fn planned(candidates: &[Candidate], limits: &Limits) -> Plan {
    plan(candidates, limits, &PlanConfig::default(), now())
}

fn places(plan: &Plan) -> Vec<usize> {
    plan.picked().map(|due| due.place).collect()
}

#[test]
fn never_priced_cards_come_first_then_what_is_expected_to_have_moved_most() {
    let volatile = Candidate { volatility: Some(0.1), ..priced(20, 2) };
    let candidates = [
        priced(100, 1), // 100 × 0.02 × 1 = 2
        priced(20, 10), // 20 × 0.02 × 10 = 4
        new(5),         // first, by reference
        priced(5, 100), // 5 × 0.02 × 100 = 10, low value and overdue
        volatile,       // 20 × 0.1 × 2 = 4, and later than its equal
        new(50),
    ];
    let plan = planned(&candidates, &limits(10));
    assert_eq!(places(&plan), [5, 2, 3, 1, 4, 0]);
    let values: Vec<_> = plan.due.iter().map(|due| due.value_eur).collect();
    for (value, expected) in values.iter().zip([50.0, 5.0, 10.0, 4.0, 4.0, 2.0]) {
        assert!((value - expected).abs() < 1e-9, "{values:?}");
    }
    let name = |due: &Due| serde_json::to_value(due.priority).unwrap();
    let priorities: Vec<_> = plan.due.iter().map(name).collect();
    let expected = ["P0", "P0", "P1", "P2", "P2", "P2"];
    assert_eq!(priorities, expected);
}

#[test]
fn a_card_that_nothing_is_known_of_is_worth_the_threshold() {
    let unknown = Candidate { reference_eur: None, ..new(0) };
    let plan = planned(&[new(9), unknown, new(0), new(11)], &limits(10));
    assert_eq!(places(&plan), [3, 1, 2, 0]);
    assert_eq!(plan.counts.never_priced, 4);
}

#[test]
fn a_card_that_a_look_found_no_price_for_goes_by_its_reference() {
    let without = |reference_eur, days_ago| Candidate {
        price_eur: None,
        reference_eur,
        ..priced(1, days_ago)
    };
    let candidates = [
        without(Some(Decimal::from(50)), 2), // 50 × 0.02 × 2 = 2
        priced(30, 5),                       // 3
        without(None, 20),                   // the threshold of 10 × 0.02 × 20 = 4
        without(Some(Decimal::from(9)), 59), // of low value: waits
        without(Some(Decimal::from(9)), 60), // 9 × 0.02 × 60 = 10.8
        Candidate { reference_eur: Some(Decimal::from(90)), ..failed(3, 24 * 60) }, // 108
        new(1),
    ];
    let plan = planned(&candidates, &limits(10));
    assert_eq!(places(&plan), [6, 5, 4, 2, 1, 0]);
    let counts = plan.counts;
    assert_eq!((counts.never_priced, counts.low_value, counts.high_value), (1, 1, 4));
    assert_eq!(counts.low_value_fresh, 1);
}

#[test]
fn cards_that_need_not_be_asked_about_yet_wait() {
    for (candidate, is_due) in [
        (priced(9, 59), false),
        (priced(9, 60), true),
        (priced(10, 1), true),
        (priced(10, 0), false),
        (failed(1, 23), false),
        (failed(1, 24), true),
        (failed(2, 24), true),
        (failed(3, 24), false),
        (failed(3, 24 * 60 - 1), false),
        (failed(3, 24 * 60), true),
        (Candidate { last_error_at: None, ..failed(3, 0) }, true),
        // A failure holds back a card with a price just as well.
        (Candidate { error_count: 1, last_error_at: Some(ago_hours(1)), ..priced(99, 9) }, false),
    ] {
        let plan = planned(&[candidate], &limits(10));
        assert_eq!(!plan.due.is_empty(), is_due, "{candidate:?}");
        // Asked for by name, none of them waits.
        let by_name = Limits { waits: Waits::Ignored, ..limits(10) };
        assert_eq!(planned(&[candidate], &by_name).counts.picked, 1);
    }
}

#[test]
fn hidden_and_inactive_cards_are_never_planned() {
    let candidates = [
        Candidate { is_hidden: true, ..new(5) },
        Candidate { is_active: false, ..new(5) },
        Candidate { is_active: false, is_hidden: true, ..new(5) },
    ];
    let by_name = Limits { waits: Waits::Ignored, ..limits(10) };
    let plan = planned(&candidates, &by_name);
    assert!(plan.due.is_empty());
    assert_eq!((plan.counts.hidden, plan.counts.inactive), (1, 2));
    assert_eq!(plan.days_until_fresh, Some(0));
}

#[test]
fn the_budget_is_spent_and_never_exceeded() {
    let dear = Candidate { calls: 3, ..new(90) };
    let candidates = [new(100), dear, new(80), new(70)];
    // 1, then 3 do not fit into 2, then 1 and 1 do not both fit: the budget is used up all the same.
    let plan = planned(&candidates, &limits(3));
    assert_eq!((places(&plan), plan.calls), (vec![0, 2, 3], 3));
    assert_eq!(plan.deferred().map(|due| due.place).collect::<Vec<_>>(), [1]);
    assert_eq!((plan.counts.picked, plan.counts.deferred), (3, 1));
    let two = Limits { max_cards: Some(2), ..limits(10) };
    assert_eq!(places(&planned(&candidates, &two)), [0, 1]);
    assert_eq!(planned(&candidates, &limits(0)).counts.deferred, 4);
    // A card that claims to take no call takes one.
    let free = Candidate { calls: 0, ..new(5) };
    assert_eq!(planned(&[free], &limits(1)).calls, 1);
}

#[test]
fn the_plan_says_when_the_catalogue_will_be_fresh() {
    let candidates: Vec<_> = (0..250).map(|_| new(5)).collect();
    let fresh = |budget, calls_per_day| {
        let limits = Limits { calls_per_day, ..limits(budget) };
        planned(&candidates, &limits).days_until_fresh
    };
    assert_eq!(fresh(250, 100), Some(0));
    // 200 remain after today: two days of 100.
    assert_eq!(fresh(50, 100), Some(2));
    assert_eq!(fresh(49, 100), Some(3));
    assert_eq!(fresh(50, 0), None);
    // A card that failed an hour ago is asked about on the next day.
    let plan = planned(&[failed(1, 1)], &limits(10));
    assert_eq!((plan.counts.cooling_down, plan.days_until_fresh), (1, Some(1)));
    assert_eq!(plan.fresh_at(now()), Some(ago_hours(-24)));
}

/// One call a day for a dear card and a cheap one. The dear one's turn is worth 300 × 0.02 × 1 day,
/// the cheap one's 1 × 0.02 × its days, which are 61 today: more from day 240 on (301 days).
#[test]
fn a_cheap_card_does_not_wait_for_ever() {
    let (mut dear, cheap) = (priced(300, 1), priced(1, 61));
    let config = PlanConfig::default();
    let day = (0..400).find(|&day| {
        let now = now() + SignedDuration::from_hours(24 * day);
        let plan = plan(&[dear, cheap], &limits(1), &config, now);
        dear.priced_at = Some(now);
        places(&plan) == [1]
    });
    assert_eq!(day, Some(240));
}

/// What a look at a card brings.
#[derive(Clone, Copy, Debug)]
enum Look {
    Price,
    NoPrice,
    Failure,
}

impl Candidate {
    fn after(self, look: Look, now: Timestamp) -> Candidate {
        let (priced_at, price_eur) = (Some(now), self.price_eur.or(self.reference_eur));
        match look {
            Look::Price => Candidate { priced_at, price_eur, error_count: 0, ..self },
            Look::NoPrice => Candidate { priced_at, error_count: 0, ..self },
            Look::Failure => {
                let error_count = self.error_count + 1;
                Candidate { error_count, last_error_at: Some(now), ..self }
            }
        }
    }
}

#[test]
fn a_large_catalogue_is_planned_in_one_go() {
    let candidates: Vec<_> = (0..100_000)
        .map(|n| match n % 4 {
            0 => new(n % 97),
            1 => priced(n % 89, n % 30),
            2 => failed(u32::try_from(n % 5).unwrap(), n % 2_000),
            _ => Candidate { is_hidden: true, ..new(3) },
        })
        .collect();
    let plan = planned(&candidates, &limits(4_500));
    assert_eq!((plan.calls, plan.counts.picked), (4_500, 4_500));
    let counts = plan.counts;
    assert_eq!(counts.never_priced + counts.low_value + counts.high_value, plan.due.len());
    assert_eq!(
        plan.due.len()
            + counts.cooling_down
            + counts.low_value_fresh
            + counts.fresh
            + counts.hidden
            + counts.inactive,
        candidates.len()
    );
}

fn any_candidate() -> impl Strategy<Value = Candidate> {
    let time = || prop::option::of((-5_000_i64..5_000).prop_map(ago_hours));
    let eur = || prop::option::of((-5_i64..10_000).prop_map(|cents| Decimal::new(cents, 2)));
    let volatility = prop::option::of(prop::num::f64::ANY);
    (any::<[bool; 2]>(), time(), eur(), eur(), volatility, 0_u32..6, time(), 0_u32..9).prop_map(
        |(
            [is_active, is_hidden],
            priced_at,
            price_eur,
            reference_eur,
            volatility,
            error_count,
            last_error_at,
            calls,
        )| Candidate {
            is_active,
            is_hidden,
            priced_at,
            price_eur,
            reference_eur,
            volatility,
            error_count,
            last_error_at,
            calls,
        },
    )
}

proptest! {
    #[test]
    fn no_plan_exceeds_its_limits_or_takes_a_hidden_card(
        candidates in prop::collection::vec(any_candidate(), 0..60),
        budget_calls in 0_u64..80,
        max_cards in prop::option::of(0_usize..40),
        is_by_name in any::<bool>(),
    ) {
        let waits = if is_by_name { Waits::Ignored } else { Waits::Kept };
        let limits = Limits { budget_calls, max_cards, calls_per_day: 10, waits };
        let plan = planned(&candidates, &limits);
        let calls: u64 = plan.picked().map(|due| u64::from(due.calls)).sum();
        prop_assert_eq!(calls, plan.calls);
        prop_assert!(calls <= budget_calls);
        prop_assert!(plan.counts.picked <= max_cards.unwrap_or(usize::MAX));
        for due in &plan.due {
            let candidate = &candidates[due.place];
            prop_assert!(candidate.is_active && !candidate.is_hidden);
            prop_assert!(due.value_eur.is_finite() && due.value_eur >= 0.0);
        }
        // No deferred card would have fitted, unless the number of cards is limited.
        if plan.counts.picked < max_cards.unwrap_or(usize::MAX) {
            prop_assert!(plan.deferred().all(|due| calls + u64::from(due.calls) > budget_calls));
        }
        prop_assert_eq!(&plan, &planned(&candidates, &limits));
        let mut seen: Vec<_> = plan.due.iter().map(|due| due.place).collect();
        seen.sort_unstable();
        seen.dedup();
        prop_assert_eq!(seen.len(), plan.due.len());
    }

    /// Cards worth 10 to 40 EUR, and fewer calls a day than there are cards of any kind. Between two
    /// looks at one card another one is looked at four times as often at most.
    #[test]
    fn no_card_starves_whatever_looks_at_the_others_bring(
        kinds in prop::collection::vec(
            (10_i64..=40, prop_oneof![Just(Look::Price), Just(Look::NoPrice), Just(Look::Failure)]),
            1..12,
        ),
        calls_a_day in 1_u64..4,
    ) {
        let mut cards: Vec<_> = kinds.iter().map(|(eur, _)| new(*eur)).collect();
        let mut looked_at = vec![0; cards.len()];
        let config = PlanConfig::default();
        for day in 1..=400_i64 {
            let now = now() + SignedDuration::from_hours(24 * day);
            for due in plan(&cards, &limits(calls_a_day), &config, now).picked() {
                cards[due.place] = cards[due.place].after(kinds[due.place].1, now);
                looked_at[due.place] = day;
            }
            // First turns, up to three a card; its own wait; then those of the others.
            let patience = 3 * 12 + 60 + 4 * 12;
            let longest = looked_at.iter().map(|last| day - last).max();
            prop_assert!(longest <= Some(patience), "day {}: {:?}", day, looked_at);
        }
    }
}
