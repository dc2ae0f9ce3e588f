use super::*;

fn shows(full: &str, title: &str) -> bool {
    let card = Card {
        local_id: full.split('/').next().unwrap_or_default().into(),
        card_number_full: Some(full.into()),
        ..Card::default()
    };
    Number::of(&card).is_in(title)
}

#[test]
fn digits_are_found_with_zeros_and_spaces_and_not_within_others() {
    for (full, title, expected) in [
        ("4/102", "Dracaufeu 4/102", true),
        ("4/102", "Dracaufeu 004/102", true),
        ("4/102", "Dracaufeu 4 / 0102", true),
        ("004/102", "Dracaufeu 4/102", true),
        ("4/102", "Dracaufeu 14/102", false),
        ("4/102", "Dracaufeu 40/102", false),
        ("4/102", "Dracaufeu 104/102", false),
        ("4/102", "Dracaufeu 4-102", false),
        ("4/102", "Dracaufeu 4/103", false),
        ("4/102", "Dracaufeu no4/102", true),
        // The second slash is looked at as well.
        ("4/102", "Pikachu 1/9 ou 4/102", true),
        // The total may go on: the rule looks no closer.
        ("4/10", "Dracaufeu 4/102", true),
        ("0/10", "Carte 000/10", true),
        ("0/10", "Carte 1/10", false),
        ("4/H32", "Carte 4/H32", true),
        ("4/H32", "Carte 4/h32", false),
    ] {
        assert_eq!(shows(full, title), expected, "{full} in {title}");
    }
}

#[test]
fn a_number_with_letters_is_a_word_of_its_own() {
    assert!(shows("SL7/95", "Absol sl7 Appel"));
    assert!(shows("TG01/TG30", "Goupix TG01/TG30"));
    assert!(!shows("SL7/95", "Absol SL70/95"));
    assert!(!shows("SL7/95", "Absol XSL7"));
}

#[test]
fn a_number_without_a_slash_is_not_touched_by_digits() {
    assert!(shows("25", "Pikachu 25"));
    assert!(shows("25", "Pikachu n25x"));
    assert!(!shows("25", "Pikachu 125"));
    assert!(!shows("25", "Pikachu 250"));
}

#[test]
fn a_card_without_a_full_number_takes_any_title() {
    let card = Card { local_id: "4".into(), ..Card::default() };
    assert!(Number::of(&card).is_in("Dracaufeu"));
}
