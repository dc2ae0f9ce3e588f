//! The routes without a database: everything that is decided before one is asked.

use std::sync::Arc;

use http::StatusCode;
use settings::admin::Admin;
use store::{Role, Store};
use tokio_util::sync::CancellationToken;
use warp::test::RequestBuilder;

use crate::route::Access;
use crate::site::Site;
use crate::{assets, pages, router};

/// A hash of no password that anybody knows.
const HASH: &str = "$argon2id$v=19$m=64,t=1,p=1$c29tZXNhbHRzb21lc2FsdA$\
                    Zm9yIHRlc3RzIG9ubHksIG5vIHBhc3N3b3JkIGhlcmU";

fn site(public_url: &str) -> Site {
    let store = store::Config {
        url: "postgresql://nobody@127.0.0.1:1/nowhere".into(),
        role: Role::Worker,
        pool_size: 1,
    };
    let admin = Admin {
        listen: ([127, 0, 0, 1], 0).into(),
        username: "nadia".into(),
        password_hash: HASH.to_owned().into(),
        session_secret: "5f0c1b9e7a3d4826b1f0e9d8c7b6a594".to_owned().into(),
        api_keys: settings::api_keys::ApiKeys { pepper: "a pepper".to_owned().into() },
        public_url: public_url.into(),
        trusted_proxies: Vec::new(),
    };
    let queues: crate::Queues = Arc::new(|| Box::pin(async { Err("no broker".to_owned()) }));
    let exports = std::path::PathBuf::from("/nowhere");
    let stopping = CancellationToken::new();
    Site::new(Store::new(&store).unwrap(), &admin, queues, exports, stopping).unwrap()
}

async fn ask(request: RequestBuilder) -> http::Response<bytes::Bytes> {
    request.reply(&router::filter(&site(""))).await
}

fn text(response: &http::Response<bytes::Bytes>) -> String {
    String::from_utf8_lossy(response.body()).into_owned()
}

fn get(path: &str) -> RequestBuilder {
    warp::test::request().path(path)
}

#[tokio::test]
async fn the_door_is_open_and_everything_else_leads_to_it() {
    let door = ask(get("/login")).await;
    assert_eq!(door.status(), StatusCode::OK);
    assert!(text(&door).contains("name=\"token\" value=\""));
    assert!(door.headers()["set-cookie"].to_str().unwrap().starts_with("courtier_door="));
    for route in pages::all() {
        let path = route
            .path
            .replace("{id}", "x")
            .replace("{cause}", "x")
            .replace("{file}", "x")
            .replace("{lane}", "x")
            .replace("{command}", "x");
        if route.access == Access::Public || route.method != http::Method::GET {
            continue;
        }
        let answer = ask(get(&path)).await;
        if route.access == Access::Stream {
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
            continue;
        }
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{path}");
        assert!(answer.headers()["location"].to_str().unwrap().starts_with("/login"));
    }
}

#[tokio::test]
async fn a_part_that_is_asked_for_sends_the_whole_page_to_the_door() {
    let answer = ask(get("/settings").header("hx-request", "true")).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    assert_eq!(answer.headers()["hx-redirect"], "/login?next=%2Fsettings");
}

#[tokio::test]
async fn every_form_needs_its_token() {
    for route in pages::all() {
        if route.method != http::Method::POST || route.path != "/login" {
            continue;
        }
        let form = get(route.path).method("POST").body("username=nadia&password=x");
        assert_eq!(ask(form).await.status(), StatusCode::FORBIDDEN, "{}", route.path);
    }
    let elsewhere = get("/login").method("POST").header("sec-fetch-site", "cross-site");
    assert_eq!(ask(elsewhere).await.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn assets_are_named_by_their_content_and_kept() {
    for path in [assets::css(), assets::script(), assets::htmx(), assets::icon()] {
        let answer = ask(get(path)).await;
        assert_eq!(answer.status(), StatusCode::OK, "{path}");
        assert_eq!(answer.headers()["cache-control"], "public, max-age=31536000, immutable");
    }
    let licence = ask(get("/assets/inter.LICENSE")).await;
    assert!(text(&licence).contains("SIL Open Font License"));
    assert_eq!(ask(get("/assets/courtier.000000000000.css")).await.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_choice_is_kept_and_leaves_the_address() {
    let answer = ask(get("/login?next=%2Faudit&lang=fr&theme=dark")).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()["location"], "/login?next=%2Faudit");
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().collect();
    assert_eq!(cookies.len(), 2);
    let page = ask(get("/login").header("cookie", "courtier_lang=fr; courtier_theme=dark")).await;
    assert!(text(&page).contains("<html lang=\"fr\" data-theme=\"dark\">"));
    let unknown = ask(get("/login?lang=xx")).await;
    assert_eq!(unknown.status(), StatusCode::OK);
}

#[tokio::test]
async fn cookies_are_for_https_only_where_people_come_by_https() {
    for (public_url, secure) in [("https://cards.example", true), ("http://cards.example", false)] {
        let answer = get("/login").reply(&router::filter(&site(public_url))).await;
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        assert_eq!(cookie.ends_with("; Secure"), secure, "{cookie}");
        assert!(cookie.contains("; HttpOnly; SameSite=Strict"), "{cookie}");
    }
}

#[test]
fn no_template_holds_inline_style_or_script() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let Ok(text) = std::fs::read_to_string(&path) else { continue };
        for bad in ["style=", "javascript:", "hx-on", "hx-vals='js", " onclick", " onload"] {
            assert!(!text.contains(bad), "{}: {bad}", path.display());
        }
        for script in text.split("<script").skip(1) {
            assert!(script.starts_with(" src=\""), "{}", path.display());
        }
    }
}
