//! What is understood, what is refused, and that every filter survives being written and read.

use proptest::prelude::*;

use super::*;
use crate::{Function, Kind, Literal, Operator, Property, Type};

fn set() -> EntitySet {
    let kinds = [
        ("id", Type::Text),
        ("board", Type::Key),
        ("minutes", Type::Integer),
        ("hours", Type::Decimal),
        ("closed", Type::Boolean),
        ("day", Type::Date),
        ("at", Type::Timestamp),
        ("tenant", Type::Uuid),
    ];
    let properties = kinds.map(|(name, kind)| Property { name, kind }).into();
    EntitySet { name: "ticket", properties, key: vec![0], order: vec![6, 0] }
}

fn parse(options: &[(&str, &str)]) -> Result<Query> {
    let owned = options.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    Query::parse(&set(), &owned.collect::<Vec<_>>())
}

fn filter(text: &str) -> Result<String> {
    let query = parse(&[("$filter", text)])?;
    Ok(query.filter.expect("a filter was given").text(&set()).to_string())
}

#[test]
fn filters_are_read_by_the_strength_of_operators() {
    for (text, meaning) in [
        ("minutes gt 3", "(minutes gt 3)"),
        ("(minutes gt 3)", "(minutes gt 3)"),
        ("closed", "closed"),
        (
            "not closed and minutes lt 5 or id eq 'a'",
            "(((not closed) and (minutes lt 5)) or (id eq 'a'))",
        ),
        (
            "minutes eq 1 or minutes eq 2 or minutes eq 3",
            "((minutes eq 1) or (minutes eq 2) or (minutes eq 3))",
        ),
        ("not (closed or closed)", "(not (closed or closed))"),
        ("id eq 'it''s'", "(id eq 'it''s')"),
        ("contains(tolower(id),'a,b)')", "contains(tolower(id),'a,b)')"),
        ("id in ('a', 'b')", "(id in ('a','b'))"),
        ("hours ge 2", "(hours ge 2)"),
        ("minutes lt 2.5", "(minutes lt 2.5)"),
        (
            "day ge 2026-01-01 and day lt 2026-02-01",
            "((day ge 2026-01-01) and (day lt 2026-02-01))",
        ),
        ("at ge 2026-01-01T00:00:00+01:00", "(at ge 2025-12-31T23:00:00Z)"),
        ("year(at) eq 2026", "(year(at) eq 2026)"),
        ("closed eq null", "(closed eq null)"),
        ("null ne board", "(null ne board)"),
        ("(minutes gt 3) eq true", "((minutes gt 3) eq true)"),
        (
            "tenant eq 550e8400-e29b-41d4-a716-446655440000",
            "(tenant eq 550e8400-e29b-41d4-a716-446655440000)",
        ),
        (
            "tenant eq '550e8400-e29b-41d4-a716-446655440000'",
            "(tenant eq 550e8400-e29b-41d4-a716-446655440000)",
        ),
    ] {
        assert_eq!(filter(text).as_deref(), Ok(meaning), "{text}");
    }
}

#[test]
fn what_is_wrong_is_named() {
    for (text, part) in [
        ("", "expected a value, at character 1"),
        ("minutes", "`minutes` is no condition"),
        ("minutes gt", "expected a value, at character 11"),
        ("minutes gt 3)", "expected an operator or the end, at character 13"),
        ("(minutes gt 3", "expected `)`"),
        ("mintes gt 3", "ticket has no property `mintes`"),
        ("id eq 'open", "a text does not end, at character 7"),
        ("id eq 3", "cannot be compared"),
        ("id eq abc", "texts stand in single quotes"),
        ("day ge 2026-01-01T00:00:00Z", "a date is 2026-01-24"),
        ("at ge 2026-01-01", "an instant 2026-01-24T00:00:00Z"),
        ("day ge 2026-13-01", "is no value"),
        ("closed gt true", "have no order"),
        ("minutes and closed", "is no condition"),
        ("contains(id)", "`contains` takes two texts"),
        ("hour(day) eq 3", "`hour` takes an instant"),
        ("id in ('a', board)", "holds values only"),
        ("id in ('a', 3)", "cannot be compared"),
        ("id in ()", "expected a value"),
        ("minutes gt 3 minutes", "expected an operator or the end"),
        ("id eq 'é' ; drop", "at character 11"),
    ] {
        let error = filter(text).unwrap_err();
        assert_eq!((error.kind, error.option.as_str()), (Kind::Invalid, "$filter"), "{text}");
        assert!(error.reason.contains(part), "{text}: {}", error.reason);
    }
}

