//! The values of one column until their row group is written.

use ::parquet::column::writer::{ColumnWriter, get_typed_column_writer_mut};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int32Type, Int64Type};
use bytes::Bytes;

use crate::{Column, DECIMAL_PRECISION, DECIMAL_SCALE, Kind, cell};

/// From 1970-01-01, where Parquet counts from, to 2000-01-01.
const DAYS_TO_2000: i32 = 10_957;
const MICROS_PER_DAY: i64 = 86_400_000_000;
/// What a level tells.
const NULL: i16 = 0;
const VALUE: i16 = 1;
/// The first number with too many digits.
const DECIMAL_END: i64 = 10_i64.pow(DECIMAL_PRECISION as u32);

pub(super) struct Gathered {
    column: Column,
    /// One for each row.
    levels: Vec<i16>,
    values: Values,
}

/// Of the rows that are not null.
enum Values {
    /// All texts in a row, and where each ends.
    Texts(Vec<u8>, Vec<usize>),
    /// Integers, decimals without their point, microseconds since 1970.
    Longs(Vec<i64>),
    /// Since 1970-01-01.
    Days(Vec<i32>),
    Booleans(Vec<bool>),
}

impl Gathered {
    pub(super) fn new(column: Column) -> Self {
        let values = match column.kind {
            Kind::Text | Kind::Key | Kind::Uuid => Values::Texts(Vec::new(), Vec::new()),
            Kind::Integer | Kind::Decimal | Kind::Timestamp => Values::Longs(Vec::new()),
            Kind::Date => Values::Days(Vec::new()),
            Kind::Boolean => Values::Booleans(Vec::new()),
        };
        Self { column, levels: Vec::new(), values }
    }

    pub(super) fn name(&self) -> &'static str {
        self.column.name
    }

    /// What it takes in memory, about.
    pub(super) fn n_bytes(&self) -> usize {
        self.levels.len() * 2
            + match &self.values {
                // Beside its text, each will have a pointer of 40 bytes when it is written.
                Values::Texts(texts, ends) => texts.len() + ends.len() * 48,
                Values::Longs(longs) => longs.len() * 8,
                Values::Days(days) => days.len() * 4,
                Values::Booleans(booleans) => booleans.len(),
            }
    }

    /// Takes the next value as the server sends it.
    pub(super) fn push(&mut self, value: Option<&[u8]>) -> Result<(), String> {
        let level = match value {
            Some(value) => self.push_value(value)?,
            None => NULL,
        };
        self.levels.push(level);
        Ok(())
    }

    fn push_value(&mut self, value: &[u8]) -> Result<i16, String> {
        match (&mut self.values, self.column.kind) {
            (Values::Texts(texts, ends), kind) => {
                match kind {
                    Kind::Uuid => cell::uuid(texts, value)?,
                    Kind::Key => {
                        let Some(key) = cell::trimmed(value) else { return Ok(NULL) };
                        let start = texts.len();
                        texts.extend_from_slice(key);
                        texts[start..].make_ascii_lowercase();
                    }
                    _ => texts.extend_from_slice(value),
                }
                ends.push(texts.len());
            }
            (Values::Longs(longs), Kind::Timestamp) => longs.push(since_1970(value)?),
            (Values::Longs(longs), Kind::Decimal) => longs.push(without_point(value)?),
            (Values::Longs(longs), _) => longs.push(cell::whole(value)?),
            (Values::Days(days), _) => {
                let day = cell::day(value)?;
                cell::must_be_a_year(day.into())?;
                days.push(day + DAYS_TO_2000);
            }
            (Values::Booleans(booleans), _) => booleans.push(cell::truth(value)?),
        }
        Ok(VALUE)
    }

    /// Writes all values, and keeps none.
    pub(super) fn write(&mut self, writer: &mut ColumnWriter<'_>) -> ::parquet::errors::Result<()> {
        let levels = Some(self.levels.as_slice());
        match &mut self.values {
            Values::Texts(texts, ends) => {
                let values = slices(std::mem::take(texts), ends);
                get_typed_column_writer_mut::<ByteArrayType>(writer)
                    .write_batch(&values, levels, None)?;
                ends.clear();
            }
            Values::Longs(longs) => {
                get_typed_column_writer_mut::<Int64Type>(writer)
                    .write_batch(longs, levels, None)?;
                longs.clear();
            }
            Values::Days(days) => {
                get_typed_column_writer_mut::<Int32Type>(writer).write_batch(days, levels, None)?;
                days.clear();
            }
            Values::Booleans(booleans) => {
                get_typed_column_writer_mut::<BoolType>(writer)
                    .write_batch(booleans, levels, None)?;
                booleans.clear();
            }
        }
        self.levels.clear();
        Ok(())
    }
}

