//! `stats`: what is computed of groups of rows, one row at a time.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use super::calendar::DAY;
use super::evaluate::Resolved;
use super::execution::ExecutionError;
use super::memory::{Memory, size_of_values};
use super::row::{Row, Source};
use super::syntax::AggregateKind;
use super::value::Value;

/// How many groups, or different values, a query may have.
const MOST_GROUPS: usize = 1_000_000;

/// A `stats` command at work.
#[derive(Debug)]
pub(super) struct Aggregation {
    /// What makes a group, and the slot that it goes to.
    pub(super) by: Vec<(Resolved, usize)>,
    /// What is computed of each group, of what, and the slot that it goes to.
    pub(super) computed: Vec<(AggregateKind, Option<Resolved>, usize)>,
    groups: Vec<Group>,
    by_key: HashMap<Vec<u8>, usize>,
    /// The key of the row at hand.
    key: Vec<u8>,
    /// The group of the row before: rows come in the order of time, and so often in groups.
    last: Option<(Vec<u8>, usize)>,
}

#[derive(Debug)]
struct Group {
    values: Vec<Value>,
    states: Vec<State>,
}

impl Aggregation {
    pub(super) fn new(
        by: Vec<(Resolved, usize)>,
        computed: Vec<(AggregateKind, Option<Resolved>, usize)>,
    ) -> Self {
        Self { by, computed, groups: Vec::new(), by_key: HashMap::new(), key: Vec::new(), last: None }
    }

    /// If all that matters of a row is into which period its time falls: a length in milliseconds that
    /// all these periods consist of.
    pub(super) fn counting_period(&self) -> Option<i64> {
        let only_counts = self.computed.iter().all(|(_, argument, _)| argument.is_none());
        let periods = self.by.iter().map(|(expression, _)| match expression {
            Resolved::Floor(time, period) if matches!(**time, Resolved::Reference(Source::Timestamp)) => {
                Some(period.common_length())
            }
            _ => None,
        });
        let common = periods.reduce(|left, right| left.zip(right).map(|(left, right)| divisor(left, right)));
        common.unwrap_or(Some(DAY)).filter(|_| only_counts)
    }

    /// Takes a row into its group.
    pub(super) fn add(&mut self, row: &Row, memory: &mut Memory) -> Result<(), ExecutionError> {
        self.key.clear();
        for (expression, _) in &self.by {
            expression.value(row).write_key(&mut self.key);
        }
        let index = match &self.last {
            Some((key, index)) if *key == self.key => *index,
            _ => self.find(row, memory)?,
        };
        let Some(group) = self.groups.get_mut(index) else { return Ok(()) };
        for ((_, argument, _), state) in self.computed.iter().zip(&mut group.states) {
            match argument {
                None => state.count(row.weight),
                Some(argument) => state.add(&argument.value(row), row.event.timestamp, memory)?,
            }
        }
        Ok(())
    }

    /// The group with the key at hand, made if need be.
    fn find(&mut self, row: &Row, memory: &mut Memory) -> Result<usize, ExecutionError> {
        let index = if let Some(index) = self.by_key.get(&self.key) {
            *index
        } else {
            if self.groups.len() >= MOST_GROUPS {
                return Err(ExecutionError::TooManyGroups { most: MOST_GROUPS });
            }
            let values: Vec<_> = self.by.iter().map(|(expression, _)| expression.value(row)).collect();
            let states: Vec<_> = self.computed.iter().map(|(kind, _, _)| State::new(*kind)).collect();
            memory.hold(self.key.len() + size_of_values(&values) + size_of_val(states.as_slice()))?;
            self.groups.push(Group { values, states });
            self.by_key.insert(self.key.clone(), self.groups.len() - 1);
            self.groups.len() - 1
        };
        self.last = Some((self.key.clone(), index));
        Ok(index)
    }

    /// Calls for each group, in the order of their first rows, with a row that holds its values.
    pub(super) fn finish(
        &mut self,
        row: &mut Row,
        mut each: impl FnMut(&mut Row) -> Result<(), ExecutionError>,
    ) -> Result<(), ExecutionError> {
        for group in self.groups.drain(..) {
            row.reset();
            for ((_, slot), value) in self.by.iter().zip(group.values) {
                row.set(*slot, value);
            }
            for ((_, _, slot), state) in self.computed.iter().zip(group.states) {
                row.set(*slot, state.result());
            }
            each(row)?;
        }
        Ok(())
    }
}

