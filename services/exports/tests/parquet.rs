//! Runs in two formats, read back by the reader of the Parquet crate.

#![cfg(feature = "parquet")]
#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "copy/entries.rs"]
mod entries;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use entries::{Entry, TENANT, messages};
use exports::{Days, Error, Format, Manifest, Run, Stamp, Stopped, Summary, table, write_table};
use futures::stream;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::record::Field;
use tempfile::TempDir;
use uuid::Uuid;

/// 2026-11-16 and 2026-11-17, counted from 2000-01-01.
const MONDAY: i32 = 9_816;
const TUESDAY: i32 = 9_817;

/// A time entry as the server would send it.
fn entry(day: i32, id: &str, member: &str, minutes: i32) -> Vec<u8> {
    Entry { day, id, member, work_type: "=1+1", minutes }.row()
}

fn export(root: &Path, formats: Option<&[Format]>, rows: &[Vec<u8>]) -> exports::Result<Summary> {
    let mut run = Run::begin(root, TENANT, Uuid::now_v7())?;
    if let Some(formats) = formats {
        run = run.in_formats(formats);
    }
    let writer = run.table(table("fact_time_entry").unwrap(), Days::All)?;
    let runtime = tokio::runtime::Runtime::new().unwrap();
    match runtime.block_on(write_table(writer, stream::iter(messages(rows)), |_| {})) {
        Ok(files) => {
            run.add(files);
            let generated_at = "2026-11-21T07:30:00Z".parse().unwrap();
            run.commit(Stamp { generated_at, watermark: None, timezone: "UTC".into() })
        }
        Err(Stopped::Files(error)) => Err(error),
        Err(Stopped::Source(reason)) => unreachable!("{reason}"),
    }
}

fn parquet(root: &Path, day: &str) -> PathBuf {
    let folder = root.join(TENANT.to_string()).join("parquet/fact_time_entry");
    folder.join(format!("fact_time_entry_{day}.parquet"))
}

fn two_days() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let rows = [
        entry(MONDAY, "1", " Amélie ", 15),
        entry(MONDAY, "2", "   ", -5),
        entry(TUESDAY, "3", "BOB", 7),
    ];
    let summary = export(root.path(), Some(&Format::ALL), &rows).unwrap();
    assert_eq!((summary.files_written, summary.rows), (4, 3), "each row is counted once");
    root
}

fn paths(root: &Path) -> Vec<String> {
    let manifest = Manifest::read(root, TENANT).unwrap().unwrap();
    manifest.files.into_iter().map(|file| file.path).collect()
}

#[test]
fn rows_are_typed_and_texts_are_the_originals() {
    let root = two_days();
    let file = SerializedFileReader::new(File::open(parquet(root.path(), "2026-11-16")).unwrap());
    let rows: Vec<_> = file.unwrap().get_row_iter(None).unwrap().map(Result::unwrap).collect();
    let fields = |row: usize| -> Vec<Field> {
        rows[row].get_column_iter().map(|(_, field)| field.clone()).collect()
    };
    let text = |text: &str| Field::Str(text.to_owned());
    // Days since 1970-01-01.
    let monday = Field::Date(20_773);
    assert_eq!(
        fields(0),
        [
            text(&TENANT.to_string()),
            monday.clone(),
            text("1"),
            text("mock"),
            Field::Null,
            text("amélie"),
            text("=1+1"),
            Field::Bool(true),
            Field::Bool(false),
            Field::Long(15),
        ]
    );
    assert_eq!((&fields(1)[5], &fields(1)[9]), (&Field::Null, &Field::Long(-5)));
    assert_eq!(rows.len(), 2);
}

#[test]
fn every_format_is_listed_and_opened() {
    let root = two_days();
    assert_eq!(
        paths(root.path()),
        [
            "fact_time_entry/fact_time_entry_2026-11-16.csv",
            "fact_time_entry/fact_time_entry_2026-11-17.csv",
            "parquet/fact_time_entry/fact_time_entry_2026-11-16.parquet",
            "parquet/fact_time_entry/fact_time_entry_2026-11-17.parquet",
        ]
    );
    let manifest = Manifest::read(root.path(), TENANT).unwrap().unwrap();
    assert_eq!((manifest.formats.as_slice(), manifest.n_rows()), (&Format::ALL[..], 3));
    let name = "fact_time_entry_2026-11-16.parquet";
    let (_, entry) = exports::open(root.path(), TENANT, name).unwrap().unwrap();
    assert_eq!((entry.format, entry.rows), (Format::Parquet, 2));
    let folder = root.path().join(TENANT.to_string()).join("fact_time_entry");
    assert_eq!(fs::read_dir(folder).unwrap().count(), 2, "no Parquet among the CSV");
}

#[test]
fn files_of_the_same_rows_stay_untouched() {
    let root = two_days();
    let rows = [
        entry(MONDAY, "1", " Amélie ", 15),
        entry(MONDAY, "2", "   ", -5),
        entry(TUESDAY, "4", "BOB", 7),
    ];
    let summary = export(root.path(), None, &rows).unwrap();
    assert_eq!((summary.files_written, summary.files_unchanged), (2, 2));
}

#[test]
fn files_of_a_format_that_is_given_up_go() {
    let root = two_days();
    let rows = [entry(MONDAY, "1", "a", 1)];
    let summary = export(root.path(), Some(&[Format::Parquet]), &rows).unwrap();
    assert_eq!(summary.files_removed, 3, "both CSV files, and a day without rows");
    let only = "parquet/fact_time_entry/fact_time_entry_2026-11-16.parquet";
    assert_eq!(paths(root.path()), [only]);
    // What is not said stays as it was.
    export(root.path(), None, &rows).unwrap();
    assert_eq!(paths(root.path()), [only]);
}

#[test]
fn a_refused_row_leaves_both_formats_as_they_were() {
    let root = two_days();
    let before = paths(root.path());
    let refused =
        export(root.path(), None, &[entry(TUESDAY, "1", "a", 1), entry(MONDAY, "2", "a", 1)]);
    assert!(matches!(refused, Err(Error::Row { .. })), "{refused:?}");
    assert_eq!(paths(root.path()), before);
}

#[test]
fn a_large_day_is_written_in_groups() {
    let root = tempfile::tempdir().unwrap();
    let rows: Vec<Vec<u8>> =
        (0..150_000).map(|n| entry(MONDAY, &n.to_string(), "a", n % 480)).collect();
    export(root.path(), Some(&[Format::Parquet]), &rows).unwrap();
    let file = File::open(parquet(root.path(), "2026-11-16")).unwrap();
    let reader = SerializedFileReader::new(file).unwrap();
    assert!(reader.num_row_groups() >= 3, "memory is bounded by a group");
    let mut n_rows = 0;
    for (n, row) in reader.get_row_iter(None).unwrap().enumerate() {
        let id = row.unwrap().get_column_iter().nth(2).map(|(_, field)| field.clone());
        assert_eq!(id, Some(Field::Str(n.to_string())), "in their order");
        n_rows = n + 1;
    }
    assert_eq!(n_rows, 150_000);
}
