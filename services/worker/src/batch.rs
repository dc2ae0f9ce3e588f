//! Takes what waits in a channel as one batch.

use std::time::Duration;

use tokio::sync::mpsc;

/// A batch this large says that work piles up: then waiting a little makes the next one larger,
/// and each statement cheaper.
const BUSY: usize = 8;
const LINGER: Duration = Duration::from_millis(3);

/// Batches from one channel.
pub(crate) struct Batches<T> {
    receiver: mpsc::Receiver<T>,
    max: usize,
    last: usize,
}

impl<T> Batches<T> {
    pub(crate) fn new(receiver: mpsc::Receiver<T>, max: usize) -> Batches<T> {
        Batches { receiver, max, last: 0 }
    }

    /// What waits, at most `max`; empty only when the channel is closed.
    pub(crate) async fn next(&mut self) -> Vec<T> {
        let mut batch = Vec::new();
        self.receiver.recv_many(&mut batch, self.max).await;
        if self.last >= BUSY && batch.len() < self.max {
            self.linger(&mut batch).await;
        }
        self.last = batch.len();
        batch
    }

    async fn linger(&mut self, batch: &mut Vec<T>) {
        let pause = tokio::time::sleep(LINGER);
        tokio::pin!(pause);
        while batch.len() < self.max {
            let room = self.max - batch.len();
            tokio::select! {
                () = &mut pause => return,
                received = self.receiver.recv_many(batch, room) => if received == 0 { return },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_single_item_does_not_wait_for_more() {
        let (sender, receiver) = mpsc::channel(8);
        let mut batches = Batches::new(receiver, 4);
        sender.send(1).await.unwrap();
        assert_eq!(batches.next().await, [1]);
        drop(sender);
        assert!(batches.next().await.is_empty());
    }

    #[tokio::test]
    async fn what_waits_comes_together_up_to_the_limit() {
        let (sender, receiver) = mpsc::channel(32);
        let mut batches = Batches::new(receiver, 20);
        for n in 0..25 {
            sender.send(n).await.unwrap();
        }
        drop(sender);
        assert_eq!(batches.next().await.len(), 20);
        assert_eq!(batches.next().await, [20, 21, 22, 23, 24]);
        assert!(batches.next().await.is_empty());
    }
}
