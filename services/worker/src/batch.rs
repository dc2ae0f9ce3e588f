//! Takes what waits in a channel as one batch.

use std::time::Duration;

use store::linger::linger;
use tokio::sync::mpsc;

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
        let pause = linger(self.last);
        if !pause.is_zero() {
            self.gather(&mut batch, pause).await;
        }
        self.last = batch.len();
        batch
    }

    async fn gather(&mut self, batch: &mut Vec<T>, pause: Duration) {
        let pause = tokio::time::sleep(pause);
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