#[test]
fn what_is_not_implemented_says_so() {
    for (name, value) in [
        ("$expand", "board"),
        ("$search", "x"),
        ("$unheard", "x"),
        ("$filter", "minutes add 1 gt 3"),
        ("$filter", "substring(id,1) eq 'a'"),
        ("$filter", "board/name eq 'a'"),
        ("$orderby", "tolower(id)"),
    ] {
        let error = parse(&[(name, value)]).unwrap_err();
        assert_eq!(error.kind, Kind::Unsupported, "{name}={value}: {error}");
    }
}

#[test]
fn depth_and_length_are_bounded() {
    for text in [
        format!("{}closed{}", "(".repeat(5_000), ")".repeat(5_000)),
        "not ".repeat(5_000) + "closed",
        vec!["closed"; 5_000].join(" and "),
        "tolower(".repeat(5_000),
    ] {
        assert!(filter(&text).unwrap_err().reason.contains("too long or too deep"));
    }
    assert!(filter(&vec!["closed"; 900].join(" or ")).is_ok());
}

#[test]
fn options_have_one_form() {
    for (options, option) in [
        (&[("$top", "-1")][..], "$top"),
        (&[("$top", "x")], "$top"),
        (&[("$skip", "9223372036854775808")], "$skip"),
        (&[("$count", "1")], "$count"),
        (&[("$select", "id,nothing")], "$select"),
        (&[("$select", "")], "$select"),
        (&[("$orderby", "nothing desc")], "$orderby"),
        (&[("$orderby", "id up")], "$orderby"),
        (&[("$top", "1"), ("$top", "2")], "$top"),
        (&[("$filter", "id eq '\0'")], "$filter"),
        (&[("filter", "closed")], "filter"),
        (&[("$skiptoken", "x")], "$skiptoken"),
        (&[("$skiptoken", "[null,[]]")], "$skiptoken"),
        (&[("$skiptoken", "[null,[\"x\",\"a\"]]")], "$skiptoken"),
    ] {
        let error = parse(options).unwrap_err();
        assert_eq!((error.kind, error.option.as_str()), (Kind::Invalid, option), "{error}");
    }
}

#[test]
fn an_order_tells_all_rows_apart() {
    let order = |text: &str| -> Vec<(usize, bool)> {
        let query = parse(&[("$orderby", text)]).unwrap();
        query.order.iter().map(|order| (order.property, order.is_descending)).collect()
    };
    assert_eq!(order("minutes desc, board"), [(2, true), (1, false), (0, false)]);
    assert_eq!(order("id desc"), [(0, true)]);
    assert_eq!(order("board,board desc"), [(1, false), (0, false)]);
    let own: Vec<usize> = parse(&[]).unwrap().order.iter().map(|order| order.property).collect();
    assert_eq!(own, [6, 0]);
}

#[test]
fn a_token_is_read_as_it_was_written() {
    let values = [Some("2026-01-24T08:30:00.000001Z".to_owned()), Some("it's \"é\"".to_owned())];
    let token = Place::token(&values, Some(7));
    let place = parse(&[("$skiptoken", &token)]).unwrap().after.unwrap();
    assert_eq!(place.left, Some(7));
    assert_eq!(place.values[1], Literal::Text("it's \"é\"".into()));
    let error = parse(&[("$skiptoken", &token), ("$orderby", "minutes")]).unwrap_err();
    assert_eq!(error.option, "$skiptoken", "it belongs to another order");
}

