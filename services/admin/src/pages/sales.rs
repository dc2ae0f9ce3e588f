//! `/sales`: what the market really paid.

use askama::Template;
use jiff::{Span, Timestamp};
use rust_decimal::Decimal;
use store::sold_listings::{self, DaySales, Filter, SoldCard};
use warp::reply::Response;

use crate::failure::Failure;
use crate::pages::cards::Choice;
use crate::paging::{Pager, Place, cut};
use crate::plot::{Bar, Plot, Scale, XTick, center};
use crate::reply;
use crate::route::Route;
use crate::say::Say;
use crate::shell::Shell;
use crate::shop;
use crate::visit::Visit;

#[derive(Template)]
#[template(path = "sales.html")]
struct SalesPage {
    shell: Shell,
    sentence: String,
    plot: Option<Plot>,
    text: String,
    spans: Vec<Choice>,
    is_filtered: bool,
    rows: Vec<SaleRow>,
    pager: Pager,
}

struct SaleRow {
    title: String,
    url: Option<String>,
    seller: String,
    card_id: i64,
    name: String,
    context: String,
    /// Of the item alone, and with postage.
    price: Decimal,
    total: Decimal,
    /// What the shop pays for it, mint.
    buy: Option<Decimal>,
    at: Timestamp,
}

const PAGE: usize = 50;
/// Days of the chart.
const N_DAYS: usize = 30;
/// Spans to choose from, in days; everything first.
const SPANS: [i64; 4] = [0, 7, 30, 90];

pub(super) fn routes() -> Vec<Route> {
    vec![Route::get("/sales", |visit| Box::pin(show(visit)))]
}

async fn show(visit: Visit) -> Result<Response, Failure> {
    let say = &visit.say;
    let place = Place::of(&visit.query);
    let text = visit.query.given("q").map(str::to_owned);
    let days = visit.query.get("days").parse().unwrap_or(0);
    let days = SPANS.into_iter().find(|known| *known == days).unwrap_or(0);
    let filter = Filter {
        text: text.clone(),
        from: (days > 0).then(|| ago(say.now, days)),
        after: place.after.as_deref().map(cursor).transpose()?,
        limit: i64::try_from(PAGE + 1).unwrap_or(i64::MAX),
    };
    let client = visit.db().await?;
    let mut sales = sold_listings::list(&client, &filter).await?;
    let zone = visit.site.settings().batch_timezone.clone();
    let from = ago(say.now, i64::try_from(N_DAYS).unwrap_or(i64::MAX) - 1);
    let by_day = sold_listings::by_day(&client, from, &zone).await?;
    drop(client);
    let more = cut(&mut sales, PAGE);
    let last = sales.last().filter(|_| more).map(|sale| cursor_text(&sale.sold));
    let page = SalesPage {
        sentence: sentence(say, &by_day),
        plot: plot(say, &by_day),
        spans: spans(say, days),
        is_filtered: text.is_some() || days > 0,
        text: text.unwrap_or_default(),
        pager: place.pager("/sales", &visit.query, last),
        rows: sales.into_iter().map(|sale| row(say, sale)).collect(),
        shell: visit.shell("page-sales").await,
    };
    Ok(reply::html(&page))
}

fn ago(now: Timestamp, days: i64) -> Timestamp {
    now.checked_sub(Span::new().hours(24 * days)).unwrap_or(now)
}

fn cursor_text(sold: &sold_listings::Sold) -> String {
    format!("{} {}", sold.detected_sold_at, sold.item_id)
}

fn cursor(text: &str) -> Result<(Timestamp, String), Failure> {
    let (at, item) = text.split_once(' ').ok_or(Failure::Broken)?;
    Ok((at.parse().map_err(|_| Failure::Broken)?, item.to_owned()))
}

fn row(say: &Say, sale: SoldCard) -> SaleRow {
    let SoldCard { sold, card, buy } = sale;
    SaleRow {
        title: sold.title,
        url: sold.url.filter(|url| url.starts_with("https://")),
        seller: sold.seller.unwrap_or_default(),
        card_id: card.id,
        name: card.card.effective_name().to_owned(),
        context: shop::context(say, &card.card),
        price: sold.price,
        total: sold.effective_price,
        buy,
        at: sold.detected_sold_at,
    }
}

fn sentence(say: &Say, by_day: &[DaySales]) -> String {
    let n: i64 = by_day.iter().map(|day| day.n).sum();
    let total: Decimal = by_day.iter().map(|day| day.total).sum();
    say.t2("sales-sentence", ("n", n), ("total", say.eur(total)))
}

fn spans(say: &Say, days: i64) -> Vec<Choice> {
    let choice = |known: i64| Choice {
        value: if known == 0 { String::new() } else { known.to_string() },
        label: if known == 0 { say.t("sales-all") } else { say.t1("sales-days", "n", known) },
        is_on: known == days,
    };
    SPANS.into_iter().map(choice).collect()
}

/// Sales of the last days; `None` when there was none.
fn plot(say: &Say, by_day: &[DaySales]) -> Option<Plot> {
    let most = by_day.iter().map(|day| day.n).max().filter(|most| *most > 0)?;
    let float = |n: i64| f64::from(i32::try_from(n).unwrap_or(i32::MAX));
    let scale = Scale::to(float(most), 3);
    let today = say.date_of(say.now);
    let day_of = |index: usize| {
        let back = i64::try_from(N_DAYS - 1 - index).unwrap_or(0);
        today.checked_sub(Span::new().days(back)).unwrap_or(today)
    };
    let bars = (0..N_DAYS).filter_map(|index| {
        let sales = by_day.iter().find(|day| day.day == day_of(index))?;
        let class = if index + 1 == N_DAYS { "b1" } else { "b2" };
        Some(Bar::column(class, (index, N_DAYS), scale, 0.0, float(sales.n)))
    });
    let tick = |index: usize| XTick {
        at: center(index, N_DAYS),
        text: say.date(day_of(index)),
        anchor: "middle",
        alt: index % 2 == 1,
    };
    let figures = by_day.iter().map(|day| [say.day(day.day), say.n(day.n), say.eur(day.total)]);
    let plot = Plot {
        class: "axis short",
        label: say.t1("sales-label", "n", total(by_day)),
        y: scale.ticks(|value| say.float(value, 0)),
        x: [1, 8, 15, 22, 28].into_iter().map(tick).collect(),
        bars: bars.collect(),
        ..Plot::default()
    };
    Some(plot.with_figures(say, ["figures-day", "figures-sales", "figures-total"], figures))
}

fn total(by_day: &[DaySales]) -> i64 {
    by_day.iter().map(|day| day.n).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::say::Lang;

    #[test]
    fn today_is_the_last_bar() {
        let say = Say::new(Lang::Fr, "UTC");
        assert_eq!(plot(&say, &[]), None);
        let day = DaySales { day: say.date_of(say.now), n: 4, total: Decimal::TEN };
        let plot = plot(&say, &[day]).unwrap();
        assert_eq!(plot.bars.len(), 1);
        assert!(plot.bars[0].class == "b1" && plot.bars[0].x > 96.0, "{:?}", plot.bars);
        assert_eq!(plot.x.iter().filter(|tick| !tick.alt).count(), 3);
    }
}
