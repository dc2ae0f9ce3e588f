//! Who may use a route. Runs after the path has matched, so that a wrong path is 404 for everybody.

mod credential;

use std::sync::Arc;

use settings::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};
use store::api_keys::{self, Access as Opened};
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::problem::{Problem, Scheme};
use crate::route::{Access, Call, Carriers, Route};
use crate::state::Api;
use credential::Credential;

pub(crate) use credential::{API_KEY, QUERY_KEY};

/// The service token, and the one before while it is still taken, as hashes: equal lengths let the
/// comparison take equal time.
pub(crate) struct ServiceToken(Vec<[u8; 32]>);

/// Who reads for a tenant, and what of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reader {
    pub(crate) key_id: Uuid,
    pub(crate) tenant_id: Uuid,
    /// Of [`api_keys::SCOPES`]; of a token, those it was given out for and its key still has.
    pub(crate) scopes: Arc<[String]>,
    /// It came with the key itself and not with a token.
    pub(crate) has_key: bool,
}

impl ServiceToken {
    pub(crate) fn new(token: &SecretString, previous: Option<&SecretString>) -> ServiceToken {
        let hash = |token: &SecretString| Sha256::digest(token.expose_secret()).into();
        ServiceToken([Some(token), previous].into_iter().flatten().map(hash).collect())
    }

    fn is(&self, presented: &str) -> bool {
        let presented: [u8; 32] = Sha256::digest(presented).into();
        // All of them, so that the time does not tell which one it was.
        self.0.iter().fold(false, |found, token| found | bool::from(token.ct_eq(&presented)))
    }
}

/// Lets the caller in, or says why not; notes who reads, and takes the key out of the query string.
pub(crate) async fn admit(api: &Api, route: &Route, call: &mut Call) -> Result<(), Problem> {
    if route.access == Access::Public {
        return Ok(());
    }
    let credential = Credential::take(call, route.carriers).map_err(|_| {
        let detail = "send one credential, not several";
        Problem::Unauthorized { scheme: scheme(route), detail }
    })?;
    match (route.access, credential) {
        (Access::Service, credential) => service(api, credential),
        // A bearer that is no token of ours was meant to be the service token.
        (Access::Shop, Some(Credential::Bearer(token))) if !credential::is_jwt(&token) => {
            service(api, Some(Credential::Bearer(token)))
        }
        (_, credential) => {
            let reader = reader(api, route, credential).await?;
            if !may_read(&route.path, &reader.scopes) {
                return Err(Problem::Forbidden(
                    "this API key was not given the right to read this",
                ));
            }
            call.reader = Some(reader);
            Ok(())
        }
    }
}

fn service(api: &Api, credential: Option<Credential>) -> Result<(), Problem> {
    let Some(Credential::Bearer(token)) = credential else {
        return Err(Problem::Unauthorized {
            scheme: Scheme::Bearer,
            detail: "send the service token as `Authorization: Bearer …`",
        });
    };
    if !api.token.is(&token) {
        return Err(Problem::Forbidden("this is not the service token"));
    }
    api.limits.service()
}

/// What a route asks for.
fn scheme(route: &Route) -> Scheme {
    match (route.access, route.carriers) {
        (Access::Service, _) => Scheme::Bearer,
        (_, Carriers::Headers) => Scheme::ApiKey,
        (_, Carriers::AlsoQuery) => Scheme::Basic,
    }
}

/// Who presents this key or token, counted against its rate limit.
async fn reader(
    api: &Api,
    route: &Route,
    credential: Option<Credential>,
) -> Result<Reader, Problem> {
    let unauthorized = |detail| Problem::Unauthorized { scheme: scheme(route), detail };
    let (opened, claims) = match credential {
        None => {
            return Err(unauthorized("send the tenant's API key as `X-API-Key: msp_ak_…`"));
        }
        Some(Credential::Key(key)) => (by_key(api, &key).await?, None),
        Some(Credential::Bearer(token)) => {
            let claims = api.tokens.verify(&token).map_err(|why| unauthorized(why.detail()))?;
            let opened = by_id(api, claims.sub).await?;
            (opened.filter(|opened| opened.tenant_id == claims.tenant_id), Some(claims))
        }
    };
    let Some(opened) = opened else {
        return Err(unauthorized("this API key is unknown, expired or revoked"));
    };
    if !opened.tenant_is_active {
        return Err(Problem::Forbidden("the tenant of this API key is not active"));
    }
    api.limits.key(opened.key_id)?;
    note_use(api, &opened).await?;
    Ok(Reader {
        key_id: opened.key_id,
        tenant_id: opened.tenant_id,
        scopes: match &claims {
            None => opened.scopes,
            Some(claims) => {
                let given = |scope: &&String| claims.has_scope(scope);
                opened.scopes.iter().filter(given).cloned().collect()
            }
        },
        has_key: claims.is_none(),
    })
}

