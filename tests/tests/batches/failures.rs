//! A set that keeps failing is left alone.

use store::batches::{Ended, ItemState};
use store::catalogue::{self, CardRef};

use crate::Batch;

#[tokio::test(flavor = "multi_thread")]
async fn after_ten_failures_in_a_row_the_rest_of_the_set_is_skipped() {
    let batch = Batch::new(&[("a", 30), ("b", 5)]).await;
    batch.fan_out(24).await;
    for place in 0..9 {
        assert_eq!(batch.end(place, ItemState::Failed).await, Ended::Done);
    }
    // A success, or a card that was not even tried, starts the count anew or leaves it as it is.
    assert_eq!(batch.end(9, ItemState::Succeeded).await, Ended::Done);
    for place in 10..19 {
        assert_eq!(batch.end(place, ItemState::Failed).await, Ended::Done);
    }
    assert_eq!(batch.end(19, ItemState::Deferred).await, Ended::Done);
    assert_eq!(batch.end(20, ItemState::Failed).await, Ended::SetSkipped(6));
    // What was on its way ends as it ends.
    assert_eq!(batch.end(21, ItemState::Failed).await, Ended::Done);
    let items = batch.items().await;
    assert!(items[24..30].iter().all(|item| item.state == ItemState::Skipped));
    assert!(items[24].detail.as_ref().unwrap().contains("10 cards of this set failed in a row"));
    assert!(items[30..].iter().all(|item| item.state == ItemState::Pending));
    let progress = batch.progress().await;
    assert_eq!((progress.failed, progress.skipped, progress.deferred), (20, 6, 1));
    assert_eq!((progress.pending, progress.queued, progress.open()), (5, 2, 7));
    // Failures count for the cards, other ends do not.
    let client = batch.client().await;
    let errors = async |place: usize| {
        let id = CardRef::Id(batch.cards[place].0);
        catalogue::find(&client, id).await.unwrap().unwrap().card.error_count
    };
    assert_eq!(
        (errors(0).await, errors(9).await, errors(19).await, errors(25).await),
        (1, 0, 0, 0)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_of_other_sets_do_not_count() {
    let batch = Batch::new(&[("a", 12), ("b", 12)]).await;
    batch.fan_out(20).await;
    for place in (0..6).chain(12..18) {
        assert_eq!(batch.end(place, ItemState::Failed).await, Ended::Done);
    }
    assert_eq!(batch.progress().await.skipped, 0);
}
