//! What a whole column tells that a single line does not: whether the day or the month comes first, and whether a
//! comma stands before the fraction.

use super::day::{self, DayOrder};
use super::error::ImportError;
use super::field::Field;
use super::mapping::Mapping;
use super::number::{self, Mark, Shape};
use super::rows::Rows;
use std::io::Read;

/// What the lines of a file tell together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Evidence {
    /// Days of which the first number can be no month.
    pub day_first: u64,
    /// Days of which the second number can be no month.
    pub month_first: u64,
    /// Days that can be read both ways.
    pub either_day: u64,
    /// Amounts that can only have a point before the fraction.
    pub points: u64,
    /// Amounts that can only have a comma before the fraction.
    pub commas: u64,
    /// Amounts that can be read both ways.
    pub either_mark: u64,
}

/// Reads a whole file for it.
///
/// # Errors
/// When the file cannot be read to its end.
pub fn of<R: Read>(text: R, mapping: &Mapping) -> Result<Evidence, ImportError> {
    let mut found = Evidence::default();
    let days: Vec<usize> =
        [Field::Day, Field::Period].into_iter().filter_map(|field| mapping.column(field)).collect();
    let amount = mapping.column(Field::Amount);
    let mut rows = Rows::new(text, &mapping.dialect);
    while let Some(row) = rows.next_row()? {
        if row.line <= mapping.head {
            continue;
        }
        for column in &days {
            if let Some((first, second)) = day::undecided(row.cell(*column)) {
                match (first > 12, second > 12) {
                    (true, false) => found.day_first += 1,
                    (false, true) => found.month_first += 1,
                    (false, false) if first != second => found.either_day += 1,
                    _ => {}
                }
            }
        }
        if let Some(column) = amount {
            match number::shape(row.cell(column)) {
                Shape::Marked(Mark::Point) => found.points += 1,
                Shape::Marked(Mark::Comma) => found.commas += 1,
                Shape::Either => found.either_mark += 1,
                Shape::Plain => {}
            }
        }
    }
    Ok(found)
}

/// Decides what the evidence decides, and says what is left to people.
pub fn decide(mapping: &mut Mapping, evidence: Evidence) -> Vec<(&'static str, String)> {
    let mut open = Vec::new();
    if mapping.order.is_none() {
        mapping.order = match (evidence.day_first > 0, evidence.month_first > 0) {
            (true, false) => Some(DayOrder::DayFirst),
            (false, true) => Some(DayOrder::MonthFirst),
            _ => None,
        };
        let both = evidence.day_first > 0 && evidence.month_first > 0;
        if mapping.order.is_none() && (evidence.either_day > 0 || both) {
            let words = if both {
                "Some days of the file begin with the day and some with the month. Say which way the others are meant."
            } else {
                "Days such as 01/02/2026 can be 1 February or 2 January, and no line of the file decides it. Say \
                 what comes first."
            };
            open.push(("order", words.to_owned()));
        }
    }
    if mapping.mark.is_none() {
        mapping.mark = match (evidence.points > 0, evidence.commas > 0) {
            (true, false) => Some(Mark::Point),
            (false, true) => Some(Mark::Comma),
            _ => None,
        };
        if mapping.mark.is_none() && evidence.either_mark > 0 {
            let words = "Amounts such as 1,234 can be one thousand or a little more than one. Say which sign stands \
                         before the fraction.";
            open.push(("mark", words.to_owned()));
        }
    }
    open
}
