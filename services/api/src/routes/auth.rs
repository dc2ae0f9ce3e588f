//! `POST /v1/auth/token`: a short-lived token for an API key.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use store::api_keys::SCOPES;
use uuid::Uuid;
use warp::reply::Response;

use crate::params::Params;
use crate::problem::Problem;
use crate::route::{Access, Call, Route};
use crate::state::Api;
use crate::{body, reply};

/// A token, named as RFC 6749 names it.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "Token")]
struct TokenView {
    /// Send it as `Authorization: Bearer …`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Seconds from now.
    expires_in: u64,
    /// What it may read, separated by blanks.
    scope: String,
    tenant_id: Uuid,
}

pub(super) fn routes() -> Vec<Route> {
    vec![
        Route::post("/v1/auth/token", Access::Key, |api, call| Box::pin(token(api, call)))
            .about("auth", "Exchanges an API key for a token that lives for some minutes.")
            .body(schemars::json_schema!({
                "type": "object",
                "properties": { "scope": {
                    "type": "string",
                    "description": "Only these rights of the key, separated by blanks: `kpis`, \
                                    `tickets`, `exports`, `cards`.",
                    "examples": ["kpis exports"],
                } },
                "additionalProperties": false,
            }))
            .answers::<TokenView>(200, "The token."),
    ]
}

async fn token(api: Api, call: Call) -> Result<Response, Problem> {
    let reader = call.reader()?.clone();
    let mut params = Params::new(&call.query);
    let asked: Option<String> = params.optional("scope", "rights separated by blanks");
    params.finish()?;
    let in_body = in_body(body::fields(&call.headers, call.body).await?)?;
    let asked = match (asked, in_body) {
        (Some(_), Some(_)) => {
            return Err(Problem::field("scope", "is in the query string and in the body"));
        }
        (asked, in_body) => asked.or(in_body),
    };
    if !reader.has_key {
        return Err(Problem::Forbidden("only an API key can be exchanged, not a token"));
    }
    let scopes = match asked {
        None => reader.scopes.to_vec(),
        Some(asked) => narrowed(&asked, &reader.scopes)?,
    };
    Ok(reply::ok(&TokenView {
        access_token: api.tokens.issue(reader.key_id, reader.tenant_id, &scopes)?,
        token_type: "Bearer",
        expires_in: api.tokens.lifetime().as_secs(),
        scope: scopes.join(" "),
        tenant_id: reader.tenant_id,
    }))
}

/// The `scope` of a body, the only field there can be.
fn in_body(fields: serde_json::Map<String, Value>) -> Result<Option<String>, Problem> {
    let mut scope = None;
    for (name, value) in fields {
        match (name.as_str(), value) {
            ("scope", Value::String(text)) => scope = Some(text),
            ("scope", _) => return Err(Problem::field("scope", "must be a text")),
            (name, _) => return Err(Problem::field(name, "is not a parameter of this request")),
        }
    }
    Ok(scope)
}

/// The rights that are asked for, all of which the key must have.
fn narrowed(asked: &str, held: &[String]) -> Result<Vec<String>, Problem> {
    let mut scopes: Vec<String> = asked.split_whitespace().map(str::to_owned).collect();
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        return Err(Problem::field("scope", "must name a right"));
    }
    if let Some(unknown) = scopes.iter().find(|one| !SCOPES.contains(&one.as_str())) {
        let known = SCOPES.join(", ");
        return Err(Problem::field("scope", format!("`{unknown}` is none of {known}")));
    }
    if scopes.iter().any(|one| !held.contains(one)) {
        return Err(Problem::Forbidden("this API key has not all the rights asked for"));
    }
    Ok(scopes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_no_right_that_its_key_has_not() {
        let held = ["kpis".to_owned(), "cards".to_owned()];
        assert_eq!(narrowed("cards  kpis cards", &held).unwrap(), ["cards", "kpis"]);
        assert!(matches!(narrowed("kpis exports", &held), Err(Problem::Forbidden(_))));
        for wrong in ["", "  ", "all", "kpis,cards", "KPIS"] {
            assert!(matches!(narrowed(wrong, &held), Err(Problem::Invalid(_))), "{wrong}");
        }
    }
}
