//! Why a listing says nothing about the price of a card.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Reason code of a rejected listing. When several apply, the first of this list is given.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Rejection {
    /// The shop's own offer.
    OwnListing,
    /// One price of a "choose your card" listing, behind the title of all of them.
    Variation,
    /// An auction that has not ended.
    Auction,
    /// Neither at a fixed price nor open to offers.
    NotForSale,
    /// The seller has too few ratings.
    LowFeedback,
    /// The item lies in another country.
    OtherCountry,
    /// No exchange rate is known for the price or the postage.
    UnknownCurrency,
    /// The price is zero or less.
    NoPrice,
    /// In a grader's case.
    Graded,
    /// Not an original card: proxy, fan art, metal, copy.
    Proxy,
    /// A code for the online game.
    CodeCard,
    /// Something else than a card: a figure, a sticker, a folder.
    NotACard,
    /// Unopened boosters, boxes and decks.
    Sealed,
    /// Several cards.
    Lot,
    /// A card in another language.
    OtherLanguage,
    /// The title shows another number.
    OtherNumber,
    /// The title shows no number.
    NoNumber,
    /// The title does not name the card.
    OtherName,
    /// Stamped, oversized, misprinted: another article.
    SpecialPrint,
    /// A first edition, and the card that is priced is none.
    FirstEdition,
    /// The card that is priced is a first edition, and the title does not say so.
    NotFirstEdition,
    /// A reverse, and the card that is priced is none.
    Reverse,
    /// The card that is priced is a reverse, and the title does not say so.
    NotReverse,
    /// A holo, and the card that is priced is the other one.
    Holo,
    /// The card that is priced is the holo, and the title does not say so.
    NotHolo,
    /// Too worn to tell the price of a mint card.
    PoorCondition,
}
