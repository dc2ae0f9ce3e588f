//! Runs on real folders, with COPY messages made by hand.

#![expect(clippy::unwrap_used, reason = "a helper of a test fails the test by panicking")]

#[path = "copy/entries.rs"]
mod entries;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use entries::{Entry, TENANT, messages};
use exports::{Days, Error, Manifest, Run, Stamp, Stopped, Summary, Table, table, write_table};
use futures::stream;
use jiff::civil::{Date, date};
use tempfile::TempDir;
use uuid::{Uuid, uuid};

const OTHER: Uuid = uuid!("550e8400-e29b-41d4-a716-446655440001");
const HEAD: &str = "\u{feff}tenant_id,work_date,time_entry_id,source,ticket_id,member_key,work_type,is_billable,is_no_charge,minutes\r\n";

fn fact() -> &'static Table {
    table("fact_time_entry").unwrap()
}

fn days(days: &[Date]) -> Days {
    Days::Only(days.iter().copied().collect::<BTreeSet<_>>())
}

/// A time entry as the server would send it.
fn entry(day: Date, id: &str) -> Vec<u8> {
    let day = (day - date(2000, 1, 1)).get_days();
    Entry { day, id, member: "amélie", work_type: "On-site, day", minutes: 15 }.row()
}

fn line(day: &str, id: &str) -> String {
    format!("{TENANT},{day},{id},mock,,amélie,\"On-site, day\",true,false,15\r\n")
}

fn stamp() -> Stamp {
    let generated_at = "2026-11-21T07:30:00Z".parse().unwrap();
    Stamp { generated_at, watermark: None, timezone: "Europe/Paris".into() }
}

async fn export(root: &Path, covered: Days, rows: &[Vec<u8>]) -> exports::Result<Summary> {
    let mut run = Run::begin(root, TENANT, Uuid::now_v7())?;
    let writer = run.table(fact(), covered)?;
    match write_table(writer, stream::iter(messages(rows)), |_| {}).await {
        Ok(files) => {
            run.add(files);
            run.commit(stamp())
        }
        Err(Stopped::Files(error)) => Err(error),
        Err(Stopped::Source(reason)) => unreachable!("{reason}"),
    }
}

fn path(root: &Path, day: &str) -> PathBuf {
    root.join(TENANT.to_string()).join(format!("fact_time_entry/fact_time_entry_{day}.csv"))
}

/// Every file below `root`, without the folders for temporary files and manifests.
fn published(root: &Path) -> Vec<String> {
    let folder = root.join(TENANT.to_string()).join("fact_time_entry");
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn is_clean(root: &Path) -> bool {
    fs::read_dir(root.join(".tmp").join(TENANT.to_string())).unwrap().next().is_none()
}

const MONDAY: Date = date(2026, 11, 16);
const TUESDAY: Date = date(2026, 11, 17);

async fn two_days() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let rows = [entry(MONDAY, "1"), entry(MONDAY, "2"), entry(TUESDAY, "3")];
    let summary = export(root.path(), Days::All, &rows).await.unwrap();
    assert_eq!((summary.files_written, summary.rows), (2, 3));
    root
}

