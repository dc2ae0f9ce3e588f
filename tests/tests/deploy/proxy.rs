//! The world's view of an installation, through the real proxy.

use reqwest::header::{AUTHORIZATION, COOKIE, LOCATION, SET_COOKIE};
use reqwest::{RequestBuilder, Response};

use crate::caddy::{Caddy, PASSWORD, USER};
use crate::ground::{Ground, PASSWORD as ACCOUNT_PASSWORD, TOKEN};

#[tokio::test(flavor = "multi_thread")]
async fn the_world_reaches_what_it_may_and_nothing_else() {
    let ground = Ground::new().await;
    let caddy = Caddy::start(&ground.api, &ground.admin);
    let (client, url) = (caddy.client(), caddy.url());
    let get = |path: &str| client.get(format!("{url}{path}"));

    // The admin site: the proxy's password before it, its own sign-in behind.
    let stopped = get("/").send().await.unwrap();
    assert_eq!(stopped.status(), 401);
    assert!(stopped.headers()["www-authenticate"].to_str().unwrap().starts_with("Basic"));
    assert_eq!(get("/").basic_auth(USER, Some("wrong")).send().await.unwrap().status(), 401);
    let door = get("/").basic_auth(USER, Some(PASSWORD)).send().await.unwrap();
    assert!(door.status().is_redirection(), "{door:?}");
    assert!(door.headers()["location"].to_str().unwrap().starts_with("/login"));
    assert_eq!(door.headers()["strict-transport-security"], "max-age=31536000");
    assert!(!door.headers().contains_key("server"), "{door:?}");

    // The API: its own credentials and no other; Basic too, as Power BI sends a key.
    let problem = get("/v1/kpis/daily?date=2026-01-24").send().await.unwrap();
    assert_eq!(problem.status(), 401);
    assert_eq!(problem.headers()["content-type"], "application/problem+json");
    assert_eq!(get("/health").send().await.unwrap().status(), 200);
    assert_eq!(get("/openapi.json").send().await.unwrap().status(), 200);

    // What is for the inside is not there, whoever asks and however the path is written.
    for path in [
        "/internal",
        "/internal/tenants",
        "/internal/commands",
        "/metrics",
        "//internal/tenants",
        "/v1/../internal/tenants",
        "/INTERNAL/tenants",
        "/%69nternal/tenants",
    ] {
        let answer = get(path).bearer_auth(TOKEN).send().await.unwrap();
        assert!(matches!(answer.status().as_u16(), 401 | 404), "{path}: {answer:?}");
        let answer = get(path).basic_auth(USER, Some(PASSWORD)).send().await.unwrap();
        let (status, text) = (answer.status(), answer.text().await.unwrap());
        assert!(!text.contains("CCA") && !text.contains("# TYPE"), "{path}: {status} {text}");
    }
    let order = client.post(format!("{url}/internal/diagnostics/ping")).bearer_auth(TOKEN);
    assert_eq!(order.send().await.unwrap().status(), 404);

    // Plain HTTP leads to HTTPS, and too much is refused before it arrives.
    let plain = client.get(format!("http://localhost:{}/", caddy.http)).send().await.unwrap();
    assert!(plain.status().is_redirection(), "{plain:?}");
    assert!(plain.headers()["location"].to_str().unwrap().starts_with("https://localhost"));
    let large = client.post(format!("{url}/v1/kpis/daily")).body(vec![b'x'; 2 << 20]);
    // An answer of the API's own, Caddy's, or the end of the connection: it depends on who is first.
    let refused = large.send().await.map(|answer| answer.status().as_u16());
    assert!(matches!(refused, Ok(400..) | Err(_)), "{refused:?}");
    ground.end().await;
}

/// Whether Caddy logs what was answered, or what went wrong behind it.
#[tokio::test(flavor = "multi_thread")]
async fn no_line_of_the_proxys_log_holds_a_key() {
    // Nobody listens there: an error besides the line of the request.
    let caddy = Caddy::start("127.0.0.1:9", "127.0.0.1:9");
    let (client, url) = (caddy.client(), format!("{}/v1/odata/dim_date", caddy.url()));
    let key = "msp_ak_0123456789ab_a-key-that-nobody-may-read";
    let carriers = [
        client.get(format!("{url}?%24top=3&api_key={key}")),
        client.get(&url).header("X-API-Key", key),
        client.get(&url).basic_auth("power-bi", Some(key)),
        client.get(&url).bearer_auth(key),
    ];
    let requests = carriers.map(|carrier| carrier.build().unwrap());
    // `Basic` hides it from whoever looks for its text alone.
    let basic = requests[2].headers()[AUTHORIZATION].to_str().unwrap().replace("Basic ", "");
    for request in requests {
        assert_eq!(client.execute(request).await.unwrap().status(), 502);
    }
    let log = caddy.end();
    for logger in ["http.log.access", "http.log.error"] {
        let lines = log.lines().filter(|line| line.contains(logger));
        let lines = lines.filter(|line| line.contains("/v1/odata/dim_date"));
        assert_eq!(lines.count(), 4, "{log}");
    }
    assert!(log.contains("api_key=REDACTED"), "{log}");
    assert!(!log.contains("msp_ak_") && !log.contains(&basic), "{log}");
}

/// The cookies of an answer, as the next request carries them.
fn cookies(answer: &Response) -> String {
    let set = answer.headers().get_all(SET_COOKIE).iter();
    let pairs = set.filter_map(|line| line.to_str().ok()?.split(';').next().map(str::to_owned));
    pairs.collect::<Vec<_>>().join("; ")
}

/// The value of a hidden field.
fn hidden(page: &str, name: &str) -> String {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\"")).unwrap_or_else(|| {
        panic!("there is no field {name} in {page}");
    });
    rest.split('"').next().unwrap().to_owned()
}

/// One password before the other: a browser sends the proxy's with each request.
#[tokio::test(flavor = "multi_thread")]
async fn people_sign_in_to_the_admin_site_behind_the_proxys_password() {
    let ground = Ground::new().await;
    let caddy = Caddy::start(&ground.api, &ground.admin);
    let (client, url) = (caddy.client(), caddy.url());
    let dressed = |request: RequestBuilder| request.basic_auth(USER, Some(PASSWORD));
    let door = dressed(client.get(format!("{url}/login"))).send().await.unwrap();
    let cookie = cookies(&door);
    let page = door.text().await.unwrap();
    let form = [
        ("token", hidden(&page, "token")),
        ("next", hidden(&page, "next")),
        ("username", "nadia".to_owned()),
        ("password", ACCOUNT_PASSWORD.to_owned()),
    ];
    let entered = dressed(client.post(format!("{url}/login"))).header(COOKIE, cookie).form(&form);
    let entered = entered.header("sec-fetch-site", "same-origin").send().await.unwrap();
    assert!(entered.status().is_redirection(), "{:?}", entered.text().await);
    assert_eq!(entered.headers()[LOCATION], "/");
    let home = dressed(client.get(format!("{url}/"))).header(COOKIE, cookies(&entered));
    let home = home.send().await.unwrap();
    assert_eq!(home.status(), 200);
    assert!(home.text().await.unwrap().contains("nadia"));
    ground.end().await;
}
