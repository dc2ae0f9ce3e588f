//! Stylesheet, script, font and icon: part of the binary, named by their content, kept by browsers
//! for a year.

use std::sync::LazyLock;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use sha2::{Digest as _, Sha256};
use warp::reply::Response;

use crate::failure::Failure;
use crate::reply;
use crate::token::hex;
use crate::visit::Visit;

/// A file under its hashed name.
struct Asset {
    /// `/assets/courtier.0123456789ab.css`
    path: String,
    content_type: &'static str,
    body: Bytes,
}

const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");

const CSS: &str = include_str!("../assets/courtier.css");
const FONT: &[u8] = include_bytes!("../assets/inter.woff2");
const HTMX: &[u8] = include_bytes!("../assets/htmx.min.js");
const SCRIPT: &[u8] = include_bytes!("../assets/courtier.js");
const ICON: &[u8] = include_bytes!("../assets/icon.svg");
const FONT_LICENCE: &[u8] = include_bytes!("../assets/inter.LICENSE");
const HTMX_LICENCE: &[u8] = include_bytes!("../assets/htmx.LICENSE");

static FONT_ASSET: LazyLock<Asset> = LazyLock::new(|| named("inter", "woff2", "font/woff2", FONT));
static ASSETS: LazyLock<[Asset; 5]> = LazyLock::new(|| {
    let css = CSS.replace("\"inter.woff2\"", &format!("\"{}\"", FONT_ASSET.path));
    [
        named("courtier", "css", "text/css; charset=utf-8", css.as_bytes()),
        named("courtier", "js", "text/javascript; charset=utf-8", SCRIPT),
        named("htmx", "js", "text/javascript; charset=utf-8", HTMX),
        named("icon", "svg", "image/svg+xml", ICON),
        named("inter", "woff2", "font/woff2", FONT),
    ]
});

/// Where the stylesheet lives.
pub(crate) fn css() -> &'static str {
    &ASSETS[0].path
}

/// Where our script lives.
pub(crate) fn script() -> &'static str {
    &ASSETS[1].path
}

/// Where htmx lives.
pub(crate) fn htmx() -> &'static str {
    &ASSETS[2].path
}

/// Where the icon lives.
pub(crate) fn icon() -> &'static str {
    &ASSETS[3].path
}

/// `/assets/{file}`
pub(crate) fn show(visit: &Visit) -> Result<Response, Failure> {
    if let Some(licence) = licence(&visit.path) {
        return Ok(reply::typed(StatusCode::OK, "text/plain; charset=utf-8", licence));
    }
    let asset = ASSETS.iter().find(|asset| asset.path == visit.path).ok_or(Failure::NotFound)?;
    let mut response = reply::typed(StatusCode::OK, asset.content_type, asset.body.clone());
    response.headers_mut().insert(header::CACHE_CONTROL, FOREVER);
    Ok(response)
}

/// The licences travel with what they cover.
fn licence(path: &str) -> Option<Bytes> {
    match path {
        "/assets/inter.LICENSE" => Some(Bytes::from_static(FONT_LICENCE)),
        "/assets/htmx.LICENSE" => Some(Bytes::from_static(HTMX_LICENCE)),
        _ => None,
    }
}

fn named(name: &str, ending: &str, content_type: &'static str, body: &[u8]) -> Asset {
    let digest = Sha256::digest(body);
    let hash = hex(&digest[..6]);
    let path = format!("/assets/{name}.{hash}.{ending}");
    Asset { path, content_type, body: Bytes::copy_from_slice(body) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stylesheet_names_the_font_by_its_hash() {
        let css = String::from_utf8(ASSETS[0].body.to_vec()).unwrap();
        assert!(css.contains(&format!("url(\"{}\")", ASSETS[4].path)));
        assert!(!css.contains("inter.woff2"));
    }

    #[test]
    fn colours_live_in_the_tokens_only() {
        let (_, rules) = CSS.split_once("/* ── Base").unwrap();
        let colours = rules.match_indices('#').filter(|(at, _)| {
            let digits = rules[at + 1..].bytes().take_while(u8::is_ascii_hexdigit).count();
            matches!(digits, 3 | 6) && !rules[at + 1..].starts_with("hatch")
        });
        assert_eq!(colours.map(|(at, _)| &rules[at..at + 8]).collect::<Vec<_>>(), [""; 0]);
    }
}
