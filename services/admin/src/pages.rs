//! Every page, one file each. A page lists its routes; this file lists the pages.

mod api_keys;
mod audit;
mod batch;
mod batches;
mod card;
mod cards;
mod commands;
mod dead_letters;
mod exports;
mod import;
mod lanes;
mod login;
mod review;
mod sales;
mod sets;
mod settings;
mod status;
mod tenants;

pub(crate) use status::Overview;

use std::future::ready;
use std::sync::LazyLock;

use http::Method;

use crate::assets;
use crate::followed;
use crate::route::{Access, Route};

/// Every route of the site.
pub(crate) fn all() -> Vec<Route> {
    let assets = Route::get("/assets/{file}", |visit| Box::pin(ready(assets::show(&visit))));
    let mut routes = vec![assets.access(Access::Public)];
    routes.extend(login::routes());
    routes.extend(status::routes());
    routes.extend(commands::routes());
    routes.extend(dead_letters::routes());
    routes.extend(lanes::routes());
    routes.extend(tenants::routes());
    routes.extend(api_keys::routes());
    routes.extend(settings::routes());
    routes.extend(audit::routes());
    routes.extend(shop());
    routes
}

/// What the shop looks at.
fn shop() -> impl Iterator<Item = Route> {
    let pages = [
        cards::routes(),
        card::routes(),
        review::routes(),
        batches::routes(),
        batch::routes(),
        sets::routes(),
        sales::routes(),
        import::routes(),
        exports::routes(),
        followed::routes(),
    ];
    pages.into_iter().flatten()
}

/// Whether there is a page at this path, for the menu.
pub(crate) fn exists(path: &str) -> bool {
    static PATHS: LazyLock<Vec<&'static str>> = LazyLock::new(|| {
        all().iter().filter(|route| route.method == Method::GET).map(|route| route.path).collect()
    });
    PATHS.contains(&path)
}
