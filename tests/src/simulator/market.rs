//! The market: what is offered for a card on a day, at which price, and what became of it.
//!
//! Everything follows from seed, query and day, so that nothing has to be remembered. Each card
//! has places; each place shows one listing after another, each for some days. So listings vanish
//! and others come, and the number of listings stays.

use crate::generate::Random;

use super::draw::{digest, normal, rounded_as_sellers_do, whole};
use super::kind::Kind;

/// Most listings of one card.
const MAX_PLACES: u64 = 3_000;
/// In the id of a listing: how many of its place's predecessors can be told apart.
const MAX_TURNS: i64 = 1_000;
/// Sellers of the whole market.
const N_SELLERS: u64 = 600;
/// Cards of which nobody offers any, in a thousand.
const UNOFFERED: u64 = 15;

/// The rules of one simulated market.
#[derive(Clone, Debug)]
pub(super) struct Market {
    pub(super) seed: u64,
    /// Exactly so many places for each card, instead of some for each.
    pub(super) places: Option<u64>,
}

/// A card, as far as a query tells.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Subject {
    /// `Dracaufeu 4/102`
    pub(super) query: String,
    pub(super) name: String,
    /// `4/102`; empty when the query has no number.
    pub(super) number: String,
    /// Of the query: a part of each listing's id.
    pub(super) id: u64,
    /// Listings at any time.
    n_places: u64,
    /// Nearly perfect and without doubt, in euros.
    pub(super) true_price: f64,
}

/// One listing of a card.
#[derive(Clone, Debug)]
pub(super) struct Offer {
    /// Place and turn; see [`Offer::item_id`].
    pub(super) place: u64,
    turn: i64,
    subject_id: u64,
    pub(super) kind: Kind,
    /// In euros, before it is rounded as sellers do.
    pub(super) price_cents: u64,
    pub(super) currency: Currency,
    pub(super) shipping: Shipping,
    pub(super) seller: u64,
    pub(super) country: &'static str,
    /// Days ago.
    pub(super) age_days: i64,
    /// Days before this listing during which the same item was listed already.
    pub(super) relisted_days: i64,
    pub(super) is_auction: bool,
    pub(super) takes_offers: bool,
    pub(super) is_sponsored: bool,
    /// Chooses words of the title.
    pub(super) wording: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Currency {
    Euro,
    /// Shown as it is.
    Foreign(&'static str),
    /// Shown in euros, with the original beside it.
    Converted(&'static str),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shipping {
    FixedCents(u64),
    Calculated,
}

/// What `getItem` says of an id.
pub(super) enum Fate {
    Running(Offer),
    /// It was sold or taken away that many days ago.
    Over {
        offer: Offer,
        is_sold: bool,
        days_ago: i64,
    },
    Gone,
}

impl Market {
    /// What a query is about. eBay takes words in parentheses for alternatives: the first counts.
    pub(super) fn subject(&self, query: &str) -> Subject {
        let plain = first_alternatives(query);
        let number = number_in(&plain).to_owned();
        let names: Vec<_> = plain.split_whitespace().filter(|word| *word != number).collect();
        let id = digest(self.seed, &[&query.to_lowercase()]) % 1_000_000_000;
        Subject {
            query: query.to_owned(),
            name: names.join(" "),
            id,
            n_places: self.n_places(id),
            true_price: self.true_price(&names.join(" "), &number),
            number,
        }
    }

    /// The price around which honest sellers ask. It follows from the first real word of the name
    /// and the number before the stroke, however they are written.
    pub(super) fn true_price(&self, name: &str, number: &str) -> f64 {
        let words = name.split(|it: char| !it.is_alphabetic());
        let word = words.map(str::to_lowercase).find(|it| it.chars().count() > 2 && it != "mega");
        let number = number.split('/').next().unwrap_or_default().trim_start_matches('0');
        let word = word.unwrap_or_default();
        let mut random = Random::new(digest(self.seed, &[&word, number]), 1);
        (6.0 * (1.2 * normal(&mut random)).exp()).clamp(0.5, 4_000.0)
    }

    /// Everything that is offered on a day, whoever asks.
    pub(super) fn offers<'a>(
        &'a self,
        subject: &'a Subject,
        day: i64,
    ) -> impl Iterator<Item = Offer> + 'a {
        (0..subject.n_places).map(move |place| {
            let turn = Turn::on(subject.id, place, day);
            self.offer(subject, place, turn.number, day - turn.first_day)
        })
    }

    /// What became of a listing, by its id.
    pub(super) fn fate(&self, id: ItemId, subject: &Subject, day: i64) -> Fate {
        if id.place >= subject.n_places {
            return Fate::Gone;
        }
        let now = Turn::on(subject.id, id.place, day);
        let turns_ago = (now.number - id.turn).rem_euclid(MAX_TURNS);
        if turns_ago == 0 {
            return Fate::Running(self.offer(subject, id.place, now.number, day - now.first_day));
        }
        let number = now.number - turns_ago;
        let end_day = now.first_day - (turns_ago - 1) * now.length_days;
        let days_ago = day - end_day;
        let offer = self.offer(subject, id.place, number, now.length_days + days_ago);
        match Random::new(offer.wording, 7).below(100) {
            0..60 => Fate::Over { offer, is_sold: true, days_ago },
            60..85 => Fate::Over { offer, is_sold: false, days_ago },
            _ => Fate::Gone,
        }
    }

    fn n_places(&self, subject_id: u64) -> u64 {
        if let Some(places) = self.places {
            return places.min(MAX_PLACES);
        }
        let mut random = Random::new(self.seed ^ subject_id, 2);
        if random.per_mille(UNOFFERED) {
            return 0;
        }
        whole(45.0 * normal(&mut random).exp()).clamp(2, MAX_PLACES)
    }

    fn offer(&self, subject: &Subject, place: u64, turn: i64, age_days: i64) -> Offer {
        let lane = place << 24 | turn.unsigned_abs();
        let mut random = Random::new(self.seed ^ subject.id << 20, lane);
        let kind = Kind::draw(&mut random);
        let price = kind.price(subject.true_price, &mut random);
        let price_cents = rounded_as_sellers_do(price, &mut random);
        Offer {
            place,
            turn,
            subject_id: subject.id,
            kind,
            price_cents,
            currency: Currency::draw(&mut random),
            shipping: Shipping::draw(kind, &mut random),
            seller: seller(subject, &mut random),
            country: if random.per_mille(880) {
                "FR"
            } else {
                random.pick(&["DE", "BE", "IT", "ES", "GB", "US", "JP"])
            },
            age_days,
            relisted_days: if random.per_mille(250) { random.between(20, 700) } else { 0 },
            is_auction: random.per_mille(30),
            takes_offers: random.per_mille(300),
            is_sponsored: random.per_mille(150),
            wording: random.next(),
        }
    }
}

impl Currency {
    fn draw(random: &mut Random) -> Currency {
        match random.below(1_000) {
            0..12 => Currency::Foreign("USD"),
            12..20 => Currency::Foreign("GBP"),
            20..45 => Currency::Converted("USD"),
            _ => Currency::Euro,
        }
    }
}

impl Shipping {
    fn draw(kind: Kind, random: &mut Random) -> Shipping {
        match random.below(1_000) {
            0..20 => Shipping::Calculated,
            20..270 => Shipping::FixedCents(0),
            _ if kind == Kind::Slab => Shipping::FixedCents(random.pick(&[690, 799, 990])),
            _ => Shipping::FixedCents(random.pick(&[150, 190, 210, 250, 350, 450])),
        }
    }
}

/// A few sellers have most of a card's listings: about six of ten come from one seen already.
fn seller(subject: &Subject, random: &mut Random) -> u64 {
    let n_sellers = subject.n_places / 3 + 2;
    let of_this_card = random.below(n_sellers);
    Random::new(subject.id, of_this_card << 8 | 4).below(N_SELLERS)
}

/// One listing's time in a place.
struct Turn {
    number: i64,
    first_day: i64,
    length_days: i64,
}

impl Turn {
    fn on(subject_id: u64, place: u64, day: i64) -> Turn {
        let mut random = Random::new(subject_id, place << 8 | 3);
        let length_days = random.between(6, 120);
        let phase = random.between(0, length_days - 1);
        let number = (day + phase).div_euclid(length_days);
        Turn { number, first_day: number * length_days - phase, length_days }
    }
}

/// The digits of a listing's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ItemId {
    pub(super) subject_id: u64,
    place: u64,
    turn: i64,
}

