//! When an alarm changes its state.
//!
//! After "Configuring how CloudWatch alarms treat missing data" in the CloudWatch user guide: some more
//! periods are fetched than are evaluated, and missing values are filled in only where there are too
//! few real ones.

use super::definition::{Comparison, Missing};

/// Periods that are fetched beyond those to be evaluated.
pub(super) const EXTRA_PERIODS: usize = 2;

/// The rule of an alarm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rule {
    pub(super) comparison: Comparison,
    pub(super) threshold: f64,
    pub(super) evaluation_periods: usize,
    pub(super) datapoints_to_alarm: usize,
    pub(super) missing: Missing,
}

/// What the values say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// The threshold is crossed.
    Alarm,
    /// It is not.
    Ok,
    /// There is nothing to say so.
    InsufficientData,
    /// The alarm stays as it is.
    Keep,
}

/// A verdict, and the values that were evaluated for it, newest first.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Judgement {
    pub(super) verdict: Verdict,
    /// Real values with the numbers of their periods in the list that was evaluated.
    pub(super) evaluated: Vec<(usize, f64)>,
}

impl Rule {
    /// Judges the values of the latest periods, oldest first; none where a period has no value.
    pub(super) fn judge(&self, periods: &[Option<f64>]) -> Judgement {
        let real = periods.iter().enumerate().rev().filter_map(|(place, value)| Some((place, (*value)?)));
        let evaluated: Vec<(usize, f64)> = real.take(self.evaluation_periods).collect();
        let breaching =
            evaluated.iter().filter(|(_, value)| self.comparison.is_breached(*value, self.threshold)).count();
        let good = evaluated.len() - breaching;
        let filled = self.evaluation_periods - evaluated.len();
        Judgement { verdict: self.verdict(breaching, good, filled), evaluated }
    }

    /// From how many real values breach, how many do not, and how many are missing.
    fn verdict(&self, breaching: usize, good: usize, filled: usize) -> Verdict {
        let needed = self.datapoints_to_alarm;
        if breaching >= needed {
            return Verdict::Alarm;
        }
        match self.missing {
            Missing::Breaching if breaching + filled >= needed => Verdict::Alarm,
            // Nothing speaks against an alarm, but not all that is needed speaks for it.
            Missing::Ignore if good == 0 => Verdict::Keep,
            Missing::Unknown if good == 0 && breaching == 0 => Verdict::InsufficientData,
            Missing::Unknown if good == 0 => Verdict::Alarm,
            Missing::Breaching | Missing::NotBreaching | Missing::Ignore | Missing::Unknown => Verdict::Ok,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TREATMENTS: [Missing; 4] =
        [Missing::Unknown, Missing::Ignore, Missing::Breaching, Missing::NotBreaching];

    fn rule(needed: usize, missing: Missing) -> Rule {
        Rule {
            comparison: Comparison::Greater,
            threshold: 1.0,
            evaluation_periods: 3,
            datapoints_to_alarm: needed,
            missing,
        }
    }

    /// `0` is a good value, `X` a breaching one, `-` a missing one; oldest first.
    fn verdicts(needed: usize, periods: &str) -> [Verdict; 4] {
        let values: Vec<Option<f64>> = periods
            .chars()
            .map(|sign| match sign {
                '0' => Some(0.0),
                'X' => Some(2.0),
                _ => None,
            })
            .collect();
        TREATMENTS.map(|missing| rule(needed, missing).judge(&values).verdict)
    }

    #[test]
    fn three_of_three() {
        use Verdict::{Alarm, InsufficientData, Keep, Ok};
        assert_eq!(verdicts(3, "0-X-X"), [Ok, Ok, Ok, Ok]);
        assert_eq!(verdicts(3, "0----"), [Ok, Ok, Ok, Ok]);
        assert_eq!(verdicts(3, "-----"), [InsufficientData, Keep, Alarm, Ok]);
        assert_eq!(verdicts(3, "0XX-X"), [Alarm, Alarm, Alarm, Alarm]);
        assert_eq!(verdicts(3, "--X--"), [Alarm, Keep, Alarm, Ok]);
    }

    #[test]
    fn two_of_three() {
        use Verdict::{Alarm, Keep, Ok};
        assert_eq!(verdicts(2, "0-X-X"), [Alarm, Alarm, Alarm, Alarm]);
        assert_eq!(verdicts(2, "00X0X"), [Alarm, Alarm, Alarm, Alarm]);
        assert_eq!(verdicts(2, "0-X--"), [Ok, Ok, Alarm, Ok]);
        assert_eq!(verdicts(2, "----0"), [Ok, Ok, Alarm, Ok]);
        assert_eq!(verdicts(2, "---X-"), [Alarm, Keep, Alarm, Ok]);
    }

    #[test]
    fn only_the_newest_values_count() {
        let judged = rule(3, Missing::Unknown).judge(&[Some(9.0), Some(0.0), Some(2.0), None, Some(3.0)]);
        assert_eq!(judged.evaluated, [(4, 3.0), (2, 2.0), (1, 0.0)]);
        assert_eq!(judged.verdict, Verdict::Ok);
    }

    #[test]
    fn each_comparison_knows_its_border() {
        use Comparison::{Greater, GreaterOrEqual, Less, LessOrEqual};
        for (comparison, below, at, above) in [
            (Greater, false, false, true),
            (GreaterOrEqual, false, true, true),
            (Less, true, false, false),
            (LessOrEqual, true, true, false),
        ] {
            let found = [0.0, 1.0, 2.0].map(|value| comparison.is_breached(value, 1.0));
            assert_eq!(found, [below, at, above], "{comparison:?}");
        }
    }

    proptest! {
        #[test]
        fn without_missing_values_the_treatment_does_not_matter(
            values in prop::collection::vec(0.0..2.0, 5),
            needed in 1_usize..=3,
        ) {
            let periods: Vec<Option<f64>> = values.into_iter().map(Some).collect();
            let verdicts = TREATMENTS.map(|missing| rule(needed, missing).judge(&periods).verdict);
            prop_assert!(verdicts.iter().all(|verdict| *verdict == verdicts[0]));
            prop_assert!(matches!(verdicts[0], Verdict::Alarm | Verdict::Ok));
        }
    }
}
