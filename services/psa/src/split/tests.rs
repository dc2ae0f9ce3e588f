use std::io::BufReader;

use super::*;

/// Lines and texts of all pieces; a defect is appended to its text.
fn split_with(text: &str, buffer_bytes: usize) -> Vec<(u64, String)> {
    let input = BufReader::with_capacity(buffer_bytes, text.as_bytes());
    let mut records = Records::new(input).unwrap();
    let mut found = Vec::new();
    while let Some(piece) = records.next().unwrap() {
        let text = String::from_utf8_lossy(piece.bytes);
        let defect = piece.defect.map_or(String::new(), |defect| format!(" !{defect}"));
        found.push((piece.line, format!("{text}{defect}")));
    }
    // What follows the end of an array is left alone.
    let n_bytes = usize::try_from(records.bytes_read()).unwrap();
    assert!((text.trim_end().len()..=text.len()).contains(&n_bytes), "{n_bytes}: {text}");
    found
}

fn split(text: &str) -> Vec<(u64, String)> {
    let whole = split_with(text, 4096);
    // Where the buffer ends must not matter.
    assert_eq!(split_with(text, 1), whole);
    assert_eq!(split_with(text, 7), whole);
    whole
}

fn pieces(expected: &[(u64, &str)]) -> Vec<(u64, String)> {
    expected.iter().map(|(line, text)| (*line, (*text).to_owned())).collect()
}

#[test]
fn lines_with_every_kind_of_ending() {
    let found = split("\u{feff}{\"a\":1}\r\n\n  \n{\"b\":2}\n{\"c\":3}");
    assert_eq!(found, pieces(&[(1, "{\"a\":1}"), (4, "{\"b\":2}"), (5, "{\"c\":3}")]));
    assert!(split("").is_empty());
    assert!(split("\n\n").is_empty());
}

#[test]
fn array_elements_keep_their_lines() {
    let found =
        split("\n[\n  {\"a\": [1, {\"x\": \"]}\\\"\"}],\n   \"b\": 2},\n  {}\n, 7, \"s,]\"]\n");
    assert_eq!(
        found,
        pieces(&[
            (3, "{\"a\": [1, {\"x\": \"]}\\\"\"}],\n   \"b\": 2}"),
            (5, "{}"),
            (6, "7"),
            (6, "\"s,]\""),
        ])
    );
    assert!(split_with("[]", 4096).is_empty());
}

#[test]
fn a_broken_array_is_reported_where_it_breaks() {
    let found = split("[{\"a\":1},\n{\"b\":");
    assert_eq!(
        found,
        pieces(&[(1, "{\"a\":1}"), (2, "{\"b\": !the array breaks off within this record")])
    );
    let found = split("[{\"a\":1},\n");
    assert_eq!(found, pieces(&[(1, "{\"a\":1}"), (2, " !the array is not closed")]));
    let found = split("[{\"a\":1}}, {\"b\":2}]");
    assert_eq!(found, pieces(&[(1, "{\"a\":1}"), (1, "}"), (1, "{\"b\":2}")]));
}

#[test]
fn an_endless_record_is_skipped_and_not_held() {
    let long = "x".repeat(3 * MAX_RECORD_BYTES);
    let text = format!("{{\"a\":\"{long}\"}}\n{{\"b\":2}}\n");
    let found = split_with(&text, 65_536);
    assert!(found[0].1.ends_with("!is longer than 4 MiB"));
    assert!(found[0].1.len() <= MAX_RECORD_BYTES + 64);
    assert_eq!(found[1], (2, "{\"b\":2}".to_owned()));
    let text = format!("[{{\"a\":\"{long}\"}},\n{{\"b\":2}}]");
    let found = split_with(&text, 65_536);
    assert!(found[0].1.len() <= MAX_RECORD_BYTES + 64);
    assert_eq!(found[1], (2, "{\"b\":2}".to_owned()));
}
