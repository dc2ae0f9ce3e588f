//! The variants of a card, as the database's source code lists them.
//!
//! Two notations: `{normal:true,reverse:false,holo:false,firstEdition:true}`, and an array of
//! printings, `[{type:"holo",stamp:["1st-edition"],thirdParty:{cardmarket:273798}}]`. Long arrays
//! may be cut off, so this reads what it finds and asks for no closing bracket.

use crate::Variant;

/// One variant of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Printing {
    pub(super) variant: Variant,
    /// Its own product at Cardmarket, where the database knows it.
    pub(super) cardmarket_id: Option<i64>,
}

/// The variants that are sold apart: normal or holo, reverse, first edition. At least one.
pub(super) fn read(raw: &str) -> Vec<Printing> {
    let found = if raw.starts_with('[') { listed(raw) } else { flagged(raw) };
    let pick = |variant| found.iter().find(|printing| printing.variant == variant).copied();
    let normal = pick(Variant::Normal);
    // A card that is also printed without foil has its holo among special prints.
    let holo = pick(Variant::Holo).filter(|_| normal.is_none());
    let printings: Vec<_> = [normal, pick(Variant::Reverse), holo, pick(Variant::FirstEd)]
        .into_iter()
        .flatten()
        .collect();
    if printings.is_empty() {
        return vec![Printing { variant: Variant::Normal, cardmarket_id: None }];
    }
    printings
}

fn flagged(raw: &str) -> Vec<Printing> {
    [
        ("normal:true", Variant::Normal),
        ("reverse:true", Variant::Reverse),
        ("holo:true", Variant::Holo),
        ("firstEdition:true", Variant::FirstEd),
    ]
    .into_iter()
    .filter(|(flag, _)| raw.contains(flag))
    .map(|(_, variant)| Printing { variant, cardmarket_id: None })
    .collect()
}

/// Plain printings and first editions; where all are stamped, the stamped ones are the card.
fn listed(raw: &str) -> Vec<Printing> {
    let entries = || raw.split("{type:").skip(1).filter(|entry| !entry.contains("size:"));
    let plain: Vec<_> = entries().filter(|entry| !is_stamped(entry)).filter_map(printing).collect();
    if plain.is_empty() { entries().filter_map(printing).collect() } else { plain }
}

/// With a stamp that makes it another article; the mark of a first edition does not.
fn is_stamped(entry: &str) -> bool {
    entry.contains("stamp:") && !is_first_edition(entry)
}

fn is_first_edition(entry: &str) -> bool {
    entry.contains("1st-edition")
}

fn printing(entry: &str) -> Option<Printing> {
    let kind = entry.trim_start_matches(['"', '\'']);
    let variant = match kind {
        _ if is_first_edition(entry) => Variant::FirstEd,
        _ if kind.starts_with("normal") => Variant::Normal,
        _ if kind.starts_with("reverse") => Variant::Reverse,
        _ if kind.starts_with("holo") => Variant::Holo,
        _ => return None,
    };
    Some(Printing { variant, cardmarket_id: cardmarket_id(entry) })
}

/// An id that the end of the text cut off has no sign behind it, and is not read.
fn cardmarket_id(entry: &str) -> Option<i64> {
    let (_, rest) = entry.split_once("cardmarket:")?;
    let end = rest.find(|sign: char| !sign.is_ascii_digit())?;
    rest[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variants(raw: &str) -> Vec<(&'static str, Option<i64>)> {
        read(raw)
            .iter()
            .map(|printing| (printing.variant.as_str(), printing.cardmarket_id))
            .collect()
    }

    #[test]
    fn flags_name_the_variants() {
        let raw = "{normal:false,reverse:true,holo:true,firstEdition:false}";
        assert_eq!(variants(raw), [("REVERSE", None), ("HOLO", None)]);
        let raw = "{normal:true,reverse:false,holo:true,firstEdition:true}";
        assert_eq!(variants(raw), [("NORMAL", None), ("FIRST_ED", None)]);
    }

    #[test]
    fn printings_name_the_variants_and_their_products() {
        let raw = r#"[{type:"holo",thirdParty:{cardmarket:11,tcgplayer:1}},{type:"holo",stamp:["1st-edition"],thirdParty:{cardmarket:12}}]"#;
        assert_eq!(variants(raw), [("HOLO", Some(11)), ("FIRST_ED", Some(12))]);
        let raw = "[{type:'normal',},{type:'reverse',foil:'pokeball'},{type:'reverse'}]";
        assert_eq!(variants(raw), [("NORMAL", None), ("REVERSE", None)]);
    }

    #[test]
    fn stamps_and_sizes_are_other_articles() {
        let raw = r#"[{type:"normal",stamp:["pre-release"]},{type:"reverse"},{type:"holo",size:"jumbo"}]"#;
        assert_eq!(variants(raw), [("REVERSE", None)]);
        let raw = r#"[{type:"holo",stamp:["pikachu-tail"]}]"#;
        assert_eq!(variants(raw), [("HOLO", None)]);
    }

    #[test]
    fn a_text_that_is_cut_off_gives_what_it_holds() {
        let raw = r#"[{type:"holo",thirdParty:{cardmarket:27"#;
        assert_eq!(variants(raw), [("HOLO", None)]);
        assert_eq!(variants(r#"[{type:"holo"},{typ"#), [("HOLO", None)]);
        assert_eq!(variants(""), [("NORMAL", None)]);
        assert_eq!(variants("[{"), [("NORMAL", None)]);
    }
}