#[test]
fn properties_are_selected_once_and_in_order() {
    assert_eq!(parse(&[("$select", "day, id,day")]).unwrap().select, [0, 5]);
    assert_eq!(parse(&[("$select", "id,*")]).unwrap().select.len(), 8);
}

fn literal(kind: Type) -> BoxedStrategy<Literal> {
    match kind {
        Type::Text | Type::Key => "[^\0]{0,8}".prop_map(Literal::Text).boxed(),
        Type::Integer => any::<i64>().prop_map(Literal::Integer).boxed(),
        Type::Decimal => (any::<i64>(), 1_u32..10)
            .prop_map(|(n, scale)| Literal::Decimal(rust_decimal::Decimal::new(n, scale)))
            .boxed(),
        Type::Boolean => any::<bool>().prop_map(Literal::Boolean).boxed(),
        Type::Date => (0_i16..9_999, 1_i8..13, 1_i8..29)
            .prop_map(|(year, month, day)| Literal::Date(jiff::civil::date(year, month, day)))
            .boxed(),
        Type::Timestamp => (-60_000_000_000_000_000_i64..250_000_000_000_000_000)
            .prop_map(|micros| {
                Literal::Timestamp(jiff::Timestamp::from_microsecond(micros).unwrap())
            })
            .boxed(),
        Type::Uuid => any::<u128>().prop_map(|id| Literal::Uuid(uuid::Uuid::from_u128(id))).boxed(),
    }
}

fn comparison() -> impl Strategy<Value = Expression> {
    (0..8_usize, 0..6_usize, any::<bool>()).prop_flat_map(|(property, operator, is_mirrored)| {
        let kind = set().properties[property].kind;
        let operator = if kind == Type::Boolean { operator % 2 } else { operator };
        let value = prop_oneof![9 => literal(kind), 1 => Just(Literal::Null)];
        value.prop_map(move |value| {
            let value = Box::new(Expression::Literal(value));
            let property = Box::new(Expression::Property(property));
            let (left, right) = if is_mirrored { (value, property) } else { (property, value) };
            Expression::Compare(Operator::ALL[operator], left, right)
        })
    })
}

fn expression() -> impl Strategy<Value = Expression> {
    let calls =
        prop::sample::select(vec![Function::Contains, Function::StartsWith, Function::EndsWith]);
    let calls = (calls, literal(Type::Text)).prop_map(|(function, text)| {
        let lower = Expression::Call(Function::ToLower, vec![Expression::Property(1)]);
        Expression::Call(function, vec![lower, Expression::Literal(text)])
    });
    let members = prop::collection::vec(literal(Type::Date), 1..4)
        .prop_map(|days| Expression::In(Box::new(Expression::Property(5)), days));
    let leaf = prop_oneof![4 => comparison(), 1 => calls, 1 => members, 1 => Just(Expression::Property(4))];
    leaf.prop_recursive(4, 32, 4, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| Expression::Not(Box::new(inner))),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Expression::And),
            prop::collection::vec(inner, 2..4).prop_map(Expression::Or),
        ]
    })
}

proptest! {
    #[test]
    fn a_filter_that_is_written_is_read_as_the_same(expression in expression()) {
        let text = expression.text(&set()).to_string();
        let read = parse(&[("$filter", &text)]).map(|query| query.filter);
        prop_assert_eq!(read, Ok(Some(expression)), "{}", text);
    }

    #[test]
    fn nothing_makes_it_panic(text in "\\PC{0,40}|[a-z ()',0-9:.T-]{0,60}") {
        for option in ["$filter", "$select", "$orderby", "$top", "$skiptoken", "$count"] {
            drop(parse(&[(option, &text)]));
        }
    }
}
