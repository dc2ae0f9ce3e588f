use std::io;
use std::path::PathBuf;
use std::time::Duration;

use jiff::civil::date;
use uuid::Uuid;

use super::*;
use crate::Failure;

/// The key of a failure's words, as a row would keep them.
fn key(failure: impl Into<Failure>) -> Option<&'static str> {
    cause(&failure.into().to_string()).map(|phrase| phrase.key)
}

fn ebay(error: ebay::Error) -> Failure {
    Failure::retry(error)
}

#[test]
fn every_error_of_ebay_has_a_form() {
    use ebay::Error::*;
    let notice = || vec![ebay::Notice { id: Some(12_001), message: "no".into() }];
    for (error, expected) in [
        (Invalid("`x` cannot stand in a filter".into()), "ebay-not-sent"),
        (Unreachable("dns".into()), "ebay-unreachable"),
        (TimedOut, "ebay-late"),
        (Broken("reset".into()), "ebay-broken"),
        (Unauthorized(Vec::new()), "ebay-token"),
        (Credentials("invalid_client".into()), "ebay-credentials"),
        (Forbidden(notice()), "ebay-forbidden"),
        (LimitReached { retry_after: None }, "ebay-limit"),
        (LimitReached { retry_after: Some(Duration::from_secs(9)) }, "ebay-limit"),
        (Refused { status: 400, notices: notice() }, "ebay-refused"),
        (Failed { status: 503, notices: Vec::new(), retry_after: None }, "ebay-failed"),
        (Doubtful(notice()), "ebay-doubtful"),
        (Unreadable("no JSON".into()), "ebay-unreadable"),
        (TooLarge { limit_bytes: 9 }, "ebay-unreadable"),
    ] {
        let text = error.to_string();
        assert_eq!(key(ebay(error)), Some(expected), "{text}");
    }
    let failed = ebay::Error::Failed { status: 503, notices: notice(), retry_after: None };
    let text = failed.to_string();
    let phrase = cause(&text).unwrap();
    assert_eq!((phrase.given, phrase.rest), (vec!["503"], "12001: no)"));
}

#[test]
fn every_error_of_a_source_has_a_form() {
    use catalogue::Error::*;
    let url = || "https://api.tcgdex.net/v2/fr/sets".to_owned();
    for (error, expected) in [
        (Unreachable { url: url(), reason: "dns".into() }, "server-unreachable"),
        (TimedOut { url: url() }, "server-late"),
        (Broken { url: url(), reason: "reset".into() }, "server-broken"),
        (Status { url: url(), status: 502, retry_after: None }, "server-status"),
        (Unreadable { url: url(), reason: "no JSON".into() }, "server-unreadable"),
        (TooLarge { url: url(), limit_bytes: 9 }, "server-unreadable"),
    ] {
        let text = error.to_string();
        assert_eq!(key(error), Some(expected), "{text}");
    }
    let psa = psa::Error::NotFound {
        kind: "tickets",
        tenant: Uuid::nil(),
        root: PathBuf::from("/data"),
        looked_at: vec![PathBuf::from("/data/x.json")],
    };
    assert_eq!(key(Failure::reject(psa)), Some("tickets-missing"));
    let source = || io::Error::from(io::ErrorKind::PermissionDenied);
    let psa = psa::Error::Io { path: PathBuf::from("/data/x.json"), source: source() };
    assert_eq!(key(Failure::retry(psa)), Some("file-unreadable"));
    let manifest =
        exports::Error::Manifest { path: PathBuf::from("/exports/x"), reason: "empty".into() };
    assert_eq!(key(Failure::reject(manifest)), Some("manifest"));
}

#[test]
fn callbacks_the_database_and_days_have_forms() {
    let to = || "https://n8n.example.com/webhook/1".to_owned();
    let status = callbacks::Error::Status { to: to(), status: 500 }.to_string();
    let phrase = cause(&status).unwrap();
    assert_eq!((phrase.key, phrase.given[1]), ("server-status", "500"));
    let before = format!("{status}, and before that 409, 409");
    assert_eq!(cause(&before).unwrap().given[1], "500");
    for (reason, expected) in
        [("no answer in time", "server-late"), ("connection refused", "server-unreachable")]
    {
        let error = callbacks::Error::Network { to: to(), reason: reason.into() };
        assert_eq!(key(Failure::retry(error)), Some(expected));
    }
    let refused = callbacks::Error::Refused(callbacks::Refused::NotEncrypted);
    assert_eq!(key(Failure::reject(refused)), Some("callback-refused"));
    assert_eq!(key(store::Error::Unavailable("no route".into())), Some("database"));
    let ahead =
        msp::kpi::PeriodError::Future { date: date(2026, 12, 1), today: date(2026, 11, 22) };
    let ahead = ahead.to_string();
    assert_eq!(cause(&ahead).unwrap().given, ["2026-12-01", "2026-11-22"]);
}

#[test]
fn a_sentence_in_a_sentence_is_what_follows() {
    let text = "10 cards of this set failed in a row, last: eBay did not answer in time";
    let outer = cause(text).unwrap();
    assert_eq!((outer.key, outer.given), ("set-skipped", vec!["10"]));
    assert_eq!(cause(outer.rest).unwrap().key, "ebay-late");
    let text = "31 cards are deferred: the calls of this day are used up";
    assert_eq!(cause(cause(text).unwrap().rest).unwrap().key, "quota");
}

#[test]
fn what_others_say_has_no_form() {
    for text in ["", "deadlock detected (40P01)", "relation \"x\" does not exist (42P01)"] {
        assert_eq!(cause(text), None, "{text}");
    }
}

#[test]
fn the_parts_of_a_progress_message_are_known() {
    for (part, expected) in [
        ("12.3 cards/s", "rate"),
        ("3 failed", "failed"),
        ("41 due beyond this batch", "beyond"),
        ("512 records", "records"),
        ("2048 of 4096 bytes read", "bytes"),
        ("2026-01-01 to 2026-01-07", "days"),
        ("planning", "planning"),
    ] {
        assert_eq!(progress(part).map(|phrase| phrase.key), Some(expected), "{part}");
    }
    // Names are nobody's sentence.
    for name in ["Journey to Dawn", "prices of old", "tickets", "Fossile"] {
        assert_eq!(progress(name), None, "{name}");
    }
}

/// All code of the workspace but the forms themselves.
fn sources(folder: &std::path::Path, texts: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("phrase") {
            sources(&path, texts);
        } else if path.extension().is_some_and(|it| it == "rs") {
            texts.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn what_has_a_form_is_still_written_somewhere() {
    let mut texts = String::new();
    let services = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    for service in std::fs::read_dir(services).unwrap() {
        let folder = service.unwrap().path().join("src");
        if folder.is_dir() {
            sources(&folder, &mut texts);
        }
    }
    for (key, form) in CAUSES.iter().chain(PROGRESS) {
        let longest = form.split('*').max_by_key(|piece| piece.len()).unwrap();
        let longest = longest.trim_start_matches(": ").trim_end_matches("http");
        assert!(texts.contains(longest), "{key}: nobody writes `{longest}` any more");
    }
}
