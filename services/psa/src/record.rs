//! The two kinds of records, and whose they are.

use msp::scalar::{FieldError, Scalar};
use msp::ticket::{Ticket, TicketRecord};
use msp::time_entry::{TimeEntry, TimeEntryRecord};
use serde::Deserialize;
use uuid::Uuid;

/// What a file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Tickets,
    TimeEntries,
}

impl Kind {
    /// `tickets` or `time_entries`: also the stem of file and folder names.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Tickets => "tickets",
            Kind::TimeEntries => "time_entries",
        }
    }
}

/// The tenant that is being loaded, under every name its records may use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub id: Uuid,
    /// Name of its folder: some exports write it where the id belongs.
    pub folder: Option<String>,
}

impl Identity {
    /// A record without a tenant belongs to the file it is in; one with another tenant is refused.
    ///
    /// # Errors
    /// When the record names another tenant.
    pub fn claims(&self, tenant_id: &Scalar<'_>) -> Result<(), FieldError> {
        let found = match tenant_id {
            Scalar::Null => return Ok(()),
            Scalar::Text(found) => found.as_ref(),
            _ => return Err(FieldError::new("tenant_id", "must be text")),
        };
        if Uuid::try_parse(found) == Ok(self.id) || self.folder.as_deref() == Some(found) {
            return Ok(());
        }
        let found: String = found.chars().take(40).collect();
        Err(FieldError::new("tenant_id", format!("is `{found}`, but {} is being loaded", self.id)))
    }
}

/// A kind of record at the type level: [`Tickets`] or [`TimeEntries`].
pub trait Record {
    const KIND: Kind;
    /// The checked record, borrowing from its JSON.
    type Checked<'a>;

    /// # Errors
    /// Names the field at fault, or the position where the JSON ends to make sense.
    fn parse<'a>(json: &'a str, tenant: &Identity) -> Result<Self::Checked<'a>, FieldError>;
}

/// See [`TicketRecord`] for the fields.
pub enum Tickets {}

/// See [`TimeEntryRecord`] for the fields.
pub enum TimeEntries {}

impl Record for Tickets {
    const KIND: Kind = Kind::Tickets;
    type Checked<'a> = Ticket<'a>;

    fn parse<'a>(json: &'a str, tenant: &Identity) -> Result<Ticket<'a>, FieldError> {
        let record: TicketRecord<'a> = object(json)?;
        tenant.claims(&record.tenant_id)?;
        record.check()
    }
}

impl Record for TimeEntries {
    const KIND: Kind = Kind::TimeEntries;
    type Checked<'a> = TimeEntry<'a>;

    fn parse<'a>(json: &'a str, tenant: &Identity) -> Result<TimeEntry<'a>, FieldError> {
        let record: TimeEntryRecord<'a> = object(json)?;
        tenant.claims(&record.tenant_id)?;
        record.check()
    }
}

fn object<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, FieldError> {
    // serde would also take an array for a struct, field by field.
    if !json.starts_with('{') {
        return Err(FieldError { field: None, reason: "is not a JSON object".into() });
    }
    serde_json::from_str(json).map_err(|error| {
        // The position's line is always 1 or counts within the record: the column says enough.
        let text = error.to_string();
        let reason = text.split(" at line ").next().unwrap_or(&text);
        let reason = format!("is not valid JSON: {reason} (byte {})", error.column());
        FieldError { field: None, reason }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity() -> Identity {
        let id = Uuid::from_u128(0x550e_8400_e29b_41d4_a716_4466_5544_0000);
        Identity { id, folder: Some("tenant_demo".into()) }
    }

    #[test]
    fn a_tenant_is_known_by_id_and_by_folder() {
        for known in ["550e8400-e29b-41d4-a716-446655440000", "tenant_demo"] {
            identity().claims(&Scalar::Text(known.into())).unwrap();
        }
        identity().claims(&Scalar::Null).unwrap();
        let upper = "550E8400-E29B-41D4-A716-446655440000";
        identity().claims(&Scalar::Text(upper.into())).unwrap();
        for foreign in ["550e8400-e29b-41d4-a716-446655440001", "TENANT_DEMO", ""] {
            let refused = identity().claims(&Scalar::Text(foreign.into())).unwrap_err();
            assert_eq!(refused.field, Some("tenant_id"), "{foreign}");
        }
    }

    #[test]
    fn broken_json_says_where() {
        let error =
            Tickets::parse(r#"{"cw_ticket_id": "T-1", "board": }"#, &identity()).unwrap_err();
        assert_eq!(error.to_string(), "is not valid JSON: expected value (byte 34)");
        let error = Tickets::parse("[1, 2]", &identity()).unwrap_err();
        assert_eq!(error.to_string(), "is not a JSON object");
        let twice = r#"{"cw_ticket_id": "T-1", "cw_ticket_id": "T-2"}"#;
        let error = Tickets::parse(twice, &identity()).unwrap_err();
        assert!(error.reason.contains("duplicate field `cw_ticket_id`"), "{error}");
    }
}
