//! One value of a source's record, before we know whether it is what the field needs.
//!
//! Sources disagree about types (ids as numbers, hours as strings), and an error has to name its
//! field. So records are read in one pass into scalars, which borrow from the input, and each
//! field then asks its scalar for what it needs.

use std::borrow::Cow;
use std::fmt;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use rust_decimal::Decimal;
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// Why a record was refused: the field, when one is to blame, and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: Option<&'static str>,
    pub reason: String,
}

impl FieldError {
    pub fn new(field: &'static str, reason: impl Into<String>) -> Self {
        FieldError { field: Some(field), reason: reason.into() }
    }
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.field {
            Some(field) => write!(f, "`{field}` {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl std::error::Error for FieldError {}

/// A JSON value; strings without escapes are borrowed. Absent fields are `Null`.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Scalar<'a> {
    #[default]
    Null,
    Bool(bool),
    Integer(i64),
    Number(f64),
    Text(Cow<'a, str>),
    /// An object, or an array where none is expected.
    Other,
}

/// Records outside of these years carry a default or a slip, and would dirty centuries of days.
const YEARS: std::ops::RangeInclusive<i16> = 1990..=2100;
/// Longest identifier: keys live in indexes.
const MAX_KEY_BYTES: usize = 200;

impl<'a> Scalar<'a> {
    pub fn is_null(&self) -> bool {
        matches!(self, Scalar::Null)
    }

    /// Text of any length, `None` for null. Numbers become their digits.
    ///
    /// # Errors
    /// For booleans, objects and arrays, and for text with a NUL, which PostgreSQL cannot hold.
    pub fn text(self, field: &'static str) -> Result<Option<Cow<'a, str>>, FieldError> {
        match self {
            Scalar::Null => Ok(None),
            Scalar::Text(text) if text.contains('\0') => {
                Err(FieldError::new(field, "contains a NUL character"))
            }
            Scalar::Text(text) => Ok(Some(text)),
            Scalar::Integer(number) => Ok(Some(number.to_string().into())),
            Scalar::Number(number) => Ok(Some(number.to_string().into())),
            other => Err(other.wrong(field, "text")),
        }
    }

    /// A record's identifier, `None` for null.
    ///
    /// # Errors
    /// When it is empty, longer than 200 bytes, or not text or a whole number.
    pub fn key(self, field: &'static str) -> Result<Option<Cow<'a, str>>, FieldError> {
        if let Scalar::Number(_) = self {
            return Err(self.wrong(field, "an identifier"));
        }
        let Some(key) = self.text(field)? else {
            return Ok(None);
        };
        if key.is_empty() || key.len() > MAX_KEY_BYTES {
            return Err(FieldError::new(field, "must have 1 to 200 bytes"));
        }
        Ok(Some(key))
    }

    /// # Errors
    /// When it is neither null nor a boolean.
    pub fn bool(self, field: &'static str) -> Result<Option<bool>, FieldError> {
        match self {
            Scalar::Null => Ok(None),
            Scalar::Bool(value) => Ok(Some(value)),
            other => Err(other.wrong(field, "true or false")),
        }
    }

    /// # Errors
    /// When it is not a whole number within `range`.
    pub fn integer(
        self,
        field: &'static str,
        range: std::ops::RangeInclusive<i32>,
    ) -> Result<Option<i32>, FieldError> {
        let number = match self {
            Scalar::Null => return Ok(None),
            Scalar::Integer(number) => i32::try_from(number).ok(),
            other => return Err(other.wrong(field, "a whole number")),
        };
        number.filter(|number| range.contains(number)).map(Some).ok_or_else(|| {
            FieldError::new(field, format!("must be from {} to {}", range.start(), range.end()))
        })
    }

    /// A decimal, from a number or its text, rounded to two places.
    ///
    /// # Errors
    /// When it is no number, or outside of `0..=max`.
    pub fn decimal(self, field: &'static str, max: u32) -> Result<Option<Decimal>, FieldError> {
        let digits = match self {
            Scalar::Null => return Ok(None),
            Scalar::Integer(number) => return bounded(field, Decimal::from(number), max).map(Some),
            // The shortest text that reads back as the same float: 2.1 stays 2.1.
            Scalar::Number(number) => Cow::Owned(number.to_string()),
            Scalar::Text(text) => text,
            other => return Err(other.wrong(field, "a number")),
        };
        let number: Decimal =
            digits.parse().map_err(|_| FieldError::new(field, "is not a decimal number"))?;
        bounded(field, number, max).map(Some)
    }

    /// An instant, from RFC 3339 text with its offset.
    ///
    /// # Errors
    /// When it has no offset, is no date and time, or lies outside of 1990 to 2100.
    pub fn instant(self, field: &'static str) -> Result<Option<Timestamp>, FieldError> {
        let text = match self {
            Scalar::Null => return Ok(None),
            Scalar::Text(text) => text,
            other => return Err(other.wrong(field, "a date and time")),
        };
        let instant: Timestamp = text.parse().map_err(|_| {
            FieldError::new(
                field,
                "is not a date and time with offset, such as 2026-01-20T09:00:00Z",
            )
        })?;
        in_years(field, jiff::tz::Offset::UTC.to_datetime(instant).date())?;
        Ok(Some(instant))
    }

    /// A calendar day, from `YYYY-MM-DD`; a time that follows it is ignored, never converted.
    ///
    /// # Errors
    /// When it is no such day, or lies outside of 1990 to 2100.
    pub fn day(self, field: &'static str) -> Result<Option<Date>, FieldError> {
        let text = match self {
            Scalar::Null => return Ok(None),
            Scalar::Text(text) => text,
            other => return Err(other.wrong(field, "a day")),
        };
        let day = text.split_once('T').map_or(text.as_ref(), |(day, _)| day);
        let day: Date =
            day.parse().map_err(|_| FieldError::new(field, "is not a day such as 2026-01-20"))?;
        in_years(field, day)?;
        Ok(Some(day))
    }

    fn wrong(&self, field: &'static str, wanted: &str) -> FieldError {
        let found = match self {
            Scalar::Null => "null",
            Scalar::Bool(_) => "a boolean",
            Scalar::Integer(_) | Scalar::Number(_) => "a number",
            Scalar::Text(_) => "text",
            Scalar::Other => "an object or array",
        };
        FieldError::new(field, format!("must be {wanted}, not {found}"))
    }
}

/// # Errors
/// When a field that every record needs is missing.
pub(crate) fn required<T>(field: &'static str, value: Option<T>) -> Result<T, FieldError> {
    value.ok_or_else(|| FieldError::new(field, "is missing"))
}

fn bounded(field: &'static str, number: Decimal, max: u32) -> Result<Decimal, FieldError> {
    if number.is_sign_negative() && !number.is_zero() || number > Decimal::from(max) {
        return Err(FieldError::new(field, format!("must be from 0 to {max}")));
    }
    Ok(number.round_dp(2))
}

fn in_years(field: &'static str, day: Date) -> Result<(), FieldError> {
    if YEARS.contains(&day.year()) {
        return Ok(());
    }
    let first = date(*YEARS.start(), 1, 1);
    Err(FieldError::new(field, format!("must lie from {first} to {}-12-31", YEARS.end())))
}

impl<'de: 'a, 'a> Deserialize<'de> for Scalar<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Integer(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        // Beyond i64 no field has use for it; as text it is still exact.
        Ok(i64::try_from(value)
            .map_or_else(|_| Scalar::Text(value.to_string().into()), Scalar::Integer))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Number(value))
    }

    fn visit_borrowed_str<E>(self, value: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(value)))
    }

    fn visit_str<E>(self, value: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(value.to_owned())))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        while items.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        while entries.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}
