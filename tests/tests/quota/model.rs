//! Random sequences of everything that can happen, against a model that is plain arithmetic.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::Client;
use store::quota::{self, Permit, Purpose, Report, Reserve};

use crate::{EBAY, Ledger, wanted};

#[derive(Clone, Debug)]
enum Step {
    Reserve {
        interactive: bool,
        n: i32,
    },
    /// Ends one of the permits, with this share of its calls spent.
    Settle {
        which: usize,
        share: f64,
    },
    /// Its holder falls silent.
    Lose {
        which: usize,
    },
    Expire,
    Limit(i32),
    Percent(i32),
    /// The provider's meter, as calls beyond those that we count as used.
    Report {
        limit: i32,
        beyond: i32,
    },
    Roll,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (any::<bool>(), 1..20).prop_map(|(interactive, n)| Step::Reserve { interactive, n }),
        5 => (any::<usize>(), 0.0..=1.0).prop_map(|(which, share)| Step::Settle { which, share }),
        2 => any::<usize>().prop_map(|which| Step::Lose { which }),
        2 => Just(Step::Expire),
        1 => (0..120).prop_map(Step::Limit),
        1 => (0..=90).prop_map(Step::Percent),
        1 => (20..200, -30..30).prop_map(|(limit, beyond)| Step::Report { limit, beyond }),
        1 => Just(Step::Roll),
    ]
}

#[derive(Clone, Debug)]
struct Hold {
    permit: Permit,
    window: usize,
    is_silent: bool,
    is_open: bool,
}

#[derive(Clone, Debug, Default)]
struct Window {
    used: i32,
    reserved: i32,
    reported_limit: Option<i32>,
    /// Calls that holders spent or lost.
    spent: i32,
    /// Calls that only the provider knows of.
    foreign: i32,
}

/// What the ledger should hold.
struct Model {
    limit: i32,
    percent: i32,
    windows: Vec<Window>,
    holds: Vec<Hold>,
}

impl Model {
    fn now(&mut self) -> &mut Window {
        self.windows.last_mut().unwrap()
    }

    fn effective_limit(&mut self) -> i32 {
        let limit = self.limit;
        let window = self.now();
        limit.min(window.reported_limit.unwrap_or(limit)).max(window.used + window.reserved)
    }

    /// How many of `n` calls there are now.
    fn grant(&mut self, interactive: bool, n: i32) -> Option<i32> {
        let limit = self.effective_limit();
        let kept = if interactive { 0 } else { (limit * self.percent + 99) / 100 };
        let free = limit - kept - self.now().used - self.now().reserved;
        (free > 0).then_some(if free < n { 1 } else { n })
    }

    fn end(&mut self, which: usize, spent: i32) {
        let hold = &mut self.holds[which];
        hold.is_open = false;
        let window = &mut self.windows[hold.window];
        window.used += spent;
        window.spent += spent;
        window.reserved -= hold.permit.n;
    }

    fn open(&self) -> Vec<usize> {
        (0..self.holds.len()).filter(|&which| self.holds[which].is_open).collect()
    }
}

/// One run: the ledger, the model, and how they go on together.
struct Run<'a> {
    ledger: &'a Ledger,
    client: Client,
    model: Model,
}

