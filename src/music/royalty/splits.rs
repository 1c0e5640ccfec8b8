//! Who shares in what a recording earns, in hundredths of a percent that add up to the whole.

use super::exact::{WHOLE_BASIS_POINTS, divided};

/// Somebody's part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Whose it is.
    pub payee: String,
    /// In hundredths of a percent.
    pub basis_points: u32,
}

/// The parts of one recording. They add up to 10,000, and nobody is in them twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splits(Vec<Share>);

/// Why parts are no splits.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SplitsError {
    /// They do not add up.
    #[error(
        "the parts add up to {0} basis points instead of {WHOLE_BASIS_POINTS}; correct them before anybody is paid"
    )]
    Total(u64),
    /// Somebody has two parts.
    #[error("{0:?} has two parts; add them up")]
    Twice(String),
}

impl Splits {
    /// Checks the parts.
    ///
    /// # Errors
    /// When they do not add up to 10,000, or somebody is in them twice.
    pub fn new(shares: Vec<Share>) -> Result<Self, SplitsError> {
        let total: u64 = shares.iter().map(|share| u64::from(share.basis_points)).sum();
        if total != u64::from(WHOLE_BASIS_POINTS) {
            return Err(SplitsError::Total(total));
        }
        let twice = shares
            .iter()
            .enumerate()
            .find(|(place, share)| shares[..*place].iter().any(|other| other.payee == share.payee));
        match twice {
            Some((_, share)) => Err(SplitsError::Twice(share.payee.clone())),
            None => Ok(Self(shares)),
        }
    }

    /// The parts.
    pub fn shares(&self) -> &[Share] {
        &self.0
    }

    /// What everybody gets of an amount, in the order of the parts; adds up to the amount.
    pub fn divide(&self, amount: i64) -> Vec<(&str, i64)> {
        let weights: Vec<u32> = self.0.iter().map(|share| share.basis_points).collect();
        let parts = divided(amount, &weights).unwrap_or_default();
        self.0.iter().zip(parts).map(|(share, part)| (share.payee.as_str(), part)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn share(payee: &str, basis_points: u32) -> Share {
        Share { payee: payee.to_owned(), basis_points }
    }

    #[test]
    fn parts_that_do_not_add_up_are_refused() {
        assert_eq!(Splits::new(vec![share("a", 9_999)]), Err(SplitsError::Total(9_999)));
        assert_eq!(Splits::new(vec![share("a", 10_001)]), Err(SplitsError::Total(10_001)));
        assert_eq!(Splits::new(Vec::new()), Err(SplitsError::Total(0)));
        let twice = vec![share("a", 5_000), share("a", 5_000)];
        assert_eq!(Splits::new(twice), Err(SplitsError::Twice("a".to_owned())));
    }

    #[test]
    fn a_third_each_of_a_euro() {
        let splits =
            Splits::new(vec![share("a", 3_334), share("b", 3_333), share("c", 3_333)]).expect("whole");
        assert_eq!(splits.divide(100), [("a", 34), ("b", 33), ("c", 33)]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_and_nothing_is_made(amount in any::<i64>(), first in 0_u32..=10_000) {
            let splits = Splits::new(vec![share("a", first), share("b", 10_000 - first)]).expect("whole");
            let sum: i128 = splits.divide(amount).iter().map(|(_, part)| i128::from(*part)).sum();
            prop_assert_eq!(sum, i128::from(amount));
        }
    }
}
