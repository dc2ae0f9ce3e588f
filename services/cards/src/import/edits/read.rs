//! From cells to what they ask for.

use super::update::CardKey;
use super::{Create, Edit, Flaw, Line, Update};
use crate::card::NumberFormat;
use crate::{Variant, query};

/// What the cells of two columns may say.
const VARIANTS: &str = "NORMAL, REVERSE, HOLO, FIRST_ED";
const FORMATS: &str = "LOCAL_ONLY, LOCAL_TOTAL, PROMO";

/// Reads a row; what is wrong with it is noted on the line.
pub(super) fn edit(line: &mut Line<'_>) -> Edit {
    match line.text("id", 100) {
        Some(id) => Edit::Update(update(line, id)),
        // A faulty id has been noted, and must not turn a change into a new card.
        None => Edit::Create(create(line)),
    }
}

fn update(line: &mut Line<'_>, id: String) -> Update {
    Update {
        key: key(line, id),
        name: line.text("name", 200),
        local_id: local_id(line),
        set_name: line.text("set_name", 200),
        card_count_official: total(line).or_else(|| total_in_set_id(line)),
        card_number_format: format(line),
        card_number_padded: is_padded(line),
        ebay_query: line.text("ebay_query", query::MAX_CHARS),
    }
}

fn create(line: &mut Line<'_>) -> Create {
    let set_id = line.text("set_id", 50);
    if set_id.as_ref().is_some_and(|id| !id.bytes().all(is_id_byte)) {
        line.note("set_id", Flaw::NoSetId);
    }
    let (local_id, name) = (local_id(line), line.text("name", 200));
    Create {
        set_id: line.required("set_id", set_id),
        local_id: line.required("local_id", local_id),
        name: line.required("name", name),
        set_name: line.text("set_name", 200),
        card_count_official: total(line),
        variant: variant(line).unwrap_or_default(),
        card_number_format: format(line).unwrap_or_default(),
        card_number_padded: is_padded(line).unwrap_or_default(),
        ebay_query: line.text("ebay_query", query::MAX_CHARS),
    }
}

fn key(line: &mut Line<'_>, id: String) -> CardKey {
    if !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return CardKey::TcgdexId(id);
    }
    if let Ok(number) = id.parse() {
        return CardKey::Number(number);
    }
    line.note("id", Flaw::NoCardId);
    CardKey::TcgdexId(id)
}

fn local_id(line: &mut Line<'_>) -> Option<String> {
    let text = line.text("local_id", 20)?;
    if let Some((number, total)) = text.split_once('/') {
        let (number, total) = (number.to_owned(), total.to_owned());
        line.note("local_id", Flaw::NumberWithTotal { number, total });
    }
    Some(text)
}

fn total(line: &mut Line<'_>) -> Option<String> {
    let text = line.text("set_cardcount_official", 20)?;
    if text.contains('/') {
        line.note("set_cardcount_official", Flaw::TotalWithNumber);
    }
    Some(text)
}

/// In a row that changes a card, `set_id` may hold the printed total, such as `H32`. A real set id
/// there is a mistake: a card does not change its set.
fn total_in_set_id(line: &mut Line<'_>) -> Option<String> {
    let text = line.text("set_id", 50)?;
    let digits = text.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        line.note("set_id", Flaw::OtherSet);
    }
    Some(text)
}

fn variant(line: &mut Line<'_>) -> Option<Variant> {
    line.value("variant", VARIANTS, |text| text.to_uppercase().parse().ok())
}

fn format(line: &mut Line<'_>) -> Option<NumberFormat> {
    line.value("card_number_format", FORMATS, |text| text.to_uppercase().parse().ok())
}

fn is_padded(line: &mut Line<'_>) -> Option<bool> {
    line.value("card_number_padded", "true, false", |text| match text.to_lowercase().as_str() {
        "true" | "1" | "oui" | "yes" => Some(true),
        "false" | "0" | "non" | "no" => Some(false),
        _ => None,
    })
}

fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}
