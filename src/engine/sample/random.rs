//! Chance that can be repeated: the same seed and topic give the same numbers on every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

/// The characters of an id: Crockford's base 32 in lower case, without i, l, o and u.
const ID_CHARACTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A stream of random numbers for one topic.
///
/// Topics are independent, so that drawing one number more in one place moves nothing elsewhere.
pub(super) struct Random(ChaCha8Rng);

impl Random {
    /// The stream of a topic, for instance `"titles"`.
    pub(super) fn new(seed: u64, topic: &str) -> Self {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&seed.to_le_bytes());
        key[8..16].copy_from_slice(&hash(topic).to_le_bytes());
        Self(ChaCha8Rng::from_seed(key))
    }

    /// Evenly from 0 (included) to 1 (excluded), in steps of 2⁻³².
    pub(super) fn unit(&mut self) -> f64 {
        f64::from(self.0.next_u32()) / 4_294_967_296.0
    }

    /// Evenly from `low` to `high`.
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// Evenly one of 0 … `bound` - 1, by multiplication and shift (Lemire). Uneven by less than
    /// `bound` / 2³², which no sample shows.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        ((u64::from(self.0.next_u32()) * u64::from(bound)) >> 32) as u32
    }

    /// Evenly one of the items, of which there is at least one.
    pub(super) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        &items[self.below(count) as usize]
    }

    /// Puts the items in a random order (Fisher and Yates).
    pub(super) fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let bound = u32::try_from(last + 1).unwrap_or(u32::MAX);
            items.swap(last, self.below(bound) as usize);
        }
    }

    /// Bell-shaped around 0 with standard deviation 1: the scaled sum of four 16-bit numbers (Irwin and
    /// Hall). It never leaves ±3.5, so that noise alone is never an anomaly.
    pub(super) fn normal(&mut self) -> f64 {
        let bits = self.0.next_u64();
        let sum: u32 =
            (0..4).map(|part| u32::from_le_bytes([byte(bits, part), byte(bits, part + 4), 0, 0])).sum();
        // Each part has mean 32767.5 and variance (65536² - 1) / 12; four of them have 4 / 12 of that.
        (f64::from(sum) - 131_070.0) / 65_536.0 * SQUARE_ROOT_OF_3
    }

    /// An id such as `art_7k2m9q4x`: the prefix, `_` and eight characters.
    pub(super) fn id(&mut self, prefix: &str) -> String {
        let characters = (0..8).map(|_| char::from(*self.pick(ID_CHARACTERS)));
        format!("{prefix}_{}", characters.collect::<String>())
    }
}

const SQUARE_ROOT_OF_3: f64 = 1.732_050_807_568_877_2;

/// The byte with this number, from 0.
fn byte(bits: u64, number: usize) -> u8 {
    bits.to_le_bytes()[number]
}

/// FNV-1a, 64 bits: turns the name of a topic into a number.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |state, byte| {
        (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_and_topic_repeat_themselves() {
        let draw = |seed, topic| Random::new(seed, topic).id("art");
        assert_eq!(draw(7, "artists"), draw(7, "artists"));
        assert_ne!(draw(7, "artists"), draw(8, "artists"));
        assert_ne!(draw(7, "artists"), draw(7, "releases"));
    }

    #[test]
    fn ids_have_eight_characters_that_cannot_be_misread() {
        let id = Random::new(1, "ids").id("trk");
        let (prefix, rest) = id.split_once('_').unwrap();
        assert_eq!(prefix, "trk");
        assert_eq!(rest.len(), 8);
        assert!(rest.bytes().all(|byte| ID_CHARACTERS.contains(&byte)));
    }

    #[test]
    fn the_bell_has_mean_0_deviation_1_and_short_tails() {
        let mut random = Random::new(3, "bell");
        let draws: Vec<f64> = (0..20_000).map(|_| random.normal()).collect();
        let mean = draws.iter().sum::<f64>() / 20_000.0;
        let variance = draws.iter().map(|draw| (draw - mean) * (draw - mean)).sum::<f64>() / 20_000.0;
        assert!(mean.abs() < 0.03, "mean {mean}");
        assert!((variance - 1.0).abs() < 0.05, "variance {variance}");
        assert!(draws.iter().all(|draw| draw.abs() < 3.5));
    }

    #[test]
    fn every_number_below_the_bound_is_drawn() {
        let mut random = Random::new(4, "below");
        let mut counts = [0; 6];
        for _ in 0..6_000 {
            counts[random.below(6) as usize] += 1;
        }
        assert!(counts.iter().all(|count| (850..1_150).contains(count)), "{counts:?}");
    }

    #[test]
    fn shuffling_keeps_every_item() {
        let mut items: Vec<u32> = (0..50).collect();
        Random::new(5, "shuffle").shuffle(&mut items);
        assert!(items.windows(2).any(|pair| pair[0] > pair[1]));
        items.sort_unstable();
        assert_eq!(items, (0..50).collect::<Vec<_>>());
    }
}
