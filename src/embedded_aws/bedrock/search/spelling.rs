//! What a word that no passage has was probably meant to be.

use std::collections::BTreeSet;

use tantivy::Searcher;
use tantivy::schema::Field;

use super::analysis::words;

/// Shorter words have too many neighbours.
const SHORTEST_WORD: usize = 4;
/// From this length on two mistakes are allowed, else one.
const LONG_WORD: usize = 8;
/// The most words that are tried instead.
const MOST_GUESSES: usize = 3;

/// The stems of the words of the index that are nearest to `word`, within one or two mistakes.
pub(super) fn nearest(searcher: &Searcher, field: Field, word: &str) -> tantivy::Result<Vec<String>> {
    let length = word.chars().count();
    if length < SHORTEST_WORD || !word.chars().all(char::is_alphabetic) {
        return Ok(Vec::new());
    }
    let allowed = if length >= LONG_WORD { 2 } else { 1 };
    let mut guesses: BTreeSet<(usize, String)> = BTreeSet::new();
    for segment in searcher.segment_readers() {
        let inverted = segment.inverted_index(field)?;
        let mut terms = inverted.terms().stream()?;
        while terms.advance() {
            let Ok(term) = std::str::from_utf8(terms.key()) else { continue };
            if term.len().abs_diff(word.len()) > 2 * allowed {
                continue;
            }
            let distance = strsim::osa_distance(word, term);
            if distance <= allowed {
                guesses.insert((distance, term.to_owned()));
            }
        }
    }
    let best = guesses.first().map_or(0, |(distance, _)| *distance);
    let guesses = guesses.into_iter().take_while(|(distance, _)| *distance == best).take(MOST_GUESSES);
    Ok(guesses.flat_map(|(_, term)| words(&term)).map(|word| word.stem).collect())
}
