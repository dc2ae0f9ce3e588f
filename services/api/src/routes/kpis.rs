//! `GET /v1/kpis/…`: the figures of the tenant whose key it is.

mod breakdown;
mod daily;
mod explain;
mod revisions;

pub(crate) use daily::{Asked, Together};

use crate::route::Route;

pub(super) fn routes() -> Vec<Route> {
    vec![daily::route(), revisions::route(), explain::route(), breakdown::route()]
}
