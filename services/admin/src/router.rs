//! From a request to the page that answers it: language, match, session, form, page.
//!
//! Whatever goes wrong on the way is a [`Failure`] and therefore a page, never a rejection.

use std::net::IpAddr;
use std::sync::Arc;

use futures::Stream;
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use warp::Filter;
use warp::filters::BoxedFilter;
use warp::reply::Response;

use crate::failure::Failure;
use crate::form::Form;
use crate::route::{Access, Route};
use crate::say::{Lang, Say};
use crate::session;
use crate::shell::Theme;
use crate::site::Site;
use crate::visit::{Frame, Visit};
use crate::{pages, reply};

/// The name of the field that every form carries.
pub(crate) const TOKEN_FIELD: &str = "token";

/// A request before anybody looked at it.
struct Raw<S> {
    method: Method,
    path: String,
    query: Form,
    headers: HeaderMap,
    body: S,
    client: Option<IpAddr>,
}

/// One filter that answers every request.
pub(crate) fn filter(site: &Site) -> BoxedFilter<(Response,)> {
    let routes: Arc<[Route]> = pages::all().into();
    let site = site.clone();
    let query = warp::query::raw().or(warp::any().map(String::new)).unify();
    warp::method()
        .and(warp::path::full())
        .and(query)
        .and(warp::header::headers_cloned())
        .and(warp::body::stream())
        .and(warp::ext::optional::<web::Client>())
        .then(
            move |method,
                  path: warp::path::FullPath,
                  query: String,
                  headers,
                  body,
                  client: Option<web::Client>| {
                let raw = Raw {
                    method,
                    path: path.as_str().to_owned(),
                    query: Form::of_query(&query),
                    headers,
                    body,
                    client: client.map(|client| client.0),
                };
                answer(site.clone(), Arc::clone(&routes), raw)
            },
        )
        .boxed()
}

async fn answer<S, B>(site: Site, routes: Arc<[Route]>, raw: Raw<S>) -> Response
where
    S: Stream<Item = Result<B, warp::Error>> + Send,
    B: warp::Buf,
{
    let mut frame = Frame {
        say: Say::new(language(&raw.headers), &site.settings().batch_timezone),
        theme: theme(&raw.headers),
        session: session::at_door(&site, &raw.headers),
        path: raw.path.clone(),
        query: raw.query.clone(),
        site,
    };
    if let Some(response) = choice(&frame, &raw) {
        return response;
    }
    let is_partial = raw.headers.contains_key("hx-request");
    match serve(&mut frame, &routes, raw).await {
        Ok(response) => response,
        Err(failure) => {
            let mut response = failure.page(frame.shell_titled("").await);
            if is_partial {
                // A part cannot hold a page: htmx shows the whole of it instead.
                let target = HeaderValue::from_static("body");
                response.headers_mut().insert("hx-retarget", target);
            }
            response
        }
    }
}

async fn serve<S, B>(frame: &mut Frame, routes: &[Route], raw: Raw<S>) -> Result<Response, Failure>
where
    S: Stream<Item = Result<B, warp::Error>> + Send,
    B: warp::Buf,
{
    let (route, segments) = match find(routes, &raw.method, &raw.path) {
        Ok(found) => found,
        Err(failure) => {
            // The page that says so has its menu for those who are signed in.
            frame.session = session::find(&frame.site, &raw.headers, true)
                .await?
                .unwrap_or(frame.session.clone());
            return Err(failure);
        }
    };
    if route.access != Access::Public || frame.path == "/login" {
        let active = route.access != Access::Stream;
        match session::find(&frame.site, &raw.headers, active).await? {
            Some(session) => frame.session = session,
            None if route.access != Access::Public => return Ok(to_the_door(&raw, route.access)),
            None => {}
        }
    }
    let mut form = Form::default();
    if raw.method == Method::POST {
        require_same_origin(&raw.headers)?;
        form = Form::read(&raw.headers, raw.body, route.limit).await?;
        require_our_form(frame, &form)?;
    }
    let visit =
        Visit { frame: frame.clone(), segments, form, headers: raw.headers, client: raw.client };
    (route.handler)(visit).await
}

