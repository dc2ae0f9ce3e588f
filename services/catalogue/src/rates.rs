//! The ECB's daily reference rates.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::{Client, Error};

/// The file has about 2 KB.
const MAX_FILE_BYTES: u64 = 1 << 20;

/// Rates of one day. The ECB publishes on working days at about 16:00 in Frankfurt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rates {
    pub date: Date,
    /// Units of each currency (ISO 4217) for one euro. The euro itself is not listed.
    pub per_eur: BTreeMap<String, Decimal>,
}

impl Rates {
    /// Converts to euros, unrounded. `None` when the currency has no rate: an amount of it must
    /// not be taken for euros.
    pub fn to_eur(&self, amount: Decimal, currency: &str) -> Option<Decimal> {
        if currency == "EUR" {
            return Some(amount);
        }
        amount.checked_div(*self.per_eur.get(currency)?)
    }
}

impl Client {
    /// Fetches the rates of the last working day.
    ///
    /// # Errors
    /// By transport, status, or [`Error::Unreadable`].
    pub async fn rates(&self) -> Result<Rates, Error> {
        let url = &self.config.rates_url;
        let body = self.fetch(url, MAX_FILE_BYTES, None).await?;
        let unreadable = |reason| Error::Unreadable { url: url.clone(), reason };
        let xml = std::str::from_utf8(&body).map_err(|_| unreadable("it is not UTF-8".into()))?;
        parse_rates(xml).map_err(unreadable)
    }
}

/// Reads `eurofxref-daily.xml`: `Cube` elements, one with a `time`, one for each currency within.
///
/// # Errors
/// Says what is missing or wrong.
pub fn parse_rates(xml: &str) -> Result<Rates, String> {
    let mut date: Option<Date> = None;
    let mut per_eur = BTreeMap::new();
    for cube in elements(xml, "Cube") {
        if let Some(time) = attribute(cube, "time") {
            let found = time.parse().map_err(|_| format!("`{time}` is not a date"))?;
            if date.replace(found).is_some() {
                return Err("it has several days".into());
            }
        }
        if let Some(currency) = attribute(cube, "currency") {
            let rate = rate(currency, attribute(cube, "rate"))?;
            per_eur.insert(currency.to_owned(), rate);
        }
    }
    let date = date.ok_or("it has no day")?;
    if per_eur.is_empty() {
        return Err("it has no rates".into());
    }
    Ok(Rates { date, per_eur })
}

fn rate(currency: &str, text: Option<&str>) -> Result<Decimal, String> {
    if currency.len() != 3 || !currency.bytes().all(|letter| letter.is_ascii_uppercase()) {
        return Err(format!("`{currency}` is not a currency"));
    }
    let text = text.ok_or_else(|| format!("{currency} has no rate"))?;
    let rate = Decimal::from_str_exact(text).ok().filter(|rate| *rate > Decimal::ZERO);
    rate.ok_or_else(|| format!("the rate of {currency} is `{text}`"))
}

/// The inner text of each start tag of that name, without prefix.
fn elements<'a>(xml: &'a str, name: &str) -> impl Iterator<Item = &'a str> {
    let tags = xml.split('<').skip(1).filter_map(|piece| piece.split('>').next());
    tags.filter_map(move |tag| {
        let rest = tag.strip_prefix(name)?;
        let is_whole_name =
            rest.is_empty() || rest.starts_with(|it: char| it.is_whitespace() || it == '/');
        is_whole_name.then_some(rest)
    })
}

/// The value of an attribute, in either kind of quotes.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let quote = after.trim_start().chars().next().filter(|it| "'\"".contains(*it))?;
        let (value, behind) = after.trim_start()[1..].split_once(quote)?;
        if before.trim() == name {
            return Some(value);
        }
        rest = behind;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
	<gesmes:subject>Reference rates</gesmes:subject>
	<gesmes:Sender><gesmes:name>European Central Bank</gesmes:name></gesmes:Sender>
	<Cube>
		<Cube time='2026-11-20'>
			<Cube currency='USD' rate='1.1034'/>
			<Cube currency="JPY" rate = "178.15" />
			<Cube rate='0.8765' currency='GBP'/></Cube>
	</Cube>
</gesmes:Envelope>"#;

    #[test]
    fn a_day_is_read() {
        let rates = parse_rates(FILE).unwrap();
        assert_eq!(rates.date.to_string(), "2026-11-20");
        let found: Vec<_> = rates.per_eur.iter().map(|(it, rate)| format!("{it} {rate}")).collect();
        assert_eq!(found, ["GBP 0.8765", "JPY 178.15", "USD 1.1034"]);
    }

    #[test]
    fn amounts_become_euros() {
        let rates = parse_rates(FILE).unwrap();
        let to_eur = |amount, currency| rates.to_eur(Decimal::from(amount), currency);
        assert_eq!(to_eur(10, "EUR"), Some(Decimal::from(10)));
        let dollars = to_eur(10, "USD").unwrap().round_dp(4).to_string();
        assert_eq!(dollars, "9.0629", "10 / 1.1034");
        assert_eq!(to_eur(10, "XTS"), None);
    }

    #[test]
    fn a_file_that_is_not_as_documented_is_refused() {
        for (xml, reason) in [
            (String::new(), "it has no day"),
            ("<html><body>maintenance</body></html>".into(), "it has no day"),
            (FILE.replace("2026-11-20", "2026-11-31"), "`2026-11-31` is not a date"),
            (FILE.replace("1.1034", "1,1034"), "the rate of USD is `1,1034`"),
            (FILE.replace("1.1034", "0"), "the rate of USD is `0`"),
            (FILE.replace(" rate='1.1034'", ""), "USD has no rate"),
            (FILE.replace("'USD'", "'dollar'"), "`dollar` is not a currency"),
            (FILE.replace("<Cube>", "<Cube time='2026-11-19'>"), "it has several days"),
            (FILE.replace("currency", "name"), "it has no rates"),
            (FILE.replace("Cube", "Cubes"), "it has no day"),
        ] {
            assert_eq!(parse_rates(&xml).unwrap_err(), reason);
        }
    }
}
