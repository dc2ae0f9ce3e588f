//! What the shop may correct of a card, and the prices it may set.

use cards::Card;
use cards::card::NumberFormat;
use cards::query;
use rust_decimal::Decimal;
use store::prices::Prices;

use crate::field::{Field, FieldError};
use crate::form::Form;
use crate::pages::cards::Choice;
use crate::say::Say;

/// The corrections.
pub(super) struct Overrides {
    pub(super) query: Field,
    pub(super) texts: Vec<Field>,
    pub(super) formats: Vec<Choice>,
    pub(super) padded: bool,
    pub(super) active: bool,
    /// How many differ from the source.
    pub(super) n_active: usize,
}

/// A text of the card that can be overridden.
struct Override {
    name: &'static str,
    source: fn(&Card) -> Option<&str>,
    over: fn(&mut Card) -> &mut Option<String>,
}

const OVERRIDES: [Override; 5] = [
    Override {
        name: "name",
        source: |card| Some(&card.name),
        over: |card| &mut card.overrides.name,
    },
    Override {
        name: "local_id",
        source: |card| Some(&card.local_id),
        over: |card| &mut card.overrides.local_id,
    },
    Override {
        name: "card_count_official",
        source: |card| Some(card.card_number_full.as_deref()?.split_once('/')?.1),
        over: |card| &mut card.overrides.card_count_official,
    },
    Override {
        name: "card_number_full",
        source: |card| card.card_number_full.as_deref(),
        over: |card| &mut card.overrides.card_number_full,
    },
    Override {
        name: "set_name",
        source: |card| Some(&card.set_name),
        over: |card| &mut card.overrides.set_name,
    },
];

/// Longer names are none.
const MAX_CHARS: usize = 120;

impl Overrides {
    /// What is in force.
    pub(super) fn stored(say: &Say, card: &Card) -> Overrides {
        let mut copy = card.clone();
        let value = |name: &str| {
            let found = OVERRIDES.iter().find(|it| it.name == name);
            found.and_then(|it| (it.over)(&mut copy).clone()).unwrap_or_default()
        };
        let query = card.ebay_query_override.clone().unwrap_or_default();
        Overrides::new(say, card, query, value, card.card_number_format, card)
    }

    /// What somebody typed, with what is wrong about it.
    pub(super) fn typed(say: &Say, card: &Card, form: &Form) -> Overrides {
        let format = form.get("card_number_format").parse().unwrap_or(card.card_number_format);
        let flags = Card {
            card_number_padded: form.has("card_number_padded"),
            is_active: form.has("is_active"),
            ..Card::default()
        };
        let value = |name: &str| form.get(name).to_owned();
        let query = form.get("ebay_query").to_owned();
        let mut typed = Overrides::new(say, card, query, value, format, &flags);
        for field in &mut typed.texts {
            field.error = wrong(say, field.name, field.value.trim());
        }
        if typed.query.value.trim().chars().count() > query::MAX_CHARS {
            let n = typed.query.value.trim().chars().count();
            let key = "override-query-long";
            typed.query.error = Some(say.t2(key, ("max", query::MAX_CHARS), ("given", n)));
        }
        typed
    }

    fn new(
        say: &Say,
        card: &Card,
        query: String,
        mut value: impl FnMut(&str) -> String,
        format: NumberFormat,
        flags: &Card,
    ) -> Overrides {
        let built = query::build(card).unwrap_or_default();
        let label = |name: &str| say.try_t(&format!("override-{name}")).unwrap_or_default();
        let texts = OVERRIDES.iter().map(|it| Field {
            hint: (it.source)(card)
                .map(|source| say.t1("override-source", "value", source))
                .unwrap_or_default(),
            ..Field::text(it.name, label(it.name), value(it.name))
        });
        let mut copy = card.clone();
        let overridden = OVERRIDES.iter().filter(|it| (it.over)(&mut copy).is_some()).count();
        Overrides {
            query: Field {
                hint: say.t1("override-query-built", "query", built),
                ..Field::text("ebay_query", say.t("override-query"), query)
            },
            texts: texts.collect(),
            formats: NumberFormat::ALL
                .into_iter()
                .map(|known| Choice {
                    value: known.as_str().to_owned(),
                    label: crate::shop::word(say, "format", known.as_str()),
                    is_on: known == format,
                })
                .collect(),
            padded: flags.card_number_padded,
            active: flags.is_active,
            n_active: overridden + usize::from(card.ebay_query_override.is_some()),
        }
    }

    pub(super) fn errors(&self) -> Vec<FieldError> {
        std::iter::once(&self.query).chain(&self.texts).filter_map(Field::fault).collect()
    }

    /// Writes what was typed into the card. What equals the source is no correction.
    pub(super) fn apply(&self, card: &mut Card) {
        for field in &self.texts {
            let Some(known) = OVERRIDES.iter().find(|it| it.name == field.name) else { continue };
            let typed = Some(field.value.trim()).filter(|text| !text.is_empty());
            let typed = typed.filter(|text| (known.source)(card) != Some(*text)).map(str::to_owned);
            *(known.over)(card) = typed;
        }
        let query = Some(self.query.value.trim()).filter(|text| !text.is_empty());
        card.ebay_query_override = query.map(str::to_owned);
        let format = self.formats.iter().find(|choice| choice.is_on);
        if let Some(format) = format.and_then(|choice| choice.value.parse().ok()) {
            card.card_number_format = format;
        }
        card.card_number_padded = self.padded;
        card.is_active = self.active;
    }
}

