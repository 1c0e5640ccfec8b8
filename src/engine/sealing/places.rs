//! Some of the records of a log, from one on, as a bit for each.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// Their places in the log.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Places {
    from: u64,
    bits: Vec<u8>,
}

impl Places {
    /// Those that are meant, of all from a place on.
    pub fn of(from: u64, meant: &[bool]) -> Self {
        // Nothing is said where nothing is meant.
        if !meant.contains(&true) {
            return Self::default();
        }
        let byte = |bits: &[bool]| {
            bits.iter().enumerate().fold(0_u8, |byte, (place, bit)| byte | (u8::from(*bit) << place))
        };
        Self { from, bits: meant.chunks(8).map(byte).collect() }
    }

    /// Whether none is meant.
    pub fn is_empty(&self) -> bool {
        self.bits.is_empty()
    }

    /// Whether one is meant.
    pub fn has(&self, place: u64) -> bool {
        let Some(bit) = place.checked_sub(self.from) else { return false };
        let byte = usize::try_from(bit / 8).ok().and_then(|byte| self.bits.get(byte));
        byte.is_some_and(|byte| (byte >> (bit % 8)) & 1 == 1)
    }

    pub(super) fn encode(&self) -> String {
        format!("{} {}", self.from, STANDARD.encode(&self.bits))
    }

    pub(super) fn decode(text: &str) -> Option<Self> {
        let (from, bits) = text.split_once(' ')?;
        Some(Self { from: from.parse().ok()?, bits: STANDARD.decode(bits).ok()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_the_same_after_writing_and_reading() {
        let meant: Vec<_> = (0..20).map(|place| place % 3 == 1).collect();
        let places = Places::decode(&Places::of(100, &meant).encode()).expect("places");
        let read: Vec<_> = (100..120).map(|place| places.has(place)).collect();
        assert_eq!(read, meant);
        assert!(!places.has(1) && !places.has(1_000));
    }

    #[test]
    fn where_none_is_meant_nothing_is_said() {
        assert!(Places::of(3, &[false; 9]).is_empty());
        assert!(Places::of(3, &[]).is_empty());
        assert!(!Places::of(3, &[false, true]).is_empty());
    }
}
