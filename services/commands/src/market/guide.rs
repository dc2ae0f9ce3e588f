//! What the shop wants at this moment: settings, exchange rates, and whether eBay refuses us.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cards::appraisal::Appraiser;
use cards::landed::Rates;
use rust_decimal::Decimal;
use store::settings::Settings;
use store::{Listener, Store, fx_rates, quota};

use super::PROVIDER;
use crate::Failure;

/// Changes are heard at once; this is for what nobody announces: workers that come and go.
const MAX_AGE: Duration = Duration::from_secs(10);
/// Calls reserved at once: no more than the throttle lets pass in some seconds.
const BLOCK_SECONDS: f64 = 5.0;
const MAX_BLOCK: f64 = 25.0;

/// A moment's rules.
pub(crate) struct Guide {
    pub(crate) settings: Settings,
    pub(crate) appraiser: Appraiser,
    pub(crate) rates: Rates,
    /// Of this process alone.
    pub(crate) requests_per_second: f64,
    /// Likewise: calls that may be made at once after a pause.
    pub(crate) burst: u32,
    /// Calls to reserve at once.
    pub(crate) block: i32,
    /// eBay refuses us for now.
    pub(crate) blocked: Option<quota::Block>,
}

/// Keeps the guide up to date.
#[derive(Default)]
pub(super) struct Guides {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    current: Option<(Arc<Guide>, Instant)>,
    /// Channels `settings` and `quota`.
    ears: Option<[Listener; 2]>,
}

impl Guides {
    /// The guide, and whether it was read just now.
    pub(super) async fn current(&self, store: &Store) -> Result<(Arc<Guide>, bool), Failure> {
        if let Some(guide) = self.known(store) {
            return Ok((guide, false));
        }
        let guide = Arc::new(read(store).await?);
        let mut state = self.lock();
        state.current = Some((Arc::clone(&guide), Instant::now()));
        Ok((guide, true))
    }

    /// The next look reads everything again.
    pub(super) fn forget(&self) {
        self.lock().current = None;
    }

    fn known(&self, store: &Store) -> Option<Arc<Guide>> {
        let mut state = self.lock();
        let ears =
            state.ears.get_or_insert_with(|| ["settings", "quota"].map(|name| store.listen(name)));
        // All are asked: each forgets what it tells.
        let is_stale = ears.iter_mut().map(has_heard).fold(false, |any, heard| any | heard);
        if is_stale {
            state.current = None;
        }
        let (guide, since) = state.current.as_ref()?;
        (since.elapsed() < MAX_AGE).then(|| Arc::clone(guide))
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn has_heard(ear: &mut Listener) -> bool {
    std::iter::from_fn(|| ear.heard()).count() > 0
}

async fn read(store: &Store) -> Result<Guide, Failure> {
    let client = store.client().await?;
    let settings = store::settings::all(&client).await?;
    let usage = quota::current(&client, PROVIDER).await?;
    let known = fx_rates::latest(&client, None).await?;
    let appraiser = Appraiser::new(settings.pricing.clone()).map_err(Failure::reject)?;
    let n_workers = u32::try_from(usage.n_workers.max(1)).unwrap_or(u32::MAX);
    let requests_per_second = settings.ebay_requests_per_second / f64::from(n_workers);
    Ok(Guide {
        appraiser,
        burst: (settings.ebay_burst / n_workers).max(1),
        rates: rates(known),
        requests_per_second,
        block: block(requests_per_second),
        blocked: usage.blocked,
        settings,
    })
}

/// EUR for one unit of each currency.
pub(crate) fn rates(known: Vec<fx_rates::Rate>) -> Rates {
    let eur = |rate: fx_rates::Rate| Some((rate.currency, Decimal::ONE.checked_div(rate.per_eur)?));
    Rates(known.into_iter().filter_map(eur).collect())
}

#[expect(clippy::cast_possible_truncation, reason = "clamped to a small number")]
fn block(requests_per_second: f64) -> i32 {
    (requests_per_second * BLOCK_SECONDS).clamp(1.0, MAX_BLOCK) as i32
}
