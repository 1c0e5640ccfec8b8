//! Whether what a model has written is an answer at all. That its figures are right is checked elsewhere.

use crate::model::task::{Line, Piece, TaskAnswer};

/// The most lines of findings, and of advice.
const MOST_LINES: usize = 12;

/// Why a text is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unsound {
    /// Nothing in it refers to what the steps have found.
    #[error("no line says anything that a step has found, with its marker")]
    NothingFound,
    /// It sends people elsewhere.
    #[error("“{0}” has the address of a web page")]
    Address(String),
    /// It goes on and on.
    #[error("it has more than {MOST_LINES} lines of findings, or of advice")]
    TooLong,
}

/// Compares an answer of a model with that by rules.
///
/// # Errors
/// What makes it none.
pub(super) fn check(answer: &TaskAnswer, by_rules: &TaskAnswer) -> Result<(), Unsound> {
    if answer.findings.len() > MOST_LINES || answer.advice.len() > MOST_LINES {
        return Err(Unsound::TooLong);
    }
    let mut words = lines(answer, by_rules).flat_map(|Line(pieces)| pieces).filter_map(|piece| match piece {
        Piece::Words(words) => Some(words),
        Piece::Figure(_) | Piece::Quoted(_) => None,
    });
    if let Some(words) = words.find(|words| names_address(words)) {
        return Err(Unsound::Address(words.clone()));
    }
    let is_found = |piece: &Piece| matches!(piece, Piece::Figure(_) | Piece::Quoted(_));
    let mut said = std::iter::once(&answer.headline).chain(&answer.findings);
    if !by_rules.sources.is_empty() && !said.any(|Line(pieces)| pieces.iter().any(is_found)) {
        return Err(Unsound::NothingFound);
    }
    Ok(())
}

/// The lines that a model has written: what could not be seen is partly Patchline's own.
fn lines<'a>(answer: &'a TaskAnswer, by_rules: &'a TaskAnswer) -> impl Iterator<Item = &'a Line> {
    let advice = answer.advice.iter().flat_map(|advice| [&advice.action, &advice.reason]);
    let unseen = answer.unseen.iter().filter(|line| !by_rules.unseen.contains(line));
    std::iter::once(&answer.headline).chain(&answer.findings).chain(advice).chain(unseen)
}

fn names_address(words: &str) -> bool {
    let words = words.to_lowercase();
    ["http://", "https://", "www."].iter().any(|begin| words.contains(begin))
}
