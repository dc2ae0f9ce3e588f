use super::*;

fn parse(json: &str) -> Result<Ticket<'_>, FieldError> {
    serde_json::from_str::<TicketRecord<'_>>(json).unwrap().check()
}

fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

const OPEN: &str = r#"{"cw_ticket_id": "T-1", "created_at_remote": "2026-01-20T09:00:00Z",
    "updated_at_remote": "2026-01-21T09:00:00Z", "status": "New", "priority": "High"}"#;

fn with(fields: &str) -> String {
    format!("{}, {fields}}}", OPEN.strip_suffix('}').unwrap())
}

#[test]
fn text_without_escapes_is_borrowed() {
    let ticket = parse(OPEN).unwrap();
    assert!(matches!(ticket.status, Some(Cow::Borrowed("New"))));
    assert!(matches!(ticket.cw_ticket_id, Cow::Borrowed("T-1")));
    assert!(ticket.high_priority);
    assert_eq!(ticket.closed_at, None);
}

#[test]
fn a_closed_ticket_without_an_instant_takes_the_last_change() {
    let json = OPEN.replace("New", "Closed");
    assert_eq!(parse(&json).unwrap().closed_at, Some(instant("2026-01-21T09:00:00Z")));
    let json = with(r#""closed_flag": true, "resolved_at": "2026-01-20T12:00:00Z""#);
    assert_eq!(parse(&json).unwrap().closed_at, Some(instant("2026-01-20T12:00:00Z")));
}

#[test]
fn the_flag_wins_over_the_instant_and_the_status() {
    let json = with(r#""closed_flag": false, "closed_at": "2026-01-20T12:00:00Z""#);
    assert_eq!(parse(&json.replace("New", "Closed")).unwrap().closed_at, None);
    let json = with(r#""closed_at": "2026-01-20T12:00:00Z""#);
    assert_eq!(parse(&json).unwrap().closed_at, Some(instant("2026-01-20T12:00:00Z")));
}

#[test]
fn decimals_come_from_numbers_and_text() {
    let hours = |value: &str| {
        let json = with(&format!(r#""estimated_hours": {value}"#));
        parse(&json).map(|ticket| ticket.estimated_hours.map(|hours| hours.to_string()))
    };
    assert_eq!(hours("2.1").unwrap().unwrap(), "2.1");
    assert_eq!(hours("8").unwrap().unwrap(), "8");
    assert_eq!(hours(r#""1.255""#).unwrap().unwrap(), "1.26");
    assert_eq!(hours("null").unwrap(), None);
    for bad in ["-1", "1e30", r#""two""#, "true", "[1]"] {
        assert_eq!(hours(bad).unwrap_err().field, Some("estimated_hours"), "{bad}");
    }
}

#[test]
fn each_bad_field_is_named() {
    let cases = [
        (r#"{"created_at_remote": "2026-01-20T09:00:00Z"}"#.to_owned(), "cw_ticket_id"),
        (
            r#"{"cw_ticket_id": "", "created_at_remote": "2026-01-20T09:00:00Z"}"#.to_owned(),
            "cw_ticket_id",
        ),
        (r#"{"cw_ticket_id": "T-1"}"#.to_owned(), "created_at_remote"),
        (OPEN.replace("2026-01-20T09:00:00Z", "2026-01-20 09:00"), "created_at_remote"),
        (OPEN.replace("2026-01-20T09:00:00Z", "0001-01-01T00:00:00Z"), "created_at_remote"),
        (with(r#""board": {"id": 1}"#), "board"),
        (with(r#""summary": "a\u0000b""#), "summary"),
        (with(r#""closed_at": "2026-01-20T08:59:59Z""#), "closed_at"),
        (with(r#""first_response_at": 12"#), "first_response_at"),
        (with(r#""closed_flag": "yes""#), "closed_flag"),
        (with(r#""satisfaction_score": 6"#), "satisfaction_score"),
        (with(r#""reopened": "yes""#), "reopened"),
    ];
    for (json, field) in cases {
        assert_eq!(parse(&json).unwrap_err().field, Some(field), "{json}");
    }
}

#[test]
fn reopenings_have_to_follow_each_other() {
    let json = |second: &str| {
        with(&format!(
            r#""closed_at": "2026-01-25T00:00:00Z", "reopened": [
                {{"closed_at": "2026-01-21T00:00:00Z", "reopened_at": "2026-01-22T00:00:00Z"}},
                {{"closed_at": "{second}", "reopened_at": "2026-01-24T00:00:00+01:00"}}]"#
        ))
    };
    let ordered = json("2026-01-23T00:00:00Z");
    let ticket = parse(&ordered).unwrap();
    assert_eq!(ticket.reopenings.len(), 2);
    assert_eq!(ticket.span_start(), instant("2026-01-23T23:00:00Z"));
    assert_eq!(parse(&json("2026-01-21T12:00:00Z")).unwrap_err().field, Some("reopened"));
    let stale = ordered.replace("2026-01-25", "2026-01-23");
    assert_eq!(parse(&stale).unwrap_err().field, Some("closed_at"));
}
