use super::{Classifier, Rejection, Target};
use crate::config::{ClassifyConfig, Condition};
use crate::listing::{BuyingOption, Listing};
use crate::samples::{dracaufeu, offer, titled};
use crate::variant::Variant;

type Judgement = Result<Condition, Rejection>;

fn judge_with(config: &ClassifyConfig, target: &Target, listing: Listing) -> Judgement {
    Classifier::new(config).classify(target, &[listing]).remove(0)
}

fn judge(target: &Target, listing: Listing) -> Judgement {
    judge_with(&ClassifyConfig::default(), target, listing)
}

const FINE: Judgement = Ok(Condition::NearMint);

fn check(target: &Target, cases: &[(&str, Judgement)]) {
    for (title, expected) in cases {
        assert_eq!(judge(target, titled(title)), *expected, "{title}");
    }
}

fn number(name: &str, number: &str, total: Option<&str>) -> Target {
    Target {
        name: name.to_owned(),
        number: number.to_owned(),
        total: total.map(str::to_owned),
        aliases: Vec::new(),
        ..dracaufeu()
    }
}

#[test]
fn an_offer_is_judged_before_its_words() {
    let with = |change: fn(&mut Listing)| {
        let mut listing = offer(1, "20");
        change(&mut listing);
        judge(&dracaufeu(), listing)
    };
    assert_eq!(with(|_| ()), FINE);
    assert_eq!(with(|listing| listing.is_variation = true), Err(Rejection::Variation));
    assert_eq!(
        with(
            |listing| listing.buying_options = vec![BuyingOption::Auction, BuyingOption::BestOffer]
        ),
        Err(Rejection::Auction),
    );
    let at_once = |listing: &mut Listing| {
        listing.buying_options = vec![BuyingOption::Auction, BuyingOption::FixedPrice];
    };
    assert_eq!(with(at_once), FINE);
    assert_eq!(with(|listing| listing.buying_options = vec![BuyingOption::BestOffer]), FINE);
    assert_eq!(
        with(|listing| listing.buying_options = vec![BuyingOption::Other]),
        Err(Rejection::NotForSale),
    );
    assert_eq!(
        with(|listing| listing.seller_feedback_score = Some(9)),
        Err(Rejection::LowFeedback),
    );
    assert_eq!(with(|listing| listing.seller_feedback_score = None), FINE);
    assert_eq!(with(|listing| listing.country = "DE".parse().ok()), Err(Rejection::OtherCountry),);
    assert_eq!(with(|listing| listing.country = None), FINE);
    assert_eq!(
        with(|listing| listing.condition_id = Some("2750".to_owned())),
        Err(Rejection::Graded),
    );
}

#[test]
fn the_shops_own_offers_are_left_out() {
    let config =
        ClassifyConfig { own_sellers: ["seller-1".to_owned()].into(), ..ClassifyConfig::default() };
    assert_eq!(judge_with(&config, &dracaufeu(), offer(1, "20")), Err(Rejection::OwnListing));
    assert_eq!(judge_with(&config, &dracaufeu(), offer(2, "20")), FINE);
}

#[test]
fn lots_are_rejected() {
    let lot = Err(Rejection::Lot);
    check(
        &dracaufeu(),
        &[
            ("LOT Dracaufeu 4/102 + Tortank", lot),
            ("Dracaufeu 4/102 x2", lot),
            ("Dracaufeu 4/102 x 3 Pokémon", lot),
            ("3x Dracaufeu 4/102", lot),
            ("Playset Dracaufeu 4/102", lot),
            ("Dracaufeu 4/102 + 50 cartes", lot),
            ("Cartes Pokémon au choix Dracaufeu 4/102", lot),
            ("Dracaufeu 4/102 à l'unité", lot),
            ("1x Dracaufeu 4/102", FINE),
            ("Dracaufeu 4/102 cartes Pokémon de ma collection", FINE),
        ],
    );
    let mega = number("Méga-Dracaufeu X", "13", Some("106"));
    check(&mega, &[("Méga Dracaufeu X 13/106", FINE), ("Méga Dracaufeu X 13/106 x4", lot)]);
}

#[test]
fn what_is_no_original_card_is_rejected() {
    check(
        &dracaufeu(),
        &[
            ("Dracaufeu 4/102 PROXY", Err(Rejection::Proxy)),
            ("Dracaufeu 4/102 métal dorée", Err(Rejection::Proxy)),
            ("Dracaufeu 4/102 fan-art", Err(Rejection::Proxy)),
            ("Dracaufeu 4/102 pas de proxy", FINE),
            ("Code JCC Online Dracaufeu 4/102", Err(Rejection::CodeCard)),
            ("Figurine Dracaufeu 4/102", Err(Rejection::NotACard)),
            ("Booster scellé Dracaufeu 4/102", Err(Rejection::Sealed)),
            ("Dracaufeu 4/102 sortie de booster", FINE),
            ("Dracaufeu 4/102 issue du coffret", FINE),
        ],
    );
    let energy = number("Énergie Métal", "8", Some("102"));
    check(
        &energy,
        &[("Énergie Métal 8/102", FINE), ("Énergie Métal 8/102 proxy", Err(Rejection::Proxy))],
    );
}

