//! `LISTEN`, on a connection of its own that comes back by itself.

use std::time::Duration;

use futures::{StreamExt, stream};
use tokio::sync::mpsc;
use tokio_postgres::AsyncMessage;

use crate::pool::Dial;
use crate::{Result, Store};

/// What a listener hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// A payload sent with `pg_notify`.
    Payload(String),
    /// The connection was made (again): whatever was sent before may have been missed.
    Connected,
}

/// Hears one channel. Dropped, it disconnects.
pub struct Listener {
    notices: mpsc::Receiver<Notice>,
}

/// Pause before the next try to connect.
const RETRY: Duration = Duration::from_millis(500);

impl Store {
    /// Starts to hear `channel`, a plain identifier.
    pub fn listen(&self, channel: &'static str) -> Listener {
        let (sender, notices) = mpsc::channel(1024);
        let dial = self.dial().clone();
        tokio::spawn(async move {
            while !sender.is_closed() {
                if let Err(error) = hear(&dial, channel, &sender).await {
                    tracing::debug!(%error, channel, "listener will reconnect");
                }
                tokio::time::sleep(RETRY).await;
            }
        });
        Listener { notices }
    }
}

impl Listener {
    /// The next notice; `None` never comes while the listener is held.
    pub async fn next(&mut self) -> Option<Notice> {
        self.notices.recv().await
    }

    /// A notice that is already here.
    pub fn heard(&mut self) -> Option<Notice> {
        self.notices.try_recv().ok()
    }

    /// Takes all notices that are already here, so that many wake-ups become one.
    pub fn drain(&mut self) {
        while self.notices.try_recv().is_ok() {}
    }
}

async fn hear(dial: &Dial, channel: &str, sender: &mpsc::Sender<Notice>) -> Result<()> {
    let (client, mut connection) = dial.connect().await?;
    let mut messages = stream::poll_fn(move |cx| connection.poll_message(cx)).boxed();
    let statement = format!("listen {channel}");
    let listen = client.batch_execute(&statement);
    tokio::pin!(listen);
    let mut listening = false;
    loop {
        tokio::select! {
            result = &mut listen, if !listening => {
                result?;
                listening = true;
                if sender.send(Notice::Connected).await.is_err() {
                    return Ok(());
                }
            }
            message = messages.next() => match message {
                Some(Ok(AsyncMessage::Notification(notification))) => {
                    let notice = Notice::Payload(notification.payload().to_owned());
                    if sender.send(notice).await.is_err() {
                        return Ok(());
                    }
                }
                Some(Ok(_)) => {}
                Some(Err(error)) => return Err(error.into()),
                None => return Ok(()),
            },
            () = sender.closed() => return Ok(()),
        }
    }
}
