//! From PostgreSQL's binary values to the text of a cell, or to a number, without allocating.

use std::io::Write;

const DAY_US: i64 = 86_400_000_000;
/// Days from 0000-03-01, where the calendar's arithmetic is regular, to 2000-01-01.
const DAYS_TO_2000: i64 = 730_425;
const DAYS_PER_ERA: i64 = 146_097;
/// 0000-01-01 and 9999-12-31, counted from 2000-01-01.
const DAYS: std::ops::RangeInclusive<i64> = -730_485..=2_921_939;

/// A `boolean`.
pub(crate) fn boolean(out: &mut Vec<u8>, value: &[u8]) -> Result<(), String> {
    out.extend_from_slice(if truth(value)? { b"true" } else { b"false" });
    Ok(())
}

/// A `boolean`.
pub(crate) fn truth(value: &[u8]) -> Result<bool, String> {
    match value {
        [0] => Ok(false),
        [1] => Ok(true),
        _ => Err(width("boolean", value)),
    }
}

/// An `int2`, `int4` or `int8`.
pub(crate) fn integer(out: &mut Vec<u8>, value: &[u8]) -> Result<(), String> {
    write!(out, "{}", whole(value)?).map_err(|error| error.to_string())
}

/// An `int2`, `int4` or `int8`.
pub(crate) fn whole(value: &[u8]) -> Result<i64, String> {
    match *value {
        [a, b] => Ok(i64::from(i16::from_be_bytes([a, b]))),
        [a, b, c, d] => Ok(i64::from(i32::from_be_bytes([a, b, c, d]))),
        _ => Ok(i64::from_be_bytes(value.try_into().map_err(|_| width("integer", value))?)),
    }
}

/// What is left of a key without the blanks around it; `None` when nothing is.
pub(crate) fn trimmed(value: &[u8]) -> Option<&[u8]> {
    let is_inner = |byte: &u8| *byte != b' ';
    let first = value.iter().position(is_inner)?;
    let last = value.iter().rposition(is_inner)?;
    Some(&value[first..=last])
}

/// Days since 2000-01-01.
pub(crate) fn day(value: &[u8]) -> Result<i32, String> {
    Ok(i32::from_be_bytes(value.try_into().map_err(|_| width("date", value))?))
}

/// A `date`, as `YYYY-MM-DD`.
pub(crate) fn date(out: &mut Vec<u8>, value: &[u8]) -> Result<(), String> {
    push_date(out, i64::from(day(value)?))
}

/// A `timestamptz`, in microseconds since 2000-01-01 in UTC.
pub(crate) fn instant(value: &[u8]) -> Result<i64, String> {
    Ok(i64::from_be_bytes(value.try_into().map_err(|_| width("timestamp", value))?))
}

/// A `timestamptz`, in UTC.
pub(crate) fn timestamp(out: &mut Vec<u8>, value: &[u8]) -> Result<(), String> {
    let micros = instant(value)?;
    push_date(out, micros.div_euclid(DAY_US))?;
    let of_day = micros.rem_euclid(DAY_US);
    let seconds = of_day / 1_000_000;
    let fraction = of_day % 1_000_000;
    out.push(b'T');
    two_digits(out, seconds / 3_600);
    out.push(b':');
    two_digits(out, seconds / 60 % 60);
    out.push(b':');
    two_digits(out, seconds % 60);
    if fraction != 0 {
        out.push(b'.');
        two_digits(out, fraction / 10_000);
        two_digits(out, fraction / 100 % 100);
        two_digits(out, fraction % 100);
    }
    out.push(b'Z');
    Ok(())
}

/// A `uuid`, hyphenated.
pub(crate) fn uuid(out: &mut Vec<u8>, value: &[u8]) -> Result<(), String> {
    let id = uuid::Uuid::from_slice(value).map_err(|_| width("uuid", value))?;
    let mut buffer = uuid::Uuid::encode_buffer();
    out.extend_from_slice(id.hyphenated().encode_lower(&mut buffer).as_bytes());
    Ok(())
}

/// A `numeric`: groups of four digits, `weight` of them before the point less one, and `scale`
/// digits after it.
pub(crate) struct Groups<'a> {
    pub(crate) is_negative: bool,
    pub(crate) weight: i32,
    scale: u16,
    digits: &'a [u8],
}

impl Groups<'_> {
    /// Groups that are left out are 0.
    pub(crate) fn group(&self, index: i32) -> i64 {
        let index = usize::try_from(index).ok();
        let pair = index.and_then(|index| self.digits.chunks_exact(2).nth(index));
        pair.map_or(0, |pair| i64::from(u16::from_be_bytes([pair[0], pair[1]])))
    }

    #[cfg(feature = "parquet")]
    pub(crate) fn n_groups(&self) -> i32 {
        i32::try_from(self.digits.len() / 2).unwrap_or(i32::MAX)
    }
}

/// Takes a `numeric` apart.
pub(crate) fn groups(value: &[u8]) -> Result<Groups<'_>, String> {
    let (head, digits) = value.split_at_checked(8).ok_or_else(|| width("numeric", value))?;
    // The number of groups, which the digits' bytes say too, then these three.
    let word = |index: usize| u16::from_be_bytes([head[2 * index], head[2 * index + 1]]);
    let is_negative = match word(2) {
        0 => false,
        0x4000 => true,
        _ => return Err("a decimal is not a finite number".into()),
    };
    let weight = i32::from(word(1).cast_signed());
    Ok(Groups { is_negative, weight, scale: word(3), digits })
}

