use cards::{BuyingOption, Shipping};

use super::*;

/// With the fields that eBay always sends, and most of those that it sometimes does.
const PAGE: &str = r#"{
    "href": "https://api.ebay.com/buy/browse/v1/item_summary/search?q=dracaufeu&limit=200",
    "total": 2, "limit": 200, "offset": 0,
    "itemSummaries": [{
        "itemId": "v1|334691749565|0", "legacyItemId": "334691749565",
        "title": "Pokémon Dracaufeu 4/102 \"Set de Base\" FR",
        "leafCategoryIds": ["183454"],
        "categories": [{"categoryId": "183454", "categoryName": "Cartes à l'unité"}],
        "image": {"imageUrl": "https://i.ebayimg.com/images/g/a/s-l225.jpg"},
        "price": {"value": "189.99", "currency": "EUR"},
        "itemHref": "https://api.ebay.com/buy/browse/v1/item/v1%7C334691749565%7C0",
        "seller": {"username": "cartes_du_sud", "feedbackPercentage": "99.9",
            "feedbackScore": 1520, "sellerAccountType": "BUSINESS"},
        "condition": "Non gradée", "conditionId": "4000",
        "shippingOptions": [
            {"shippingCostType": "FIXED", "shippingCost": {"value": "4.50", "currency": "EUR"}},
            {"shippingCostType": "FIXED", "shippingCost": {"value": "2.10", "currency": "EUR"}}],
        "buyingOptions": ["FIXED_PRICE", "BEST_OFFER", "CLASSIFIED_AD"],
        "itemWebUrl": "https://www.ebay.fr/itm/334691749565",
        "itemLocation": {"postalCode": "112**", "country": "FR"},
        "itemCreationDate": "2026-10-01T10:00:00.000Z",
        "itemOriginDate": "2026-03-01T10:00:00.000Z",
        "priorityListing": true, "listingMarketplaceId": "EBAY_FR"
    }, {
        "itemId": "v1|224691749565|543843548440", "title": "Cartes au choix",
        "price": {"value": "12.00", "currency": "GBP",
            "convertedFromValue": "10.00", "convertedFromCurrency": "USD"},
        "seller": {"username": "shop"}, "conditionId": "2750",
        "shippingOptions": [{"shippingCostType": "CALCULATED"}],
        "buyingOptions": ["FIXED_PRICE"], "itemGroupType": "SELLER_DEFINED_VARIATIONS",
        "itemCreationDate": "2026-10-01T10:00:00.000Z", "priorityListing": false
    }]
}"#;

fn page(json: &str) -> Page {
    Page::read(json.as_bytes(), 0).unwrap()
}

fn error(json: &str) -> Error {
    Page::read(json.as_bytes(), 0).unwrap_err()
}

#[test]
fn a_page_is_read() {
    let page = page(PAGE);
    assert_eq!((page.total, page.unreadable.len(), page.body_bytes), (2, 0, PAGE.len()));
    let [first, second] = &page.listings[..] else { panic!("{page:?}") };
    assert_eq!(first.title, "Pokémon Dracaufeu 4/102 \"Set de Base\" FR");
    assert_eq!(first.price.amount.to_string(), "189.99");
    let Shipping::Fixed(cost) = &first.shipping else { panic!("{first:?}") };
    assert_eq!(cost.amount.to_string(), "2.10", "the cheapest way");
    let options = [BuyingOption::FixedPrice, BuyingOption::BestOffer, BuyingOption::Other];
    assert_eq!(first.buying_options, options);
    assert_eq!(first.seller_feedback_score, Some(1520));
    assert_eq!(first.country.unwrap().to_string(), "FR");
    assert!(first.is_sponsored && !first.is_variation);
    let origin = "2026-03-01T10:00:00Z";
    assert_eq!(first.listed_at.unwrap().to_string(), origin, "a relisted item keeps its age");
    assert_eq!(second.shipping, Shipping::Calculated);
    assert_eq!(second.price.currency.as_str(), "GBP", "as asked, not as converted from");
    assert!(second.is_variation && !second.is_sponsored);
    assert_eq!(second.condition_id.as_deref(), Some("2750"));
}

