//! Numbers drawn at random, the same ones on every machine.

use crate::generate::Random;

/// FNV-1a: the same number on every machine and with every version of the compiler.
pub(super) fn digest(seed: u64, words: &[&str]) -> u64 {
    let bytes = words.iter().flat_map(|word| word.bytes().chain([0]));
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.fold(0xcbf2_9ce4_8422_2325 ^ seed, step)
}

/// Sum of twelve uniform draws: close to normal, with tails that end at six.
pub(super) fn normal(random: &mut Random) -> f64 {
    let sum: i64 = (0..12).map(|_| random.between(0, 1_000_000)).sum();
    #[expect(clippy::cast_precision_loss, reason = "twelve millions fit")]
    let sum = sum as f64;
    sum / 1e6 - 6.0
}

/// `12.37` stays, or becomes `12.40`, `12.50`, `11.90` or `11.99`: to the nearest one.
pub(super) fn rounded_as_sellers_do(price: f64, random: &mut Random) -> u64 {
    let cents = whole(price * 100.0).max(30);
    let to_nearest = |step: u64, below: u64| (cents + below + step / 2) / step * step - below;
    match random.below(10) {
        0 | 1 => cents,
        2 | 3 => to_nearest(10, 0),
        _ if cents < 200 => to_nearest(10, 0),
        4 | 5 => to_nearest(50, 0),
        6 | 7 => to_nearest(100, 10),
        _ => to_nearest(100, 1),
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "prices and numbers of listings, positive and small"
)]
pub(super) fn whole(number: f64) -> u64 {
    number.round() as u64
}