#[test]
fn graded_cards_are_rejected_by_their_words_too() {
    let graded = Err(Rejection::Graded);
    check(
        &dracaufeu(),
        &[
            ("Dracaufeu 4/102 PSA 9", graded),
            ("Dracaufeu 4/102 psa10", graded),
            ("Dracaufeu 4/102 PCA 9,5 gradée", graded),
            ("Dracaufeu 4/102 ACE 10", graded),
            ("Dracaufeu 4/102 TAG 9.5", graded),
            ("Dracaufeu 4/102 non gradée", FINE),
            ("Dracaufeu 4/102 tag team", FINE),
            ("Dracaufeu ACE SPEC 4/102", FINE),
        ],
    );
}

#[test]
fn other_languages_are_rejected() {
    let other = Err(Rejection::OtherLanguage);
    check(
        &dracaufeu(),
        &[
            ("Charizard 4/102 English", other),
            ("Dracaufeu 4/102 carte japonaise", other),
            ("Dracaufeu 4/102 VF français", FINE),
            ("Dracaufeu 4/102 リザードン", other),
            ("Charizard 4/102", FINE),
            ("Dracaufeu 4/102 ★ δ 1ª", FINE),
        ],
    );
    let english = ClassifyConfig { language: "en".to_owned(), ..ClassifyConfig::default() };
    assert_eq!(judge_with(&english, &dracaufeu(), titled("Charizard 4/102 English")), FINE);
    assert_eq!(judge_with(&english, &dracaufeu(), titled("Dracaufeu 4/102 FR VF")), other);
}

#[test]
fn the_number_has_to_be_that_of_the_card() {
    let (other, none) = (Err(Rejection::OtherNumber), Err(Rejection::NoNumber));
    check(
        &dracaufeu(),
        &[
            ("Dracaufeu 004/102", FINE),
            ("Dracaufeu n°4 / 102", FINE),
            ("Dracaufeu 4-102", FINE),
            ("Dracaufeu 14/102", other),
            ("Dracaufeu 4/1020", other),
            ("Dracaufeu 4/108", other),
            ("Dracaufeu 6/165 et 4/102", FINE),
            ("Dracaufeu 4 Set de Base", none),
            ("Dracaufeu", none),
        ],
    );
    let gallery = number("Dracaufeu", "TG03", Some("TG30"));
    check(
        &gallery,
        &[
            ("Dracaufeu TG03/TG30", FINE),
            ("Dracaufeu TG3/30", FINE),
            ("Dracaufeu TG 03/TG30", FINE),
            ("Dracaufeu TG03", FINE),
            ("Dracaufeu 3/30", other),
            ("Dracaufeu TG13/TG30", other),
        ],
    );
    let promo = number("Dracaufeu", "SWSH066", None);
    check(
        &promo,
        &[("Dracaufeu SWSH066", FINE), ("Dracaufeu swsh 66", FINE), ("Dracaufeu 66", none)],
    );
    let plain = number("Dracaufeu", "12", None);
    check(
        &plain,
        &[("Dracaufeu n°12", FINE), ("Dracaufeu 12/20", FINE), ("Dracaufeu 13/20", other)],
    );
    let sign = number("Zarbi", "!", Some("28"));
    check(&sign, &[("Zarbi !/28", FINE)]);
    let lax = ClassifyConfig { number_required: false, ..ClassifyConfig::default() };
    assert_eq!(judge_with(&lax, &dracaufeu(), titled("Dracaufeu Set de Base")), FINE);
    assert_eq!(judge_with(&lax, &dracaufeu(), titled("Dracaufeu 5/102")), other);
}

#[test]
fn the_name_has_to_be_that_of_the_card() {
    let other = Err(Rejection::OtherName);
    check(&dracaufeu(), &[("Florizarre 4/102", other), ("DracaufeuEX 4/102", FINE)]);
    let mew = number("Mew ex", "151", Some("165"));
    check(&mew, &[("MEW EX 151/165", FINE), ("Mewtwo ex 151/165", other)]);
    check(&number("?", "4", Some("102")), &[("Carte 4/102", FINE)]);
}

