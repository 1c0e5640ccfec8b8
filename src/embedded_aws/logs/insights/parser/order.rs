//! Which commands may stand where, as the pages about `stats` and `dedup` in the user guide have it.

use std::ops::Range;

use super::super::error::QueryError;
use super::super::syntax::Command;

/// How many times rows can be grouped.
const MOST_GROUPINGS: usize = 10;

/// The commands so far.
#[derive(Debug, Default)]
pub(super) struct Order {
    groupings: usize,
    /// The first `sort` or `limit`.
    bounded: Option<Range<usize>>,
    has_dedup: bool,
}

impl Order {
    /// Takes the next command, whose word stands there.
    pub(super) fn add(&mut self, command: &Command, place: Range<usize>) -> Result<(), QueryError> {
        if self.has_dedup && !matches!(command, Command::Limit(_)) {
            return Err(QueryError::new(
                place,
                "expected nothing but limit after dedup; move this before it",
            ));
        }
        match command {
            Command::Dedup(_) => self.has_dedup = true,
            Command::Sort(_) | Command::Limit(_) => {
                self.bounded.get_or_insert(place);
            }
            Command::Stats { .. } => {
                self.groupings += 1;
                if self.groupings > MOST_GROUPINGS {
                    let message = format!("expected at most {MOST_GROUPINGS} stats");
                    return Err(QueryError::new(place, message));
                }
                if let Some(bounded) = self.bounded.clone().filter(|_| self.groupings > 1) {
                    let message = "expected sort and limit after the last stats, where there are several";
                    return Err(QueryError::new(bounded, message));
                }
            }
            Command::Fields(_) | Command::Display(_) | Command::Filter(_) | Command::Parse(_) => {}
        }
        Ok(())
    }
}
