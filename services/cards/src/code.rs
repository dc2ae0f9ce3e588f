//! Currencies and countries by their ISO codes: capital letters, and so short that they are copied.

use std::fmt;
use std::str::FromStr;

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};

/// A code of `N` capital letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code<const N: usize>([u8; N]);

/// ISO 4217, such as `EUR`.
pub type Currency = Code<3>;
/// ISO 3166, such as `FR`.
pub type Country = Code<2>;

/// A text that is no such code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not a code of {0} capital letters")]
pub struct NotACode(usize);

impl Currency {
    pub const EUR: Currency = Code(*b"EUR");
}

impl<const N: usize> Code<N> {
    pub fn as_str(&self) -> &str {
        // Letters of ASCII are UTF-8.
        str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl<const N: usize> FromStr for Code<N> {
    type Err = NotACode;

    fn from_str(text: &str) -> Result<Self, NotACode> {
        let letters: Option<[u8; N]> = text.as_bytes().try_into().ok();
        let letters = letters.filter(|letters| letters.iter().all(u8::is_ascii_uppercase));
        letters.map(Code).ok_or(NotACode(N))
    }
}

impl<const N: usize> fmt::Display for Code<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl<const N: usize> fmt::Debug for Code<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> Serialize for Code<N> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de, const N: usize> Deserialize<'de> for Code<N> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Letters)
    }
}

struct Letters<const N: usize>;

impl<const N: usize> Visitor<'_> for Letters<N> {
    type Value = Code<N>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a code of {N} capital letters")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Code<N>, E> {
        text.parse().map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_written() {
        assert_eq!("EUR".parse(), Ok(Currency::EUR));
        assert_eq!(serde_json::to_string(&Currency::EUR).unwrap(), r#""EUR""#);
        assert_eq!(serde_json::from_str::<Country>(r#""FR""#).unwrap().to_string(), "FR");
    }

    #[test]
    fn other_texts_are_refused_and_named() {
        for text in ["", "eur", "EU", "EURO", "€", "É", "E R"] {
            assert_eq!(text.parse::<Currency>(), Err(NotACode(3)), "{text}");
        }
        let error = serde_json::from_str::<Currency>(r#""euro""#).unwrap_err().to_string();
        assert!(
            error.contains(r#"string "euro", expected a code of 3 capital letters"#),
            "{error}"
        );
    }
}
