//! Time entries as sources report them, and what they mean.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;

use crate::scalar::{FieldError, Scalar, required};

/// Longest single entry: a month without pause is a slip of the keyboard.
const MAX_MINUTES: i32 = 44_640;

/// A time entry's JSON object. Only `cw_time_entry_id`, `minutes` and `date_worked` are required;
/// fields that are not listed are kept in the raw copy.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct TimeEntryRecord<'a> {
    /// Id of the tenant; when present, it must be the tenant that is being loaded.
    #[serde(borrow)]
    pub tenant_id: Scalar<'a>,
    pub cw_time_entry_id: Scalar<'a>,
    /// The ticket it was worked on; null for work that belongs to no ticket.
    pub cw_ticket_id: Scalar<'a>,
    /// Who worked.
    pub member: Scalar<'a>,
    pub work_type: Scalar<'a>,
    /// Boolean; true when neither this nor `billable_option` is given.
    pub billable: Scalar<'a>,
    /// `Billable`, `DoNotBill`, `NoCharge` or `NoDefault`; wins over `billable`.
    pub billable_option: Scalar<'a>,
    /// Whole minutes, 0 to 44640.
    pub minutes: Scalar<'a>,
    pub notes: Scalar<'a>,
    /// `YYYY-MM-DD`, the calendar day where the work was done.
    pub date_worked: Scalar<'a>,
    /// Instant of the last change; an older version of a record never replaces a newer one.
    pub updated_at_remote: Scalar<'a>,
}

/// Who pays for an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillableClass {
    /// Internal work.
    NotBillable = 0,
    Billable = 1,
    /// The client sees it, and does not pay for it.
    NoCharge = 2,
}

/// A checked time entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeEntry<'a> {
    pub cw_time_entry_id: Cow<'a, str>,
    pub cw_ticket_id: Option<Cow<'a, str>>,
    pub member: Option<Cow<'a, str>>,
    pub work_type: Option<Cow<'a, str>>,
    pub class: BillableClass,
    pub billable_option: Option<Cow<'a, str>>,
    pub minutes: i32,
    pub notes: Option<Cow<'a, str>>,
    pub date_worked: Date,
    pub updated_at: Option<Timestamp>,
}

impl<'a> TimeEntryRecord<'a> {
    /// Checks every field.
    ///
    /// # Errors
    /// Names the first field that cannot be used.
    pub fn check(self) -> Result<TimeEntry<'a>, FieldError> {
        let billable_option = self.billable_option.text("billable_option")?;
        let billable = self.billable.bool("billable")?;
        Ok(TimeEntry {
            class: class(billable_option.as_deref(), billable)?,
            cw_time_entry_id: required(
                "cw_time_entry_id",
                self.cw_time_entry_id.key("cw_time_entry_id")?,
            )?,
            cw_ticket_id: self.cw_ticket_id.key("cw_ticket_id")?,
            member: self.member.text("member")?,
            work_type: self.work_type.text("work_type")?,
            billable_option,
            minutes: required("minutes", self.minutes.integer("minutes", 0..=MAX_MINUTES)?)?,
            notes: self.notes.text("notes")?,
            date_worked: required("date_worked", self.date_worked.day("date_worked")?)?,
            updated_at: self.updated_at_remote.instant("updated_at_remote")?,
        })
    }
}

fn class(option: Option<&str>, billable: Option<bool>) -> Result<BillableClass, FieldError> {
    let by_flag = match billable {
        Some(false) => BillableClass::NotBillable,
        Some(true) | None => BillableClass::Billable,
    };
    match option {
        None | Some("NoDefault" | "") => Ok(by_flag),
        Some("Billable") => Ok(BillableClass::Billable),
        Some("DoNotBill") => Ok(BillableClass::NotBillable),
        Some("NoCharge") => Ok(BillableClass::NoCharge),
        Some(_) => Err(FieldError::new(
            "billable_option",
            "must be Billable, DoNotBill, NoCharge or NoDefault",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(billable: Scalar<'static>, option: Scalar<'static>) -> TimeEntryRecord<'static> {
        TimeEntryRecord {
            cw_time_entry_id: Scalar::Integer(7),
            minutes: Scalar::Integer(45),
            date_worked: Scalar::Text("2026-01-20T00:00:00Z".into()),
            billable,
            billable_option: option,
            ..TimeEntryRecord::default()
        }
    }

    #[test]
    fn option_wins_over_the_flag() {
        let option = |text: &'static str| Scalar::Text(text.into());
        let cases = [
            (Scalar::Null, Scalar::Null, BillableClass::Billable),
            (Scalar::Bool(false), Scalar::Null, BillableClass::NotBillable),
            (Scalar::Bool(true), option("NoCharge"), BillableClass::NoCharge),
            (Scalar::Bool(true), option("DoNotBill"), BillableClass::NotBillable),
            (Scalar::Bool(false), option("Billable"), BillableClass::Billable),
            (Scalar::Bool(false), option("NoDefault"), BillableClass::NotBillable),
        ];
        for (flag, option, expected) in cases {
            assert_eq!(entry(flag, option).check().unwrap().class, expected);
        }
    }

    #[test]
    fn ids_may_be_numbers_and_days_are_not_shifted() {
        let checked = entry(Scalar::Null, Scalar::Null).check().unwrap();
        assert_eq!(checked.cw_time_entry_id, "7");
        assert_eq!(checked.date_worked, jiff::civil::date(2026, 1, 20));
    }

    #[test]
    fn the_field_at_fault_is_named() {
        let mut record = entry(Scalar::Null, Scalar::Null);
        record.minutes = Scalar::Integer(-5);
        assert_eq!(record.check().unwrap_err().field, Some("minutes"));
        let mut record = entry(Scalar::Null, Scalar::Null);
        record.minutes = Scalar::Text("45".into());
        assert_eq!(
            record.check().unwrap_err().to_string(),
            "`minutes` must be a whole number, not text"
        );
        let mut record = entry(Scalar::Null, Scalar::Null);
        record.date_worked = Scalar::Text("20/01/2026".into());
        assert_eq!(record.check().unwrap_err().field, Some("date_worked"));
    }
}
