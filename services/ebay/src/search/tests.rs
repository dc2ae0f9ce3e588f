use super::*;

fn parameter(search: &Search, name: &str) -> String {
    let parameters = search.parameters().unwrap();
    let found = parameters.into_iter().find(|(found, _)| *found == name);
    found.map(|(_, value)| value).unwrap_or_default()
}

fn refused(search: &Search) -> String {
    let error = search.parameters().unwrap_err();
    assert!(!error.may_have_left());
    error.to_string()
}

#[test]
fn a_search_is_for_cards_at_a_fixed_price_in_france() {
    let search = Search::new(" Dracaufeu 4/102 ");
    assert_eq!(parameter(&search, "q"), "Dracaufeu 4/102");
    assert_eq!(parameter(&search, "category_ids"), "183454");
    assert_eq!(parameter(&search, "filter"), "buyingOptions:{FIXED_PRICE},itemLocationCountry:FR");
    assert_eq!(
        (parameter(&search, "limit"), parameter(&search, "offset")),
        ("200".into(), "0".into())
    );
}

#[test]
fn filters_are_joined_as_ebay_wants() {
    let mut search = Search::new("x");
    search.filters = Filters {
        buying_options: vec![BuyingOption::FixedPrice, BuyingOption::BestOffer],
        condition_ids: vec!["2750".into(), "4000".into()],
        item_location_country: None,
        delivery_country: Some("FR".into()),
        price: Some(PriceRange {
            min: Some(Decimal::new(105, 1)),
            max: None,
            currency: "EUR".into(),
        }),
        exclude_sellers: vec!["our_shop".into()],
    };
    let expected = "buyingOptions:{FIXED_PRICE|BEST_OFFER},conditionIds:{2750|4000},\
        excludeSellers:{our_shop},deliveryCountry:FR,price:[10.5..],priceCurrency:EUR";
    assert_eq!(parameter(&search, "filter"), expected);
    search.filters = Filters::default();
    assert_eq!(parameter(&search, "filter"), "");
}

#[test]
fn a_value_cannot_break_out_of_its_filter() {
    for value in ["a},price:[0..1", "a|b", "", "a,b", "a:b"] {
        let mut search = Search::new("x");
        search.filters.exclude_sellers = vec![value.into()];
        assert!(refused(&search).contains("cannot stand in a filter"), "{value}");
        let mut search = Search::new("x");
        search.filters.item_location_country = Some(value.into());
        refused(&search);
    }
}

#[test]
fn what_ebay_would_refuse_is_not_sent() {
    assert!(refused(&Search::new("  ")).contains("empty"));
    Search::new("é".repeat(100)).parameters().unwrap();
    assert!(refused(&Search::new("é".repeat(101))).contains("101 characters of 100"));
    for (limit, offset) in [(0, 0), (201, 0), (200, 100), (200, 10_000), (3, 10_001), (7, 9_999)] {
        refused(&Search { limit, offset, ..Search::new("x") });
    }
    for (limit, offset) in [(1, 9_999), (200, 9_800), (3, 9_999), (50, 0)] {
        Search { limit, offset, ..Search::new("x") }.parameters().unwrap();
    }
}

#[test]
fn pages_follow_each_other_up_to_the_last() {
    let page = |total| Page { total, listings: vec![], unreadable: vec![], body_bytes: 0 };
    let search = Search::new("x");
    assert_eq!(search.after(&page(200)), None);
    let second = search.after(&page(201)).unwrap();
    assert_eq!((second.offset, &second.query), (200, &search.query));
    let last = Search { offset: 9_800, ..search };
    assert_eq!(last.after(&page(50_000)), None, "eBay shows no more than 10,000");
}
