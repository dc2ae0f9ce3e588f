//! The OData feed: every set, filters against SQL, pages that lose and repeat nothing, and errors
//! in its own form.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;
use store::api_keys;
use tests::{TestDatabase, database, keys};
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

#[tokio::test(flavor = "multi_thread")]
async fn every_set_is_listed_described_and_answers() {
    let feed = Feed::new().await;
    let service = feed.page("/v1/odata").await;
    assert_eq!(feed.page("/v1/odata/").await, service);
    let root = format!("{}/v1/odata", feed.server.url);
    assert_eq!(service["@odata.context"], format!("{root}/$metadata"));
    let key = [("x-api-key", feed.key.as_str())];
    let (status, headers, metadata) = feed.ask("/v1/odata/$metadata", &key).await;
    assert_eq!(
        (status, &headers["content-type"]),
        (StatusCode::OK, &"application/xml".parse().unwrap())
    );
    for (set, n_rows) in [
        ("dim_date", 365),
        ("dim_tenant", 1),
        ("dim_company", 5),
        ("dim_member", 1),
        ("dim_board", 2),
        ("dim_priority", 2),
        ("fact_ticket", 200),
        ("fact_time_entry", 50),
        ("fact_kpi_daily", 2),
    ] {
        let listed = service["value"].as_array().unwrap().iter();
        assert_eq!(listed.filter(|entry| entry["url"] == set).count(), 1, "{set}");
        let page = feed.page(&format!("/v1/odata/{set}?$count=true")).await;
        assert_eq!(page["@odata.context"], format!("{root}/$metadata#{set}"));
        assert_eq!(page["@odata.count"], n_rows, "{set}");
        assert_eq!(page["value"].as_array().unwrap().len(), n_rows, "{set}");
        for name in page["value"][0].as_object().unwrap().keys() {
            assert!(metadata.contains(&format!("<Property Name=\"{name}\"")), "{set}.{name}");
        }
        let (_, headers, count) = feed.ask(&format!("/v1/odata/{set}/$count"), &key).await;
        assert_eq!(headers["content-type"], "text/plain");
        assert_eq!(count, n_rows.to_string(), "{set}");
    }
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_have_the_types_and_keys_of_the_files() {
    let feed = Feed::new().await;
    let page = feed.page("/v1/odata/fact_ticket?$filter=ticket_id%20eq%20'T21'").await;
    let row = &page["value"][0];
    assert_eq!(row["tenant_id"], feed.tenant_id.to_string());
    // 2026-03-29 00:10 in UTC is the same day in Paris; half a day later the clocks have changed.
    assert_eq!(row["created_date"], "2026-03-29");
    assert_eq!(row["created_at"], "2026-03-29T00:10:00Z");
    assert_eq!(row["board_key"], "help desk");
    assert_eq!(row["priority_key"], "high");
    assert_eq!(row["estimated_hours"].to_string(), "5.25");
    assert_eq!(row["is_closed"], true);
    assert_eq!(row["summary"], "Écran");
    assert_eq!(row["owner_key"], Value::Null);
    let accept = "application/json;odata.metadata=minimal;IEEE754Compatible=true";
    let url = "/v1/odata/fact_time_entry?$top=1&$select=minutes,work_date";
    let (_, headers, body) = feed.ask(url, &[("x-api-key", &feed.key), ("accept", accept)]).await;
    assert_eq!(headers["content-type"], accept);
    let page: Value = serde_json::from_str(&body).unwrap();
    assert!(
        page["@odata.context"].as_str().unwrap().ends_with("#fact_time_entry(work_date,minutes)")
    );
    assert_eq!(page["value"][0].as_object().unwrap().len(), 2);
    assert!(page["value"][0]["minutes"].is_string());
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_let_through_what_sql_does() {
    let feed = Feed::new().await;
    let paris = "(created_at_remote at time zone 'Europe/Paris')::date";
    let closed = "(closed_at at time zone 'Europe/Paris')::date";
    for (filter, condition) in [
        (
            "created_date ge 2026-03-29 and created_date lt 2026-03-30",
            format!("{paris} = '2026-03-29'"),
        ),
        ("created_date eq 2026-03-29", format!("{paris} = '2026-03-29'")),
        ("2026-03-29 lt created_date", format!("{paris} > '2026-03-29'")),
        (
            "created_date le 2026-03-28 or created_date gt 2026-03-29",
            format!("{paris} <> '2026-03-29'"),
        ),
        (
            "(created_at ge 2026-03-29T00:00:00Z) and (created_at lt 2026-03-29T02:00:00+01:00)",
            "created_at_remote >= '2026-03-29 00:00Z' and created_at_remote < '2026-03-29 01:00Z'"
                .into(),
        ),
        ("closed_date eq null", "closed_at is null".into()),
        ("null ne closed_date", "closed_at is not null".into()),
        ("closed_date ne 2026-03-30", format!("{closed} is distinct from '2026-03-30'")),
        ("not (closed_date gt 2026-03-30)", format!("({closed} > '2026-03-30') is not true")),
        ("not (closed_date ne null and not is_closed)", "true".into()),
        ("closed_date gt null", "false".into()),
        ("is_closed", "closed_at is not null".into()),
        ("is_closed eq true and is_high_priority ne false", "closed_at is not null".into()),
        ("(estimated_hours gt 20) eq false", "(estimated_hours > 20) is not true".into()),
        ("board_key eq 'help desk'", "lower(btrim(board)) = 'help desk'".into()),
        ("board_key ne 'help desk'", "lower(btrim(board)) is distinct from 'help desk'".into()),
        ("priority_key eq null", "priority = ''".into()),
        ("priority_key in ('high', 'low', null)", "true".into()),
        ("contains(summary,'%')", "strpos(summary, '%') > 0".into()),
        ("contains(summary,'_')", "strpos(summary, '_') > 0".into()),
        ("startswith(summary,'l''')", "left(summary, 2) = 'l'''".into()),
        ("endswith(summary,'off') or endswith(summary,'')", "summary is not null".into()),
        ("tolower(summary) eq 'écran'", "summary = 'Écran'".into()),
        ("length(summary) gt 4", "length(summary) > 4".into()),
        ("estimated_hours ge 12.5", "estimated_hours >= 12.5".into()),
        ("estimated_hours lt 2", "estimated_hours < 2".into()),
        ("ticket_id gt status", "cw_ticket_id > status collate \"C\"".into()),
        (
            "year(created_at) eq 2026 and day(created_at) eq 29 and hour(created_at) eq 1",
            "date_trunc('hour', created_at_remote) = '2026-03-29 01:00Z'".into(),
        ),
        ("day(created_date) eq 30", format!("extract(day from {paris}) = 30")),
        (
            "date(created_at) eq 2026-03-29",
            "(created_at_remote at time zone 'UTC')::date = '2026-03-29'".into(),
        ),
        ("source eq 'mock'' or true eq true or ticket_id eq '''", "false".into()),
        (&format!("tenant_id eq {}", feed.tenant_id), "true".into()),
        ("tenant_id eq 00000000-0000-0000-0000-000000000000", "false".into()),
    ] {
        let url = format!("/v1/odata/fact_ticket/$count?$filter={}", encoded(filter));
        let (status, _, body) = feed.ask(&url, &[("x-api-key", &feed.key)]).await;
        assert_eq!(status, StatusCode::OK, "{filter}: {body}");
        assert_eq!(body, feed.counted("raw_tickets", &condition).await.to_string(), "{filter}");
    }
    feed.stop().await;
}

/// In Havana the first of November has two midnights, in Apia the thirtieth of December 2011 none.
#[tokio::test(flavor = "multi_thread")]
async fn days_begin_where_the_clock_of_the_tenant_says() {
    let feed = Feed::new().await;
    for (zone, around, days) in [
        ("America/Havana", "2026-11-01 02:00Z", ["2026-10-31", "2026-11-01", "2026-11-02"]),
        ("America/Sao_Paulo", "2018-11-04 00:00Z", ["2018-11-03", "2018-11-04", "2018-11-05"]),
        ("Pacific/Apia", "2011-12-30 06:00Z", ["2011-12-29", "2011-12-30", "2011-12-31"]),
    ] {
        let move_there = format!(
            "begin; set local app.tenant_id = '{0}';
             update tenants set timezone = '{zone}' where id = '{0}';
             update raw_tickets set created_at_remote = timestamptz '{around}'
                 + substr(cw_ticket_id, 2)::int * interval '10 minutes'; commit",
            feed.tenant_id
        );
        feed.owner.batch_execute(&move_there).await.unwrap();
        for day in days {
            for (word, sign) in
                [("eq", "="), ("ge", ">="), ("lt", "<"), ("gt", ">"), ("le", "<="), ("ne", "<>")]
            {
                let filter = encoded(&format!("created_date {word} {day}"));
                let url = format!("/v1/odata/fact_ticket/$count?$filter={filter}");
                let (_, _, count) = feed.ask(&url, &[("x-api-key", &feed.key)]).await;
                let condition =
                    format!("(created_at_remote at time zone '{zone}')::date {sign} '{day}'");
                let expected = feed.counted("raw_tickets", &condition).await.to_string();
                assert_eq!(count, expected, "{word} {day} in {zone}");
            }
        }
    }
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_lose_nothing_and_repeat_nothing() {
    let feed = Feed::new().await;
    for order in [
        "",
        "$orderby=created_at%20desc",
        "$orderby=closed_at",
        "$orderby=closed_at%20desc,estimated_hours",
        "$orderby=board_key,estimated_hours%20desc,summary",
        "$orderby=is_closed%20desc,tenant_id",
        "$filter=is_closed&$orderby=estimated_hours&$select=ticket_id,source",
    ] {
        let url = format!("/v1/odata/fact_ticket?{order}");
        let whole = feed.all(&url, 5_000).await;
        assert_eq!(feed.all(&url, 7).await, whole, "{order}");
        let names: BTreeSet<String> =
            whole.iter().map(|row| format!("{}{}", row["source"], row["ticket_id"])).collect();
        assert_eq!(names.len(), whole.len(), "{order}");
        assert!(whole.len() == 200 || order.contains("filter"), "{order}");
        let some = feed.all(&format!("{url}&$top=25&$skip=3"), 7).await;
        assert_eq!(some, whole[3..28], "{order}");
    }
    for set in ["dim_date", "dim_company", "fact_time_entry", "fact_kpi_daily"] {
        let url = format!("/v1/odata/{set}");
        assert_eq!(feed.all(&url, 1_000).await, feed.all(&url, 3).await, "{set}");
    }
    let none = feed.page("/v1/odata/fact_ticket?$top=0&$count=true").await;
    assert_eq!((none["value"].as_array().unwrap().len(), &none["@odata.count"]), (0, &200.into()));
    assert!(none.get("@odata.nextLink").is_none());
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn null_comes_first_and_last_in_descending_order() {
    let feed = Feed::new().await;
    let ascending = feed.all("/v1/odata/fact_ticket?$orderby=closed_at", 50).await;
    assert!(ascending[0]["closed_at"].is_null() && !ascending[199]["closed_at"].is_null());
    let descending = feed.all("/v1/odata/fact_ticket?$orderby=closed_at%20desc", 50).await;
    assert!(!descending[0]["closed_at"].is_null() && descending[199]["closed_at"].is_null());
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn links_lead_back_the_way_the_client_came() {
    let proxies = vec!["127.0.0.0/8".parse().unwrap()];
    let feed = Feed::with(Options { trusted_proxies: proxies, ..Options::default() }).await;
    let forwarded = [
        ("x-api-key", feed.key.as_str()),
        ("prefer", "odata.maxpagesize=10"),
        ("x-forwarded-for", "203.0.113.7"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "msp.example"),
    ];
    let (_, _, body) = feed.ask("/v1/odata/fact_ticket", &forwarded).await;
    let page: Value = serde_json::from_str(&body).unwrap();
    let next = page["@odata.nextLink"].as_str().unwrap();
    assert!(next.starts_with("https://msp.example/v1/odata/fact_ticket?"), "{next}");
    assert!(!next.contains("msp_ak_"), "{next}");
    assert_eq!(page["@odata.context"], "https://msp.example/v1/odata/$metadata#fact_ticket");
    feed.stop().await;

    let feed = Feed::new().await;
    let forwarded = [
        ("x-api-key", feed.key.as_str()),
        ("prefer", "odata.maxpagesize=10"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "msp.example"),
    ];
    let (_, _, body) = feed.ask("/v1/odata/fact_ticket", &forwarded).await;
    let page: Value = serde_json::from_str(&body).unwrap();
    let next = page["@odata.nextLink"].as_str().unwrap();
    assert!(next.starts_with(&feed.server.url), "no proxy is trusted: {next}");
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn power_bi_can_carry_the_key_in_three_ways() {
    let feed = Feed::new().await;
    let root = format!("{}/v1/odata/fact_ticket", feed.server.url);
    let client = &feed.server.client;
    let asked = [
        client.get(&root).header("x-api-key", &feed.key),
        client.get(&root).basic_auth("anybody", Some(&feed.key)),
        client.get(format!("{root}?api_key={}", feed.key)),
    ];
    for request in asked {
        let request = request.header("prefer", "odata.maxpagesize=10");
        let page: Value = request.send().await.unwrap().json().await.unwrap();
        let next = page["@odata.nextLink"].as_str().unwrap();
        assert!(!next.contains("msp_ak_"), "{next}");
    }
    let refused = client.get(&root).send().await.unwrap();
    let challenge = refused.headers()["www-authenticate"].to_str().unwrap();
    assert!(challenge.starts_with("Basic "), "Power BI asks for what it is offered: {challenge}");
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_have_the_form_of_odata() {
    let feed = Feed::new().await;
    for (path, status, code, part) in [
        ("fact_ticket?$filter=mintes%20gt%203", 400, "malformed-request", "mintes"),
        ("fact_ticket?$top=x", 400, "malformed-request", "$top"),
        ("fact_ticket?$filter=id%20eq%20'", 400, "malformed-request", "$filter"),
        ("fact_ticket?$select=a;drop%20table%20tenants", 400, "malformed-request", "$select"),
        ("fact_ticket?$skiptoken=%5Bnull,%5B%5D%5D", 400, "malformed-request", "$skiptoken"),
        ("fact_ticket?tenant_id=7", 400, "malformed-request", "tenant_id"),
        ("fact_ticket?$format=atom", 400, "malformed-request", "$format"),
        ("?$filter=true", 400, "malformed-request", "$filter"),
        ("fact_ticket?$expand=board", 501, "not-implemented", "$expand"),
        ("fact_ticket?$search=x", 501, "not-implemented", "$search"),
        ("nothing", 404, "not-found", "nothing"),
        ("nothing/$count", 404, "not-found", "nothing"),
        ("$batch", 404, "not-found", "$batch"),
    ] {
        let url = format!("/v1/odata/{path}");
        let (answered, headers, body) = feed.ask(&url, &[("x-api-key", &feed.key)]).await;
        assert_eq!(answered.as_u16(), status, "{path}: {body}");
        assert_eq!(headers["odata-version"], "4.0", "{path}");
        assert_eq!(headers["content-type"], "application/json", "{path}");
        let error: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(error["error"]["code"], code, "{path}");
        assert!(error["error"]["message"].as_str().unwrap().contains(part), "{path}: {body}");
    }
    let (status, headers, body) = feed.ask("/v1/odata/fact_ticket", &[]).await;
    assert_eq!((status, &body[..9]), (StatusCode::UNAUTHORIZED, "{\"error\":"));
    assert!(headers.contains_key("www-authenticate"));
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_shows_its_own_tenant_and_what_it_was_given() {
    let feed = Feed::new().await;
    let (_, other) = feed.server.tenant("Other").await;
    for set in ["fact_ticket", "fact_time_entry", "fact_kpi_daily", "dim_company", "dim_date"] {
        let (_, _, count) =
            feed.ask(&format!("/v1/odata/{set}/$count"), &[("x-api-key", &other)]).await;
        assert_eq!(count, "0", "{set}");
    }
    let filter = encoded(&format!("tenant_id eq {}", feed.tenant_id));
    let url = format!("/v1/odata/fact_ticket?$filter={filter}");
    let (_, _, page) = feed.ask(&url, &[("x-api-key", &other)]).await;
    assert!(page.contains("\"value\":[]"), "{page}");

    let client = feed.server.store.client().await.unwrap();
    let (pepper, id) = (keys::pepper(), feed.tenant_id);
    let kpis = api_keys::create_scoped(&client, &pepper, id, "kpis", &["kpis"], None);
    let key = kpis.await.unwrap().key;
    let (status, _, body) = feed.ask("/v1/odata/fact_ticket", &[("x-api-key", &key)]).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    assert!(body.starts_with("{\"error\":{\"code\":\"forbidden\""), "{body}");
    feed.stop().await;
}
