//! The answer to one question about an installation, for `doctor` and `verify`.

use serde::Serialize;
use serde_json::{Value, json};

use crate::output;

/// What keeps an installation from working.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Cause {
    /// A variable is missing or wrong.
    Settings,
    /// The API's name is not known, or nobody answers there.
    Network,
    /// The service token is not the API's.
    Token,
    /// The database cannot be used.
    Database,
    /// A folder is not mounted, or cannot be written.
    Volumes,
    /// Tables are missing, or tenants.
    Migrations,
    /// RabbitMQ cannot be used, or nobody works for it.
    Broker,
    /// Clocks disagree.
    Clock,
    /// eBay refuses the application.
    Ebay,
    /// An answer is not what it should be.
    Results,
    /// The reverse proxy lets through what it should not, or the other way round.
    PublicSite,
}

/// The answer to one question.
#[derive(Clone, Debug)]
pub(crate) struct Check {
    pub(crate) cause: Cause,
    pub(crate) name: &'static str,
    pub(crate) ok: bool,
    pub(crate) detail: String,
    /// What to do about it; empty when it is well.
    pub(crate) advice: String,
}

impl Check {
    pub(crate) fn well(cause: Cause, name: &'static str, detail: impl Into<String>) -> Check {
        Check { cause, name, ok: true, detail: detail.into(), advice: String::new() }
    }

    pub(crate) fn ill(
        cause: Cause,
        name: &'static str,
        detail: impl Into<String>,
        advice: impl Into<String>,
    ) -> Check {
        Check { cause, name, ok: false, detail: detail.into(), advice: advice.into() }
    }

    pub(crate) fn json(&self) -> Value {
        json!({
            "check": self.name, "ok": self.ok, "cause": self.cause, "detail": self.detail,
            "advice": self.advice,
        })
    }

    /// A line for people, and another one with what to do.
    pub(crate) fn text(&self) -> String {
        let mark = if self.ok { "✓" } else { "✗" };
        let line = format!("{mark} {}: {}", self.name, self.detail);
        if self.ok { line } else { format!("{line}\n    → {}", self.advice) }
    }
}

/// Prints checks; true when all are well.
pub(crate) fn show(checks: &[Check], as_json: bool) -> bool {
    let well = checks.iter().all(|check| check.ok);
    if as_json {
        let checks: Vec<Value> = checks.iter().map(Check::json).collect();
        output::json(&json!({"ok": well, "checks": checks}));
    } else {
        for check in checks {
            output::line(check.text());
        }
    }
    well
}
