//! Who is at the other end: cookies, and how long they last.

use http::{HeaderMap, HeaderValue, header};
use store::admin_sessions::Lifetime;

use crate::site::Site;
use crate::token::random_id;

/// Longest time without a click, and longest time in all.
pub(crate) const LIFETIME: Lifetime =
    Lifetime { idle_seconds: 12.0 * 3600.0, absolute_seconds: 7.0 * 86_400.0 };

/// The cookie of somebody who is signed in.
const SESSION: &str = "courtier_session";
/// The cookie of somebody at the door: ties the sign-in form to the browser that asked for it.
const DOOR: &str = "courtier_door";

/// Seconds that a cookie of the door lives.
const DOOR_SECONDS: u32 = 3600;
/// Seconds that a choice of language or theme lives.
const CHOICE_SECONDS: u32 = 365 * 86_400;

/// A browser that we know.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    /// What its forms are tied to.
    pub(crate) id: String,
    /// Empty at the door.
    pub(crate) username: String,
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| known.trim() == name).map(|(_, value)| value.trim())
}

/// The session that the cookie names, if it is alive. `active` when the person did something.
pub(crate) async fn find(
    site: &Site,
    headers: &HeaderMap,
    active: bool,
) -> store::Result<Option<Session>> {
    let sealed = cookie(headers, SESSION);
    let Some(id) = sealed.and_then(|sealed| site.signer.open(SESSION, sealed)) else {
        return Ok(None);
    };
    let client = site.store.client().await?;
    let found = store::admin_sessions::find(&client, id, LIFETIME, active).await?;
    // A session of an account that has been renamed since is nobody's.
    let found = found.filter(|session| session.username == site.username);
    Ok(found.map(|session| Session { id: id.to_owned(), username: session.username }))
}

/// The browser at the door; a new one when it shows no cookie of ours.
pub(crate) fn at_door(site: &Site, headers: &HeaderMap) -> Session {
    let sealed = cookie(headers, DOOR);
    let known = sealed.and_then(|sealed| site.signer.open(DOOR, sealed)).map(str::to_owned);
    Session { id: known.unwrap_or_else(random_id), username: String::new() }
}

/// Keeps the door's cookie in the browser.
pub(crate) fn door_cookie(site: &Site, session: &Session) -> HeaderValue {
    set(site, DOOR, &site.signer.seal(DOOR, &session.id), DOOR_SECONDS)
}

/// Lets the browser in as the session of `id`.
pub(crate) fn session_cookie(site: &Site, id: &str) -> HeaderValue {
    set(site, SESSION, &site.signer.seal(SESSION, id), 7 * 86_400)
}

/// Takes the session out of the browser.
pub(crate) fn no_session_cookie(site: &Site) -> HeaderValue {
    set(site, SESSION, "", 0)
}

/// Remembers a choice such as the language.
pub(crate) fn choice_cookie(site: &Site, name: &str, value: &str) -> HeaderValue {
    set(site, name, value, CHOICE_SECONDS)
}

/// Values are our own: hexadecimal, dots and plain words.
fn set(site: &Site, name: &str, value: &str, seconds: u32) -> HeaderValue {
    let secure = if site.is_https { "; Secure" } else { "" };
    let text =
        format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::try_from(text).expect("cookie values hold visible ASCII only")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_cookie_among_others() {
        let headers = HeaderMap::from_iter([
            (header::COOKIE, HeaderValue::from_static("a=1; courtier_lang=fr")),
            (header::COOKIE, HeaderValue::from_static("courtier_session=x.y; courtier_sessio=no")),
        ]);
        assert_eq!(cookie(&headers, "courtier_lang"), Some("fr"));
        assert_eq!(cookie(&headers, SESSION), Some("x.y"));
        assert_eq!(cookie(&headers, "session"), None);
    }
}
