//! Step 8: the site as the world sees it, through its reverse proxy.

use std::fmt::Write as _;
use std::fs;
use std::time::Duration;

use anyhow::Context;
use reqwest::{Certificate, Client, Response, redirect};
use settings::ExposeSecret as _;

use super::Walk;
use crate::check::{Cause, Check};
use crate::options::VerifyArguments;

const TIMEOUT: Duration = Duration::from_secs(10);
/// What to do about most of it.
const ADVICE: &str = "compare the reverse proxy with compose/Caddyfile, and reload it";

/// Where the site is for the world, and what it takes to look behind its proxy.
pub(super) struct Outside {
    /// `PUBLIC_URL`.
    pub(super) url: String,
    /// `user:password` of the proxy.
    pub(super) password: Option<(String, String)>,
    /// Of a certificate that only this site knows.
    pub(super) authority: Option<Certificate>,
}

/// A look at it.
struct Look {
    client: Client,
    url: String,
    /// `user:password` of the proxy.
    password: Option<(String, String)>,
    text: String,
}

pub(super) async fn step(walk: &mut Walk) -> anyhow::Result<Vec<Check>> {
    let Some(url) = address(walk) else { return Ok(Vec::new()) };
    let commands = [
        format!("curl -I {url}/"),
        format!("curl -u \"$USER:$PASSWORD\" -I {url}/"),
        format!("curl -H \"Authorization: Bearer $SERVICE_TOKEN\" -I {url}/internal/tenants"),
        format!("curl -I {url}/metrics"),
        format!("curl -H \"X-API-Key: $TENANT_API_KEY\" {url}/v1/kpis/daily?date={}", walk.date),
    ];
    walk.proof.command(&commands)?;
    let client = client(walk.outside.authority.clone())?;
    let password = walk.outside.password.clone();
    let mut outside = Look { client, url, password, text: String::new() };
    let mut checks = vec![outside.door().await];
    if checks.iter().all(|check| check.ok) {
        checks.extend(outside.behind().await);
        checks.push(outside.redirect().await);
        checks.push(outside.closed(walk, "/internal/tenants").await);
        checks.push(outside.closed(walk, "/metrics").await);
        checks.push(outside.public_api(walk).await);
    }
    walk.proof.output("public_site.txt", &outside.text)?;
    Ok(checks)
}

fn address(walk: &Walk) -> Option<String> {
    let url = walk.arguments.public_url.as_ref().unwrap_or(&walk.outside.url);
    Some(url.trim_end_matches('/').to_owned()).filter(|url| !url.is_empty())
}

/// What `--basic-auth` names.
pub(super) fn password(arguments: &VerifyArguments) -> anyhow::Result<Option<(String, String)>> {
    let Some(path) = &arguments.basic_auth else { return Ok(None) };
    let text = fs::read_to_string(path).with_context(|| format!("{}", path.display()))?;
    let pair = text.trim_end().split_once(':');
    let (user, password) = pair.context("--basic-auth: the file holds no user:password")?;
    Ok(Some((user.to_owned(), password.to_owned())))
}

/// What `--ca` names.
pub(super) fn authority(arguments: &VerifyArguments) -> anyhow::Result<Option<Certificate>> {
    let Some(path) = &arguments.ca else { return Ok(None) };
    let pem = fs::read(path).with_context(|| format!("{}", path.display()))?;
    Ok(Some(Certificate::from_pem(&pem)?))
}

fn client(authority: Option<Certificate>) -> anyhow::Result<Client> {
    let builder = Client::builder().timeout(TIMEOUT).redirect(redirect::Policy::none());
    Ok(builder.tls_certs_merge(authority).build()?)
}

