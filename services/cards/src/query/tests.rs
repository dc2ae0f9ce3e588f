use proptest::prelude::*;

use super::*;
use crate::card::Overrides;

fn card(name: &str, number: &str) -> Card {
    Card {
        name: name.into(),
        local_id: number.split('/').next().unwrap_or_default().into(),
        card_number_full: number.contains('/').then(|| number.into()),
        ..Card::default()
    }
}

fn query(name: &str, number: &str) -> String {
    build(&card(name, number)).unwrap()
}

#[test]
fn a_query_is_the_name_and_the_number() {
    assert_eq!(query("Dracaufeu", "4/102"), "Dracaufeu 4/102");
    assert_eq!(query("Double Suppression d’Énergie", "9/99"), "Double Suppression d'Énergie 9/99");
    // Without a total, the number alone.
    assert_eq!(query("Pikachu", "25"), "Pikachu 25");
    assert_eq!(query("Pikachu", ""), "Pikachu");
}

#[test]
fn signs_that_the_search_misreads_are_left_out() {
    for (name, cleaned) in [
        ("Mewtwo δ", "Mewtwo"),
        ("Rayquaza ☆", "Rayquaza"),
        ("Nidoran♀", "Nidoran"),
        ("Latias◇", "Latias"),
        ("Dracaufeu-GX", "Dracaufeu GX"),
        ("Ordres du Boss (Giovanni)", "Ordres du Boss Giovanni"),
        ("Hôtel « Au paradis des Pokémon »", "Hôtel Au paradis des Pokémon"),
        ("Pikachu de ________", "Pikachu de"),
        ("Entei, \"le\" Chien", "Entei le Chien"),
        ("Tab\tet\u{a0}espaces  ", "Tab et espaces"),
        ("Type:0", "Type:0"),
        ("M. Mime", "M. Mime"),
    ] {
        assert_eq!(query(name, "1/9"), format!("{cleaned} 1/9"), "{name}");
    }
}

#[test]
fn a_mega_evolution_is_spelt_out() {
    assert_eq!(query("M Rayquaza EX", "76/108"), "Mega Rayquaza EX 76/108");
    assert_eq!(query("M-Rayquaza-EX", "76/108"), "Mega Rayquaza EX 76/108");
    assert_eq!(query("Motisma M", "1/9"), "Motisma M 1/9");
}

#[test]
fn owner_and_level_are_left_out() {
    assert_eq!(query("Cacturne de Team Aqua", "6/95"), "Cacturne 6/95");
    assert_eq!(query("Cacturne de team Aqua ex", "6/95"), "Cacturne ex 6/95");
    assert_eq!(query("Et voilà la Team Rocket !", "15/82"), "Et voilà la Team Rocket ! 15/82");
    assert_eq!(query("Dialga Niv. 68", "1/130"), "Dialga 1/130");
    assert_eq!(query("Dialga niv 68", "1/130"), "Dialga 1/130");
    assert_eq!(query("Dialga Niv.X", "105/106"), "Dialga Niv.X 105/106");
    assert_eq!(query("Niveau Ball", "89/99"), "Niveau Ball 89/99");
}

#[test]
fn the_number_follows_the_format_the_padding_and_the_overrides() {
    let of = |change: fn(&mut Card)| {
        let mut card = card("Bulbizarre", "1/88");
        change(&mut card);
        build(&card).unwrap()
    };
    assert_eq!(of(|c| c.card_number_format = NumberFormat::LocalOnly), "Bulbizarre 1");
    assert_eq!(of(|c| c.card_number_format = NumberFormat::Promo), "Bulbizarre 1 promo");
    assert_eq!(of(|c| c.card_number_padded = true), "Bulbizarre 001/088");
    assert_eq!(of(|c| c.variant = Variant::FirstEd), "Bulbizarre 1/88 edition 1");
    assert_eq!(of(|c| c.variant = Variant::Reverse), "Bulbizarre 1/88");
    assert_eq!(
        of(|c| {
            c.overrides = Overrides {
                name: Some("Bulbi".into()),
                local_id: Some("H1".into()),
                card_count_official: Some("H32".into()),
                ..Overrides::default()
            };
        }),
        "Bulbi H1/H32"
    );
    assert_eq!(query("Zarbi", "%3F/28"), "Zarbi ?/28");
    assert_eq!(query("Goupix", "TG01/TG30"), "Goupix TG01/TG30");
}

#[test]
fn the_shops_own_query_goes_before() {
    let mut card = card("Pikachu", "58/102");
    assert_eq!(of(&card).unwrap(), "Pikachu 58/102");
    card.ebay_query_override = Some(" (pikachu, raichu) rare ".into());
    assert_eq!(of(&card).unwrap(), "(pikachu, raichu) rare");
    card.ebay_query_override = Some("  ".into());
    assert_eq!(of(&card).unwrap(), "Pikachu 58/102");
}

#[test]
fn a_long_name_is_cut_at_a_word_and_the_number_never() {
    // " 12/3456" takes 8 characters; 18 words of 4 and their 17 spaces are 89 of the 92 others.
    let long = query(&"abcd ".repeat(30), "12/3456");
    assert_eq!(long, format!("{}12/3456", "abcd ".repeat(18)));
    // A single word has no place to be cut at.
    let word = query(&"é".repeat(300), "12/3456");
    assert_eq!(word, format!("{} 12/3456", "é".repeat(92)));
    // A number that would leave no room for a name is left out, not cut.
    assert_eq!(query("Pikachu", &"9".repeat(120)), "Pikachu");
}

#[test]
fn a_card_without_a_name_cannot_be_searched() {
    assert_eq!(build(&card("☆ -", "1/9")), None);
    assert_eq!(of(&card("", "1/9")), None);
}

proptest! {
    #[test]
    fn any_card_gets_a_query_that_the_search_takes(
        name in ".{0,160}",
        number in "(.{0,12}|[A-Z]{0,2}[0-9]{1,3}/[0-9]{1,3})",
        total in proptest::option::of(".{0,120}"),
        format in 0usize..3,
        is_padded in any::<bool>(),
        variant in 0usize..4,
    ) {
        let mut card = card(&name, &number);
        card.overrides.card_count_official = total;
        card.card_number_format = NumberFormat::ALL[format];
        card.card_number_padded = is_padded;
        card.variant = Variant::ALL[variant];
        if let Some(query) = build(&card) {
            prop_assert!(query.chars().count() <= MAX_CHARS, "{query}");
            prop_assert!(!query.contains(['"', '-', '(', ')', ',', '*', '[', ']', '%']), "{query}");
            prop_assert!(!query.contains("  ") && query.trim() == query, "{query:?}");
            prop_assert!(!query.chars().any(char::is_control), "{query:?}");
            prop_assert!(query.ends_with("edition 1") || card.variant != Variant::FirstEd);
        }
    }
}
