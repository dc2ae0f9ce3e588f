//! What somebody wants to see of the cards; all of it stands in the address.

use cards::Variant;
use rust_decimal::Decimal;
use store::card_stats::Shelf;
use store::catalogue::StoredSet;
use store::prices::{Filter, Only, Sort};

use crate::form::Form;
use crate::router::pair;
use crate::say::Say;
use crate::shop;

/// The filters of the page, as they were chosen.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Filters {
    pub(super) text: String,
    pub(super) set: String,
    pub(super) variant: Option<Variant>,
    pub(super) verdict: String,
    /// Least price, EUR.
    pub(super) least: Option<Decimal>,
    only: Option<Only>,
    sort: Sort,
}

/// A chip above the table.
pub(super) struct View {
    pub(super) label: String,
    pub(super) address: String,
    pub(super) is_on: bool,
}

/// A line of a choice.
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) label: String,
    pub(crate) is_on: bool,
}

const VIEWS: [(Only, &str); 6] = [
    (Only::NeverLooked, "never"),
    (Only::WithoutPrice, "unpriced"),
    (Only::ToReview, "review"),
    (Only::Suspended, "suspended"),
    (Only::Failing, "failing"),
    (Only::ByHand, "manual"),
];
const SORTS: [(Sort, &str); 3] =
    [(Sort::Price, "price"), (Sort::Name, "name"), (Sort::Staleness, "staleness")];
const LEAST: [i64; 5] = [1, 5, 10, 50, 100];

impl Filters {
    /// Unknown words restrict nothing.
    pub(super) fn read(query: &Form) -> Filters {
        let verdict = query.given("verdict").filter(|word| shop::VERDICTS.contains(word));
        let known = |word: &str| VIEWS.iter().find(|(_, known)| *known == word);
        let sort = SORTS.iter().find(|(_, word)| *word == query.get("sort"));
        Filters {
            text: query.get("q").trim().to_owned(),
            set: query.get("set").to_owned(),
            variant: query.get("variant").parse().ok(),
            verdict: verdict.unwrap_or_default().to_owned(),
            least: query.get("least").parse().ok(),
            only: known(query.get("view")).map(|(only, _)| *only),
            sort: sort.map_or(Sort::Price, |(sort, _)| *sort),
        }
    }

    pub(super) fn filter(&self) -> Filter {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Filter {
            text: given(&self.text),
            set_id: given(&self.set),
            variant: self.variant,
            verdict: given(&self.verdict),
            min_price: self.least,
            only: self.only,
            sort: self.sort,
            ..Filter::default()
        }
    }

    /// Whether less than everything is shown.
    pub(super) fn is_narrow(&self) -> bool {
        *self != Filters { sort: self.sort, ..Filters::default() }
    }

    /// What to say when nothing matches.
    pub(super) fn nothing(&self, say: &Say) -> String {
        match (self.text.as_str(), self.is_narrow()) {
            ("", false) => say.t("cards-none"),
            ("", true) => say.t("cards-no-match"),
            (text, _) => say.t1("cards-no-match-text", "text", text),
        }
    }

    /// The address of the page with one field changed.
    fn with(&self, name: &str, value: &str) -> String {
        let sort = SORTS.iter().find(|(sort, _)| *sort == self.sort && *sort != Sort::Price);
        let view = VIEWS.iter().find(|(only, _)| Some(*only) == self.only);
        let least = self.least.map(|least| least.to_string()).unwrap_or_default();
        let fields = [
            ("q", self.text.as_str()),
            ("set", &self.set),
            ("variant", self.variant.map_or("", Variant::as_str)),
            ("verdict", &self.verdict),
            ("least", &least),
            ("view", view.map_or("", |(_, word)| word)),
            ("sort", sort.map_or("", |(_, word)| word)),
        ];
        let kept = fields
            .into_iter()
            .map(|(field, kept)| (field, if field == name { value } else { kept }));
        let pairs: Vec<String> = kept
            .filter(|(_, value)| !value.is_empty())
            .map(|(field, value)| pair(field, value))
            .collect();
        if pairs.is_empty() { "/cards".to_owned() } else { format!("/cards?{}", pairs.join("&")) }
    }

    pub(super) fn sorted(&self, word: &str) -> String {
        self.with("sort", if word == "price" { "" } else { word })
    }