/// What is known so far.
#[derive(Debug)]
enum State {
    Count(i64),
    Distinct(HashSet<Vec<u8>>),
    Sum(Option<f64>),
    Mean {
        count: f64,
        sum: f64,
    },
    Extreme {
        best: Option<f64>,
        wanted: Ordering,
    },
    Percentile {
        percent: f64,
        numbers: Vec<f64>,
    },
    /// Welford's method: count, mean, and the sum of squares of differences from it.
    Deviation {
        count: f64,
        mean: f64,
        squares: f64,
    },
    /// The value at one end of time.
    Edge {
        at: Option<i64>,
        value: Value,
        wanted: Ordering,
    },
    /// The value at one end of the order that `sort` has.
    Sorted {
        best: Value,
        wanted: Ordering,
    },
}

impl State {
    fn new(kind: AggregateKind) -> Self {
        match kind {
            AggregateKind::Count => Self::Count(0),
            AggregateKind::CountDistinct => Self::Distinct(HashSet::new()),
            AggregateKind::Sum => Self::Sum(None),
            AggregateKind::Average => Self::Mean { count: 0.0, sum: 0.0 },
            AggregateKind::Minimum => Self::Extreme { best: None, wanted: Ordering::Less },
            AggregateKind::Maximum => Self::Extreme { best: None, wanted: Ordering::Greater },
            AggregateKind::Percentile(percent) => Self::Percentile { percent, numbers: Vec::new() },
            AggregateKind::StandardDeviation => Self::Deviation { count: 0.0, mean: 0.0, squares: 0.0 },
            AggregateKind::Earliest => Self::Edge { at: None, value: Value::Missing, wanted: Ordering::Less },
            AggregateKind::Latest => {
                Self::Edge { at: None, value: Value::Missing, wanted: Ordering::Greater }
            }
            AggregateKind::SortsFirst => Self::Sorted { best: Value::Missing, wanted: Ordering::Less },
            AggregateKind::SortsLast => Self::Sorted { best: Value::Missing, wanted: Ordering::Greater },
        }
    }

    /// Counts rows, whatever is in them.
    fn count(&mut self, rows: u64) {
        if let Self::Count(count) = self {
            *count = count.saturating_add_unsigned(rows);
        }
    }

    /// Takes one more value. Those that are missing, or no numbers where numbers are wanted, are
    /// left out.
    fn add(&mut self, value: &Value, timestamp: i64, memory: &mut Memory) -> Result<(), ExecutionError> {
        match self {
            Self::Count(count) => *count += i64::from(value.is_present()),
            Self::Distinct(known) => return add_distinct(known, value, memory),
            Self::Edge { at, value: edge, wanted } => {
                if value.is_present() && at.is_none_or(|at| timestamp.cmp(&at) == *wanted) {
                    *at = Some(timestamp);
                    *edge = value.clone();
                }
            }
            Self::Sorted { best, wanted } => {
                if value.is_present() && (!best.is_present() || value.rank(best) == *wanted) {
                    *best = value.clone();
                }
            }
            numbers => {
                if let Some(number) = value.number() {
                    if matches!(numbers, Self::Percentile { .. }) {
                        memory.hold_number()?;
                    }
                    numbers.add_number(number);
                }
            }
        }
        Ok(())
    }

    fn add_number(&mut self, number: f64) {
        match self {
            Self::Sum(sum) => *sum = Some(sum.unwrap_or(0.0) + number),
            Self::Mean { count, sum } => {
                *count += 1.0;
                *sum += number;
            }
            Self::Extreme { best, wanted } => {
                if best.is_none_or(|best| number.total_cmp(&best) == *wanted) {
                    *best = Some(number);
                }
            }
            Self::Percentile { numbers, .. } => numbers.push(number),
            Self::Deviation { count, mean, squares } => {
                *count += 1.0;
                let difference = number - *mean;
                *mean += difference / *count;
                *squares += difference * (number - *mean);
            }
            Self::Count(_) | Self::Distinct(_) | Self::Edge { .. } | Self::Sorted { .. } => {}
        }
    }

    fn result(self) -> Value {
        let number = |number: Option<f64>| number.map_or(Value::Missing, Value::finite);
        match self {
            Self::Count(count) => Value::integer(count),
            Self::Distinct(known) => Value::integer(i64::try_from(known.len()).unwrap_or(i64::MAX)),
            Self::Sum(sum) => number(sum),
            Self::Mean { count, sum } => Value::finite(sum / count),
            Self::Extreme { best, .. } => number(best),
            Self::Percentile { percent, numbers } => number(percentile(percent, numbers)),
            Self::Deviation { count, squares, .. } => Value::finite((squares / count).sqrt()),
            Self::Edge { value, .. } | Self::Sorted { best: value, .. } => value,
        }
    }
}

