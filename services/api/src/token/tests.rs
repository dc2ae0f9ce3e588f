//! Forged, stale and broken tokens: every one is refused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::*;

const CURRENT: &str = "c0d1e2f3a4b5968778695a4b3c2d1e0f";
const PREVIOUS: &str = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
const STRANGE: &str = "9b8a7c6d5e4f30211203f4e5d6c7a8b9";

fn tokens(current: &str, previous: Option<&str>) -> Tokens {
    Tokens::new(&settings::tokens::Tokens {
        secret: current.to_owned().into(),
        previous_secret: previous.map(|secret| secret.to_owned().into()),
        lifetime: Duration::from_mins(15),
    })
}

fn ours() -> Tokens {
    tokens(CURRENT, Some(PREVIOUS))
}

fn claims() -> Claims {
    let now = Timestamp::now().as_second();
    Claims {
        iss: ISSUER.to_owned(),
        aud: AUDIENCE.to_owned(),
        sub: Uuid::from_u128(1),
        tenant_id: Uuid::from_u128(2),
        scope: "kpis exports".to_owned(),
        iat: now,
        nbf: now,
        exp: now + 900,
        jti: Uuid::from_u128(3),
    }
}

/// A token with this header and these claims, signed with `secret` by HMAC-SHA256 whatever the
/// header says.
fn forge(header: &Value, claims: &Value, secret: &str) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let message = format!("{}.{}", part(header), part(claims));
    let key = EncodingKey::from_secret(secret.as_bytes());
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

fn header() -> Value {
    json!({ "alg": "HS256", "typ": "JWT", "kid": key_id(&CURRENT.to_owned().into()) })
}

/// The header or the claims with one field changed, or taken out by null.
fn with(mut value: Value, field: &str, new: Value) -> Value {
    match new {
        Value::Null => drop(value.as_object_mut().unwrap().remove(field)),
        new => value[field] = new,
    }
    value
}

#[test]
fn what_was_given_out_is_taken_and_its_secret_can_be_replaced() {
    let scopes = ["kpis".to_owned(), "cards".to_owned()];
    let issue = |tokens: &Tokens| tokens.issue(Uuid::from_u128(1), Uuid::from_u128(2), &scopes);
    let token = issue(&ours()).unwrap();
    let claims = ours().verify(&token).unwrap();
    assert_eq!((claims.sub, claims.tenant_id), (Uuid::from_u128(1), Uuid::from_u128(2)));
    assert!(claims.has_scope("cards") && !claims.has_scope("exports") && !claims.has_scope("kpi"));
    assert_eq!(claims.exp - claims.iat, 900);

    let before = issue(&tokens(PREVIOUS, None)).unwrap();
    assert!(ours().verify(&before).is_ok(), "the secret before is still known");
    assert_eq!(tokens(CURRENT, None).verify(&before), Err(Refused::Unknown));
    assert_eq!(
        tokens(STRANGE, Some(CURRENT)).verify(&token).map(|claims| claims.exp),
        Ok(claims.exp)
    );
}

#[test]
fn the_forger_of_these_tests_can_make_a_good_one() {
    let good = forge(&header(), &json!(claims()), CURRENT);
    assert_eq!(ours().verify(&good), Ok(claims()));
}

#[test]
fn every_forged_token_is_refused() {
    let good = json!(claims());
    let now = claims().iat;
    let signed = |header: Value, claims: Value| forge(&header, &claims, CURRENT);
    let head = |field: &str, new: Value| signed(with(header(), field, new), good.clone());
    let claim = |field: &str, new: Value| signed(header(), with(good.clone(), field, new));
    let whole = signed(header(), good.clone());
    let parts: Vec<&str> = whole.split('.').collect();
    let swapped = with(good.clone(), "tenant_id", json!(Uuid::from_u128(9)));
    let swapped = URL_SAFE_NO_PAD.encode(swapped.to_string());
    let cases = [
        ("alg none", head("alg", json!("none"))),
        ("alg None", head("alg", json!("None"))),
        (
            "alg none, no signature",
            format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), parts[1]),
        ),
        ("alg RS256 over our secret", head("alg", json!("RS256"))),
        ("alg PS256", head("alg", json!("PS256"))),
        ("alg ES256", head("alg", json!("ES256"))),
        ("alg HS512", head("alg", json!("HS512"))),
        ("no alg", head("alg", Value::Null)),
        ("another key id", head("kid", json!("0000000000000000"))),
        ("no key id", head("kid", Value::Null)),
        ("key id of a file", head("kid", json!("../../dev/null"))),
        ("the previous key's id", head("kid", json!(key_id(&PREVIOUS.to_owned().into())))),
        ("another secret", forge(&header(), &good, STRANGE)),
        ("an empty secret", forge(&header(), &good, "")),
        ("its own key in the header", with_own_key()),
        ("another audience", claim("aud", json!("courtier:internal"))),
        ("no audience", claim("aud", Value::Null)),
        ("another issuer", claim("iss", json!("https://elsewhere.example"))),
        ("no issuer", claim("iss", Value::Null)),
        ("no end", claim("exp", Value::Null)),
        ("an end that is no number", claim("exp", json!("never"))),
        ("no begin", claim("nbf", Value::Null)),
        ("no subject", claim("sub", Value::Null)),
        ("a subject that is no id", claim("sub", json!("admin"))),
        ("expired", claim("exp", json!(now - 60))),
        ("from the future", claim("nbf", json!(now + 60))),
        ("issued in the future", claim("iat", json!(now + 60))),
        ("tenant swapped", format!("{}.{swapped}.{}", parts[0], parts[2])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("four parts", format!("{whole}.x")),
        ("truncated", whole[..whole.len() - 1].to_owned()),
        ("truncated at its begin", whole[1..].to_owned()),
        ("nothing", String::new()),
        ("dots", "..".to_owned()),
    ];
    let tokens = ours();
    for (name, token) in cases {
        assert!(tokens.verify(&token).is_err(), "{name}: {token}");
    }
}

#[test]
fn why_a_token_is_refused_is_told_as_far_as_it_helps() {
    let now = claims().iat;
    let say = |field: &str, at: i64| {
        ours().verify(&forge(&header(), &with(json!(claims()), field, json!(at)), CURRENT))
    };
    assert_eq!(say("exp", now - 60), Err(Refused::Expired));
    assert_eq!(say("nbf", now + 60), Err(Refused::Early));
    assert_eq!(say("iat", now + 60), Err(Refused::Early));
    assert_eq!(ours().verify("x.y.z"), Err(Refused::Unknown));
}

/// A token that brings the key it wants to be checked with.
fn with_own_key() -> String {
    let jwk = json!({ "kty": "oct", "alg": "HS256", "k": URL_SAFE_NO_PAD.encode(STRANGE) });
    forge(&with(header(), "jwk", jwk), &json!(claims()), STRANGE)
}
