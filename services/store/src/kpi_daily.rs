//! Table `kpi_daily`: the figures of each tenant and day, computed in one statement per range.

mod compute;
mod read;

pub use compute::{Computed, MAX_DAYS_AT_ONCE, compute, today};
pub use read::{day, range};
