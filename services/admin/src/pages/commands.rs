//! `/commands`: what is running, waiting, stuck?

mod bulk;
mod command;
mod row;

use std::future::ready;

use askama::Template;
use store::command_pages::{self, COUNTED, Totals, Wanted};
use warp::reply::Response;

use crate::failure::Failure;
use crate::form::Form;
use crate::live::{self, Part};
use crate::paging::{Pager, Place};
use crate::reply;
use crate::route::{Access, Route};
use crate::router::pair;
use crate::say::Say;
use crate::shell::Shell;
use crate::visit::{Frame, Visit};

use row::CommandLine;

#[derive(Template)]
#[template(path = "commands.html", blocks = ["tabs"])]
struct CommandsPage {
    shell: Shell,
    sentence: String,
    tabs: Vec<Tab>,
    rows: Vec<CommandLine>,
    filter: Filter,
    /// Names that can be chosen.
    names: Vec<&'static str>,
    tenants: Vec<(String, String)>,
    pager: Pager,
    /// Words for an order that goes beyond the page.
    most: String,
    /// What was done to how many commands a moment ago.
    done: Option<String>,
    live: String,
}

/// A state with its count.
struct Tab {
    address: String,
    label: String,
    count: String,
    is_here: bool,
    class: &'static str,
}

/// What the query asks for, as it was asked.
struct Filter {
    status: String,
    name: String,
    tenant: String,
}

const PAGE: i64 = 50;
/// In the order of the tabs, with the class of a count that is not zero.
const STATES: [(&str, &str); 7] = [
    ("queued", ""),
    ("running", ""),
    ("retrying", "warn"),
    ("postponed", ""),
    ("dead", "bad"),
    ("succeeded", ""),
    ("cancelled", ""),
];

pub(super) fn routes() -> Vec<Route> {
    let mut routes = vec![
        Route::get("/commands", |visit| Box::pin(show(visit))),
        Route::get("/live/commands", |visit| Box::pin(ready(Ok(stream(visit)))))
            .access(Access::Stream),
        Route::post("/commands/bulk", |visit| Box::pin(bulk::order(visit))),
    ];
    routes.extend(command::routes());
    routes
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    Ok(reply::html(&page(&visit).await?))
}

fn stream(visit: Visit) -> Response {
    live::stream_of(visit, |frame, _| Box::pin(parts(frame)))
}

/// Only the counts are live: rows that moved under a reader's eyes would be worse than old ones.
async fn parts(frame: Frame) -> Result<Vec<Part>, Failure> {
    let page = page(&frame).await?;
    Ok(vec![Part::new("tabs", &page.as_tabs())?])
}

async fn page(frame: &Frame) -> Result<CommandsPage, Failure> {
    let (say, query) = (&frame.say, &frame.query);
    let filter = Filter::of(query);
    let place = Place::of(query);
    let client = frame.site.store.client().await?;
    let page = command_pages::page(&client, &filter.wanted(&place)).await?;
    let totals = command_pages::totals(&client).await?;
    let tenants = store::tenants::list(&client, false).await?;
    drop(client);
    let next = page.next.map(|id| id.to_string());
    Ok(CommandsPage {
        sentence: sentence(say, &totals),
        tabs: tabs(say, &totals, &filter),
        rows: page.commands.iter().map(|command| row::line(say, command, &tenants)).collect(),
        names: commands::ALL.iter().map(|definition| definition.name).collect(),
        pager: place.pager("/commands", query, next),
        tenants: tenants.into_iter().map(|tenant| (tenant.id.to_string(), tenant.name)).collect(),
        most: say.t1("commands-most", "n", bulk::MOST),
        done: bulk::done(say, query),
        live: filter.address(&filter.status).replacen("/commands", "/live/commands", 1),
        filter,
        shell: frame.shell("page-commands").await,
    })
}

fn sentence(say: &Say, totals: &Totals) -> String {
    let of = |status: &str| totals.of(status);
    say.t2("commands-sentence", ("running", of("running")), ("queued", of("queued")))
}

fn tabs(say: &Say, totals: &Totals, filter: &Filter) -> Vec<Tab> {
    let all = Tab {
        address: filter.address(""),
        label: say.t("commands-all"),
        count: count_of_all(say, totals),
        is_here: filter.status.is_empty(),
        class: "",
    };
    let states = STATES.iter().map(|(status, class)| {
        let n = totals.of(status);
        Tab {
            address: filter.address(status),
            label: say.try_t(&format!("status-{status}")).unwrap_or_default(),
            count: say.n(n),
            is_here: filter.status == *status,
            class: if n == 0 { "zero" } else { class },
        }
    });
    std::iter::once(all).chain(states).collect()
}

/// Exact while all of them were counted; beyond, the database's estimate.
fn count_of_all(say: &Say, totals: &Totals) -> String {
    let counted: i64 = STATES.iter().map(|(status, _)| totals.of(status)).sum();
    if counted < COUNTED {
        return say.n(counted);
    }
    say.t1("commands-about", "n", totals.estimated.max(counted))
}

impl Filter {
    fn of(query: &Form) -> Filter {
        let status = query.get("status");
        let known = STATES.iter().find(|(known, _)| *known == status);
        Filter {
            status: known.map_or("", |(known, _)| known).to_owned(),
            name: query.get("name").trim().to_owned(),
            tenant: query.get("tenant").trim().to_owned(),
        }
    }

    fn wanted(&self, place: &Place) -> Wanted {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Wanted {
            status: some(&self.status),
            name: some(&self.name),
            tenant_id: self.tenant.parse().ok(),
            before: place.after.as_ref().and_then(|key| key.parse().ok()),
            limit: PAGE,
        }
    }

    /// The same list in another state.
    fn address(&self, status: &str) -> String {
        let fields = [("status", status), ("name", &self.name), ("tenant", &self.tenant)];
        let query: Vec<String> = fields
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| pair(name, value))
            .collect();
        if query.is_empty() {
            "/commands".to_owned()
        } else {
            format!("/commands?{}", query.join("&"))
        }
    }

    fn is_some(&self) -> bool {
        !(self.name.is_empty() && self.tenant.is_empty())
    }
}
