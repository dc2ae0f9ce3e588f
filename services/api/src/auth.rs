//! Who may use a route. Runs after the path has matched, so that a wrong path is 404 for everybody.

use http::header::AUTHORIZATION;
use settings::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::problem::{Problem, Scheme};
use crate::route::{Access, Call};
use crate::state::Api;

/// The header that carries a tenant's API key.
pub(crate) const API_KEY: &str = "x-api-key";

/// The service token, as a hash: equal lengths let the comparison take equal time.
pub(crate) struct ServiceToken([u8; 32]);

impl ServiceToken {
    pub(crate) fn new(token: &SecretString) -> ServiceToken {
        ServiceToken(Sha256::digest(token.expose_secret()).into())
    }

    fn is(&self, presented: &str) -> bool {
        let presented: [u8; 32] = Sha256::digest(presented).into();
        self.0.ct_eq(&presented).into()
    }
}

/// Lets the caller in, or says why not; notes the tenant of an API key.
pub(crate) async fn admit(api: &Api, access: Access, call: &mut Call) -> Result<(), Problem> {
    match access {
        Access::Public => Ok(()),
        Access::Service => service(api, call),
        Access::Shop if call.headers.contains_key(AUTHORIZATION) => service(api, call),
        Access::Key | Access::Shop => key(api, call).await,
    }
}

fn service(api: &Api, call: &Call) -> Result<(), Problem> {
    let missing = Problem::Unauthorized {
        scheme: Scheme::Bearer,
        detail: "send the service token as `Authorization: Bearer …`",
    };
    let Some(token) = call.headers.get(AUTHORIZATION).and_then(|value| bearer(value)) else {
        return Err(missing);
    };
    if !api.token.is(token) {
        return Err(Problem::Forbidden("this is not the service token"));
    }
    api.limits.service()
}

/// The scheme is compared without case, as RFC 9110 has it.
fn bearer(value: &http::HeaderValue) -> Option<&str> {
    let (scheme, token) = value.to_str().ok()?.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

async fn key(api: &Api, call: &mut Call) -> Result<(), Problem> {
    let unauthorized = |detail| Problem::Unauthorized { scheme: Scheme::ApiKey, detail };
    let Some(presented) = call.header(API_KEY) else {
        return Err(unauthorized("send the tenant's API key as `X-API-Key: msp_ak_…`"));
    };
    let client = api.store.client().await?;
    let Some(found) = store::api_keys::find(&client, presented).await? else {
        return Err(unauthorized("this API key is unknown, expired or revoked"));
    };
    if !found.tenant_is_active {
        return Err(Problem::Forbidden("the tenant of this API key is not active"));
    }
    if !scope(&call.path).is_none_or(|scope| found.scopes.iter().any(|one| one == scope)) {
        return Err(Problem::Forbidden("this API key was not given the right to read this"));
    }
    api.limits.key(found.key_id)?;
    store::api_keys::touch(&client, found.key_id).await?;
    call.tenant_id = Some(found.tenant_id);
    Ok(())
}

/// What a key must be allowed to read for a path.
fn scope(path: &str) -> Option<&'static str> {
    match path.strip_prefix("/v1/")?.split('/').next()? {
        "kpis" => Some("kpis"),
        "exports" => Some("exports"),
        "cards" | "prices" => Some("cards"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes;

    #[test]
    fn every_route_for_keys_belongs_to_a_scope() {
        let routes = routes::all();
        let open = routes.iter().filter(|route| matches!(route.access, Access::Key | Access::Shop));
        for route in open {
            let scope = scope(&route.path).unwrap_or_else(|| panic!("{} has no scope", route.path));
            assert!(store::api_keys::SCOPES.contains(&scope));
        }
    }
}
