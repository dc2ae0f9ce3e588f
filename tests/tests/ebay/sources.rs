//! The other sources.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use catalogue::{Client, Config, Error};
use tests::simulator::{Endpoint, Fault, Options, Simulator};

type Check = fn(&Error) -> bool;

struct Scene {
    simulator: Simulator,
    client: Client,
}

impl Scene {
    async fn new(options: Options) -> Scene {
        let simulator = Simulator::start(options).await.unwrap();
        let client = Client::new(config(simulator.url())).unwrap();
        Scene { simulator, client }
    }
}

fn config(url: &str) -> Config {
    Config {
        tcgdex_url: format!("{url}/v2/fr"),
        tcgdex_requests_per_second: 1_000.try_into().unwrap(),
        price_guide_url: format!("{url}/productCatalog/priceGuide/price_guide_6.json"),
        rates_url: format!("{url}/stats/eurofxref/eurofxref-daily.xml"),
        retry_delay: Duration::from_millis(1),
        ..Config::default()
    }
}

#[tokio::test]
async fn the_whole_catalogue_can_be_walked() {
    let Scene { simulator, client } = Scene::new(Options::default()).await;
    let series = client.series().await.unwrap();
    let mut n_sets = 0;
    for brief in &series {
        let series = client.series_by_id(&brief.id).await.unwrap().unwrap();
        for brief in &series.sets {
            let set = client.set(&brief.id).await.unwrap().unwrap();
            assert_eq!((&set.series.id, set.card_count), (&series.id, brief.card_count));
            assert!(set.release_date.is_some());
            let first = &set.cards[0];
            let card = client.card(&first.id).await.unwrap().unwrap();
            assert_eq!((&card.name, &card.local_id), (&first.name, &first.local_id));
            assert!(card.cardmarket.unwrap().prices.plain.avg30.is_some());
            n_sets += 1;
        }
    }
    assert_eq!(client.sets().await.unwrap().len(), n_sets);
    let base = client.card("base1-4").await.unwrap().unwrap();
    assert!(base.variants.first_edition && !base.variants.reverse);
    assert!(simulator.arrived(Endpoint::Tcgdex) > 10);
}

#[tokio::test]
async fn what_is_not_there_is_none() {
    let Scene { simulator, client } = Scene::new(Options::default()).await;
    assert_eq!(client.set("nowhere").await.unwrap(), None);
    assert_eq!(client.card("exu-?").await.unwrap(), None);
    assert_eq!(client.series_by_id("x/../../sets").await.unwrap(), None);
    assert_eq!(simulator.arrived(Endpoint::Tcgdex), 3, "nothing is tried again");
    let asked: Vec<_> = simulator.arrivals().into_iter().map(|arrival| arrival.subject).collect();
    assert_eq!(asked, ["sets/nowhere", "cards/exu-?", "series/x/../../sets"]);
}

#[tokio::test]
async fn a_failure_that_may_pass_is_tried_again() {
    let Scene { simulator, client } = Scene::new(Options::default()).await;
    for fault in [
        Fault::Status(500),
        Fault::Status(503),
        Fault::Limit { retry_after_s: Some(0) },
        Fault::Reset,
        Fault::Cut,
    ] {
        let before = simulator.arrived(Endpoint::Tcgdex);
        simulator.inject(Endpoint::Tcgdex, fault.clone(), 3);
        client.sets().await.unwrap_or_else(|error| panic!("{fault:?}: {error}"));
        assert_eq!(simulator.arrived(Endpoint::Tcgdex) - before, 4, "{fault:?}");
    }
    simulator.inject(Endpoint::Tcgdex, Fault::Status(500), 9);
    let error = client.sets().await.unwrap_err();
    assert!(matches!(error, Error::Status { status: 500, .. }), "{error}");
    simulator.clear_faults();
    for fault in [Fault::Status(403), Fault::Truncated, Fault::Html, Fault::GzipBomb] {
        let before = simulator.arrived(Endpoint::Tcgdex);
        simulator.inject(Endpoint::Tcgdex, fault.clone(), 1);
        client.sets().await.unwrap_err();
        assert_eq!(simulator.arrived(Endpoint::Tcgdex) - before, 1, "{fault:?} will not pass");
    }
}

#[tokio::test]
async fn tcgdex_is_asked_no_faster_than_agreed() {
    let simulator = Simulator::start(Options::default()).await.unwrap();
    let polite =
        Config { tcgdex_requests_per_second: 50.try_into().unwrap(), ..config(simulator.url()) };
    let client = Client::new(polite).unwrap();
    let start = Instant::now();
    let asking: Vec<_> = (0..11)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { client.series().await.unwrap() })
        })
        .collect();
    for task in asking {
        task.await.unwrap();
    }
    // A slow machine may take longer, never shorter: the limit is what is promised.
    assert!(start.elapsed() >= Duration::from_millis(195), "{:?}", start.elapsed());
}

#[tokio::test]
async fn the_price_guide_is_read_while_it_comes_in() {
    let options = Options { price_guide_entries: 20_000, ..Options::default() };
    let Scene { simulator, client } = Scene::new(options).await;
    let entries = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&entries);
    let guide = client.price_guide(move |entry| kept.lock().unwrap().push(entry)).await.unwrap();
    let entries = std::mem::take(&mut *entries.lock().unwrap());
    assert_eq!((guide.n_entries, entries.len()), (20_000, 20_000));
    assert_eq!(simulator.arrived(Endpoint::PriceGuide), 1);
    let card = client.card("base1-4").await.unwrap().unwrap().cardmarket.unwrap();
    let entry = entries.iter().find(|entry| Some(entry.id_product) == card.id_product).unwrap();
    assert_eq!(entry.prices, card.prices, "both sources say the same");
}

#[tokio::test]
async fn a_price_guide_that_is_not_whole_is_an_error() {
    let Scene { simulator, client } = Scene::new(Options::default()).await;
    let cases: [(Fault, Check); 5] = [
        (Fault::Cut, |it| matches!(it, Error::Broken { .. })),
        (Fault::Truncated, |it| matches!(it, Error::Unreadable { .. })),
        (Fault::WrongType, |it| matches!(it, Error::Unreadable { .. })),
        (Fault::Html, |it| matches!(it, Error::Unreadable { .. })),
        (Fault::Status(503), |it| matches!(it, Error::Status { status: 503, .. })),
    ];
    for (fault, is_right) in cases {
        simulator.inject(Endpoint::PriceGuide, fault.clone(), 1);
        let error = client.price_guide(|_| {}).await.unwrap_err();
        assert!(is_right(&error), "{fault:?}: {error:?}");
    }
    client.price_guide(|_| {}).await.unwrap();
}

#[tokio::test]
async fn rates_are_fetched() {
    let Scene { simulator, client } = Scene::new(Options::default()).await;
    let rates = client.rates().await.unwrap();
    assert_eq!(rates.per_eur["USD"].to_string(), "1.0870");
    simulator.inject(Endpoint::Rates, Fault::Html, 1);
    let error = client.rates().await.unwrap_err();
    assert!(matches!(error, Error::Unreadable { .. }), "{error}");
}