#[test]
fn variants_are_told_apart() {
    let of = |variant, known: &[Variant]| Target {
        variant,
        known_variants: known.to_vec(),
        ..dracaufeu()
    };
    let both = [Variant::Normal, Variant::Reverse];
    let plain = "Dracaufeu 4/102";
    check(
        &of(Variant::Normal, &both),
        &[
            (plain, FINE),
            ("Dracaufeu 4/102 reverse", Err(Rejection::Reverse)),
            ("Dracaufeu 4/102 non reverse", FINE),
            ("Dracaufeu 4/102 édition 1", Err(Rejection::FirstEdition)),
            ("Dracaufeu 4/102 1ère édition", Err(Rejection::FirstEdition)),
            ("Dracaufeu 4/102 édition 2", FINE),
            ("Dracaufeu 4/102 holo", FINE),
            ("Dracaufeu 4/102 staff", Err(Rejection::SpecialPrint)),
            ("Dracaufeu 4/102 jumbo", Err(Rejection::SpecialPrint)),
        ],
    );
    let reverse = of(Variant::Reverse, &both);
    check(&reverse, &[(plain, Err(Rejection::NotReverse)), ("Dracaufeu 4/102 Reverse Holo", FINE)]);
    let first = of(Variant::FirstEd, &[Variant::Normal, Variant::FirstEd]);
    check(&first, &[(plain, Err(Rejection::NotFirstEdition)), ("Dracaufeu 4/102 1st", FINE)]);
    let pair = [Variant::Normal, Variant::Holo];
    let cases = |plain_holo, plain_normal, not_holo| {
        [
            ("Dracaufeu 4/102 holo", plain_holo),
            (plain, plain_normal),
            ("Dracaufeu 4/102 non holo", not_holo),
        ]
    };
    let (holo, not_holo) = (Err(Rejection::Holo), Err(Rejection::NotHolo));
    check(&of(Variant::Normal, &pair), &cases(holo, FINE, FINE));
    check(&of(Variant::Holo, &pair), &cases(FINE, not_holo, not_holo));
    check(&of(Variant::Holo, &[Variant::Holo]), &cases(FINE, FINE, not_holo));
}

#[test]
fn the_worse_of_two_stated_conditions_counts() {
    let light = Ok(Condition::LightlyPlayed);
    let played = Ok(Condition::ModeratelyPlayed);
    let poor = Err(Rejection::PoorCondition);
    check(
        &dracaufeu(),
        &[
            ("Dracaufeu 4/102 Near Mint", FINE),
            ("Dracaufeu 4/102 très bon état", light),
            ("Dracaufeu 4/102 bon état", played),
            ("Dracaufeu 4/102 abîmée", poor),
            ("Dracaufeu 4/102 mauvais état", poor),
            ("Dracaufeu 4/102 jamais jouée, sans pli ni rayures", FINE),
            ("Dracaufeu 4/102 pas de rayures", FINE),
        ],
    );
    let stated = |condition: &str| {
        let listing = Listing { condition: Some(condition.to_owned()), ..offer(1, "20") };
        judge(&dracaufeu(), listing)
    };
    assert_eq!(stated("Ungraded - Near mint or better"), FINE);
    assert_eq!(stated("Ungraded - Lightly played (Excellent)"), light);
    assert_eq!(stated("Ungraded - Moderately played (Very good)"), played);
    assert_eq!(stated("Ungraded - Heavily played (Poor)"), poor);
    let strict =
        ClassifyConfig { worst_condition: Condition::NearMint, ..ClassifyConfig::default() };
    let worn = titled("Dracaufeu 4/102 très bon état");
    assert_eq!(judge_with(&strict, &dracaufeu(), worn), poor);
}

#[test]
fn a_shop_can_add_words() {
    let mut config = ClassifyConfig::default();
    let words = ["lucky grade".to_owned(), "mystere".to_owned()].into();
    config.extra_words.insert(Rejection::Lot, words);
    let judge = |title| judge_with(&config, &dracaufeu(), titled(title));
    assert_eq!(judge("Pack mystère Dracaufeu 4/102"), Err(Rejection::Lot));
    assert_eq!(judge("Dracaufeu 4/102 lucky grade"), Err(Rejection::Lot));
    assert_eq!(judge("Dracaufeu 4/102 lucky"), FINE);
}

#[test]
fn the_first_of_several_reasons_is_given() {
    let title = "Lot de proxys Tortank 5/102 PSA anglais";
    assert_eq!(judge(&dracaufeu(), titled(title)), Err(Rejection::Graded));
    let reasons = ["Lot Tortank 5/102 anglais", "Tortank 5/102 anglais", "Tortank 5/102"]
        .map(|title| judge(&dracaufeu(), titled(title)));
    let expected = [Rejection::Lot, Rejection::OtherLanguage, Rejection::OtherNumber].map(Err);
    assert_eq!(reasons, expected);
}