#[test]
fn shipping_is_known_by_its_amount() {
    let fixed = r#"{"shippingCostType": "CALCULATED"}"#;
    let with = |options: &str| page(&PAGE.replace(fixed, options)).listings[1].shipping;
    let cost = r#"{"shippingCostType": "CALCULATED",
        "shippingCost": {"value": "0.00", "currency": "EUR"}}"#;
    assert!(matches!(with(cost), Shipping::Fixed(cost) if cost.amount.is_zero()));
    assert_eq!(with(r#"{"shippingCostType": "FIXED"}"#), Shipping::Unknown);
    assert_eq!(with(""), Shipping::Unknown);
}

#[test]
fn a_listing_that_breaks_the_shape_is_left_out_with_its_reason() {
    for (right, wrong, reason) in [
        (r#""value": "12.00""#, r#""value": 12.0"#, "price.value: invalid type"),
        (r#""value": "12.00""#, r#""value": "1e3""#, "price.value: `1e3` is not an amount"),
        (r#""value": "12.00""#, r#""value": "0.00""#, "its price is 0.00"),
        (r#""value": "12.00""#, r#""value": "-1""#, "its price is -1"),
        (r#""currency": "GBP""#, r#""currency": "£""#, "expected a code of 3 capital letters"),
        (r#"10:00:00.000Z", "priorityListing""#, r#"10h", "priorityListing""#, "10h` is not an"),
        (r#""title": "Cartes au choix""#, r#""title": null"#, "title: invalid type: null"),
        (r#""seller": {"username": "shop"}"#, r#""seller": {}"#, "missing field `username`"),
        (r#""priorityListing": false"#, r#""priorityListing": "no""#, "priorityListing: "),
        (r#"{"shippingCostType": "CALCULATED"}"#, "4", "shippingOptions[0]: invalid type"),
    ] {
        let json = PAGE.replace(right, wrong);
        assert_ne!(json, PAGE, "{right} is there");
        let page = page(&json);
        assert_eq!((page.total, page.listings.len()), (2, 1), "{wrong}");
        let [unreadable] = &page.unreadable[..] else { panic!("{page:?}") };
        assert_eq!(unreadable.item_id.as_deref(), Some("v1|224691749565|543843548440"));
        assert!(unreadable.reason.contains(reason), "{wrong}: {}", unreadable.reason);
    }
    let no_object = PAGE.replace(r#""itemSummaries": ["#, r#""itemSummaries": [7, "#);
    let page = page(&no_object);
    assert_eq!((page.listings.len(), page.unreadable.len()), (2, 1));
    assert_eq!(page.unreadable[0].item_id, None);
}

#[test]
fn a_page_that_breaks_the_shape_is_an_error() {
    let truncated = &PAGE[..PAGE.len() / 2];
    for json in [
        "",
        "null",
        "<html></html>",
        truncated,
        r#"{"total": "2"}"#,
        r#"{"total": -1}"#,
        r#"{"total": 0, "itemSummaries": {}}"#,
        "{}",
        r#"{"total": 5}"#,
    ] {
        assert!(matches!(error(json), Error::Unreadable(_)), "{json}: {}", error(json));
    }
}

#[test]
fn nothing_found_is_a_page() {
    for json in [r#"{"total": 0}"#, r#"{"total": 0, "itemSummaries": []}"#] {
        assert_eq!((page(json).total, page(json).listings.len()), (0, 0));
    }
    let behind = Page::read(br#"{"total": 150}"#, 200).unwrap();
    assert!(behind.listings.is_empty(), "a page behind the last one");
}

#[test]
fn a_warning_spoils_the_page() {
    let warning = r#"{"errorId": 12002, "domain": "API_BROWSE", "category": "REQUEST",
        "message": "The filter is ignored."}"#;
    for field in ["warnings", "errors"] {
        let json = PAGE.replacen('{', &format!(r#"{{"{field}": [{warning}],"#), 1);
        assert!(error(&json).to_string().contains("12002: The filter is ignored."), "{field}");
        let alone = format!(r#"{{"{field}": [{warning}]}}"#);
        assert!(matches!(error(&alone), Error::Doubtful(_)), "{field}");
    }
    assert_eq!(page(&PAGE.replacen('{', r#"{"warnings": [],"#, 1)).listings.len(), 2);
}
