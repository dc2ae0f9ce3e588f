//! Values as a query writes them.

use std::fmt::{self, Display};

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::Type;

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Null,
    Text(String),
    Integer(i64),
    Decimal(Decimal),
    Boolean(bool),
    Date(Date),
    Timestamp(Timestamp),
    Uuid(Uuid),
}

/// Digits of the seconds that the database keeps.
const MICROSECOND: i32 = 1_000;

impl Literal {
    /// The value of a word that is neither quoted nor a name.
    pub(crate) fn of_word(word: &str) -> Option<Literal> {
        match word {
            "null" => return Some(Literal::Null),
            "true" => return Some(Literal::Boolean(true)),
            "false" => return Some(Literal::Boolean(false)),
            _ => {}
        }
        let kinds = [Type::Uuid, Type::Timestamp, Type::Date, Type::Integer, Type::Decimal];
        kinds.into_iter().find_map(|kind| Literal::parse(kind, word))
    }

    /// Reads the text of a value of this type, without the quotes of a text.
    pub fn parse(kind: Type, text: &str) -> Option<Literal> {
        match kind {
            Type::Text | Type::Key => Some(Literal::Text(text.to_owned())),
            Type::Integer => text.parse().ok().map(Literal::Integer),
            Type::Decimal if is_number(text) => decimal(text).map(Literal::Decimal),
            Type::Boolean => text.parse().ok().map(Literal::Boolean),
            Type::Date if text.len() == 10 => text.parse().ok().map(Literal::Date),
            Type::Timestamp => timestamp(text).map(Literal::Timestamp),
            Type::Uuid if text.len() == 36 => text.parse().ok().map(Literal::Uuid),
            Type::Decimal | Type::Date | Type::Uuid => None,
        }
    }

    /// `None` for null, which is of every type.
    pub fn kind(&self) -> Option<Type> {
        match self {
            Literal::Null => None,
            Literal::Text(_) => Some(Type::Text),
            Literal::Integer(_) => Some(Type::Integer),
            Literal::Decimal(_) => Some(Type::Decimal),
            Literal::Boolean(_) => Some(Type::Boolean),
            Literal::Date(_) => Some(Type::Date),
            Literal::Timestamp(_) => Some(Type::Timestamp),
            Literal::Uuid(_) => Some(Type::Uuid),
        }
    }
}

/// Digits with perhaps a sign, a point and an exponent.
fn is_number(text: &str) -> bool {
    let unsigned = text.trim_start_matches(['-', '+']);
    let is_part = |byte: u8| byte.is_ascii_digit() || b".eE+-".contains(&byte);
    unsigned.starts_with(|c: char| c.is_ascii_digit()) && unsigned.bytes().all(is_part)
}

fn decimal(text: &str) -> Option<Decimal> {
    if text.contains(['e', 'E']) {
        return Decimal::from_scientific(text).ok();
    }
    Decimal::from_str_exact(text).ok()
}

/// `2026-01-24T08:30Z`, with seconds and fractions of them, or with an offset instead of `Z`.
fn timestamp(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once('T')?;
    if date.len() != 10 || !text.is_ascii() {
        return None;
    }
    let end = time.find(['Z', '+', '-'])?;
    let (clock, offset) = time.split_at(end);
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    let instant: Timestamp = format!("{date}T{clock}{seconds}{offset}").parse().ok()?;
    // Instants of the database have microseconds; one that is finer would equal none of them.
    (instant.subsec_nanosecond() % MICROSECOND == 0).then_some(instant)
}

impl Display for Literal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Literal::Null => f.write_str("null"),
            Literal::Text(text) => write!(f, "'{}'", text.replace('\'', "''")),
            Literal::Integer(number) => number.fmt(f),
            // With a point, so that it is read as what it is.
            Literal::Decimal(number) if number.scale() == 0 => write!(f, "{number}.0"),
            Literal::Decimal(number) => number.fmt(f),
            Literal::Boolean(truth) => truth.fmt(f),
            Literal::Date(date) => date.fmt(f),
            Literal::Timestamp(instant) => instant.fmt(f),
            Literal::Uuid(id) => id.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_what_they_look_like() {
        let kind = |word: &str| Literal::of_word(word).and_then(|literal| literal.kind());
        for (word, expected) in [
            ("7", Some(Type::Integer)),
            ("-7", Some(Type::Integer)),
            ("9223372036854775808", Some(Type::Decimal)),
            ("7.50", Some(Type::Decimal)),
            ("1e3", Some(Type::Decimal)),
            ("true", Some(Type::Boolean)),
            ("2026-01-24", Some(Type::Date)),
            ("2026-01-24T08:30:00Z", Some(Type::Timestamp)),
            ("2026-01-24T08:30Z", Some(Type::Timestamp)),
            ("2026-01-24T08:30:00.123456+02:00", Some(Type::Timestamp)),
            ("2026-01-24T08:30:00", None),
            ("2026-01-24T08:30:00.1234567Z", None),
            ("2026-02-30", None),
            ("20260124", Some(Type::Integer)),
            ("550e8400-e29b-41d4-a716-446655440000", Some(Type::Uuid)),
            ("ABCDEF01-e29b-41d4-a716-446655440000", Some(Type::Uuid)),
            ("nan", None),
            ("1.2.3", None),
            ("-", None),
            ("", None),
        ] {
            assert_eq!(kind(word), expected, "{word}");
        }
        assert_eq!(Literal::of_word("null"), Some(Literal::Null));
    }
}
