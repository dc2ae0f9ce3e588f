//! Numbers and amounts.

use rust_decimal::Decimal;

use super::{Amount, Lang, Say, Whole};

/// Between groups of three digits, before `%` and units: narrow and wide, neither breaks a line.
const NARROW: char = '\u{202f}';
pub(super) const NO_BREAK: char = '\u{a0}';
/// The true minus, as wide as a digit.
const MINUS: char = '\u{2212}';

impl Say {
    /// A whole number: `1 812`, `1,812`.
    pub(crate) fn n(&self, number: impl Whole) -> String {
        digits(self.lang, &number.whole().to_string())
    }

    /// A number with so many decimals.
    pub(crate) fn float(&self, number: f64, decimals: usize) -> String {
        float(self.lang, number, decimals)
    }

    /// An amount in euros with its cents: `42,80 €`, `€42.80`.
    pub(crate) fn eur(&self, amount: impl Amount) -> String {
        let amount = amount.amount();
        let text = format!("{:.2}", amount.abs().round_dp(2));
        let sign = if amount.is_sign_negative() && !amount.is_zero() {
            MINUS.to_string()
        } else {
            String::new()
        };
        match self.lang {
            Lang::Fr => format!("{sign}{}{NO_BREAK}€", digits(self.lang, &text)),
            Lang::En => format!("{sign}€{}", digits(self.lang, &text)),
        }
    }

    /// A share of one: `74 %`, `74%`.
    pub(crate) fn percent(&self, share: f64, decimals: usize) -> String {
        let number = float(self.lang, share * 100.0, decimals);
        match self.lang {
            Lang::Fr => format!("{number}{NO_BREAK}%"),
            Lang::En => format!("{number}%"),
        }
    }

    /// Bytes, in the unit that suits them.
    pub(crate) fn bytes(&self, bytes: u64) -> String {
        let units: [&str; 4] = match self.lang {
            Lang::Fr => ["o", "Ko", "Mo", "Go"],
            Lang::En => ["B", "KB", "MB", "GB"],
        };
        let mut amount = Decimal::from(bytes);
        let mut unit = 0;
        while amount >= Decimal::ONE_THOUSAND && unit + 1 < units.len() {
            amount /= Decimal::ONE_THOUSAND;
            unit += 1;
        }
        let decimals = u32::from(unit > 0 && amount < Decimal::TEN);
        let text = digits(self.lang, &amount.round_dp(decimals).to_string());
        format!("{text}{NO_BREAK}{}", units[unit])
    }
}

/// A number with so many decimals, and a true minus.
pub(super) fn float(lang: Lang, number: f64, decimals: usize) -> String {
    digits(lang, &format!("{number:.decimals$}"))
}

/// A number as Rust writes it, in the marks of a language.
fn digits(lang: Lang, plain: &str) -> String {
    let (group, point) = match lang {
        Lang::Fr => (NARROW, ','),
        Lang::En => (',', '.'),
    };
    let (sign, rest) = plain.strip_prefix('-').map_or(("", plain), |rest| ("-", rest));
    let (whole, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let mut text = String::with_capacity(plain.len() + 4);
    if !sign.is_empty() && rest.chars().any(|c| c.is_ascii_digit() && c != '0') {
        text.push(MINUS);
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            text.push(group);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push(point);
        text.push_str(fraction);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_their_readers_write_them() {
        let (fr, en) = (Say::new(Lang::Fr, "UTC"), Say::new(Lang::En, "UTC"));
        assert_eq!(fr.n(1_234_567_i64), "1\u{202f}234\u{202f}567");
        assert_eq!(en.n(-1_812_i64), "−1,812");
        assert_eq!((fr.n(0_i64), en.n(999_i64)), ("0".into(), "999".into()));
        assert_eq!(fr.eur(Decimal::new(428_000, 2)), "4\u{202f}280,00\u{a0}€");
        assert_eq!(en.eur(Decimal::new(-4_285, 3)), "−€4.28");
        assert_eq!(fr.percent(0.744, 0), "74\u{a0}%");
        assert_eq!(en.percent(-0.088, 1), "−8.8%");
        assert_eq!(fr.float(-0.001, 1), "0,0");
        assert_eq!((en.bytes(999), fr.bytes(25_680)), ("999\u{a0}B".into(), "26\u{a0}Ko".into()));
        assert_eq!(en.bytes(1_500_000), "1.5\u{a0}MB");
    }
}