fn wrong(say: &Say, name: &str, text: &str) -> Option<String> {
    let n = text.chars().count();
    if n > MAX_CHARS {
        return Some(say.t2("override-long", ("max", MAX_CHARS), ("given", n)));
    }
    let is_number = matches!(name, "local_id" | "card_count_official");
    (is_number && text.contains('/')).then(|| say.t1("override-slash", "given", text))
}

/// Prices that somebody sets.
pub(super) struct PriceFields {
    pub(super) fields: Vec<Field>,
    pub(super) note: String,
}

const STATES: [&str; 3] = ["neuf", "bon", "correct"];

impl PriceFields {
    pub(super) fn empty(say: &Say) -> PriceFields {
        PriceFields::new(say, |_| String::new(), String::new())
    }

    /// What was typed: the prices, or the fields with what is wrong about them.
    pub(super) fn typed(say: &Say, form: &Form) -> Result<Prices, PriceFields> {
        let note = form.get("note").to_owned();
        let mut typed = PriceFields::new(say, |name| form.get(name).to_owned(), note);
        let amounts: Vec<Option<Decimal>> =
            typed.fields.iter().map(|field| amount(&field.value)).collect();
        let mut before = None;
        for (field, amount) in typed.fields.iter_mut().zip(&amounts) {
            let given = field.value.trim().to_owned();
            field.error = match (amount, before) {
                (None, _) => Some(say.t1("price-rule", "given", given)),
                (Some(amount), Some(before)) if *amount > before => {
                    Some(say.t2("price-order", ("before", say.eur(before)), ("given", given)))
                }
                _ => None,
            };
            before = amount.or(before);
        }
        match amounts.as_slice() {
            [Some(neuf), Some(bon), Some(correct)] if typed.errors().is_empty() => {
                Ok(Prices { neuf: *neuf, bon: *bon, correct: *correct })
            }
            _ => Err(typed),
        }
    }

    fn new(say: &Say, value: impl Fn(&str) -> String, note: String) -> PriceFields {
        let field = |name: &'static str| {
            let label = say.try_t(&format!("price-{name}")).unwrap_or_default();
            let label = format!("{label} (€)");
            Field { class: "num", mode: "decimal", ..Field::text(name, label, value(name)) }
        };
        PriceFields { fields: STATES.into_iter().map(field).collect(), note }
    }

    pub(super) fn errors(&self) -> Vec<FieldError> {
        self.fields.iter().filter_map(Field::fault).collect()
    }
}

/// An amount above zero that a table can hold; a comma is a point.
fn amount(text: &str) -> Option<Decimal> {
    let plain: String = text
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '€')
        .map(|c| if c == ',' { '.' } else { c })
        .collect();
    let amount: Decimal = plain.parse().ok()?;
    let most = Decimal::from(10_000_000);
    (amount > Decimal::ZERO && amount < most)
        .then(|| amount.round_dp(2))
        .filter(|cents| !cents.is_zero())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    fn card() -> Card {
        Card {
            name: "Dracolosse".into(),
            local_id: "4".into(),
            set_name: "Fossile".into(),
            card_number_full: Some("4/62".into()),
            is_active: true,
            ..Card::default()
        }
    }

    #[test]
    fn what_equals_the_source_is_no_correction() {
        let say = Say::new(Lang::Fr, "UTC");
        let form = Form::of_query(
            "name=Dracolosse&local_id=+19+&card_count_official=62&set_name=&card_number_full=\
             &ebay_query=Dracolosse+4%2F62+Fossile&card_number_format=LOCAL_ONLY&is_active=on",
        );
        let mut card = card();
        let typed = Overrides::typed(&say, &card, &form);
        assert_eq!(typed.errors(), []);
        typed.apply(&mut card);
        assert_eq!(card.overrides.name, None);
        assert_eq!(card.overrides.local_id.as_deref(), Some("19"));
        assert_eq!(card.overrides.card_count_official, None);
        assert_eq!(card.ebay_query_override.as_deref(), Some("Dracolosse 4/62 Fossile"));
        assert_eq!(card.card_number_format, NumberFormat::LocalOnly);
        assert!(card.is_active && !card.card_number_padded);
    }

    #[test]
    fn what_was_typed_stays_beside_what_is_wrong_with_it() {
        let say = Say::new(Lang::En, "UTC");
        let long = "x".repeat(101);
        let form = Form::of_query(&format!("local_id=4%2F62&ebay_query={long}"));
        let typed = Overrides::typed(&say, &card(), &form);
        let wrong: Vec<&str> = typed.errors().iter().map(|error| error.field).collect();
        assert_eq!(wrong, ["ebay_query", "local_id"]);
        assert_eq!(typed.query.value, long);
    }

    #[test]
    fn worse_cards_cost_no_more() {
        let say = Say::new(Lang::Fr, "UTC");
        let typed = |query| PriceFields::typed(&say, &Form::of_query(query));
        let prices = typed("neuf=20,10+€&bon=12&correct=6.00").ok().unwrap();
        assert_eq!(prices.neuf, Decimal::new(2010, 2));
        for (query, field) in [
            ("neuf=&bon=12&correct=6", "neuf"),
            ("neuf=20&bon=-1&correct=6", "bon"),
            ("neuf=20&bon=21&correct=6", "bon"),
            ("neuf=0.001&bon=0.001&correct=0.001", "neuf"),
        ] {
            let wrong = typed(query).err().unwrap();
            assert_eq!(wrong.errors()[0].field, field, "{query}");
        }
    }
}
