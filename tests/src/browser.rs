//! A browser without a screen: it keeps cookies, and the token of the forms that it has seen.

use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use reqwest::{RequestBuilder, Response, Result, StatusCode};

/// The cookies it holds, and the token of the newest form.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    pub cookies: Vec<(String, String)>,
    pub token: String,
}

/// An answer that was read.
pub struct Page {
    pub status: StatusCode,
    /// Where it sends the reader.
    pub location: String,
    pub text: String,
}

impl Browser {
    /// All cookies as one header.
    pub fn cookie_line(&self) -> String {
        let pairs = self.cookies.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("; ")
    }

    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Replaces a cookie; an empty one is forgotten.
    pub fn set(&mut self, name: &str, value: &str) {
        self.cookies.retain(|(known, _)| known != name);
        if !value.is_empty() {
            self.cookies.push((name.to_owned(), value.to_owned()));
        }
    }

    /// Sends a request with the cookies.
    ///
    /// # Errors
    /// When there is no answer, or it breaks off.
    pub async fn send(&mut self, request: RequestBuilder) -> Result<Page> {
        let response = request.header(COOKIE, self.cookie_line()).send().await?;
        self.read(response).await
    }

    /// Sends a form of the page that is open.
    ///
    /// # Errors
    /// When there is no answer, or it breaks off.
    pub async fn submit(
        &mut self,
        request: RequestBuilder,
        fields: &[(&str, &str)],
    ) -> Result<Page> {
        let token = self.token.clone();
        let fields: Vec<_> = fields.iter().copied().chain([("token", token.as_str())]).collect();
        self.send(request.form(&fields).header("sec-fetch-site", "same-origin")).await
    }

    /// Takes the cookies and the token of an answer.
    ///
    /// # Errors
    /// When it breaks off.
    pub async fn read(&mut self, response: Response) -> Result<Page> {
        for line in response.headers().get_all(SET_COOKIE) {
            let pair = line.to_str().unwrap_or_default().split(';').next().unwrap_or_default();
            if let Some((name, value)) = pair.split_once('=') {
                self.set(name, value);
            }
        }
        let location = response.headers().get(LOCATION);
        let location = location.and_then(|value| value.to_str().ok()).unwrap_or_default().into();
        let status = response.status();
        let text = response.text().await?;
        if let Some((_, rest)) = text.split_once("name=\"token\" value=\"") {
            rest.split('"').next().unwrap_or_default().clone_into(&mut self.token);
        }
        Ok(Page { status, location, text })
    }
}

impl Page {
    /// Whether one is sent to sign in.
    pub fn is_at_the_door(&self) -> bool {
        self.status == StatusCode::SEE_OTHER && self.location.starts_with("/login")
    }
}
