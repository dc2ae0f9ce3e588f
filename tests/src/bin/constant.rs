//! A Warp route that answers every GET with the same JSON, for `make bench`: what a route could
//! reach that asks nobody. `constant N_BYTES` prints its address.

use std::io::Write as _;

use warp::Filter;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let n_bytes: usize = std::env::args().nth(1).ok_or("constant N_BYTES")?.parse()?;
    // A text in quotes is JSON.
    let body = bytes::Bytes::from(format!("\"{}\"", "x".repeat(n_bytes.saturating_sub(2))));
    let answer = warp::get()
        .map(move || warp::reply::with_header(body.to_vec(), "content-type", "application/json"));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    writeln!(std::io::stdout(), "{}", listener.local_addr()?)?;
    warp::serve(answer).incoming(listener).run().await;
    Ok(())
}
