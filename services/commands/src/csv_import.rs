//! Files of cards, into the catalogue: all good lines or, when something cannot be written, none.

mod dump;
mod edits;

use cards::Card;
use cards::card::Set;
use cards::import::{BadLine, Format};
use serde::Serialize;
use serde_json::json;
use store::Client;
use store::catalogue::{Authority, Incoming, Upserted, upsert_cards, upsert_sets};

use crate::Failure;

/// Longest file that is read.
pub const MAX_CSV_BYTES: u64 = 64 << 20;

/// What a file did, or would do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CsvImport {
    /// Nothing was written.
    pub preview: bool,
    /// Sets that are made.
    pub new_sets: Vec<String>,
    pub cards: Upserted,
    /// What the rows of a shop's file change, by line; a dump lists nothing here.
    pub changes: Vec<CsvChange>,
    /// Lines that were left out.
    pub bad_lines: Vec<BadLine>,
    /// Columns that are not known, hence not read.
    pub ignored_columns: Vec<String>,
}

/// One row that makes a difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CsvChange {
    pub line: u64,
    pub card: String,
    /// The columns whose value is new; none for a new card.
    pub columns: Vec<&'static str>,
}

/// What is to be written, and what is said of it.
struct Draft {
    authority: Authority,
    sets: Vec<Set>,
    cards: Vec<Card>,
    import: CsvImport,
}

/// Reads a file in either layout and, unless it is a preview, writes its good lines.
///
/// # Errors
/// [`Failure::Reject`] when no line of the file can be used, or a value cannot be stored.
pub async fn import_csv(
    client: &mut Client,
    actor: &str,
    file: &[u8],
    preview: bool,
) -> Result<CsvImport, Failure> {
    let mut draft = match Format::detect(file) {
        Format::Edits => edits::read(client, file).await?,
        Format::Dump => dump::read(client, file).await?,
    };
    draft.import.preview = preview;
    if !preview {
        write(client, &mut draft).await?;
        let detail = json!({
            "cards": draft.import.cards,
            "new_sets": draft.import.new_sets,
            "bad_lines": draft.import.bad_lines.len(),
        });
        store::audit::log(client, actor, "catalogue.import-csv", "cards", &detail).await?;
    }
    Ok(draft.import)
}

async fn write(client: &mut Client, draft: &mut Draft) -> Result<(), Failure> {
    upsert_sets(client, &draft.sets).await?;
    let queries: Vec<_> = draft.cards.iter().map(cards::query::build).collect();
    let incoming: Vec<Incoming<'_>> = draft
        .cards
        .iter()
        .zip(&queries)
        .map(|(card, query)| Incoming { card, ebay_query: query.as_deref() })
        .collect();
    let unchanged = draft.import.cards.unchanged;
    draft.import.cards = upsert_cards(client, draft.authority, &incoming).await?;
    // Rows of a shop that change nothing are not written at all.
    if draft.authority == Authority::Shop {
        draft.import.cards.unchanged += unchanged;
    }
    Ok(())
}
