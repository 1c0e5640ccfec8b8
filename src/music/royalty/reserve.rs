//! Reserves against returns: a part of royalties that is held back, and released in equal parts at the end of each of
//! the accounting periods that follow.

use super::exact::{WHOLE_BASIS_POINTS, divided, scaled};
use super::usage::Channel;
use jiff::ToSpan;
use jiff::civil::Date;

/// The most parts in which a reserve is released.
pub const MOST_PARTS: u32 = 40;

/// The lengths of accounting periods, in months: they begin with the year.
pub const MONTHS: [u32; 4] = [1, 3, 6, 12];

/// What is held back, and how it is released.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reserve {
    basis_points: u32,
    channels: Vec<Channel>,
    parts: u32,
    months: u32,
}

/// Why a reserve cannot be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReserveError {
    /// More than everything is held back.
    #[error("{0} basis points are more than the whole of {WHOLE_BASIS_POINTS}")]
    TooMuch(u32),
    /// It would never be released, or in more parts than are kept.
    #[error("a reserve is released over 1 to {MOST_PARTS} accounting periods, not {0}")]
    Parts(u32),
    /// Accounting periods that do not fit into a year.
    #[error("an accounting period has 1, 3, 6 or 12 months, not {0}")]
    Months(u32),
}

impl Reserve {
    /// Checks it: the part of royalties in hundredths of a percent, the channels on which it is held (none named: on
    /// all), over how many accounting periods it is released, and how many months each of them has.
    ///
    /// # Errors
    /// When it holds more than everything, is never released, or its periods do not fit into a year.
    pub fn new(
        basis_points: u32,
        channels: Vec<Channel>,
        parts: u32,
        months: u32,
    ) -> Result<Self, ReserveError> {
        if basis_points > WHOLE_BASIS_POINTS {
            return Err(ReserveError::TooMuch(basis_points));
        }
        if !(1..=MOST_PARTS).contains(&parts) {
            return Err(ReserveError::Parts(parts));
        }
        if !MONTHS.contains(&months) {
            return Err(ReserveError::Months(months));
        }
        Ok(Self { basis_points, channels, parts, months })
    }

    /// The part of royalties, in hundredths of a percent.
    pub fn basis_points(&self) -> u32 {
        self.basis_points
    }

    /// In how many parts it is released.
    pub fn parts(&self) -> u32 {
        self.parts
    }

    /// Whether it is held on a channel. Where a report leaves the channel open, only a reserve on all channels is.
    pub fn is_held_on(&self, channel: Option<Channel>) -> bool {
        self.channels.is_empty()
            || channel.is_some_and(|is| self.channels.iter().any(|named| named.holds(is)))
    }

    /// What is held back of royalties: nothing of what is taken back. None where it does not fit.
    pub fn held(&self, royalties: i64) -> Option<i64> {
        scaled(royalties.max(0), i64::from(self.basis_points), i64::from(WHOLE_BASIS_POINTS))
    }

    /// When which part of what was held on a day is released: on the last day of each accounting period after the one
    /// of that day. The parts add up to what was held. None where the days are beyond the calendar.
    pub fn releases(&self, held_on: Date, held: i64) -> Option<Vec<(Date, i64)>> {
        let weights = vec![1; usize::try_from(self.parts).ok()?];
        let amounts = divided(held, &weights)?;
        let months = i64::from(self.months);
        let into = (i64::from(held_on.month()) - 1) % months;
        let begin = held_on.first_of_month().checked_sub(into.months()).ok()?;
        let mut releases = Vec::with_capacity(amounts.len());
        for (periods, amount) in (2_i64..).zip(amounts) {
            let after = begin.checked_add((periods * months).months()).ok()?;
            releases.push((after.yesterday().ok()?, amount));
        }
        Some(releases)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn half_of_a_year_is_released_at_the_ends_of_quarters() {
        let reserve = Reserve::new(2_000, vec![Channel::Physical], 3, 3).expect("a reserve");
        assert_eq!(reserve.held(5_000), Some(1_000));
        assert_eq!(
            reserve.releases(date(2026, 11, 14), 1_000),
            Some(vec![(date(2027, 3, 31), 334), (date(2027, 6, 30), 333), (date(2027, 9, 30), 333)])
        );
        let monthly = Reserve::new(2_000, Vec::new(), 1, 1).expect("a reserve");
        assert_eq!(monthly.releases(date(2028, 1, 31), 5), Some(vec![(date(2028, 2, 29), 5)]));
    }

    #[test]
    fn it_is_held_on_its_channels_only_and_never_on_what_was_taken_back() {
        let physical = Reserve::new(2_000, vec![Channel::Physical], 2, 6).expect("a reserve");
        assert!(physical.is_held_on(Some(Channel::Physical)));
        assert!(!physical.is_held_on(Some(Channel::Download)) && !physical.is_held_on(None));
        assert!(Reserve::new(2_000, Vec::new(), 2, 6).expect("a reserve").is_held_on(None));
        assert_eq!(physical.held(-5_000), Some(0));
    }

    #[test]
    fn reserves_that_cannot_be_are_refused() {
        assert_eq!(Reserve::new(10_001, Vec::new(), 1, 1), Err(ReserveError::TooMuch(10_001)));
        assert_eq!(Reserve::new(1, Vec::new(), 0, 1), Err(ReserveError::Parts(0)));
        assert_eq!(Reserve::new(1, Vec::new(), 1, 5), Err(ReserveError::Months(5)));
    }

    proptest! {
        #[test]
        fn all_that_was_held_is_released_and_later(
            held in 0_i64..1_000_000_000,
            parts in 1_u32..=MOST_PARTS,
            months in prop::sample::select(MONTHS.to_vec()),
            day in 1_i8..=28,
            month in 1_i8..=12,
        ) {
            let reserve = Reserve::new(10_000, Vec::new(), parts, months).expect("a reserve");
            let held_on = date(2026, month, day);
            let releases = reserve.releases(held_on, held).expect("days");
            prop_assert_eq!(releases.iter().map(|(_, amount)| amount).sum::<i64>(), held);
            prop_assert!(releases.iter().all(|(on, _)| *on > held_on));
            prop_assert!(releases.is_sorted_by(|one, next| one.0 < next.0 && one.1 >= next.1));
        }
    }
}
