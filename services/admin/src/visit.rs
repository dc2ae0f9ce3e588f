//! A request as a page sees it: matched, let in, read.

use std::net::IpAddr;
use std::ops::Deref;

use http::HeaderMap;
use uuid::Uuid;

use crate::failure::Failure;
use crate::form::Form;
use crate::say::Say;
use crate::session::Session;
use crate::shell::{Counts, Shell, Theme};
use crate::site::Site;

/// One request.
pub(crate) struct Visit {
    pub(crate) frame: Frame,
    /// Values of the placeholders of the route, in order.
    pub(crate) segments: Vec<String>,
    /// What was posted; empty for a GET.
    pub(crate) form: Form,
    pub(crate) headers: HeaderMap,
    /// Who asks, past trusted proxies.
    pub(crate) client: Option<IpAddr>,
}

/// Who asks for which page, and in which words he wants it. A visit is one, too.
#[derive(Clone)]
pub(crate) struct Frame {
    pub(crate) site: Site,
    /// The path as the browser asked for it.
    pub(crate) path: String,
    pub(crate) query: Form,
    pub(crate) session: Session,
    pub(crate) say: Say,
    pub(crate) theme: Theme,
}

impl Frame {
    /// What stands around a page. `title` is the key of its name.
    pub(crate) async fn shell(&self, title: &str) -> Shell {
        self.shell_titled(self.say.t(title)).await
    }

    /// As [`Frame::shell`], for a page that is named after what it shows.
    pub(crate) async fn shell_titled(&self, title: impl Into<String>) -> Shell {
        let counts = match self.session.username.as_str() {
            "" => Counts::default(),
            _ => self.site.counts().await,
        };
        Shell {
            say: self.say.clone(),
            theme: self.theme,
            path: self.path.clone(),
            title: title.into(),
            username: self.session.username.clone(),
            token: self.site.signer.form_token(&self.session.id),
            counts,
        }
    }
}

impl Deref for Visit {
    type Target = Frame;

    fn deref(&self) -> &Frame {
        &self.frame
    }
}

impl Visit {
    /// The first placeholder of the path, as it was sent.
    pub(crate) fn segment(&self) -> &str {
        self.segments.first().map(String::as_str).unwrap_or_default()
    }

    /// The first placeholder as an id; what is none leads nowhere.
    pub(crate) fn id(&self) -> Result<Uuid, Failure> {
        self.segment().parse().map_err(|_| Failure::NotFound)
    }

    /// Who does this, in the audit log.
    pub(crate) fn actor(&self) -> &str {
        &self.session.username
    }

    /// htmx asks for a part of a page, to put it into the one that is open.
    pub(crate) fn is_partial(&self) -> bool {
        self.headers.contains_key("hx-request") && !self.headers.contains_key("hx-boosted")
    }

    /// A connection to the database.
    pub(crate) async fn db(&self) -> Result<store::Client, Failure> {
        Ok(self.site.store.client().await?)
    }
}
