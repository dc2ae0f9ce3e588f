//! Table `kpi_daily`: the figures of each tenant and day, computed in one statement per range; what
//! they were before, what they are made of, and the same by company, board, priority or member.

mod breakdown;
mod compute;
mod explain;
mod read;
mod revisions;

pub use breakdown::{Dimension, Page, Slice, breakdown};
pub use compute::{Computed, MAX_DAYS_AT_ONCE, compute, today};
pub use explain::{Explanation, Record, explain, explainable};
pub use read::{day, days, range};
pub use revisions::{AsOf, Revision, day_as_of, revisions};
