use super::*;

const ITEM: &str = r#"{
    "itemId": "v1|334691749565|0",
    "title": "Dracaufeu 4/102 Set de Base",
    "price": {"value": "189.99", "currency": "EUR"},
    "conditionId": "4000",
    "conditionDescriptors": [
        {"name": "40001", "values": [{"content": "400015", "additionalInfo": ["bords"]}]},
        {"name": "État de la carte", "values": [{"content": "Excellent"}]}
    ],
    "estimatedAvailabilities": [{
        "estimatedAvailabilityStatus": "OUT_OF_STOCK",
        "estimatedSoldQuantity": 1,
        "estimatedRemainingQuantity": 0
    }],
    "itemEndDate": "2026-11-20T18:30:00.000Z"
}"#;

fn at(instant: &str) -> Timestamp {
    instant.parse().unwrap()
}

fn outcome(json: &str) -> Outcome {
    ItemState::read(json.as_bytes()).unwrap().outcome(at("2026-11-22T00:00:00Z"))
}

#[test]
fn an_item_is_read() {
    let item = ItemState::read(ITEM.as_bytes()).unwrap();
    assert_eq!(item.stock, Some(Stock::OutOfStock));
    assert_eq!((item.sold_quantity, item.available_quantity), (Some(1), Some(0)));
    assert_eq!(item.ends_at, Some(at("2026-11-20T18:30:00Z")));
    let price = item.price.unwrap();
    assert_eq!(
        (price.amount.to_string().as_str(), price.currency),
        ("189.99", cards::Currency::EUR)
    );
    let values: Vec<_> = item.descriptors.iter().flat_map(|found| &found.values).collect();
    assert_eq!(values, ["400015", "Excellent"]);
}

#[test]
fn what_became_of_an_item() {
    assert_eq!(outcome(ITEM), Outcome::Sold);
    let unsold = ITEM.replace(r#""estimatedSoldQuantity": 1"#, r#""estimatedSoldQuantity": 0"#);
    assert_eq!(outcome(&unsold), Outcome::Ended);
    let in_stock = ITEM.replace("OUT_OF_STOCK", "IN_STOCK");
    assert_eq!(outcome(&in_stock), Outcome::Sold, "its end has passed");
    let running = in_stock.replace("2026-11-20", "2026-12-20");
    assert_eq!(outcome(&running), Outcome::Available, "pieces were sold, and more are left");
    assert_eq!(outcome(r#"{"itemId": "v1|1|0"}"#), Outcome::Available);
    assert_eq!(ItemState::gone().outcome(at("2026-11-22T00:00:00Z")), Outcome::Gone);
}

#[test]
fn an_unknown_stock_is_not_an_error() {
    let unknown = ITEM.replace("OUT_OF_STOCK", "ON_THE_MOON");
    assert_eq!(ItemState::read(unknown.as_bytes()).unwrap().stock, Some(Stock::Other));
}

#[test]
fn a_wrong_shape_is_an_error() {
    for json in ["", "{}", "[]", r#"{"itemId": ""}"#, r#"{"itemId": "v1|1|0", "price": 5}"#] {
        let error = ItemState::read(json.as_bytes()).unwrap_err();
        assert!(matches!(error, Error::Unreadable(_)), "{json}: {error}");
    }
    let warned = r#"{"itemId": "v1|1|0", "warnings": [{"errorId": 11010, "message": "partly"}]}"#;
    let error = ItemState::read(warned.as_bytes()).unwrap_err();
    assert!(matches!(error, Error::Doubtful(_)), "{error}");
}

#[test]
fn ids_are_escaped_or_refused() {
    assert_eq!(path_segment("v1|334691749565|0").unwrap(), "v1%7C334691749565%7C0");
    for wrong in ["", "v1|1|0/../../x", "v1?q=1", "é", "v1|1|0%00", ".."] {
        let error = path_segment(wrong).unwrap_err();
        assert!(!error.may_have_left(), "{wrong}");
    }
}

#[test]
fn only_ebays_own_404_means_gone() {
    let refused = |status, id| Error::Refused {
        status,
        notices: vec![Notice { id, message: String::new() }],
    };
    assert!(is_gone(&refused(404, Some(11001))));
    assert!(is_gone(&refused(404, Some(11004))));
    assert!(!is_gone(&refused(404, None)));
    assert!(!is_gone(&refused(404, Some(2002))));
    assert!(!is_gone(&refused(400, Some(11001))));
}
