//! A TCP proxy in front of the broker that can be told to misbehave.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{broadcast, watch};

/// Class 60, method 21.
const CONSUME_OK: [u8; 4] = [0, 60, 0, 21];

#[derive(Clone, Copy, PartialEq)]
enum Mode {
    Pass,
    /// Keep connections open, forward nothing.
    Hold,
    /// Pass, until the broker agrees to a consumer: hold that answer and all that follows.
    HoldConsumeOk,
    /// Close connections, and new ones at once.
    Cut,
}

pub(crate) struct Proxy {
    address: String,
    mode: watch::Sender<Mode>,
    injected: broadcast::Sender<Vec<u8>>,
}

impl Proxy {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let mode = watch::Sender::new(Mode::Pass);
        let modes = mode.clone();
        let injected = broadcast::Sender::new(16);
        let injecting = injected.clone();
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(client, modes.clone(), injecting.subscribe()));
            }
        });
        Self { address, mode, injected }
    }

    /// The URL of the broker by way of this proxy.
    pub(crate) fn url(&self) -> String {
        tests::amqp_url().replacen(&upstream(), &self.address, 1)
    }

    pub(crate) fn pass(&self) {
        self.mode.send_replace(Mode::Pass);
    }

    pub(crate) fn hold(&self) {
        self.mode.send_replace(Mode::Hold);
    }

    /// Holds from the next agreement to a consumer on.
    pub(crate) fn hold_consume_ok(&self) {
        self.mode.send_replace(Mode::HoldConsumeOk);
    }

    /// Returns once it holds.
    pub(crate) async fn holds(&self) {
        self.mode.subscribe().wait_for(|mode| *mode == Mode::Hold).await.unwrap();
    }

    pub(crate) fn cut(&self) {
        self.mode.send_replace(Mode::Cut);
    }

    /// Says to all clients what a broker says that is short of memory.
    pub(crate) fn block(&self, reason: &str) {
        let length = u8::try_from(reason.len()).unwrap();
        let mut arguments = vec![length];
        arguments.extend_from_slice(reason.as_bytes());
        self.connection_method(60, &arguments);
    }

    pub(crate) fn unblock(&self) {
        self.connection_method(61, &[]);
    }

    /// A method frame of class 10, on channel 0.
    fn connection_method(&self, method: u16, arguments: &[u8]) {
        let length = u32::try_from(4 + arguments.len()).unwrap();
        let mut frame = vec![1, 0, 0];
        frame.extend_from_slice(&length.to_be_bytes());
        frame.extend_from_slice(&10_u16.to_be_bytes());
        frame.extend_from_slice(&method.to_be_bytes());
        frame.extend_from_slice(arguments);
        frame.push(0xCE);
        self.injected.send(frame).unwrap();
    }
}

/// Host and port of the real broker.
fn upstream() -> String {
    let url = tests::amqp_url();
    let (_, rest) = url.split_once('@').unwrap();
    rest.split_once('/').map_or(rest, |(address, _)| address).to_owned()
}

async fn serve(
    client: TcpStream,
    modes: watch::Sender<Mode>,
    mut injected: broadcast::Receiver<Vec<u8>>,
) {
    if *modes.borrow() == Mode::Cut {
        return;
    }
    let server = TcpStream::connect(upstream()).await.unwrap();
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let mut cut = modes.subscribe();
    let down = async {
        loop {
            tokio::select! {
                open = forward(&mut from_server, &mut to_client, &modes) => if !open { return },
                frame = injected.recv() => to_client.write_all(&frame.unwrap()).await.unwrap(),
            }
        }
    };
    let up = async { while forward(&mut from_client, &mut to_server, &modes).await {} };
    tokio::select! {
        () = up => {}
        () = down => {}
        _ = cut.wait_for(|mode| *mode == Mode::Cut) => {}
    }
}

/// Forwards one chunk. `false` at the end.
async fn forward(
    from: &mut OwnedReadHalf,
    to: &mut OwnedWriteHalf,
    modes: &watch::Sender<Mode>,
) -> bool {
    let mut mode = modes.subscribe();
    let passes = |mode: &Mode| matches!(mode, Mode::Pass | Mode::HoldConsumeOk);
    if mode.wait_for(passes).await.is_err() || from.readable().await.is_err() {
        return false;
    }
    if !passes(&modes.borrow()) {
        return true;
    }
    let mut chunk = [0; 4 * 1024];
    let chunk = match from.read(&mut chunk).await {
        Ok(n_bytes) if n_bytes > 0 => &chunk[..n_bytes],
        _ => return false,
    };
    let agrees = chunk.windows(CONSUME_OK.len()).any(|bytes| bytes == CONSUME_OK);
    if agrees && *modes.borrow() == Mode::HoldConsumeOk {
        modes.send_replace(Mode::Hold);
        drop(mode.wait_for(|mode| *mode == Mode::Pass).await);
    }
    to.write_all(chunk).await.is_ok()
}
