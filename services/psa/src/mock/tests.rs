use std::ops::ControlFlow;

use msp::ticket::Ticket;
use tempfile::TempDir;
use uuid::Uuid;

use super::*;
use crate::read::{Origin, Refused};
use crate::record::Tickets;

const TENANT: &str = "550e8400-e29b-41d4-a716-446655440000";

fn tenant() -> Uuid {
    TENANT.parse().unwrap()
}

fn root(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = root.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    root
}

fn ticket(id: &str, tenant: &str) -> String {
    format!(
        r#"{{"tenant_id": "{tenant}", "cw_ticket_id": "{id}", "created_at_remote": "2026-01-20T09:00:00Z"}}"#
    )
}

/// What a visit saw: ids with their lines, and refusals.
#[derive(Default)]
struct Seen {
    records: Vec<(u64, String)>,
    refused: Vec<Refused>,
}

impl Visit<Tickets> for Seen {
    fn record(&mut self, origin: Origin<'_>, record: Ticket<'_>) -> ControlFlow<()> {
        self.records.push((origin.line, record.cw_ticket_id.into_owned()));
        ControlFlow::Continue(())
    }

    fn refused(&mut self, refused: Refused) -> ControlFlow<()> {
        self.refused.push(refused);
        ControlFlow::Continue(())
    }
}

fn load(root: &TempDir) -> (String, Seen) {
    let located = locate(root.path(), Kind::Tickets, tenant()).unwrap();
    let mut seen = Seen::default();
    read_file(&located, &mut seen).unwrap();
    (located.name, seen)
}

#[test]
fn every_layout_is_found() {
    let lines = format!("{}\n{}\n", ticket("A", TENANT), ticket("B", TENANT));
    let array = format!("[\n{},\n{}\n]", ticket("A", TENANT), ticket("B", TENANT));
    let named = format!(r#"[{{"id": "{TENANT}", "name": "Demo", "folder": "acme"}}]"#);
    let unnamed = format!(r#"[{{"id": "{TENANT}", "name": "Demo"}}]"#);
    let cases = [
        ("acme/tickets.jsonl", &lines, &named),
        ("acme/tickets.json", &array, &named),
        ("tickets/acme.json", &array, &named),
        (&format!("{TENANT}/tickets.jsonl"), &lines, &unnamed),
        (&format!("{TENANT}/tickets.json"), &array, &unnamed),
        (&format!("tickets/{TENANT}.json"), &array, &unnamed),
        (&format!("tickets/{TENANT}.jsonl"), &lines, &unnamed),
        ("tenant_demo_cca/tickets.jsonl", &lines, &unnamed),
        ("tickets/whatever.json", &array, &unnamed),
    ];
    for (name, text, tenants) in cases {
        let other = ticket("X", "550e8400-e29b-41d4-a716-446655440001");
        let decoys = [("aaa/tickets.jsonl", other.as_str()), ("tickets/aaa.json", other.as_str())];
        let root = root(&[decoys[0], decoys[1], (name, text), ("tenants.json", tenants)]);
        let (found, seen) = load(&root);
        assert_eq!(found, name);
        let ids: Vec<_> = seen.records.iter().map(|(_, id)| id.as_str()).collect();
        assert_eq!(ids, ["A", "B"], "{name}");
        assert!(seen.refused.is_empty(), "{name}: {:?}", seen.refused);
    }
}

#[test]
fn a_missing_file_says_where_it_was_looked_for() {
    let root = root(&[("other/tickets.jsonl", "")]);
    let error = locate(root.path(), Kind::Tickets, tenant()).unwrap_err().to_string();
    assert!(error.contains(&format!("{TENANT}/tickets.jsonl")), "{error}");
    assert!(error.contains(&format!("tickets/{TENANT}.json")), "{error}");
    let error = locate(&root.path().join("nowhere"), Kind::Tickets, tenant()).unwrap_err();
    assert!(error.to_string().contains("MOCK_DATA_PATH"), "{error}");
}

#[test]
fn bad_records_are_refused_with_line_and_field() {
    let lines = format!(
        "{}\n{}\nnot json\n{{\"cw_ticket_id\": \"C\"}}\n{}\n",
        ticket("A", TENANT),
        ticket("B", "550e8400-e29b-41d4-a716-446655440001"),
        ticket("D", "acme"),
    );
    let named = format!(r#"[{{"id": "{TENANT}", "name": "Demo", "folder": "acme"}}]"#);
    let root = root(&[("acme/tickets.jsonl", &lines), ("tenants.json", &named)]);
    let (_, seen) = load(&root);
    assert_eq!(seen.records, [(1, "A".to_owned()), (5, "D".to_owned())]);
    let refused: Vec<_> = seen.refused.iter().map(|r| (r.line, r.field)).collect();
    assert_eq!(refused, [(2, Some("tenant_id")), (3, None), (4, Some("created_at_remote"))]);
    assert!(seen.refused[0].reason.contains("446655440001"), "{}", seen.refused[0].reason);
    assert_eq!(seen.refused[1].excerpt, "not json");
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let root = root(&[]);
    let path = root.path().join("t.jsonl");
    std::fs::write(&path, b"{\"cw_ticket_id\": \"\xff\"}\n").unwrap();
    let identity = crate::Identity { id: tenant(), folder: None };
    let located = Located { path, name: String::new(), size_bytes: 0, identity };
    let mut seen = Seen::default();
    read_file(&located, &mut seen).unwrap();
    assert_eq!(seen.refused[0].reason, "is not UTF-8");
}

#[test]
fn tenants_are_read_with_a_note_on_what_is_ignored() {
    let text = format!(
        r#"[{{"id": "{TENANT}", "name": "CCA Demo", "is_active": true, "llm_enabled": true}}]"#
    );
    let good = root(&[("tenants.json", &text)]);
    let file = read_tenants(good.path()).unwrap();
    assert_eq!(file.ignored_keys, ["llm_enabled"]);
    assert_eq!((file.tenants[0].id, file.tenants[0].is_active), (tenant(), Some(true)));
    let refused = [
        (r#"{"id": 1}"#.to_owned(), "expected a sequence"),
        (format!("[{0}, {0}]", text.trim_matches(['[', ']'])), "listed twice"),
        (text.replace("CCA Demo", " "), "has no name"),
        (text.replace("\"llm_enabled\": true", "\"folder\": \"../etc\""), "without slashes"),
        (text.replace("\"llm_enabled\": true", "\"folder\": \"..\""), "without slashes"),
        (text.replace(TENANT, "1"), "UUID"),
    ];
    for (text, expected) in refused {
        let bad = root(&[("tenants.json", &text)]);
        let error = read_tenants(bad.path()).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