#[tokio::test]
async fn rows_go_to_the_file_of_their_day() {
    let root = two_days().await;
    let monday = fs::read_to_string(path(root.path(), "2026-11-16")).unwrap();
    assert_eq!(monday, format!("{HEAD}{}{}", line("2026-11-16", "1"), line("2026-11-16", "2")));
    let tuesday = fs::read_to_string(path(root.path(), "2026-11-17")).unwrap();
    assert_eq!(tuesday, format!("{HEAD}{}", line("2026-11-17", "3")));
    let mode = fs::metadata(path(root.path(), "2026-11-17")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert!(is_clean(root.path()));
}

#[tokio::test]
async fn a_table_without_rows_is_a_line_of_names() {
    let root = tempfile::tempdir().unwrap();
    let mut run = Run::begin(root.path(), TENANT, Uuid::now_v7()).unwrap();
    let board = run.table(table("dim_board").unwrap(), Days::All).unwrap();
    let rows = stream::iter(messages(&[]));
    run.add(write_table(board, rows, |_| {}).await.unwrap());
    run.commit(stamp()).unwrap();
    let file = root.path().join(TENANT.to_string()).join("dim_board/dim_board.csv");
    assert_eq!(fs::read_to_string(file).unwrap(), "\u{feff}board_key,board\r\n");
}

#[tokio::test]
async fn only_what_changed_is_written() {
    let root = two_days().await;
    let before = fs::metadata(path(root.path(), "2026-11-16")).unwrap().modified().unwrap();
    let rows = [entry(MONDAY, "1"), entry(MONDAY, "2"), entry(TUESDAY, "4")];
    let summary = export(root.path(), Days::All, &rows).await.unwrap();
    assert_eq!((summary.files_written, summary.files_unchanged), (1, 1));
    let after = fs::metadata(path(root.path(), "2026-11-16")).unwrap().modified().unwrap();
    assert_eq!(before, after);
    let tuesday = fs::read_to_string(path(root.path(), "2026-11-17")).unwrap();
    assert!(tuesday.ends_with(&line("2026-11-17", "4")));
}

#[tokio::test]
async fn days_without_rows_go_when_they_are_covered() {
    let root = two_days().await;
    let summary = export(root.path(), days(&[TUESDAY]), &[entry(TUESDAY, "3")]).await.unwrap();
    assert_eq!((summary.files_unchanged, summary.files_removed), (1, 0));
    let manifest = Manifest::read(root.path(), TENANT).unwrap().unwrap();
    assert_eq!(manifest.files.len(), 2, "Monday is still listed");

    let summary =
        export(root.path(), days(&[MONDAY, TUESDAY]), &[entry(TUESDAY, "3")]).await.unwrap();
    assert_eq!(summary.files_removed, 1);
    assert_eq!(published(root.path()), ["fact_time_entry_2026-11-17.csv"]);
    let manifest = Manifest::read(root.path(), TENANT).unwrap().unwrap();
    assert_eq!(manifest.files.len(), 1);
}

#[tokio::test]
async fn an_interrupted_run_publishes_nothing() {
    let root = two_days().await;
    let manifest =
        fs::read(root.path().join(format!(".manifests/{TENANT}/manifest.json"))).unwrap();
    let run = Run::begin(root.path(), TENANT, Uuid::now_v7()).unwrap();
    let mut rows = messages(&[entry(MONDAY, "x"), entry(TUESDAY, "y")]);
    rows[2] = Err("the connection broke".into());
    let writer = run.table(fact(), Days::All).unwrap();
    let stopped = write_table(writer, stream::iter(rows), |_| {}).await;
    assert!(matches!(stopped, Err(Stopped::Source(reason)) if reason == "the connection broke"));

    drop(run);
    assert!(is_clean(root.path()));

    let mut run = Run::begin(root.path(), TENANT, Uuid::now_v7()).unwrap();
    let rows = stream::iter(messages(&[entry(MONDAY, "x")]));
    let writer = run.table(fact(), Days::All).unwrap();
    run.add(write_table(writer, rows, |_| {}).await.unwrap());
    assert!(!is_clean(root.path()), "the new file waits aside");
    drop(run);
    assert!(is_clean(root.path()));

    let monday = fs::read_to_string(path(root.path(), "2026-11-16")).unwrap();
    assert_eq!(monday, format!("{HEAD}{}{}", line("2026-11-16", "1"), line("2026-11-16", "2")));
    let after = fs::read(root.path().join(format!(".manifests/{TENANT}/manifest.json"))).unwrap();
    assert_eq!(manifest, after);
}

#[tokio::test]
async fn leftovers_of_a_crash_are_cleared() {
    let root = two_days().await;
    let left = root.path().join(format!(".tmp/{TENANT}/crashed"));
    fs::create_dir_all(&left).unwrap();
    fs::write(left.join("fact_time_entry_2026-11-16.csv"), "half a fi").unwrap();
    let other = root.path().join(format!(".tmp/{OTHER}/running"));
    fs::create_dir_all(&other).unwrap();
    let run = Run::begin(root.path(), TENANT, Uuid::now_v7()).unwrap();
    assert!(!left.exists());
    assert!(other.exists(), "another tenant's run goes on");
    drop(run);
}

#[tokio::test]
async fn a_disk_that_refuses_leaves_the_old_files() {
    let root = two_days().await;
    let tenant = root.path().join(TENANT.to_string());
    // A file where a folder is needed: refused even for root, whom permissions do not stop.
    fs::rename(tenant.join("fact_time_entry"), tenant.join("kept")).unwrap();
    fs::write(tenant.join("fact_time_entry"), "").unwrap();
    let refused = export(root.path(), Days::All, &[entry(MONDAY, "x")]).await;
    assert!(matches!(&refused, Err(Error::Io { path, .. }) if path.ends_with("fact_time_entry")));
    assert!(is_clean(root.path()));
    let manifest = Manifest::read(root.path(), TENANT).unwrap().unwrap();
    assert_eq!(manifest.files.len(), 2, "the manifest is the old one");
}

#[tokio::test]
async fn rows_that_do_not_fit_the_table_are_refused() {
    let root = tempfile::tempdir().unwrap();
    let disorder = [entry(TUESDAY, "1"), entry(MONDAY, "2")];
    let narrow = [7_i16.to_be_bytes().to_vec()];
    let cut = [entry(MONDAY, "1")[..30].to_vec()];
    for rows in [&disorder[..], &narrow, &cut] {
        let refused = export(root.path(), Days::All, rows).await;
        assert!(matches!(refused, Err(Error::Row { table: "fact_time_entry", .. })), "{refused:?}");
        assert!(published(root.path()).is_empty());
    }
}

#[tokio::test]
async fn the_manifest_tells_the_history_of_runs() {
    let root = two_days().await;
    let first = Manifest::read(root.path(), TENANT).unwrap().unwrap();
    assert_eq!(first.previous_run, None);
    for _ in 0..12 {
        export(root.path(), Days::All, &[entry(MONDAY, "1")]).await.unwrap();
    }
    let runs = fs::read_dir(root.path().join(format!(".manifests/{TENANT}/runs"))).unwrap().count();
    assert_eq!(runs, 10);
    let last = Manifest::read(root.path(), TENANT).unwrap().unwrap();
    assert!(last.previous_run.is_some_and(|previous| previous != first.run_id));
    assert_eq!(last.tables.len(), exports::TABLES.len());
}

#[tokio::test]
async fn only_listed_files_can_be_opened() {
    let root = two_days().await;
    let secret = root.path().join("secret.csv");
    fs::write(&secret, "secret").unwrap();
    let name = "fact_time_entry_2026-11-16.csv";
    let (_, entry) = exports::open(root.path(), TENANT, name).unwrap().unwrap();
    assert_eq!(entry.rows, 2);
    assert!(exports::open(root.path(), OTHER, name).unwrap().is_none(), "another tenant");
    let hostile = [
        "",
        ".",
        "..",
        ".csv",
        "secret.csv",
        "../secret.csv",
        "..%2fsecret.csv",
        "%2e%2e/secret.csv",
        "..\\secret.csv",
        "..%5csecret.csv",
        "/etc/passwd",
        "fact_time_entry/fact_time_entry_2026-11-16.csv",
        "../550e8400-e29b-41d4-a716-446655440000/fact_time_entry/fact_time_entry_2026-11-16.csv",
        "fact_time_entry_2026-11-16.csv\0",
        "fact_time_entry_2026-11-16.csv\0.csv",
        "manifest.json",
        "FACT_TIME_ENTRY_2026-11-16.CSV",
        "fact_time_entry_2026-11-16.csv ",
        "fact_time_entry_2026-11-18.csv",
        "～.csv",
        "CON",
        "fact_time_entry_2026-11-16.csv::$DATA",
    ];
    for name in hostile {
        assert!(exports::open(root.path(), TENANT, name).unwrap().is_none(), "{name:?}");
    }
    let long = format!("{}.csv", "a".repeat(10_000));
    assert!(exports::open(root.path(), TENANT, &long).unwrap().is_none());
}

#[tokio::test]
async fn links_and_other_contents_are_not_served() {
    let root = two_days().await;
    let name = "fact_time_entry_2026-11-16.csv";
    let listed = path(root.path(), "2026-11-16");
    let contents = fs::read(&listed).unwrap();
    let outside = root.path().join("outside.csv");
    fs::write(&outside, &contents).unwrap();
    fs::remove_file(&listed).unwrap();
    assert!(exports::open(root.path(), TENANT, name).unwrap().is_none(), "gone");
    symlink(&outside, &listed).unwrap();
    assert!(exports::open(root.path(), TENANT, name).unwrap().is_none(), "a link");
    fs::remove_file(&listed).unwrap();
    fs::write(&listed, "another length").unwrap();
    assert!(exports::open(root.path(), TENANT, name).unwrap().is_none(), "not the listed file");

    // Publishing replaces a link; it never writes through it.
    fs::remove_file(&listed).unwrap();
    symlink(&outside, &listed).unwrap();
    export(root.path(), Days::All, &[entry(MONDAY, "9")]).await.unwrap();
    assert!(fs::symlink_metadata(&listed).unwrap().is_file());
    assert_eq!(fs::read(&outside).unwrap(), contents);
}

#[tokio::test]
async fn a_manifest_that_is_not_ours_stops_the_run() {
    let root = two_days().await;
    let manifest = root.path().join(format!(".manifests/{TENANT}/manifest.json"));
    let ours = fs::read_to_string(&manifest).unwrap();
    for text in [&ours[..100], "{}", &ours.replace(&TENANT.to_string(), &OTHER.to_string())] {
        fs::write(&manifest, text).unwrap();
        let begun = Run::begin(root.path(), TENANT, Uuid::now_v7());
        assert!(matches!(begun, Err(Error::Manifest { .. })), "{text}");
    }
}