impl Look {
    async fn get(
        &mut self,
        url: String,
        dress: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Result<Response, String> {
        _ = writeln!(self.text, "> GET {url}");
        let answer = dress(self.client.get(url)).send().await;
        let answer = answer.map_err(|error| words(&error));
        match &answer {
            Ok(response) => {
                _ = writeln!(self.text, "< {}", response.status());
                for name in ["location", "www-authenticate", "strict-transport-security", "server"]
                {
                    if let Some(value) = response.headers().get(name) {
                        _ = writeln!(self.text, "< {name}: {}", value.to_str().unwrap_or("?"));
                    }
                }
            }
            Err(error) => _ = writeln!(self.text, "< {error}"),
        }
        self.text.push('\n');
        answer
    }

    /// Nobody sees a page without the proxy's password.
    async fn door(&mut self) -> Check {
        let name = "the proxy's password";
        let url = format!("{}/", self.url);
        match self.get(url, |request| request).await {
            Ok(answer) if answer.status() == 401 => {
                let https = self.url.starts_with("https://");
                let is_strict = answer.headers().contains_key("strict-transport-security");
                if https && !is_strict {
                    return ill(name, "is asked for, but without Strict-Transport-Security");
                }
                well(name, "is asked for")
            }
            Ok(answer) => ill(name, &format!("is not asked for: {}", answer.status())),
            Err(error) => ill(name, &error),
        }
    }

    /// With it, the admin site's own sign-in is there.
    async fn behind(&mut self) -> Option<Check> {
        let name = "the admin site";
        let (user, password) = self.password.clone()?;
        let url = format!("{}/login", self.url);
        let answer = self.get(url, |it| it.basic_auth(user, Some(password))).await;
        Some(match answer {
            Ok(answer) if answer.status() == 200 => {
                let page = answer.text().await.unwrap_or_default();
                if !page.contains("name=\"password\"") {
                    return Some(ill(name, "is not what stands behind the password"));
                }
                well(name, "shows its sign-in behind the password")
            }
            Ok(answer) if answer.status() == 502 => {
                ill(name, "does not listen where the proxy looks for it (502)")
            }
            Ok(answer) => ill(name, &format!("answers {}", answer.status())),
            Err(error) => ill(name, &error),
        })
    }

    /// Plain HTTP leads to HTTPS; an address with a port of its own has no such neighbour.
    async fn redirect(&mut self) -> Check {
        let name = "plain HTTP";
        let Some(rest) = self.url.strip_prefix("https://") else {
            return ill(name, "is all there is: give the site HTTPS");
        };
        if rest.contains(':') {
            return well(name, "is not looked for beside a port of its own");
        }
        match self.get(format!("http://{rest}/"), |request| request).await {
            Ok(answer) if answer.status().is_redirection() => well(name, "leads to HTTPS"),
            Ok(answer) => ill(name, &format!("is served: {}", answer.status())),
            Err(error) => well(name, format!("is not served: {error}")),
        }
    }

    /// What is for the inside does not exist outside, whatever is shown.
    async fn closed(&mut self, walk: &Walk, path: &'static str) -> Check {
        let token = walk.token.expose_secret().to_owned();
        let (password, url) = (self.password.clone(), format!("{}{path}", self.url));
        let mut answers = vec![self.get(url.clone(), |it| it.bearer_auth(token)).await];
        if let Some((user, password)) = password {
            answers.push(self.get(url, |it| it.basic_auth(user, Some(password))).await);
        }
        for answer in answers {
            match answer {
                Ok(answer) if answer.status() == 404 => {}
                Ok(answer) => {
                    return ill(path, &format!("is reached from outside: {}", answer.status()));
                }
                Err(error) => return ill(path, &error),
            }
        }
        well(path, "is not there for the outside")
    }

    /// Keys and no other password, so that Power BI can come in.
    async fn public_api(&mut self, walk: &Walk) -> Check {
        let name = "/v1";
        let url = format!("{}/v1/kpis/daily?date={}", self.url, walk.date);
        match self.get(url.clone(), |request| request).await {
            Ok(answer) if answer.status() == 401 => {}
            Ok(answer) => return ill(name, &format!("answers {} without a key", answer.status())),
            Err(error) => return ill(name, &error),
        }
        let Some(key) = &walk.key else { return well(name, "wants a key") };
        let key = key.expose_secret().to_owned();
        match self.get(url, |it| it.header("X-API-Key", key)).await {
            // The day may not have been computed yet; step 5 says so then.
            Ok(answer) if matches!(answer.status().as_u16(), 200 | 404) => {
                well(name, "wants a key, and opens with one")
            }
            Ok(answer) => ill(name, &format!("answers {} with a key", answer.status())),
            Err(error) => ill(name, &error),
        }
    }
}

fn well(name: &'static str, detail: impl Into<String>) -> Check {
    Check::well(Cause::PublicSite, name, detail)
}

fn ill(name: &'static str, detail: &str) -> Check {
    Check::ill(Cause::PublicSite, name, detail, ADVICE)
}

/// The innermost words: the outer ones repeat the address.
fn words(error: &reqwest::Error) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}
