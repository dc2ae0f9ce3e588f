//! Tells the layouts apart.

/// The layout of a CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Made by a shop, parted by `;`: rows that change or create cards.
    Edits,
    /// Made from the card database, parted by `,`: one row per card.
    Dump,
}

impl Format {
    /// The layout of a file that starts with `head`; its first line is enough.
    pub fn detect(head: &[u8]) -> Self {
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        if head.starts_with(b"tcgdex_id,") { Self::Dump } else { Self::Edits }
    }
}