/// The texts of one buffer, which they share.
fn slices(texts: Vec<u8>, ends: &[usize]) -> Vec<ByteArray> {
    let texts = Bytes::from(texts);
    let mut start = 0;
    let slice = |end: &usize| {
        let text = texts.slice(start..*end);
        start = *end;
        ByteArray::from(text)
    };
    ends.iter().map(slice).collect()
}

fn since_1970(value: &[u8]) -> Result<i64, String> {
    let micros = cell::instant(value)?;
    cell::must_be_a_year(micros.div_euclid(MICROS_PER_DAY))?;
    Ok(micros + i64::from(DAYS_TO_2000) * MICROS_PER_DAY)
}

/// A `numeric` times ten to the power of [`DECIMAL_SCALE`], which is one of its groups of four digits.
fn without_point(value: &[u8]) -> Result<i64, String> {
    let number = cell::groups(value)?;
    let too_large = || "a decimal has more than 14 digits before the point".to_owned();
    let mut sum: i64 = 0;
    let last = number.weight + i32::from(DECIMAL_SCALE) / 4;
    for index in 0..=last.max(-1) {
        sum = sum
            .checked_mul(10_000)
            .and_then(|sum| sum.checked_add(number.group(index)))
            .filter(|sum| *sum < DECIMAL_END)
            .ok_or_else(too_large)?;
    }
    if (last.max(-1) + 1..number.n_groups()).any(|index| number.group(index) != 0) {
        return Err("a decimal has more than four digits after the point".into());
    }
    Ok(if number.is_negative { -sum } else { sum })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn numeric(weight: i16, sign: u16, scale: u16, groups: &[u16]) -> Vec<u8> {
        let count = u16::try_from(groups.len()).unwrap();
        let head = [count, weight.cast_unsigned(), sign, scale];
        head.iter().chain(groups).flat_map(|word| word.to_be_bytes()).collect()
    }

    #[test]
    fn decimals_become_ten_thousandths() {
        for (value, expected) in [
            (numeric(0, 0, 2, &[12, 5_000]), 125_000),
            (numeric(0, 0x4000, 2, &[3, 700]), -30_700),
            (numeric(0, 0, 0, &[]), 0),
            (numeric(-1, 0, 2, &[500]), 500),
            (numeric(1, 0, 0, &[1]), 100_000_000),
            (numeric(2, 0, 1, &[1, 2, 3, 4_000]), 1_000_200_034_000),
            (numeric(0, 0, 8, &[1, 0, 0]), 10_000),
        ] {
            assert_eq!(without_point(&value), Ok(expected));
        }
        assert!(without_point(&numeric(-2, 0, 8, &[1_234])).is_err(), "would lose digits");
        assert!(without_point(&numeric(0, 0, 8, &[1, 0, 1])).is_err(), "would lose digits");
        assert!(without_point(&numeric(3, 0, 0, &[100, 0, 0, 0])).is_err(), "18 digits");
        assert!(without_point(&numeric(0, 0xc000, 0, &[])).is_err(), "not a number");
    }

    #[test]
    fn instants_count_from_1970() {
        assert_eq!(since_1970(&0_i64.to_be_bytes()), Ok(946_684_800_000_000));
        assert!(since_1970(&i64::MAX.to_be_bytes()).is_err(), "infinity");
    }

    proptest! {
        /// What the text says, which its own properties hold to be the server's.
        #[test]
        fn decimals_are_those_of_the_text(
            weight in -1_i16..3,
            negative: bool,
            groups in prop::collection::vec(0_u16..10_000, 0..4),
        ) {
            let value = numeric(weight, if negative { 0x4000 } else { 0 }, 4, &groups);
            let mut text = Vec::new();
            cell::decimal(&mut text, &value).unwrap();
            let text = String::from_utf8(text).unwrap();
            let (whole, fraction) = text.split_once('.').unwrap();
            let digits: i64 = format!("{whole}{fraction}").parse().unwrap();
            match without_point(&value) {
                Ok(number) => prop_assert_eq!(number, digits, "{}", text),
                Err(reason) => prop_assert!(
                    reason.contains("four digits") && groups.len() > usize::try_from(weight + 2).unwrap()
                        || digits.abs() >= DECIMAL_END,
                    "{}: {}", text, reason
                ),
            }
        }
    }
}
