//! Prints the `AsyncAPI` document: see `tests::asyncapi`.

use std::io::Write as _;

fn main() -> std::io::Result<()> {
    std::io::stdout().write_all(tests::asyncapi::document().as_bytes())
}
