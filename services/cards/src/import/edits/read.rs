//! From cells to what they ask for.

use super::update::CardKey;
use super::{Create, Edit, Line, Update};
use crate::card::NumberFormat;
use crate::query;

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
        card_number_padded: line.value("card_number_padded", yes_or_no),
        ebay_query: line.text("ebay_query", query::MAX_CHARS),
    }
}

fn create(line: &mut Line<'_>) -> Create {
    let set_id = line.text("set_id", 50);
    if set_id.as_ref().is_some_and(|id| !id.bytes().all(is_id_byte)) {
        line.note("set_id", "only letters without accents, digits, `.`, `-` and `_` are allowed");
    }
    let (local_id, name) = (local_id(line), line.text("name", 200));
    Create {
        set_id: line.required("set_id", set_id),
        local_id: line.required("local_id", local_id),
        name: line.required("name", name),
        set_name: line.text("set_name", 200),
        card_count_official: total(line),
        variant: line.value("variant", |text| text.to_uppercase().parse()).unwrap_or_default(),
        card_number_format: format(line).unwrap_or_default(),
        card_number_padded: line.value("card_number_padded", yes_or_no).unwrap_or_default(),
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
    line.note("id", "write a card's number or its id, such as base1-4-HOLO");
    CardKey::TcgdexId(id)
}

fn local_id(line: &mut Line<'_>) -> Option<String> {
    let text = line.text("local_id", 20)?;
    if let Some((number, total)) = text.split_once('/') {
        let message = format!("write `{number}` here and `{total}` in set_cardcount_official");
        line.note("local_id", message);
    }
    Some(text)
}

fn total(line: &mut Line<'_>) -> Option<String> {
    let text = line.text("set_cardcount_official", 20)?;
    if text.contains('/') {
        line.note(
            "set_cardcount_official",
            "write what stands after the slash, such as 102 or H32",
        );
    }
    Some(text)
}

/// In a row that changes a card, `set_id` may hold the printed total, such as `H32`. A real set id
/// there is a mistake: a card does not change its set.
fn total_in_set_id(line: &mut Line<'_>) -> Option<String> {
    let text = line.text("set_id", 50)?;
    let digits = text.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let message = "a card does not change its set; leave this empty, or write the printed \
                       total into set_cardcount_official";
        line.note("set_id", message);
    }
    Some(text)
}

fn format(line: &mut Line<'_>) -> Option<NumberFormat> {
    line.value("card_number_format", |text| text.to_uppercase().parse())
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_lowercase().as_str() {
        "true" | "1" | "oui" | "yes" => Ok(true),
        "false" | "0" | "non" | "no" => Ok(false),
        _ => Err(format!("`{text}` is neither true nor false")),
    }
}

fn is_id_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_')
}
