//! The file that a shop edits: rows that change cards, and rows that make new ones.

use std::collections::{BTreeSet, HashMap};

use cards::Card;
use cards::card::Set;
use cards::import::edits::CardKey;
use cards::import::{BadLine, Create, Edit, Edits, Flaw, Update};
use store::Client;
use store::catalogue::{Authority, find_many, sets};

use super::{CsvChange, CsvImport, Draft};
use crate::Failure;

pub(super) async fn read(client: &Client, file: &[u8]) -> Result<Draft, Failure> {
    let edits = Edits::open(file).map_err(Failure::reject)?;
    let ignored_columns = edits.ignored_columns().to_vec();
    let mut import = CsvImport { ignored_columns, ..CsvImport::default() };
    let mut rows = Vec::new();
    for row in edits {
        match row {
            Ok(row) => rows.push(row),
            Err(bad) => import.bad_lines.push(bad),
        }
    }
    let mut bench = Bench::new(client, &rows).await?;
    for (line, edit) in &rows {
        let change = match edit {
            Edit::Update(update) => bench.update(update),
            Edit::Create(create) => bench.create(create).map(Some),
        };
        match change {
            Ok(Some((card, columns))) => {
                import.changes.push(CsvChange { line: *line, card, columns });
            }
            Ok(None) => import.cards.unchanged += 1,
            Err((column, flaw)) => import.bad_lines.push(BadLine::new(*line, column, flaw)),
        }
    }
    import.bad_lines.sort_by_key(|bad| bad.line);
    Ok(bench.draft(import))
}

/// A card, and the columns that have changed.
type Change = (String, Vec<&'static str>);

/// The column that is wrong, unless it is the whole line, and how.
type Wrong = (Option<&'static str>, Flaw);

/// The cards and sets that the rows speak of, as they become row by row.
struct Bench {
    cards: HashMap<String, Card>,
    names: HashMap<i64, String>,
    sets: HashMap<String, Set>,
    new_sets: Vec<Set>,
    created: BTreeSet<String>,
    updated: BTreeSet<String>,
}

impl Bench {
    async fn new(client: &Client, rows: &[(u64, Edit)]) -> Result<Bench, Failure> {
        let (mut numbers, mut ids) = (Vec::new(), Vec::new());
        for (_, edit) in rows {
            match edit {
                Edit::Update(Update { key: CardKey::Number(number), .. }) => numbers.push(*number),
                Edit::Update(Update { key: CardKey::TcgdexId(id), .. }) => ids.push(id.clone()),
                Edit::Create(create) => ids.push(create.tcgdex_id()),
            }
        }
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let known = find_many(client, &numbers, &ids).await?;
        let sets =
            sets(client).await?.into_iter().map(|stored| (stored.set.id.clone(), stored.set));
        Ok(Bench {
            names: known.iter().map(|it| (it.id, it.card.tcgdex_id.clone())).collect(),
            cards: known.into_iter().map(|it| (it.card.tcgdex_id.clone(), it.card)).collect(),
            sets: sets.collect(),
            new_sets: Vec::new(),
            created: BTreeSet::new(),
            updated: BTreeSet::new(),
        })
    }

    /// `None` when the row says what is so already.
    fn update(&mut self, update: &Update) -> Result<Option<Change>, Wrong> {
        let id = match &update.key {
            CardKey::TcgdexId(id) => Some(id),
            CardKey::Number(number) => self.names.get(number),
        };
        let card = id.and_then(|id| self.cards.get_mut(id));
        let Some(card) = card else {
            let shown = match &update.key {
                CardKey::TcgdexId(id) => id.clone(),
                CardKey::Number(number) => number.to_string(),
            };
            return Err((Some("id"), Flaw::NoSuchCard(shown)));
        };
        let columns = update.apply(card);
        if columns.is_empty() {
            return Ok(None);
        }
        let id = card.tcgdex_id.clone();
        if !self.created.contains(&id) {
            self.updated.insert(id.clone());
        }
        Ok(Some((id, columns)))
    }

    fn create(&mut self, create: &Create) -> Result<Change, Wrong> {
        let id = create.tcgdex_id();
        if self.cards.contains_key(&id) {
            return Err((None, Flaw::Exists(id)));
        }
        let set = self.sets.entry(create.set_id.clone()).or_insert_with(|| {
            let set = create.new_set();
            self.new_sets.push(set.clone());
            set
        });
        self.cards.insert(id.clone(), create.card(set));
        self.created.insert(id.clone());
        Ok((id, Vec::new()))
    }

    fn draft(mut self, mut import: CsvImport) -> Draft {
        import.new_sets = self.new_sets.iter().map(|set| set.id.clone()).collect();
        import.cards.created = self.created.len() as u64;
        import.cards.updated = self.updated.len() as u64;
        let changed = self.created.iter().chain(&self.updated);
        let cards = changed.filter_map(|id| self.cards.remove(id)).collect();
        Draft { authority: Authority::Shop, sets: self.new_sets, cards, import }
    }
}
