use super::*;

fn judged(variant: Variant, title: &str) -> Result<Bucket, Rejection> {
    let card = Card {
        local_id: "4".into(),
        card_number_full: Some("4/102".into()),
        variant,
        ..Card::default()
    };
    bucket(variant, &Number::of(&card), title)
}

#[test]
fn words_reject_a_title() {
    use Rejection::{CodeCard, Lot, OtherLanguage, Proxy};
    for (title, expected) in [
        ("Lot Dracaufeu 4/102", Err(Lot)),
        ("Dracaufeu 4/102, LOTS", Err(Lot)),
        ("Dracaufeu bundle 4/102", Err(Lot)),
        ("Collection Dracaufeu 4/102", Err(Lot)),
        ("Dracaufeu 4/102 x10", Err(Lot)),
        ("Dracaufeu 4/102 X20", Err(Lot)),
        ("Dracaufeu 4/102 x50", Err(Lot)),
        ("Dracaufeu 4/102 x100", Err(Lot)),
        ("Dracaufeu 4/102 x2", Ok(Bucket::Main)),
        ("Chamallot 4/102", Ok(Bucket::Main)),
        ("Dracaufeu 4/102 PROXY", Err(Proxy)),
        ("Dracaufeu 4/102 orica", Err(Proxy)),
        ("Dracaufeu 4/102 custom", Err(Proxy)),
        ("Dracaufeu 4/102 Fake", Err(Proxy)),
        ("Dracaufeu code card 4/102", Err(CodeCard)),
        ("Dracaufeu online code 4/102", Err(CodeCard)),
        ("Dracaufeu code online 4/102", Err(CodeCard)),
        ("Charizard 4/102 Japanese", Err(OtherLanguage)),
        ("Charizard 4/102 Japan", Err(OtherLanguage)),
        ("Charizard 4/102 JPN", Err(OtherLanguage)),
        ("Dracaufeu 4/102 anglais", Err(OtherLanguage)),
        ("Charizard 4/102 English", Err(OtherLanguage)),
        ("Glurak 4/102 german", Err(OtherLanguage)),
        ("Charizard 4/102 Italian", Err(OtherLanguage)),
        ("Dracaufeu 5/102", Err(Rejection::OtherNumber)),
        // A lot of another number is a lot.
        ("Lot Dracaufeu 5/102", Err(Lot)),
    ] {
        assert_eq!(judged(Variant::Normal, title), expected, "{title}");
    }
}

#[test]
fn editions_are_told_apart() {
    for word in [
        "édition 1",
        "Edition 1",
        "1st edition",
        "1ere edition",
        "1ère edition",
        "ED1",
        "ed 1",
        "Base ed.1",
        "1st ed",
        "First Edition",
        "1ère éd",
    ] {
        let title = format!("Dracaufeu 4/102 {word}");
        assert_eq!(judged(Variant::Normal, &title), Err(Rejection::FirstEdition), "{title}");
        assert_eq!(judged(Variant::FirstEd, &title), Ok(Bucket::Main), "{title}");
    }
    for word in [
        "édition 2",
        "edition 2",
        "2nd edition",
        "ed2",
        "ed 2",
        "Base ed.2",
        "unlimited",
        "illimité",
        "illimitée",
    ] {
        // Even beside the mark of the first: the title is about both.
        let title = format!("Dracaufeu 4/102 {word} pas edition 1");
        assert_eq!(judged(Variant::FirstEd, &title), Err(Rejection::NotFirstEdition), "{title}");
        let title = format!("Dracaufeu 4/102 {word}");
        assert_eq!(judged(Variant::Normal, &title), Ok(Bucket::Main), "{title}");
    }
    let unmarked = judged(Variant::FirstEd, "Dracaufeu 4/102");
    assert_eq!(unmarked, Err(Rejection::NotFirstEdition));
}

#[test]
fn graded_cards_are_a_bucket_of_their_own() {
    for word in [
        "PSA 10",
        "psa-9",
        "PSA10",
        "CGC 9.5",
        "cgc9",
        "BGS 9",
        "bgs8",
        "BCC 9",
        "PCA 10",
        "pca10",
        "PCG 9",
        "ACE 10",
        "MGA 9",
        "SGC 10",
        "sgc9",
        "CCC 9",
        "ccc10",
        "PG 9 mint",
        "graded",
        "Slab",
        "gradée",
        "gradee",
    ] {
        let title = format!("Dracaufeu 4/102 {word}");
        assert_eq!(judged(Variant::Normal, &title), Ok(Bucket::Graded), "{title}");
    }
    // No grade behind the name, and a part of a word: the rule looks no closer.
    assert_eq!(judged(Variant::Normal, "Dracaufeu 4/102 PSA"), Ok(Bucket::Main));
    assert_eq!(judged(Variant::Normal, "Double face Dracaufeu 4/102"), Ok(Bucket::Graded));
    // A graded reverse is graded.
    assert_eq!(judged(Variant::Normal, "Dracaufeu 4/102 reverse PSA 9"), Ok(Bucket::Graded));
    assert_eq!(judged(Variant::Reverse, "Dracaufeu 4/102 reverse PSA 9"), Ok(Bucket::Graded));
}

#[test]
fn reverses_are_told_by_the_word() {
    assert_eq!(judged(Variant::Normal, "Dracaufeu 4/102 REVERSE"), Ok(Bucket::Reverse));
    assert_eq!(judged(Variant::Holo, "Dracaufeu 4/102 reverse"), Ok(Bucket::Reverse));
    assert_eq!(judged(Variant::Reverse, "Dracaufeu 4/102 reverse"), Ok(Bucket::Main));
    assert_eq!(judged(Variant::Reverse, "Dracaufeu 4/102"), Err(Rejection::NotReverse));
    // Before anything else is looked at.
    assert_eq!(judged(Variant::Reverse, "Lot 4/102"), Err(Rejection::NotReverse));
}
