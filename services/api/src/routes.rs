//! Every route of the API: one file for each kind of resource.

mod auth;
mod batches;
mod cards;
mod commands;
mod docs;
mod exports;
mod health;
mod kpis;
mod metrics;
mod odata;
mod orders;
mod prices;
mod quota;
mod settings;
mod tenants;
mod tickets;
mod time_entries;
mod views;

pub(crate) use kpis::{Asked, Together};

use std::sync::Arc;

use crate::route::Route;

/// Every route. The order is that of the document.
pub(crate) fn all() -> Arc<[Arc<Route>]> {
    let groups = [
        orders::routes(),
        commands::routes(),
        tenants::routes(),
        batches::routes(),
        quota::routes(),
        settings::routes(),
        auth::routes(),
        kpis::routes(),
        tickets::routes(),
        time_entries::routes(),
        exports::routes(),
        odata::routes(),
        cards::routes(),
        prices::routes(),
        health::routes(),
        metrics::routes(),
        docs::routes(),
    ];
    groups.into_iter().flatten().map(Arc::new).collect()
}
