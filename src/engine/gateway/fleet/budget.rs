//! The budget for repeating calls: at most a fifth of the traffic, so that repeating never becomes the load
//! that keeps a sick server down.

/// What each call adds.
const SHARE: f64 = 0.2;

/// The least that can be saved, and what there is at the start.
const RESERVE: f64 = 10.0;

/// What may still be repeated.
#[derive(Debug)]
pub(super) struct Budget {
    left: f64,
    most: f64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { left: RESERVE, most: RESERVE }
    }
}

impl Budget {
    /// One that suffices for as many calls as may be under way when a replica dies.
    pub(super) fn for_places(places: u32) -> Self {
        let most = RESERVE.max(f64::from(places));
        Self { left: most, most }
    }

    /// A call came in.
    pub(super) fn earn(&mut self) {
        self.left = (self.left + SHARE).min(self.most);
    }

    /// Takes what repeating a call costs, if there is as much.
    pub(super) fn spend(&mut self) -> bool {
        let enough = self.left >= 1.0;
        if enough {
            self.left -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_more_than_a_fifth_of_the_calls_are_repeated(wishes in prop::collection::vec(any::<bool>(), 0..2000)) {
            let (mut budget, mut repeated) = (Budget::default(), 0.0);
            for (calls, wish) in (1_u32..).zip(wishes) {
                budget.earn();
                if wish && budget.spend() {
                    repeated += 1.0;
                }
                prop_assert!(repeated <= RESERVE + SHARE * f64::from(calls) + 1e-6);
            }
        }
    }

    #[test]
    fn the_first_calls_after_a_start_may_be_repeated() {
        let mut budget = Budget::default();
        let spent = (0..20).filter(|_| budget.spend()).count();
        assert_eq!(spent, 10);
    }
}