/// What a key opens. Requests with the same one that come together ask the database once.
async fn by_key(api: &Api, key: &str) -> Result<Option<Opened>, Problem> {
    let Some(lookup) = api_keys::lookup_of(key) else { return Ok(None) };
    let store = api.store.clone();
    let read = move |lookup: String, _| {
        let store = store.clone();
        async move {
            let lock = api_keys::lock(&store.client().await?, &lookup).await?;
            Ok(lock.map(|lock| ((), Arc::new(lock))).into_iter().collect())
        }
    };
    let lock = api.locks.get(lookup.to_owned(), (), read).await?;
    Ok(lock.and_then(|lock| lock.open(&api.pepper, key)))
}

/// What the key opens that a token was given out for.
async fn by_id(api: &Api, key_id: Uuid) -> Result<Option<Opened>, Problem> {
    let store = api.store.clone();
    let read = move |key_id, _| {
        let store = store.clone();
        async move {
            let opened = api_keys::find_by_id(&store.client().await?, key_id).await?;
            Ok(opened.map(|opened| ((), opened)).into_iter().collect())
        }
    };
    api.keys.get(key_id, (), read).await
}

/// Once a minute, and not with each request.
async fn note_use(api: &Api, opened: &Opened) -> Result<(), Problem> {
    if opened.touch_is_due {
        api_keys::touch(&api.store.client().await?, opened.key_id).await?;
    }
    Ok(())
}

/// Whether `scopes` open a path; a path that no scope names is closed.
fn may_read(path: &str, scopes: &[String]) -> bool {
    let section = path.strip_prefix("/v1/").and_then(|rest| rest.split('/').next());
    let scope = match section {
        // Exchanging a key gives no right that it has not.
        Some("auth") => return true,
        Some("kpis") => "kpis",
        Some("tickets" | "time-entries") => "tickets",
        // Its sets are the tables of the export files.
        Some("exports" | "odata") => "exports",
        Some("cards" | "prices") => "cards",
        _ => return false,
    };
    scopes.iter().any(|one| one == scope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::routes;

    #[test]
    fn the_token_before_opens_while_it_is_named() {
        let [new, old] = ["the new one", "the old one"].map(SecretString::from);
        let both = ServiceToken::new(&new, Some(&old));
        assert!(both.is("the new one") && both.is("the old one"));
        assert!(!both.is("another one") && !both.is(""));
        let one = ServiceToken::new(&new, None);
        assert!(one.is("the new one") && !one.is("the old one") && !one.is(""));
    }

    #[test]
    fn every_route_for_keys_belongs_to_a_scope() {
        let all: Vec<String> = api_keys::SCOPES.map(String::from).into();
        let routes = routes::all();
        let open = routes.iter().filter(|route| matches!(route.access, Access::Key | Access::Shop));
        for route in open {
            assert!(may_read(&route.path, &all), "{} has no scope", route.path);
        }
    }

    #[test]
    fn a_scope_opens_its_own_paths_only() {
        let only = |scope: &str| vec![scope.to_owned()];
        assert!(may_read("/v1/kpis/daily", &only("kpis")));
        assert!(!may_read("/v1/kpis/daily", &only("exports")));
        assert!(!may_read("/v1/tickets", &only("kpis")));
        assert!(may_read("/v1/odata/FactTicket", &only("exports")));
        assert!(!may_read("/v1/nowhere", &only("kpis")));
        assert!(!may_read("/internal/tenants", &only("kpis")));
    }
}
