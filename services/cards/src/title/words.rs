//! What words mean to a price. One space stands between the words of a pair.

use crate::classify::Rejection;
use crate::config::Condition;

/// What a word or a pair of words says about an offer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sense {
    Reject(Rejection),
    /// A grader whose name is also a word: meant only before a grade.
    Grader,
    /// Several cards when a number stands before it.
    Cards,
    Language(&'static str),
    Condition(Condition),
    Reverse,
    Holo,
    FirstEdition,
    /// Takes back what the next word says.
    Negation,
    /// The card came out of a sealed product.
    Unpacked,
    /// Says nothing, but uses up its words.
    Nothing,
}

/// Every meaning with its words and pairs of words, separated by commas.
pub(super) const WORDS: &[(Sense, &str)] = &[
    (
        Sense::Reject(Rejection::Graded),
        "psa, cgc, bgs, bcc, pca, pcg, mga, sgc, ccc, beckett, slab, slabbed, gradee, gradees, \
         grade, grades, graded, grading, collect aura",
    ),
    (Sense::Grader, "ace, tag, pg, aura, afg, pgs"),
    (
        Sense::Reject(Rejection::Proxy),
        "proxy, proxys, proxies, orica, oricas, custom, customs, fake, faux, fausse, replica, \
         replique, reproduction, repro, imitation, contrefacon, copie, fanart, fanmade, \
         fan art, fan made, fan card, fait main, non officielle, non officiel, non original, \
         unofficial, metal, metallique, gold plated, plaque or, plaquee or, or 24k, 24k",
    ),
    (
        Sense::Reject(Rejection::CodeCard),
        "code, codes, ptcgo, ptcgl, tcgo, tcg live, tcg online, jcc online, carte online, \
         online code",
    ),
    (
        Sense::Reject(Rejection::NotACard),
        "figurine, figurines, figure, peluche, plush, sticker, stickers, autocollant, \
         autocollants, poster, classeur, binder, playmat, tapis, puzzle, magnet, pins, badge, \
         jeton, medaille, topps, panini, carddass, bandai, topsun, meiji, amada, protege carte, \
         porte cle, porte cles, tee shirt, cadre photo, emplacement vide",
    ),
    (
        Sense::Reject(Rejection::Sealed),
        "booster, boosters, display, coffret, coffrets, etb, upc, elite trainer, \
         dresseur elite, blister, blisters, tripack, duopack, pokebox, tin, deck, decks, \
         starter, scelle, scellee, scelles, scellees, sealed, unopened",
    ),
    (
        Sense::Unpacked,
        "sortie, sorti, sorties, issu, issue, tiree, sortant, direct, fresh, ouverture, \
         provenant, extraite, pull, pulled",
    ),
    (
        Sense::Reject(Rejection::Lot),
        "lot, lots, bundle, playset, paire, duo, ensemble, master set, full set, set complet, \
         serie complete, collection complete, collection entiere, vrac, bulk, au choix, \
         a choisir, choisir, choisissez, l unite, pick your, choose your, you pick, choix",
    ),
    (Sense::Cards, "cartes, cards, exemplaires, copies, pieces"),
    (
        Sense::Language("ja"),
        "japonais, japonaise, japonaises, japon, japan, japanese, jap, jpn, jp, japanische, \
         giapponese",
    ),
    (
        Sense::Language("en"),
        "anglais, anglaise, anglaises, english, eng, ang, us, usa, uk, vo, englisch, inglese, \
         ingles",
    ),
    (Sense::Language("de"), "allemand, allemande, german, deutsch, deutsche, ger"),
    (Sense::Language("it"), "italien, italienne, italian, italiano, italiana, ita"),
    (Sense::Language("es"), "espagnol, espagnole, spanish, espanol, castellano, esp"),
    (Sense::Language("pt"), "portugais, portugaise, portuguese, portugues, brasil"),
    (Sense::Language("nl"), "neerlandais, neerlandaise, hollandais, dutch"),
    (Sense::Language("ko"), "coreen, coreenne, korean, korea, coree, kor, kr"),
    (Sense::Language("zh"), "chinois, chinoise, chinese, chine, china, chs, cht, chn"),
    (Sense::Language("th"), "thai, thailandais, thailand"),
    (Sense::Language("id"), "indonesien, indonesian, indonesia"),
    (Sense::Language("ru"), "russe, russian"),
    (Sense::Language("pl"), "polonais, polish"),
    (Sense::Language("fr"), "vf, francais, francaise, french, france"),
    (
        Sense::Reject(Rejection::SpecialPrint),
        "staff, stamp, stamped, tampon, tamponne, tamponnee, prerelease, pre release, \
         avant premiere, jumbo, oversized, oversize, geante, geant, xxl, erreur, error, \
         misprint, miscut, misprinted, miscutted, shadowless, master ball, masterball, \
         poke ball, pokeball, cosmos, cracked ice, signee, dedicacee, autographe, signed",
    ),
    (
        Sense::FirstEdition,
        "1st, 1ed, ed1, 1ere edition, 1ere ed, 1re edition, 1er edition, premiere edition, \
         first edition, 1 edition, 1 ed, edition 1, ed 1, edition1, 1edition",
    ),
    (Sense::Reverse, "reverse, reverses, rev, reversed, holo reverse, reverse holo"),
    (Sense::Holo, "holo, holos, holographique, holographic, foil, brillante"),
    (Sense::Negation, "non, not, no, sans, aucun, aucune, pas, jamais, ni"),
    (
        Sense::Condition(Condition::LightlyPlayed),
        "excellent, excellente, exc, lp, tbe, tres bon, lightly played, legerement jouee, \
         light played, presque neuf, microrayures, bords blancs",
    ),
    (
        Sense::Condition(Condition::ModeratelyPlayed),
        "mp, gd, bon etat, very good, played, jouee, joue, moderately played, \
         moyennement jouee, correct, correcte, etat moyen, moyen etat",
    ),
    (
        Sense::Condition(Condition::HeavilyPlayed),
        "heavily played, heavy played, tres jouee, fortement jouee, poor, mauvais, mauvaise, \
         usee, use, usagee, rayee, rayees, rayures, pli, plis, pliure, pliee",
    ),
    (
        Sense::Condition(Condition::Damaged),
        "damaged, dmg, abime, abimee, abimees, endommage, endommagee, dechiree, dechire, \
         cassee, tachee, coupee, ecrite, inked",
    ),
    // Phrases in which a grader's name means something else.
    (Sense::Nothing, "ace spec, tag team"),
];