impl ItemId {
    /// Reads `v1|<digits>|<variation>`.
    pub(super) fn parse(text: &str) -> Option<ItemId> {
        let digits: u64 = text.strip_prefix("v1|")?.split('|').next()?.parse().ok()?;
        let turn = i64::try_from(digits % 1_000).ok()?;
        Some(ItemId { subject_id: digits / 10_000_000, place: digits / 1_000 % 10_000, turn })
    }
}

impl Offer {
    /// The old kind of id: digits of the card, the place and the turn.
    pub(super) fn legacy_id(&self) -> u64 {
        let turn = self.turn.rem_euclid(MAX_TURNS).unsigned_abs();
        (self.subject_id * 10_000 + self.place) * 1_000 + turn
    }

    pub(super) fn item_id(&self) -> String {
        let variation = if self.kind == Kind::Variation { self.place + 1 } else { 0 };
        format!("v1|{}|{variation}", self.legacy_id())
    }
}

/// `(a, b) c` becomes `a c`.
fn first_alternatives(query: &str) -> String {
    let mut words = String::new();
    let mut is_skipped = false;
    for letter in query.chars() {
        match letter {
            '(' => {}
            ',' => is_skipped = true,
            ')' => is_skipped = false,
            _ if is_skipped => {}
            _ => words.push(letter),
        }
    }
    words
}

/// The number of a card in a query: the word with a stroke, or else the first one with a digit,
/// which the name itself may have.
fn number_in(query: &str) -> &str {
    let has_digit = |word: &&str| word.contains(|it: char| it.is_ascii_digit());
    let mut words = query.split_whitespace().filter(has_digit);
    let first = words.clone().next().unwrap_or_default();
    words.find(|word| word.contains('/')).unwrap_or(first)
}

#[cfg(test)]
mod tests;