/// A `numeric`. The text is the one that the server itself would print.
pub(crate) fn decimal(out: &mut Vec<u8>, value: &[u8]) -> Result<(), String> {
    let number = groups(value)?;
    if number.is_negative {
        out.push(b'-');
    }
    if number.weight < 0 {
        out.push(b'0');
    } else {
        write!(out, "{}", number.group(0)).map_err(|error| error.to_string())?;
        (1..=number.weight).for_each(|index| four_digits(out, number.group(index)));
    }
    if number.scale > 0 {
        out.push(b'.');
        let end = out.len() + usize::from(number.scale);
        let mut index = number.weight + 1;
        while out.len() < end {
            four_digits(out, number.group(index));
            index += 1;
        }
        out.truncate(end);
    }
    Ok(())
}

/// Howard Hinnant's civil calendar (2013): eras of 400 years that begin on a first of March.
fn push_date(out: &mut Vec<u8>, days_since_2000: i64) -> Result<(), String> {
    must_be_a_year(days_since_2000)?;
    let days = days_since_2000 + DAYS_TO_2000;
    let era = days.div_euclid(DAYS_PER_ERA);
    let of_era = days.rem_euclid(DAYS_PER_ERA);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    four_digits(out, year);
    out.push(b'-');
    two_digits(out, month);
    out.push(b'-');
    two_digits(out, day);
    Ok(())
}

/// Infinity and dates that no reader knows are refused.
pub(crate) fn must_be_a_year(days_since_2000: i64) -> Result<(), String> {
    if DAYS.contains(&days_since_2000) {
        return Ok(());
    }
    Err("a date lies outside of the years 0 to 9999".into())
}

fn four_digits(out: &mut Vec<u8>, number: i64) {
    two_digits(out, number / 100);
    two_digits(out, number % 100);
}

fn two_digits(out: &mut Vec<u8>, number: i64) {
    out.extend([number / 10, number % 10].map(|digit| b'0' + u8::try_from(digit).unwrap_or(0)));
}

fn width(kind: &str, value: &[u8]) -> String {
    format!("a {kind} has {} bytes", value.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil;
    use proptest::prelude::*;

    fn written(
        write: fn(&mut Vec<u8>, &[u8]) -> Result<(), String>,
        value: &[u8],
    ) -> Result<String, String> {
        let mut out = Vec::new();
        write(&mut out, value).map(|()| String::from_utf8(out).unwrap())
    }

    fn numeric(weight: i16, sign: u16, scale: u16, groups: &[u16]) -> Vec<u8> {
        let count = u16::try_from(groups.len()).unwrap();
        let head = [count, weight.cast_unsigned(), sign, scale];
        head.iter().chain(groups).flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn decimals_read_as_the_server_prints_them() {
        let table = [
            (numeric(0, 0, 2, &[12, 5_000]), "12.50"),
            (numeric(0, 0x4000, 2, &[3, 700]), "-3.07"),
            (numeric(0, 0, 0, &[]), "0"),
            (numeric(0, 0, 2, &[]), "0.00"),
            (numeric(-1, 0, 2, &[500]), "0.05"),
            (numeric(-2, 0, 8, &[1_234]), "0.00001234"),
            (numeric(1, 0, 0, &[1]), "10000"),
            (numeric(2, 0, 1, &[1, 2, 3, 4_000]), "100020003.4"),
        ];
        for (value, text) in table {
            assert_eq!(written(decimal, &value), Ok(text.to_owned()));
        }
        assert!(written(decimal, &numeric(0, 0xc000, 0, &[])).is_err(), "not a number");
        assert!(written(decimal, &numeric(0, 0xd000, 0, &[])).is_err(), "infinity");
    }

    #[test]
    fn instants_have_fractions_only_when_needed() {
        let at = |micros: i64| written(timestamp, &micros.to_be_bytes());
        assert_eq!(at(0), Ok("2000-01-01T00:00:00Z".into()));
        assert_eq!(at(-1), Ok("1999-12-31T23:59:59.999999Z".into()));
        assert_eq!(at(86_399_000_010), Ok("2000-01-01T23:59:59.000010Z".into()));
        assert!(at(i64::MAX).is_err(), "infinity");
    }

    #[test]
    fn widths_that_do_not_fit_are_refused() {
        for write in [boolean, integer, date, timestamp, uuid, decimal] {
            assert!(written(write, b"abc").is_err());
        }
        assert_eq!(written(integer, &(-7_i16).to_be_bytes()), Ok("-7".into()));
        assert_eq!(written(integer, &i64::MIN.to_be_bytes()), Ok(i64::MIN.to_string()));
    }

    proptest! {
        #[test]
        fn dates_are_the_calendars(days in -730_000_i32..2_900_000) {
            let expected = civil::date(2000, 1, 1).checked_add(jiff::Span::new().days(days)).unwrap();
            prop_assert_eq!(written(date, &days.to_be_bytes()), Ok(expected.to_string()));
        }
    }
}