/// The greatest number that divides both.
fn divisor(left: i64, right: i64) -> i64 {
    if right == 0 { left } else { divisor(right, left % right) }
}

fn add_distinct(
    known: &mut HashSet<Vec<u8>>,
    value: &Value,
    memory: &mut Memory,
) -> Result<(), ExecutionError> {
    if !value.is_present() {
        return Ok(());
    }
    let mut key = Vec::new();
    value.write_key(&mut key);
    if !known.contains(&key) {
        memory.hold(key.len())?;
        known.insert(key);
    }
    if known.len() > MOST_GROUPS {
        return Err(ExecutionError::TooManyGroups { most: MOST_GROUPS });
    }
    Ok(())
}

/// The nearest-rank percentile: the least number that so many percent of all do not exceed.
#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank lies between 0 and a length that fits in memory"
)]
fn percentile(percent: f64, mut numbers: Vec<f64>) -> Option<f64> {
    let rank = (percent / 100.0 * numbers.len() as f64).ceil() as usize;
    let index = rank.saturating_sub(1);
    if index >= numbers.len() {
        return None;
    }
    let (_, number, _) = numbers.select_nth_unstable_by(index, f64::total_cmp);
    Some(*number)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn result(kind: AggregateKind, values: &[Value]) -> Value {
        let mut state = State::new(kind);
        let mut memory = Memory::new(1 << 20);
        for (time, value) in (0..).zip(values) {
            state.add(value, time, &mut memory).unwrap();
        }
        state.result()
    }

    fn numbers(numbers: &[f64]) -> Vec<Value> {
        numbers.iter().map(|number| Value::Number(*number)).collect()
    }

    #[test]
    fn known_figures() {
        let values = numbers(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]);
        assert_eq!(result(AggregateKind::Average, &values), Value::Number(5.0));
        assert_eq!(result(AggregateKind::StandardDeviation, &values), Value::Number(2.0));
        assert_eq!(result(AggregateKind::Percentile(50.0), &values), Value::Number(4.0));
        assert_eq!(result(AggregateKind::Percentile(95.0), &values), Value::Number(9.0));
        assert_eq!(result(AggregateKind::Percentile(0.0), &values), Value::Number(2.0));
        assert_eq!(result(AggregateKind::CountDistinct, &values), Value::Number(5.0));
    }

    #[test]
    fn values_that_are_missing_or_no_numbers_are_left_out() {
        let values = [Value::Missing, Value::Text("x".to_owned()), Value::Text("3".to_owned())];
        assert_eq!(result(AggregateKind::Count, &values), Value::Number(2.0));
        assert_eq!(result(AggregateKind::Sum, &values), Value::Number(3.0));
        assert_eq!(result(AggregateKind::Maximum, &values), Value::Number(3.0));
        for kind in [
            AggregateKind::Sum,
            AggregateKind::Average,
            AggregateKind::Minimum,
            AggregateKind::Percentile(50.0),
        ] {
            assert_eq!(result(kind, &values[..2]), Value::Missing, "{kind:?}");
        }
    }

    #[test]
    fn the_ends_of_time_and_of_the_alphabet() {
        let values = ["b", "c", "a"].map(|text| Value::Text(text.to_owned()));
        let text = |kind| result(kind, &values).text().map(std::borrow::Cow::into_owned);
        assert_eq!(text(AggregateKind::Earliest).as_deref(), Some("b"));
        assert_eq!(text(AggregateKind::Latest).as_deref(), Some("a"));
        assert_eq!(text(AggregateKind::SortsFirst).as_deref(), Some("a"));
        assert_eq!(text(AggregateKind::SortsLast).as_deref(), Some("c"));
    }

    proptest! {
        #[test]
        fn percentiles_are_numbers_of_the_group_in_order(
            mut group in prop::collection::vec(-1e6_f64..1e6, 1..50),
            percents in (0.0_f64..=100.0, 0.0_f64..=100.0),
        ) {
            let (low, high) = (percents.0.min(percents.1), percents.0.max(percents.1));
            let at = |percent| percentile(percent, group.clone()).unwrap();
            let (lower, upper) = (at(low), at(high));
            prop_assert!(lower <= upper && group.contains(&lower) && group.contains(&upper));
            let greatest = at(100.0);
            group.sort_by(f64::total_cmp);
            prop_assert_eq!(Some(&greatest), group.last());
        }
    }
}
