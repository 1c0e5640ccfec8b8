//! Chance for tests: the same each time, without memory or period.

/// A number between −2.7 and 2.7, with a standard deviation of 0.9, for a day.
pub(super) fn chance(day: i32) -> f64 {
    let seed = u64::from(day.unsigned_abs());
    let mixed = (0..3_u64).map(|part| {
        let mut state = (seed * 3 + part + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        f64::from(u32::try_from((state ^ (state >> 31)) >> 32).unwrap_or_default()) / f64::from(u32::MAX)
            - 0.5
    });
    mixed.sum::<f64>() * 1.8
}
