//! The catalogue as the shop looks after it: series, their sets, and how fresh their prices are.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::catalogue::Reader;
use crate::{Client, Result};

/// A series with its sets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SerieOverview {
    pub id: String,
    pub name: String,
    pub is_hidden: bool,
    /// Newest first.
    pub sets: Vec<SetOverview>,
}

/// A set in figures.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetOverview {
    pub id: String,
    pub name: String,
    pub released: Option<Date>,
    /// The set itself, whatever its series is.
    pub is_hidden: bool,
    pub imported_at: Timestamp,
    pub n_cards: i64,
    /// Cards with a price on show.
    pub n_priced: i64,
    /// Cards that were looked at within the last 30 days.
    pub n_fresh: i64,
    pub n_failing: i64,
    /// The newest look at one of its cards.
    pub taken_at: Option<Timestamp>,
}

/// All series, that with the newest set first; those without a set at the end.
///
/// # Errors
/// When the database cannot be read.
#[tracing::instrument(level = "trace", skip_all)]
pub async fn overview(client: &Client) -> Result<Vec<SerieOverview>> {
    let statement = "
        select e.id, e.name, e.hidden, s.id is not null, s.id, s.name, s.released, s.hidden,
               s.imported_at, coalesce(n.cards, 0), coalesce(n.priced, 0), coalesce(n.fresh, 0),
               coalesce(n.failing, 0), n.taken_at
        from series e left join sets s on s.serie_id = e.id
        left join (
            select c.set_id, count(*) as cards, count(p.neuf) as priced, max(p.taken_at) as taken_at,
                   count(*) filter (where p.taken_at > clock_timestamp() - interval '30 days')
                       as fresh,
                   count(*) filter (where c.error_count > 0) as failing
            from cards c left join buy_prices p on p.card_id = c.id group by 1
        ) n on n.set_id = s.id
        order by max(s.released) over (partition by e.id) desc nulls last, e.id,
                 s.released desc nulls last, s.id";
    let rows = client.query(statement, &[]).await?;
    let mut series: Vec<SerieOverview> = Vec::new();
    for row in &rows {
        let mut reader = Reader::new(row);
        let (id, name, is_hidden): (String, String, bool) =
            (reader.get(), reader.get(), reader.get());
        let has_set = reader.get();
        if series.last().is_none_or(|last| last.id != id) {
            series.push(SerieOverview { id, name, is_hidden, sets: Vec::new() });
        }
        if let Some(serie) = series.last_mut().filter(|_| has_set) {
            serie.sets.push(set(&mut reader));
        }
    }
    Ok(series)
}

fn set(reader: &mut Reader<'_>) -> SetOverview {
    SetOverview {
        id: reader.get(),
        name: reader.get(),
        released: reader.get(),
        is_hidden: reader.get(),
        imported_at: reader.get(),
        n_cards: reader.get(),
        n_priced: reader.get(),
        n_fresh: reader.get(),
        n_failing: reader.get(),
        taken_at: reader.get(),
    }
}