fn find<'a>(
    routes: &'a [Route],
    method: &Method,
    path: &str,
) -> Result<(&'a Route, Vec<String>), Failure> {
    // hyper leaves out the body of an answer to HEAD.
    let method = if *method == Method::HEAD { &Method::GET } else { method };
    let mut found = Failure::NotFound;
    for route in routes {
        if let Some(segments) = route.matches(path) {
            if route.method == *method {
                return Ok((route, segments));
            }
            found = Failure::MethodNotAllowed;
        }
    }
    Err(found)
}

/// `?lang=` and `?theme=` on any page: kept in a cookie, and away from the address.
fn choice<S>(frame: &Frame, raw: &Raw<S>) -> Option<Response> {
    if raw.method != Method::GET {
        return None;
    }
    let lang = Lang::of_code(raw.query.get("lang"));
    let theme = Theme::of_word(raw.query.get("theme"));
    let cookies = [
        lang.map(|lang| session::choice_cookie(&frame.site, "courtier_lang", lang.code())),
        theme.map(|theme| session::choice_cookie(&frame.site, "courtier_theme", theme.word())),
    ];
    if cookies.iter().all(Option::is_none) {
        return None;
    }
    let rest = raw.query.pairs().iter().filter(|(name, _)| name != "lang" && name != "theme");
    let query: Vec<String> = rest.map(|(name, value)| pair(name, value)).collect();
    let address = if query.is_empty() {
        raw.path.clone()
    } else {
        format!("{}?{}", raw.path, query.join("&"))
    };
    Some(reply::see_other_with(&ours(&address), cookies.into_iter().flatten()))
}

fn language(headers: &HeaderMap) -> Lang {
    let chosen = session::cookie(headers, "courtier_lang").and_then(Lang::of_code);
    let accepted = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
    chosen.unwrap_or_else(|| Lang::accepted(accepted().unwrap_or_default()))
}

fn theme(headers: &HeaderMap) -> Theme {
    session::cookie(headers, "courtier_theme").and_then(Theme::of_word).unwrap_or_default()
}

/// Somebody who is not signed in, or no longer. A stream and a part of a page cannot show a form.
fn to_the_door<S>(raw: &Raw<S>, access: Access) -> Response {
    if access == Access::Stream {
        return reply::status_only(StatusCode::UNAUTHORIZED);
    }
    let wanted = if raw.method == Method::POST { "/" } else { raw.path.as_str() };
    let login = match wanted {
        "/" => "/login".to_owned(),
        _ => format!("/login?{}", pair("next", wanted)),
    };
    if raw.headers.contains_key("hx-request") {
        let mut response = reply::status_only(StatusCode::UNAUTHORIZED);
        if let Ok(value) = HeaderValue::try_from(login) {
            response.headers_mut().insert("hx-redirect", value);
        }
        return response;
    }
    reply::see_other(&login)
}

/// Browsers say from where a form comes; those that do not are held by the token alone.
fn require_same_origin(headers: &HeaderMap) -> Result<(), Failure> {
    match headers.get("sec-fetch-site").map(HeaderValue::as_bytes) {
        None | Some(b"same-origin") => Ok(()),
        Some(_) => Err(Failure::NotOurForm),
    }
}

fn require_our_form(frame: &Frame, form: &Form) -> Result<(), Failure> {
    let is_ours = frame.site.signer.is_form_token(&frame.session.id, form.get(TOKEN_FIELD));
    if is_ours { Ok(()) } else { Err(Failure::NotOurForm) }
}

/// `name=value` for a query string.
pub(crate) fn pair(name: &str, value: &str) -> String {
    let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC);
    format!("{}={}", encoded(name), encoded(value))
}

/// An address of this site; whatever could lead elsewhere becomes `/`.
pub(crate) fn ours(address: &str) -> String {
    let is_ours = address.starts_with('/')
        && !address.starts_with("//")
        && address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_ours { address.to_owned() } else { "/".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn redirects_stay_on_this_site() {
        assert_eq!(ours("/cards?q=a%20b"), "/cards?q=a%20b");
        for bad in
            ["", "//evil.example", "https://evil.example", "/\\evil.example", "/a\r\nb", "/é"]
        {
            assert_eq!(ours(bad), "/", "{bad}");
        }
    }
}
