//! No text of a problem is without its French.

use std::fs;
use std::path::{Path, PathBuf};

use regex::Regex;

use super::*;

#[test]
fn what_varies_is_kept_and_translated_where_it_is_ours() {
    assert_eq!(translate("there is no card ab-1"), "il n’y a pas de carte ab-1");
    assert_eq!(
        translate("must be a date such as 2026-01-24"),
        "doit être une date comme 2026-01-24"
    );
    assert_eq!(translate("must be between 1 and 500"), "doit être entre 1 et 500");
    assert_eq!(
        translate("is `a` in one place and `b` in another"),
        "vaut `a` à un endroit et `b` à un autre"
    );
    assert_eq!(translate("Not Found"), "Introuvable");
    assert_eq!(translate("something else"), "something else");
    assert_eq!(translate(""), "");
}

#[test]
fn both_languages_leave_the_same_gaps() {
    for (english, french) in TEXTS {
        assert_eq!(english.matches("{}").count(), french.matches("{}").count(), "{english}");
        assert_ne!(english, french);
    }
}

#[test]
fn the_closest_pattern_is_the_one_meant() {
    for (english, french) in TEXTS {
        let given = english.replace("{}", "7");
        assert_eq!(translate(&given), french.replace("{}", "7"));
    }
}

/// Every source file of this crate without its tests.
fn sources(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
            continue;
        }
        let text = fs::read_to_string(&path).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
        if !path.to_string_lossy().contains("test") {
            found.push((path, text));
        }
    }
}

#[test]
fn every_text_of_a_problem_has_its_french() {
    let texts = [
        r#"Problem::(?:NotFound|Conflict|Malformed|Forbidden)\(\s*(?:format!\()?"([^"]+)""#,
        r#"Problem::field\(\s*[^,;{}]+,\s*(?:format!\()?"([^"]+)""#,
        r#"refuse\(\s*[^,;{}()]+,\s*(?:format!\()?"([^"]+)""#,
        r#"(?:optional|required)(?:::<[^>]+>)?\(\s*[^,()]+,\s*"([^"]+)"\s*\)"#,
        r#"Problem::Unauthorized \{[^}]*?detail: "([^"]+)""#,
        r#"unauthorized\("([^"]+)""#,
        r#"let detail = "([^"]+)""#,
        r#"Refused::\w+ => "([^"]+)""#,
    ]
    .map(|pattern| Regex::new(pattern).unwrap());
    let gap = Regex::new(r"\{[^}]*\}").unwrap();
    let joint = Regex::new(r"\\\n\s*").unwrap();
    let mut files = Vec::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut files);
    let mut n_texts = 0;
    for (path, source) in &files {
        for text in texts.iter().flat_map(|pattern| pattern.captures_iter(source)) {
            let text = joint.replace_all(&text[1], "");
            let text = gap.replace_all(&text, "X");
            if text == "X" {
                continue;
            }
            assert_ne!(translate(&text), text, "{}", path.display());
            n_texts += 1;
        }
    }
    assert!(n_texts > 60, "only {n_texts} texts were found");
}
