use super::*;

fn card() -> Card {
    Card {
        tcgdex_id: "me03-4-REVERSE".into(),
        local_id: "4".into(),
        name: "Florizarre".into(),
        set_name: "Équilibre Parfait".into(),
        card_number_full: Some("4/88".into()),
        variant: Variant::Reverse,
        ..Card::default()
    }
}

#[test]
fn an_id_is_the_sources_id_and_the_variant() {
    assert_eq!(Card::id_of("me03-4", Variant::FirstEd), "me03-4-FIRST_ED");
    assert_eq!(card().source_id(), "me03-4");
    // Made by hand, without a variant.
    let card = Card { tcgdex_id: "odd".into(), ..card() };
    assert_eq!(card.source_id(), "odd");
}

#[test]
fn overrides_go_before_the_sources_values() {
    let mut card = card();
    assert!(!card.has_overrides());
    assert_eq!(card.effective_name(), "Florizarre");
    card.overrides = Overrides {
        name: Some("Florizarre ex".into()),
        local_id: Some("H04".into()),
        set_name: Some("Équilibre".into()),
        ..Overrides::default()
    };
    assert_eq!(card.effective_name(), "Florizarre ex");
    assert_eq!(card.effective_local_id(), "H04");
    assert_eq!(card.effective_set_name(), "Équilibre");
    assert!(card.has_overrides());
    // An empty override is none.
    card.overrides.name = Some(String::new());
    assert_eq!(card.effective_name(), "Florizarre");
}

#[test]
fn a_number_is_printed_as_the_overrides_and_the_padding_say() {
    let number = |change: fn(&mut Card)| {
        let mut card = card();
        change(&mut card);
        card.effective_number_full()
    };
    let is = |text: &str| Some(text.to_owned());
    assert_eq!(number(|_| ()), is("4/88"));
    assert_eq!(number(|c| c.card_number_padded = true), is("004/088"));
    assert_eq!(number(|c| c.overrides.local_id = is_some("5")), is("5/88"));
    assert_eq!(number(|c| c.overrides.card_number_full = is_some("H4/H32")), is("H4/H32"));
    // The overridden total is joined to the number, and padding leaves letters alone.
    assert_eq!(
        number(|c| {
            c.overrides.card_count_official = is_some("H32");
            c.overrides.card_number_full = is_some("never/seen");
            c.card_number_padded = true;
        }),
        is("004/H32")
    );
    assert_eq!(number(|c| c.card_number_full = None), None);
    assert_eq!(number(|c| c.card_number_full = is_some("SL7")), is("SL7"));
}

#[expect(clippy::unnecessary_wraps, reason = "what it is given to is optional")]
fn is_some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn the_reference_is_the_dearer_of_trend_and_thirty_days() {
    let of = |trend, avg30| Cardmarket { trend, avg30, ..Cardmarket::default() }.max();
    assert_eq!(of(Some(Decimal::from(3)), Some(Decimal::from(4))), Some(Decimal::from(4)));
    assert_eq!(of(Some(Decimal::from(5)), None), Some(Decimal::from(5)));
    assert_eq!(of(None, None), None);
}

#[test]
fn hidden_series_and_sets_are_hidden() {
    let mut hidden = Hidden::default();
    hidden.sets.insert("sv01".into());
    assert!(hidden.hides("tcgp", "A1") && hidden.hides("sv", "sv01"));
    assert!(!hidden.hides("sv", "sv02"));
}

#[test]
fn a_number_format_reads_what_it_writes() {
    for format in NumberFormat::ALL {
        assert_eq!(format.to_string().parse(), Ok(format));
    }
    let error = "TOTAL".parse::<NumberFormat>().unwrap_err();
    assert!(error.to_string().contains("LOCAL_TOTAL"));
}

#[test]
fn a_target_names_the_card_as_it_is_printed() {
    let mut card = card();
    card.name_en = is_some("Venusaur");
    card.overrides.name = is_some("Florizarre Méga");
    card.card_number_padded = true;
    let target = card.target(&[Variant::Normal, Variant::Reverse]);
    assert_eq!(target.name, "Florizarre Méga");
    assert_eq!(target.aliases, ["Florizarre", "Venusaur"]);
    assert_eq!((target.number.as_str(), target.total.as_deref()), ("004", Some("088")));
    assert_eq!(target.set_name.as_deref(), Some("Équilibre Parfait"));
    assert_eq!(target.variant, Variant::Reverse);
    assert!(target.has_known_variants());
    card.card_number_format = NumberFormat::Promo;
    let target = card.target(&[]);
    assert_eq!((target.number.as_str(), target.total), ("4", None));
}

#[test]
fn first_editions_are_made_where_they_are_missing() {
    let of = |set_id: &str, number: u32, variant| Card {
        tcgdex_id: Card::id_of(&format!("{set_id}-{number}"), variant),
        set_id: set_id.into(),
        variant,
        cardmarket: Cardmarket { trend: Some(Decimal::TEN), ..Cardmarket::default() },
        error_count: 2,
        ..card()
    };
    let cards = [
        of("base2", 1, Variant::Holo),
        of("base2", 1, Variant::Normal),
        of("base2", 2, Variant::Normal),
        of("base2", 2, Variant::FirstEd),
        of("base2", 3, Variant::Reverse),
        of("base4", 4, Variant::Normal),
    ];
    let made = missing_first_editions(&cards, &FIRST_EDITION_SETS);
    assert_eq!(made.len(), 1, "one of its number has one, one is a reverse, one set had none");
    assert_eq!(
        (made[0].tcgdex_id.as_str(), made[0].variant),
        ("base2-1-FIRST_ED", Variant::FirstEd)
    );
    assert_eq!((made[0].cardmarket.max(), made[0].error_count), (None, 0));
    assert_eq!(made[0].name, "Florizarre");
}
