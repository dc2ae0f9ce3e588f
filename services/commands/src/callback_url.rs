//! `callback_url`: a parameter that every command has besides its own.

use callbacks::Policy;
use serde_json::Value;

use crate::{Definition, Invalid};

/// Name of the parameter.
pub const CALLBACK_URL: &str = "callback_url";

/// Takes the address that is told when the command ends out of its parameters.
///
/// # Errors
/// [`Invalid`] says which addresses may be named.
pub fn take_callback_url(
    definition: &Definition,
    parameters: &mut Value,
    policy: &Policy,
) -> Result<Option<String>, Invalid> {
    let given = parameters.as_object_mut().and_then(|fields| fields.remove(CALLBACK_URL));
    let wrong = |message: &str| Invalid::new(CALLBACK_URL, message);
    let url = match given {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(url)) => url,
        Some(_) => return Err(wrong("must be a text")),
    };
    if definition.is_callback() {
        return Err(wrong("is not for callbacks themselves"));
    }
    policy.check(&url).map_err(|refused| wrong(&refused.to_string()))?;
    Ok(Some(url))
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use settings::callbacks::Hosts;

    use super::*;

    fn take(name: &str, parameters: &mut Value) -> Result<Option<String>, Invalid> {
        let private = vec!["n8n:5678".parse().unwrap()];
        let policy = Policy::new(Hosts { private, ..Hosts::default() });
        take_callback_url(crate::find(name).unwrap(), parameters, &policy)
    }

    #[test]
    fn is_taken_from_among_the_parameters() {
        let url = "http://n8n:5678/webhook-waiting/14";
        let mut parameters = json!({"callback_url": url, "seconds": 1});
        assert_eq!(take("diagnostics.wait", &mut parameters), Ok(Some(url.into())));
        assert_eq!(parameters, json!({"seconds": 1}));
        assert_eq!(take("diagnostics.wait", &mut parameters), Ok(None));
        assert_eq!(take("diagnostics.ping", &mut json!({"callback_url": null})), Ok(None));
    }

    #[test]
    fn is_refused_by_its_name() {
        for (name, url) in [
            ("diagnostics.ping", json!(7)),
            ("diagnostics.ping", json!("http://elsewhere/")),
            ("callbacks.deliver", json!("http://n8n:5678/")),
        ] {
            let refused = take(name, &mut json!({"callback_url": url})).unwrap_err();
            assert_eq!(refused.field, "callback_url", "{name} {url}");
        }
    }
}
