//! JSON Lines: a record per line.

use std::io::{self, BufRead, Read};

use super::{Cut, MAX_RECORD_BYTES, TOO_LONG};

pub(super) fn next(
    input: &mut impl BufRead,
    record: &mut Vec<u8>,
    line: &mut u64,
) -> io::Result<Cut> {
    let mut cut = Cut::default();
    loop {
        record.clear();
        let start = *line;
        let n_read = input.take(MAX_RECORD_BYTES as u64 + 1).read_until(b'\n', record)?;
        if n_read == 0 {
            return Ok(cut);
        }
        cut.n_bytes += n_read as u64;
        if n_read > MAX_RECORD_BYTES {
            cut.defect = Some(TOO_LONG);
            if !record.ends_with(b"\n") {
                cut.n_bytes += input.skip_until(b'\n')? as u64;
            }
        }
        *line += 1;
        if !record.trim_ascii().is_empty() {
            cut.line = Some(start);
            return Ok(cut);
        }
    }
}
