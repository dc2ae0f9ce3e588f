//! The commands: long ranges in pieces, and what they refuse.

use std::sync::{Arc, Mutex};

use commands::{Context, Failure, Progress};
use jiff::{ToSpan, civil::date};
use serde_json::{Value, json};
use store::kpi_daily;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::{data::Market, kept};

struct Run {
    context: Context,
    progress: Arc<Mutex<Vec<Progress>>>,
}

impl Run {
    fn new(market: &Market) -> Run {
        let progress = Arc::new(Mutex::new(Vec::new()));
        let heard = Arc::clone(&progress);
        let context = Context {
            command_id: Uuid::now_v7(),
            attempt: 1,
            store: market.worker.clone(),
            market: std::sync::Arc::default(),
            callbacks: tests::no_callbacks(),
            folders: Arc::default(),
            reporter: Arc::new(move |progress| heard.lock().unwrap().push(progress)),
            cancelled: CancellationToken::new(),
        };
        Run { context, progress }
    }

    async fn run(&self, name: &str, parameters: Value) -> Result<Value, Failure> {
        let definition = commands::find(name).unwrap();
        let accepted = definition.accept(parameters).unwrap();
        definition.run(accepted.payload, self.context.clone()).await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_is_computed_by_its_command() {
    let market = Market::new("Europe/Paris").await;
    let parameters = json!({"tenant_id": market.tenant_id, "date": "2026-01-24"});
    let run = Run::new(&market);
    let result = run.run("kpi.compute-daily", parameters.clone()).await.unwrap();
    assert_eq!(result, json!({"date": "2026-01-24", "days": 1, "changed": 1}));
    let again = run.run("kpi.compute-daily", parameters).await.unwrap();
    assert_eq!(again["changed"], 0);
    assert_eq!(kept(&market, date(2026, 1, 1), date(2026, 2, 1)).await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_range_is_computed_in_pieces() {
    let market = Market::new("America/New_York").await;
    market.add(&[market.ticket("T-1", "2024-12-31T23:59")]).await;
    let (from, to) = (date(2023, 1, 1), date(2025, 3, 11));
    let parameters = json!({"tenant_id": market.tenant_id, "from": from, "to": to});
    let run = Run::new(&market);
    let result = run.run("kpi.compute-range", parameters).await.unwrap();
    assert_eq!(result["days"], 801);
    assert_eq!(result["changed"], 801);
    let kept = kept(&market, from, to).await;
    assert_eq!(kept.len(), 801);
    let open = kept.iter().filter(|day| day.kpis.ticket_trends.tickets_open == 1).count();
    assert_eq!(open, 71, "from the last day of 2024 on");
    let progress = run.progress.lock().unwrap();
    let steps: Vec<u64> = progress.iter().map(|progress| progress.done).collect();
    assert_eq!(steps, [0, 366, 732, 801]);
    assert!(progress.iter().all(|progress| progress.total == Some(801)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_range_stops() {
    let market = Market::new("Europe/Paris").await;
    let run = Run::new(&market);
    run.context.cancelled.cancel();
    let (from, to) = (date(2023, 1, 1), date(2025, 3, 11));
    let parameters = json!({"tenant_id": market.tenant_id, "from": from, "to": to});
    let failure = run.run("kpi.compute-range", parameters).await.unwrap_err();
    assert!(matches!(failure, Failure::Cancelled), "{failure}");
    assert!(kept(&market, from, to).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn tomorrow_and_unknown_tenants_are_refused() {
    // The last zone in which today begins: its tomorrow is still today elsewhere.
    let market = Market::new("Etc/GMT+12").await;
    let client = market.client().await;
    let today = kpi_daily::today(&client, market.tenant_id).await.unwrap().unwrap();
    let run = Run::new(&market);
    let parameters = json!({"tenant_id": market.tenant_id, "date": today + 1.day()});
    let failure = run.run("kpi.compute-daily", parameters).await.unwrap_err();
    assert!(matches!(failure, Failure::Reject(_)), "{failure}");
    assert!(failure.to_string().contains("future"), "{failure}");

    let stranger = Uuid::now_v7();
    let parameters = json!({"tenant_id": stranger, "date": today});
    let failure = run.run("kpi.compute-daily", parameters).await.unwrap_err();
    assert!(matches!(failure, Failure::Reject(_)), "{failure}");
    assert!(failure.to_string().contains(&stranger.to_string()), "{failure}");
}
