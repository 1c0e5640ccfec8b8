//! US mechanical royalties for CDs, vinyl and downloads.
//!
//! 37 CFR 385.11(a): for each copy of a work, the larger of a rate for the work and a rate "per minute of
//! playing time or fraction thereof". A minute that has begun counts in full. The rates change each
//! year and are rounded by the regulation already (a tenth of a cent, a hundredth of a cent), so the
//! product is exact and nothing more is rounded.

/// An amount of money in hundredths of a US cent, in which all rates are whole numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HundredthsOfCent(pub u64);

impl HundredthsOfCent {
    /// An amount that is given in cents; none when it is negative, too large, or finer than a hundredth.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked against the bounds before"
    )]
    pub fn from_cents(cents: f64) -> Option<Self> {
        const MOST: f64 = 1e9;
        let hundredths = (cents * 100.0).round();
        let is_exact = (cents * 100.0 - hundredths).abs() < 1e-6;
        (is_exact && (0.0..=MOST).contains(&hundredths)).then_some(Self(hundredths as u64))
    }

    /// The amount in cents.
    #[expect(clippy::cast_precision_loss, reason = "amounts are far below 2^52")]
    pub fn cents(self) -> f64 {
        self.0 as f64 / 100.0
    }

    fn times(self, factor: u32) -> Self {
        Self(self.0.saturating_mul(u64::from(factor)))
    }
}

/// The two rates of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// For each copy of a work.
    pub work: HundredthsOfCent,
    /// For each minute of playing time or fraction of one.
    pub minute: HundredthsOfCent,
}

/// What is owed for one copy of one work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Owed {
    /// The amount.
    pub amount: HundredthsOfCent,
    /// The minutes that have begun.
    pub minutes: u32,
    /// What the minutes come to.
    pub by_minutes: HundredthsOfCent,
}

impl Owed {
    /// Whether the rate by the minute is the larger one.
    pub fn is_by_minutes(self) -> bool {
        self.amount == self.by_minutes
    }
}

/// What is owed for one copy of a work that plays for so many seconds.
pub fn owed(rates: Rates, playing_seconds: u32) -> Owed {
    let minutes = playing_seconds.div_ceil(60);
    let by_minutes = rates.minute.times(minutes);
    Owed { amount: by_minutes.max(rates.work), minutes, by_minutes }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rates(work: f64, minute: f64) -> Rates {
        let read = |cents| HundredthsOfCent::from_cents(cents).expect("a rate");
        Rates { work: read(work), minute: read(minute) }
    }

    #[test]
    fn a_long_song_is_paid_by_the_minute() {
        let owed = owed(rates(13.1, 2.52), 6 * 60 + 10);
        assert_eq!((owed.minutes, owed.amount), (7, HundredthsOfCent(1764)));
        assert!(owed.is_by_minutes());
        assert!((owed.amount.cents() - 17.64).abs() < 1e-9);
    }

    #[test]
    fn up_to_five_minutes_the_rate_for_the_work_is_larger() {
        let rates = rates(13.1, 2.52);
        assert_eq!(owed(rates, 5 * 60).amount, HundredthsOfCent(1310));
        assert_eq!(owed(rates, 5 * 60 + 1).amount, HundredthsOfCent(1512));
        assert!(!owed(rates, 0).is_by_minutes());
    }

    #[test]
    fn rates_that_are_no_amounts_are_refused() {
        for cents in [-1.0, f64::NAN, f64::INFINITY, 2.525] {
            assert_eq!(HundredthsOfCent::from_cents(cents), None, "{cents}");
        }
    }

    proptest! {
        #[test]
        fn nobody_is_paid_less_than_for_the_work_or_for_a_shorter_song(seconds in 0_u32..100_000) {
            let rates = rates(13.1, 2.52);
            prop_assert!(owed(rates, seconds).amount >= rates.work);
            prop_assert!(owed(rates, seconds + 1).amount >= owed(rates, seconds).amount);
        }
    }
}
