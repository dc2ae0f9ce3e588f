//! What the examples do not reach.

use super::{CLEAN, both, eur, last_week, listings, reference};
use crate::robust::{Decision, Evidence, Reason, Verdict};

#[test]
fn too_few_voices_with_other_evidence_go_to_a_person() {
    let few = listings("20 21");
    let past = Evidence { history: last_week(&[7.0]), ..Evidence::default() };
    let sold = Evidence { sold_eur: vec![eur("20")], ..Evidence::default() };
    for evidence in [reference("20"), past, sold] {
        for today in [few.as_ref(), None] {
            let [decision, _] = both(today, &evidence);
            assert_eq!(decision, Decision::unpriced(Verdict::Review, Reason::TooFew));
        }
    }
    let [decision, _] = both(None, &reference("0"));
    assert_eq!(decision.reason, Some(Reason::NoData), "a reference of zero is none");
}

#[test]
fn a_much_lower_proposal_suspends_the_published_price() {
    let today = listings(CLEAN);
    let published = |price: &str| Evidence { published_eur: Some(eur(price)), ..reference("20") };
    let [held, _] = both(today.as_ref(), &published("30"));
    assert_eq!((held.verdict, held.reason), (Verdict::Review, Some(Reason::Move)));
    assert!(held.suspend_published);
    let [raised, _] = both(today.as_ref(), &published("8"));
    assert_eq!(raised.reason, Some(Reason::Move));
    assert!(!raised.suspend_published, "a published price that is too low does no harm");
    let [near, _] = both(today.as_ref(), &published("23"));
    assert_eq!((near.verdict, near.suspend_published), (Verdict::Ok, false));
}

#[test]
fn sales_far_away_take_votes_and_sales_between_say_nothing() {
    let today = listings(CLEAN);
    let sold = |price: &str| Evidence { sold_eur: vec![eur(price); 2], ..reference("20") };
    let votes = ["17", "26", "40"].map(|price| {
        let [decision, _] = both(today.as_ref(), &sold(price));
        decision.figures.unwrap().votes
    });
    assert_eq!(votes, [18, 14, 8]);
}