    pub(super) fn is_sorted(&self, word: &str) -> bool {
        SORTS.iter().any(|(sort, known)| *known == word && *sort == self.sort)
    }

    /// The views that the form keeps.
    pub(super) fn view(&self) -> &'static str {
        VIEWS.iter().find(|(only, _)| Some(*only) == self.only).map_or("", |(_, word)| word)
    }

    pub(super) fn views(&self, say: &Say, counts: &Shelf) -> Vec<View> {
        let all = View {
            label: say.t("cards-view-all"),
            address: self.with("view", ""),
            is_on: self.only.is_none(),
        };
        let rest = VIEWS.iter().map(|(only, word)| {
            let label = say.try_t(&format!("cards-view-{word}")).unwrap_or_default();
            View {
                label: format!("{label} · {}", say.n(count(counts, *only))),
                address: self.with("view", word),
                is_on: self.only == Some(*only),
            }
        });
        std::iter::once(all).chain(rest).collect()
    }

    pub(super) fn sets(&self, say: &Say, sets: &[StoredSet]) -> Vec<Choice> {
        let all = option("", say.t("cards-all-sets"), self.set.is_empty());
        let shown = sets.iter().filter(|set| !set.is_hidden || set.set.id == self.set);
        let shown =
            shown.map(|set| option(&set.set.id, set.set.name.clone(), set.set.id == self.set));
        std::iter::once(all).chain(shown).collect()
    }

    pub(super) fn variants(&self, say: &Say) -> Vec<Choice> {
        let all = option("", say.t("cards-all-variants"), self.variant.is_none());
        let rest = Variant::ALL.into_iter().map(|variant| {
            option(variant.as_str(), shop::variant(say, variant), self.variant == Some(variant))
        });
        std::iter::once(all).chain(rest).collect()
    }

    pub(super) fn verdicts(&self, say: &Say) -> Vec<Choice> {
        let all = option("", say.t("cards-all-verdicts"), self.verdict.is_empty());
        let rest = shop::VERDICTS.into_iter().map(|verdict| {
            option(verdict, shop::word(say, "verdict", verdict), self.verdict == verdict)
        });
        std::iter::once(all).chain(rest).collect()
    }

    pub(super) fn leasts(&self, say: &Say) -> Vec<Choice> {
        let all = option("", say.t("cards-all-prices"), self.least.is_none());
        let rest = LEAST.into_iter().map(|euros| {
            let label = say.t1("cards-least", "n", euros);
            option(&euros.to_string(), label, self.least == Some(Decimal::from(euros)))
        });
        std::iter::once(all).chain(rest).collect()
    }

    /// How many cards there are, where somebody has counted them.
    pub(super) fn total(&self, counts: &Shelf) -> Option<i64> {
        let Filters { only, sort, .. } = *self;
        let is_counted = *self == Filters { only, sort, ..Filters::default() };
        is_counted.then(|| only.map_or(counts.cards, |only| count(counts, only)))
    }
}

fn count(counts: &Shelf, only: Only) -> i64 {
    match only {
        Only::NeverLooked => counts.never_looked,
        Only::WithoutPrice => counts.without_price,
        Only::ToReview => counts.to_review,
        Only::Suspended => counts.suspended,
        Only::Failing => counts.failing,
        Only::ByHand => counts.by_hand,
    }
}

fn option(value: &str, label: String, is_on: bool) -> Choice {
    Choice { value: value.to_owned(), label, is_on }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_every_filter_but_the_changed_one() {
        let query = "q=%C3%A9toile+noire&set=base1&variant=HOLO&verdict=REVIEW&least=10\
                     &view=failing&sort=name";
        let filters = Filters::read(&Form::of_query(query));
        let address = filters.with("set", "");
        let again = Filters::read(&Form::of_query(address.split_once('?').unwrap().1));
        assert_eq!(again, Filters { set: String::new(), ..filters.clone() });
        assert_eq!(again.sort, Sort::Name);
        assert_eq!(filters.total(&Shelf::default()), None);
        assert_eq!(Filters::read(&Form::default()).with("q", ""), "/cards");
        let nonsense = Form::of_query("variant=GOLD&verdict=MAYBE&view=x&sort=y&least=cheap");
        assert!(!Filters::read(&nonsense).is_narrow());
    }
}
