//! Finds the line with the names of columns: some exports begin with lines about the report.

use super::error::ImportError;
use super::field::Field;
use super::layout;
use super::rows::Row;
use serde::{Deserialize, Serialize};

/// How many lines are looked at.
pub const LOOKED_AT: usize = 30;

/// The most columns that a table has; an export has some dozens.
pub const MOST_COLUMNS: usize = 500;

/// The line with the names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Head {
    /// The line.
    pub line: u64,
    /// The names.
    pub names: Vec<String>,
}

/// The line of the first rows that looks most like names of columns.
///
/// # Errors
/// When none does, or it has too many columns.
pub fn find(first: &[Row]) -> Result<Head, ImportError> {
    let best = first.iter().take(LOOKED_AT).map(|row| (score(row), row)).filter(|(score, _)| *score > 0);
    // Of equal ones the first.
    let best = best.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let (_, row) = best.ok_or(ImportError::NoHeader(LOOKED_AT))?;
    let found = row.cells.len();
    if found > MOST_COLUMNS {
        return Err(ImportError::TooManyColumns { found, most: MOST_COLUMNS });
    }
    Ok(Head { line: row.line, names: row.cells.iter().map(shown).collect() })
}

/// A name without what it was decorated with.
fn shown(name: &str) -> String {
    name.trim().trim_start_matches('\u{feff}').chars().take(120).collect()
}

/// A layout that is known counts most, then names that are usual, then that all columns are words.
fn score(row: &Row) -> usize {
    let names: Vec<String> = row.cells.iter().map(str::to_owned).collect();
    let filled = names.iter().filter(|name| !name.trim().is_empty()).count();
    if filled < 2 {
        return 0;
    }
    let by_layout = layout::fits(&names).first().map_or(0, |fit| fit.score as usize * 10);
    let usual = layout::columns(&names, None).iter().filter(|field| **field != Field::Ignored).count() * 10;
    let has_letters = |name: &&String| name.chars().any(char::is_alphabetic);
    let are_words = names.iter().filter(|name| !name.trim().is_empty()).all(|name| has_letters(&name));
    by_layout + usual + if are_words { filled.min(5) } else { 0 }
}
