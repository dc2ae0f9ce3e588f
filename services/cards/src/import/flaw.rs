//! What can be wrong with a cell or a line.

/// What is wrong, and what would be right; shown, it is English.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    #[error(
        "{found} cells, and the first line names {named}; put a cell that holds the separator in \
         quotation marks"
    )]
    TooManyCells { found: usize, named: usize },
    #[error("the text is not UTF-8; save the file as UTF-8")]
    NotUtf8,
    #[error("line breaks and control characters are not allowed")]
    ControlCharacters,
    #[error("at most {0} characters are allowed")]
    TooLong(usize),
    #[error("must not be empty")]
    Empty,
    /// `wanted`: values or an example, the same in every language.
    #[error("`{given}` is not possible here; write {wanted}")]
    Impossible { given: String, wanted: &'static str },
    #[error("only letters without accents, digits, `.`, `-` and `_` are allowed")]
    NoSetId,
    #[error("write a card's number or its id, such as base1-4-HOLO")]
    NoCardId,
    #[error("write `{number}` here and `{total}` in set_cardcount_official")]
    NumberWithTotal { number: String, total: String },
    #[error("write what stands after the slash, such as 102 or H32")]
    TotalWithNumber,
    #[error(
        "a card does not change its set; leave this empty, or write the printed total into \
         set_cardcount_official"
    )]
    OtherSet,
    #[error("line {first} creates `{id}` already")]
    CreatedBefore { first: u64, id: String },
    #[error("there is no card `{0}`; leave it empty to make one")]
    NoSuchCard(String),
    #[error("card `{0}` exists: write that in column `id` to change it")]
    Exists(String),
}
