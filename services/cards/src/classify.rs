//! Which listings offer the very card that is priced: one reason code for each that does not.
//!
//! Statistics forgive a few wrong listings, not many; this comes before them. What a title says is
//! read by [`crate::title`]; here it is held against the card.

mod number;
mod offer;
mod rejection;
mod target;

#[cfg(test)]
mod tests;

use crate::config::{ClassifyConfig, Condition};
use crate::listing::Listing;
use crate::title::{Findings, Mention, Title, Vocabulary};
use crate::variant::Variant;

pub use rejection::Rejection;
pub use target::Target;
use target::Words;

/// Judges listings. Make one for each configuration and keep it: it holds the vocabulary.
#[derive(Clone, Debug)]
pub struct Classifier {
    config: ClassifyConfig,
    vocabulary: Vocabulary,
}

impl Classifier {
    pub fn new(config: &ClassifyConfig) -> Self {
        let vocabulary = Vocabulary::new(&config.extra_words);
        Self { config: config.clone(), vocabulary }
    }

    /// The condition of each listing that offers the target, in the order of the listings.
    pub fn classify(
        &self,
        target: &Target,
        listings: &[Listing],
    ) -> Vec<Result<Condition, Rejection>> {
        let words = Words::of(target);
        let mut title = Title::default();
        // The marketplace has few words for conditions.
        let mut stated: Vec<(&str, Condition)> = Vec::new();
        let mut judged = Vec::with_capacity(listings.len());
        for listing in listings {
            let in_title = offer::check(listing, &self.config).and_then(|()| {
                title.read(&listing.title);
                self.read_title(target, &words, &title)
            });
            judged.push(in_title.and_then(|in_title| {
                let text = listing.condition.as_deref().unwrap_or_default();
                let known = stated.iter().find(|(known, _)| *known == text);
                let condition = known.map_or_else(|| self.stated(text), |known| known.1);
                if known.is_none() {
                    stated.push((text, condition));
                }
                self.worst(in_title.max(condition))
            }));
        }
        judged
    }

    /// Holds the title against the card.
    fn read_title(
        &self,
        target: &Target,
        words: &Words,
        title: &Title,
    ) -> Result<Condition, Rejection> {
        let found = self.vocabulary.scan(title, &words.own, &self.config.language);
        // Nothing that follows could come before it.
        if let Some(rejection) = found.rejection.filter(|first| *first < Rejection::OtherNumber) {
            return Err(rejection);
        }
        let number = number::check(title, words, &self.config).err();
        let name = if words.are_named_in(title) { None } else { Some(Rejection::OtherName) };
        let variant = variant(target, found).err();
        let rejections = [found.rejection, number, name, variant];
        match rejections.into_iter().flatten().min() {
            Some(rejection) => Err(rejection),
            None => Ok(found.condition),
        }
    }

    /// The condition that the marketplace states.
    fn stated(&self, text: &str) -> Condition {
        let mut title = Title::default();
        title.read(text);
        self.vocabulary.scan(&title, &[], &self.config.language).condition
    }

    fn worst(&self, condition: Condition) -> Result<Condition, Rejection> {
        if condition > self.config.worst_condition {
            return Err(Rejection::PoorCondition);
        }
        Ok(condition)
    }
}

/// A title that says nothing is a normal card; a holo need only be told from a known sibling.
fn variant(target: &Target, found: Findings) -> Result<(), Rejection> {
    let is = |variant| target.variant == variant;
    let has = |variant| target.known_variants.contains(&variant);
    let says = |mention| found.mentions(mention);
    let fail = |fails: bool, rejection| if fails { Err(rejection) } else { Ok(()) };
    let (first, reverse) = (says(Mention::FirstEdition), says(Mention::Reverse));
    let (holo, not_holo) = (says(Mention::Holo), says(Mention::NotHolo));
    fail(first && !is(Variant::FirstEd), Rejection::FirstEdition)?;
    fail(!first && is(Variant::FirstEd), Rejection::NotFirstEdition)?;
    fail(reverse && !is(Variant::Reverse), Rejection::Reverse)?;
    fail(!reverse && is(Variant::Reverse), Rejection::NotReverse)?;
    fail(holo && is(Variant::Normal) && has(Variant::Holo), Rejection::Holo)?;
    let must_say_holo = not_holo || has(Variant::Normal);
    fail(!holo && is(Variant::Holo) && must_say_holo, Rejection::NotHolo)
}
