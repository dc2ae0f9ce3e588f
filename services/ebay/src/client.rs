//! The calls themselves.

use bytes::Bytes;
use reqwest::header::{ACCEPT, ACCEPT_LANGUAGE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{RequestBuilder, redirect};
use secrecy::{ExposeSecret as _, SecretString};
use tracing::Instrument as _;

use crate::body;
use crate::config::{Config, Delivery};
use crate::error::Error;
use crate::item::{self, ItemState};
use crate::page::Page;
use crate::rate_limit::{self, RateLimit};
use crate::refusal::refusal;
use crate::search::Search;
use crate::token::{self, Token};

const MARKETPLACE_ID: HeaderName = HeaderName::from_static("x-ebay-c-marketplace-id");
const END_USER_CONTEXT: HeaderName = HeaderName::from_static("x-ebay-c-enduserctx");
/// The scope of everything that needs no user's consent.
const SCOPE: &str = "https://api.ebay.com/oauth/api_scope";

/// A client of eBay's API. Every method sends at most one request, and never another one by
/// itself: no redirect is followed, nothing is repeated.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    config: Config,
    /// What Browse wants to know about the buyer.
    buyer: HeaderMap,
}

/// An answer of any status, read whole.
struct Answer {
    status: u16,
    headers: HeaderMap,
    is_json: bool,
    body: Bytes,
}

impl Client {
    /// Connects to nothing yet.
    ///
    /// # Errors
    /// [`Error::Invalid`] when a setting cannot be used.
    pub fn new(mut config: Config) -> Result<Client, Error> {
        config.api_url.truncate(config.api_url.trim_end_matches('/').len());
        reqwest::Url::parse(&config.api_url)
            .map_err(|error| Error::Invalid(format!("`{}`: {error}", config.api_url)))?;
        let http = reqwest::Client::builder()
            .user_agent(concat!("courtier/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(config.connect_timeout)
            .timeout(config.timeout)
            .redirect(redirect::Policy::none())
            // Every request that leaves is counted by the caller: none may leave unseen.
            .retry(reqwest::retry::never())
            .build()
            .map_err(|error| Error::Invalid(error.to_string()))?;
        let buyer = buyer(&config)?;
        Ok(Client { http, config, buyer })
    }

    /// Asks for a new token of the application.
    ///
    /// # Errors
    /// [`Error::Credentials`] when eBay does not know the client; any other by transport.
    pub async fn mint(&self) -> Result<Token, Error> {
        let request = self
            .http
            .post(self.url("/identity/v1/oauth2/token"))
            .header(ACCEPT, "application/json")
            .basic_auth(&self.config.client_id, Some(self.config.client_secret.expose_secret()))
            .form(&[("grant_type", "client_credentials"), ("scope", SCOPE)]);
        let answer = exchange(request).await?;
        if matches!(answer.status, 400 | 401) {
            let words = token::denied(&answer.body);
            return Err(Error::Credentials(
                words.unwrap_or_else(|| format!("status {}", answer.status)),
            ));
        }
        token::granted(&answer.success()?)
    }

    /// One page of listings: one call.
    ///
    /// # Errors
    /// [`Error::Invalid`] without sending when the search breaks a rule of eBay's;
    /// [`Error::Doubtful`] when eBay ignored a part of it.
    pub async fn search(&self, token: &SecretString, search: &Search) -> Result<Page, Error> {
        let parameters = search.parameters()?;
        let request = self
            .http
            .get(self.url("/buy/browse/v1/item_summary/search"))
            .headers(self.buyer.clone())
            .bearer_auth(token.expose_secret())
            .query(&parameters);
        let body = exchange(request).await?.success()?;
        Page::read(&body, search.offset)
    }

    /// What became of one item: one call.
    ///
    /// # Errors
    /// By transport or status. An item that eBay no longer knows is a state, not an error.
    pub async fn item(&self, token: &SecretString, item_id: &str) -> Result<ItemState, Error> {
        let path = format!("/buy/browse/v1/item/{}", item::path_segment(item_id)?);
        let request = self
            .http
            .get(self.url(&path))
            .headers(self.buyer.clone())
            .bearer_auth(token.expose_secret());
        match exchange(request).await?.success() {
            Ok(body) => ItemState::read(&body),
            Err(error) if item::is_gone(&error) => Ok(ItemState::gone()),
            Err(error) => Err(error),
        }
    }

    /// How many calls of Browse are left, by eBay's own count. `None` when it does not say.
    ///
    /// # Errors
    /// By transport or status.
    pub async fn rate_limit(&self, token: &SecretString) -> Result<Option<RateLimit>, Error> {
        let request = self
            .http
            .get(self.url("/developer/analytics/v1_beta/rate_limit/"))
            .header(ACCEPT, "application/json")
            .bearer_auth(token.expose_secret())
            .query(&[("api_name", "browse"), ("api_context", "buy")]);
        let answer = exchange(request).await?;
        if answer.status == 204 {
            return Ok(None);
        }
        rate_limit::read(&answer.success()?)
    }

    pub(crate) fn config(&self) -> &Config {
        &self.config
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.config.api_url)
    }
}

impl Answer {
    /// The body of a 200. Everything else is an error.
    fn success(self) -> Result<Bytes, Error> {
        match self.status {
            200 if self.is_json => Ok(self.body),
            200 => Err(Error::Unreadable("its content type is not JSON".into())),
            201..300 => Err(Error::Unreadable(format!("status {} is unknown", self.status))),
            status => Err(refusal(status, &self.headers, &self.body)),
        }
    }
}

/// Times the call; nothing of the trace is sent to eBay.
async fn exchange(request: RequestBuilder) -> Result<Answer, Error> {
    let span = tracing::trace_span!(
        "ebay",
        otel.kind = "client",
        http.response.status_code = tracing::field::Empty
    );
    send(request).instrument(span).await
}

async fn send(request: RequestBuilder) -> Result<Answer, Error> {
    let response = request.send().await.map_err(body::from_request)?;
    let status = response.status().as_u16();
    tracing::Span::current().record("http.response.status_code", status);
    let headers = response.headers().clone();
    let is_json = body::is_json(&headers);
    let body = match body::read(response).await {
        Ok(body) => body,
        Err(error) if status < 300 => return Err(error),
        // The status says enough, and more than a broken body.
        Err(_) => Bytes::new(),
    };
    Ok(Answer { status, headers, is_json, body })
}

fn buyer(config: &Config) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    headers.insert(ACCEPT_LANGUAGE, header("language", &config.language)?);
    headers.insert(MARKETPLACE_ID, header("marketplace", &config.marketplace_id)?);
    if let Some(delivery) = &config.delivery {
        headers.insert(END_USER_CONTEXT, header("delivery", &context(delivery))?);
    }
    Ok(headers)
}

/// The value is itself a list of pairs, so their separators are escaped.
fn context(delivery: &Delivery) -> String {
    let country = &delivery.country;
    match &delivery.postcode {
        Some(postcode) => format!("contextualLocation=country%3D{country}%2Czip%3D{postcode}"),
        None => format!("contextualLocation=country%3D{country}"),
    }
}

fn header(name: &str, value: &str) -> Result<HeaderValue, Error> {
    HeaderValue::from_str(value)
        .map_err(|_| Error::Invalid(format!("the {name} `{value}` does not fit into a header")))
}
