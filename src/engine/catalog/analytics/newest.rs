//! How many of an artist's rows, which come newest first, make up the newest days. Few artists have more platforms than
//! are usual: for all others it is a number of rows, so that one reading is enough.

use crate::engine::catalog::item::Item;
use crate::model::analytics::Platform;

/// Counts the rows that are taken.
#[derive(Debug)]
pub(super) struct Newest {
    days: usize,
    taken: usize,
    /// The day of the last row.
    day: Option<String>,
    /// How many days were begun.
    begun: usize,
    /// How many rows the last day has so far.
    of_day: usize,
    /// Whether a day has more rows than are usual: then whole days are counted.
    is_crowded: bool,
}

impl Newest {
    /// For the newest so many days.
    pub(super) fn of(days: usize) -> Self {
        Self { days, taken: 0, day: None, begun: 0, of_day: 0, is_crowded: false }
    }

    /// How many rows so many days usually have at most.
    pub(super) fn usual(&self) -> usize {
        self.days * Platform::USUAL.len()
    }

    /// Whether nothing more needs to be read.
    pub(super) fn is_full(&self) -> bool {
        !self.is_crowded && self.taken >= self.usual()
    }

    /// Whether the next row is still wanted.
    pub(super) fn takes(&mut self, row: &Item) -> bool {
        let day = row.get("date").and_then(|day| day.as_s().ok());
        if day == self.day.as_ref() {
            self.of_day += 1;
        } else {
            if self.is_crowded && self.begun >= self.days {
                return false;
            }
            self.day = day.cloned();
            self.begun += 1;
            self.of_day = 1;
        }
        self.is_crowded |= self.of_day > Platform::USUAL.len();
        if self.is_full() {
            return false;
        }
        self.taken += 1;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::types::AttributeValue;

    fn taken(days: usize, platforms: usize) -> usize {
        let mut newest = Newest::of(days);
        let mut taken = 0;
        for row in 0..10 * days * platforms {
            let day = format!("day {}", row / platforms);
            if !newest.takes(&Item::from([("date".to_owned(), AttributeValue::S(day))])) {
                break;
            }
            taken += 1;
            if newest.is_full() {
                break;
            }
        }
        taken
    }

    #[test]
    fn as_many_rows_as_ever_are_read_of_the_usual_platforms_and_whole_days_of_more() {
        assert_eq!((taken(98, 4), taken(98, 2)), (392, 392));
        assert_eq!((taken(98, 6), taken(98, 16)), (98 * 6, 98 * 16));
    }
}
