//! The OData feed: every set, filters against SQL, pages that lose and repeat nothing, and errors
//! in its own form.

#[path = "odata/access.rs"]
mod access;
#[path = "odata/filters.rs"]
mod filters;
#[path = "odata/pages.rs"]
mod pages;
#[path = "odata/sets.rs"]
mod sets;

use std::fmt::Write as _;

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use tests::{TestDatabase, database};
use uuid::Uuid;

use crate::{Options, Server};

/// 200 tickets around the night on which Paris changes its clocks, some at the same instant, with
/// nulls, accents and characters that mean something to `like`; time entries and two computed days.
const ROWS: &str = "
insert into raw_tickets (
    tenant_id, source, cw_ticket_id, content_hash, board, status, priority, summary, company, owner,
    created_at_remote, closed_at, estimated_hours, high_priority, satisfaction_score, raw
)
select ':tenant', case when n % 7 = 0 then 'other' else 'mock' end, 'T' || n, gen_random_uuid(),
       (array['Help Desk', ' HELP desk', 'Network', null])[1 + n % 4],
       case when n % 3 = 0 then 'Closed' else 'New' end,
       (array['High', 'Low', ''])[1 + n % 3],
       (array['50 % off', 'a_b', 'l''été', 'Écran', null, 'x\"y'])[1 + n % 6],
       'Company ' || n % 5, null,
       timestamptz '2026-03-28 20:00Z' + (n / 2) * interval '25 minutes',
       case when n % 3 = 0 then timestamptz '2026-03-30 10:00Z' + n * interval '7 minutes' end,
       case when n % 5 > 0 then n / 4.0 end, n % 3 = 0, null, '{}'
from generate_series(1, 200) n;
insert into raw_time_entries (
    tenant_id, source, cw_time_entry_id, content_hash, cw_ticket_id, member, work_type, billable,
    billable_class, minutes, date_worked, raw
)
select ':tenant', 'mock', 'E' || n, gen_random_uuid(), 'T' || n, 'Amélie', 'Remote', true, 1, n,
       date '2026-03-28' + n % 4, '{}'
from generate_series(1, 50) n;
";

const KPIS: [&str; 2] = ["2026-03-29", "2026-03-30"];

struct Feed {
    server: Server,
    owner: tokio_postgres::Client,
    tenant_id: Uuid,
    key: String,
    _database: TestDatabase,
}

impl Feed {
    async fn new() -> Feed {
        Feed::with(Options::default()).await
    }

    async fn with(options: Options) -> Feed {
        let database = database().await;
        let server = Server::with(&database, options).await;
        let (tenant_id, key) = server.tenant("Office").await;
        let owner = database.owner().await;
        let rows = ROWS.replace(":tenant", &tenant_id.to_string());
        let rows = format!("begin; set local app.tenant_id = '{tenant_id}'; {rows}; commit");
        owner.batch_execute(&rows).await.unwrap();
        let mut client = server.store.client().await.unwrap();
        for day in KPIS {
            let day = day.parse().unwrap();
            let period = msp::kpi::Period::new(day, day).unwrap();
            store::kpi_daily::compute(&mut client, tenant_id, period).await.unwrap();
        }
        Feed { server, owner, tenant_id, key, _database: database }
    }

    async fn ask(&self, url: &str, headers: &[(&str, &str)]) -> (StatusCode, HeaderMap, String) {
        let url =
            if url.starts_with('/') { format!("{}{url}", self.server.url) } else { url.into() };
        let mut request = self.server.client.request(Method::GET, url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), response.headers().clone());
        (status, headers, response.text().await.unwrap())
    }

    /// A page of the tenant's feed.
    async fn page(&self, url: &str) -> Value {
        self.page_of(url, 5_000).await
    }

    async fn page_of(&self, url: &str, n_rows: usize) -> Value {
        let prefer = format!("odata.maxpagesize={n_rows}");
        let (status, headers, body) =
            self.ask(url, &[("x-api-key", &self.key), ("prefer", &prefer)]).await;
        assert_eq!(status, StatusCode::OK, "{url}: {body}");
        assert_eq!(headers["odata-version"], "4.0");
        serde_json::from_str(&body).unwrap()
    }

    /// Rows of all pages of `n_rows`, by their links.
    async fn all(&self, url: &str, n_rows: usize) -> Vec<Value> {
        let (mut rows, mut next) = (Vec::new(), Some(url.to_owned()));
        while let Some(url) = next {
            let page = self.page_of(&url, n_rows).await;
            let value = page["value"].as_array().unwrap();
            assert!(value.len() <= n_rows);
            rows.extend(value.iter().cloned());
            next = page["@odata.nextLink"].as_str().map(str::to_owned);
        }
        rows
    }

    /// The number that PostgreSQL counts by a condition of its own.
    async fn counted(&self, table: &str, condition: &str) -> i64 {
        let count = format!("select count(*) from {table} where tenant_id = $1 and {condition}");
        self.owner.execute("set timezone = 'Europe/Paris'", &[]).await.unwrap();
        let named = "select set_config('app.tenant_id', $1, false)";
        self.owner.execute(named, &[&self.tenant_id.to_string()]).await.unwrap();
        self.owner.query_one(&count, &[&self.tenant_id]).await.unwrap().get(0)
    }

    async fn stop(self) {
        self.server.stop().await;
    }
}

fn encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut text, byte| {
        write!(text, "%{byte:02x}").unwrap();
        text
    })
}
