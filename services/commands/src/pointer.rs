//! What a message says: which command, never what it holds.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A message's body: a pointer to the command's row, which is the truth.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pointer {
    /// Version of this form. A reader refuses versions it does not know.
    v: u8,
    pub id: Uuid,
    pub name: String,
}

const VERSION: u8 = 1;

impl Pointer {
    pub fn new(id: Uuid, name: impl Into<String>) -> Pointer {
        Pointer { v: VERSION, id, name: name.into() }
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// Never: a pointer is plain JSON.
    pub fn to_body(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("a pointer is plain JSON")
    }

    /// Reads a body, which may hold anything.
    ///
    /// # Errors
    /// A sentence that says what is wrong with it.
    pub fn from_body(body: &[u8]) -> Result<Pointer, String> {
        let pointer: Pointer =
            serde_json::from_slice(body).map_err(|error| format!("not a pointer: {error}"))?;
        match pointer.v {
            VERSION => Ok(pointer),
            other => Err(format!("version {other} of a pointer is unknown here")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_survives_the_broker() {
        let pointer = Pointer::new(Uuid::now_v7(), "kpi.compute-daily");
        assert_eq!(Pointer::from_body(&pointer.to_body()), Ok(pointer));
    }

    #[test]
    fn anything_else_is_refused_with_a_reason() {
        assert!(Pointer::from_body(b"{").unwrap_err().starts_with("not a pointer"));
        let body = br#"{"v":9,"id":"550e8400-e29b-41d4-a716-446655440000","name":"a.b"}"#;
        assert_eq!(Pointer::from_body(body).unwrap_err(), "version 9 of a pointer is unknown here");
    }
}
