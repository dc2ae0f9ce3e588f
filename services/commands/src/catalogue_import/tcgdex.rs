//! Sets and cards from `TCGdex`: one request a card, written set by set.

use std::collections::{HashMap, HashSet};

use cards::card::{FIRST_EDITION_SETS, Hidden, missing_first_editions};
use cards::import::numbering;
use cards::{Card, Variant};
use catalogue::Client as Sources;
use serde_json::{Value, json};
use store::Client;
use store::catalogue::{Authority, Incoming, Upserted, keys, series, sets};
use store::catalogue::{upsert_cards, upsert_sets};

use super::printings;
use crate::{Context, Failure};

/// One import; sets whose cards are all known are passed over unless one is asked for by name.
pub(super) async fn run(set: Option<&str>, context: &Context) -> Result<Value, Failure> {
    let mut import = Import::new(context)?;
    if let Some(id) = set {
        let set = import.sources.set(id).await?;
        let set = set.ok_or_else(|| Failure::reject(format!("TCGdex has no set `{id}`")))?;
        import.n_total = set.cards.len() as u64;
        import.write(&set).await?;
        return Ok(import.result());
    }
    context.progress(0, None, "looking for sets");
    let briefs = import.visible_sets().await?;
    import.n_total = briefs.iter().map(|brief| u64::from(brief.card_count.total)).sum();
    let known = known_cards(&context.store.client().await?).await?;
    for brief in briefs {
        let before = import.n_done;
        let set = import.sources.set(&brief.id).await?;
        match set {
            Some(set) if !set.cards.iter().all(|card| known.contains(&card.id)) => {
                import.write(&set).await?;
            }
            _ => import.n_sets_skipped += 1,
        }
        import.n_done = before + u64::from(brief.card_count.total);
        import.tell(&brief.name);
    }
    Ok(import.result())
}

struct Import<'a> {
    context: &'a Context,
    sources: &'a Sources,
    n_done: u64,
    n_total: u64,
    n_sets: u64,
    n_sets_skipped: u64,
    /// Cards that their set lists, and that are not there in this language.
    n_missing: u64,
    upserted: Upserted,
}

impl<'a> Import<'a> {
    fn new(context: &'a Context) -> Result<Self, Failure> {
        Ok(Import {
            context,
            sources: context.market.sources()?,
            n_done: 0,
            n_total: 0,
            n_sets: 0,
            n_sets_skipped: 0,
            n_missing: 0,
            upserted: Upserted::default(),
        })
    }

    /// All sets but those that are hidden. A series that nobody has decided about is hidden as
    /// [`Hidden::default`] says.
    async fn visible_sets(&self) -> Result<Vec<catalogue::SetBrief>, Failure> {
        let client = self.context.store.client().await?;
        let decided: HashMap<String, bool> = series(&client).await?.into_iter().collect();
        let by_default = Hidden::default().series;
        let hidden_sets: HashSet<String> = sets(&client)
            .await?
            .into_iter()
            .filter(|stored| stored.is_hidden)
            .map(|stored| stored.set.id)
            .collect();
        let mut visible = Vec::new();
        for brief in self.sources.series().await? {
            self.context.check()?;
            let is_hidden = decided.get(&brief.id).copied();
            if is_hidden.unwrap_or_else(|| by_default.contains(&brief.id)) {
                continue;
            }
            let series = self.sources.series_by_id(&brief.id).await?;
            let sets = series.into_iter().flat_map(|series| series.sets);
            visible.extend(sets.filter(|set| !hidden_sets.contains(&set.id)));
        }
        Ok(visible)
    }

    /// Fetches and writes a set with all of its cards.
    async fn write(&mut self, found: &catalogue::Set) -> Result<(), Failure> {
        let set = printings::set(found);
        let mut cards: Vec<Card> = Vec::new();
        for brief in &found.cards {
            self.context.check()?;
            match self.sources.card(&brief.id).await? {
                Some(card) => cards.extend(printings::printings(found, &card)),
                None => self.n_missing += 1,
            }
            self.n_done += 1;
            self.tell(&set.name);
        }
        numbering::settle(&set, &mut cards);
        cards.extend(missing_first_editions(&cards, &FIRST_EDITION_SETS));
        let mut client = self.context.store.client().await?;
        upsert_sets(&mut client, &[set]).await?;
        let queries: Vec<_> = cards.iter().map(cards::query::of).collect();
        let incoming: Vec<Incoming<'_>> = cards
            .iter()
            .zip(&queries)
            .map(|(card, query)| Incoming { card, ebay_query: query.as_deref() })
            .collect();
        let upserted = upsert_cards(&mut client, Authority::Source, &incoming).await?;
        self.n_sets += 1;
        self.upserted.created += upserted.created;
        self.upserted.updated += upserted.updated;
        self.upserted.unchanged += upserted.unchanged;
        Ok(())
    }

    fn tell(&self, set: &str) {
        // A set may have more cards than it says.
        let total = self.n_total.max(self.n_done);
        self.context.progress(self.n_done, Some(total), set);
    }

    fn result(&self) -> Value {
        json!({
            "sets": self.n_sets,
            "sets_skipped": self.n_sets_skipped,
            "cards": self.upserted,
            "cards_missing": self.n_missing,
        })
    }
}

/// The source's ids of all known cards.
async fn known_cards(client: &Client) -> Result<HashSet<String>, Failure> {
    let keys = keys(client).await?;
    Ok(keys.iter().map(|key| source_id(&key.tcgdex_id, key.variant).to_owned()).collect())
}

/// Without the variant, see [`Card::source_id`].
fn source_id(tcgdex_id: &str, variant: Variant) -> &str {
    let id = tcgdex_id.strip_suffix(variant.as_str()).and_then(|id| id.strip_suffix('-'));
    id.unwrap_or(tcgdex_id)
}