impl Run<'_> {
    async fn begin(ledger: &Ledger) -> Run<'_> {
        ledger.meddle("truncate api_usage, api_reservations; delete from settings").await;
        ledger.set("daily_api_limit", 60).await;
        let model =
            Model { limit: 60, percent: 10, windows: vec![Window::default()], holds: Vec::new() };
        Run { ledger, client: ledger.client().await, model }
    }

    async fn step(&mut self, step: Step) {
        match step {
            Step::Reserve { interactive, n } => self.reserve(interactive, n).await,
            Step::Settle { which, share } => self.settle(which, share).await,
            Step::Lose { which } => {
                let open = self.model.open();
                let Some(&which) = open.get(which % open.len().max(1)) else { return };
                self.model.holds[which].is_silent = true;
                self.silence(which).await;
            }
            Step::Expire => self.expire().await,
            Step::Limit(limit) => {
                self.model.limit = limit;
                self.ledger.set("daily_api_limit", limit).await;
            }
            Step::Percent(percent) => {
                self.model.percent = percent;
                self.ledger.set("interactive_reserve_percent", percent).await;
            }
            Step::Report { limit, beyond } => self.report(limit, beyond).await,
            Step::Roll => self.roll().await,
        }
    }

    async fn reserve(&mut self, interactive: bool, n: i32) {
        let purpose = if interactive { Purpose::Interactive } else { Purpose::Batch };
        let answer = quota::reserve(&self.client, &wanted(purpose, n)).await.unwrap();
        let expected = self.model.grant(interactive, n);
        match answer {
            Reserve::Granted(permit) => {
                assert_eq!(Some(permit.n), expected);
                self.model.now().reserved += permit.n;
                let window = self.model.windows.len() - 1;
                self.model.holds.push(Hold { permit, window, is_silent: false, is_open: true });
            }
            _ => assert_eq!(None, expected, "{answer:?}"),
        }
    }

    async fn settle(&mut self, which: usize, share: f64) {
        if self.model.holds.is_empty() {
            return;
        }
        let which = which % self.model.holds.len();
        let hold = self.model.holds[which].clone();
        #[expect(clippy::cast_possible_truncation, reason = "a share of a small number")]
        let spent = (f64::from(hold.permit.n) * share).round() as i32;
        let settled = quota::settle(&self.client, hold.permit.id, spent).await.unwrap();
        assert_eq!(settled, hold.is_open, "{hold:?}");
        if settled {
            self.model.end(which, spent);
        }
    }

    async fn silence(&self, which: usize) {
        let statement = "update api_reservations set expires_at = clock_timestamp() where id = $1";
        let id = self.model.holds[which].permit.id;
        self.ledger.owner.execute(statement, &[&id]).await.unwrap();
    }

    async fn expire(&mut self) {
        let current = self.model.windows.len() - 1;
        let mut expected = 0;
        for which in self.model.open() {
            let hold = &self.model.holds[which];
            if hold.is_silent || hold.window < current {
                let n = hold.permit.n;
                expected += i64::from(n);
                self.model.end(which, n);
            }
        }
        assert_eq!(quota::expire(&self.client).await.unwrap(), expected);
    }

    async fn report(&mut self, limit: i32, beyond: i32) {
        let reset = quota::current(&self.client, EBAY).await.unwrap().day.window_end;
        let used = (self.model.now().used + beyond).max(0);
        let report = Report { limit, remaining: limit - used, reset };
        quota::reconcile(&self.client, EBAY, report).await.unwrap().unwrap();
        let window = self.model.now();
        let raise = (used - window.reserved - window.used).max(0);
        window.used += raise;
        window.foreign += raise;
        window.reported_limit = Some(limit);
    }

    /// The window ends; permits that reach beyond it would count in the next, and there are none.
    async fn roll(&mut self) {
        let statement = "
            with over as (
                update api_usage set window_end = least(window_end, now() - interval '6 s')
            )
            update api_reservations set usable_until = least(usable_until, now() - interval '6 s')";
        self.ledger.meddle(statement).await;
        if quota::history(&self.client, EBAY, 1).await.unwrap().is_empty() {
            return; // no window was opened yet
        }
        // Opens the next one.
        let reset = quota::current(&self.client, EBAY).await.unwrap().day.window_end;
        let report = Report { limit: 1_000, remaining: 1_000, reset };
        quota::reconcile(&self.client, EBAY, report).await.unwrap().unwrap();
        self.model.windows.push(Window { reported_limit: Some(1_000), ..Window::default() });
    }

    async fn check(&self) {
        let mut days = quota::history(&self.client, EBAY, 1_000).await.unwrap();
        days.reverse();
        for (day, window) in days.iter().zip(&self.model.windows) {
            assert_eq!((day.used, day.reserved), (window.used, window.reserved));
            assert_eq!(window.used, window.spent + window.foreign);
            assert!(day.used + day.reserved <= day.daily_limit, "{day:?}");
        }
        let statement = "
            select coalesce(bool_and(spent = n_spent and reserved = n_held), true)
            from (
                select u.used, u.reserved, coalesce(sum(r.spent), 0) as spent,
                       coalesce(sum(r.spent) filter (where state <> 'held'), 0) as n_spent,
                       coalesce(sum(r.n) filter (where state = 'held'), 0) as n_held
                from api_usage u left join api_reservations r using (provider, usage_date)
                group by u.provider, u.usage_date
            ) sums";
        assert!(self.ledger.value::<bool>(statement).await);
        let spent: i64 =
            self.ledger.value("select coalesce(sum(spent), 0)::bigint from api_reservations").await;
        let expected: i32 = self.model.windows.iter().map(|window| window.spent).sum();
        assert_eq!(spent, i64::from(expected));
    }
}

#[test]
fn whatever_happens_the_ledger_agrees_with_the_model() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let ledger = runtime.block_on(Ledger::new(60));
    let config = Config { cases: 48, failure_persistence: None, ..Config::default() };
    let steps = proptest::collection::vec(step(), 1..60);
    TestRunner::new(config)
        .run(&steps, |steps| {
            runtime.block_on(async {
                let mut run = Run::begin(&ledger).await;
                for step in steps {
                    run.step(step).await;
                    run.check().await;
                }
            });
            Ok(())
        })
        .unwrap();
    drop(ledger);
}
