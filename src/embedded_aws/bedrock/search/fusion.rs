//! One score from two: the words that question and passage share, and how near they are in meaning.

/// What meaning counts beside words in a hybrid search. Measured on the questions of `tests/knowledge`; from
/// 1.5 to 3 they are answered alike.
const MEANING: f64 = 2.5;
/// Texts that have less in common than this have nothing in common.
const LEAST_SIMILARITY: f64 = 0.2;

/// How a search ranks (`overrideSearchType`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum SearchKind {
    /// By words and meaning.
    #[default]
    Hybrid,
    /// By meaning alone.
    Semantic,
}

impl SearchKind {
    /// The score of a passage, from 0 to 1; none when it has nothing to do with the question. Without a
    /// vector of both, the words are all there is.
    pub(crate) fn score(self, words: Option<f64>, similarity: Option<f64>) -> Option<f64> {
        let Some(similarity) = similarity else { return words };
        let meaning = similarity.clamp(0.0, 1.0);
        let is_near = similarity >= LEAST_SIMILARITY;
        match self {
            Self::Semantic => is_near.then_some(meaning),
            Self::Hybrid if words.is_none() && !is_near => None,
            Self::Hybrid => Some((words.unwrap_or_default() + MEANING * meaning) / (1.0 + MEANING)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hybrid_search_counts_words_and_meaning_and_a_semantic_one_meaning_alone() {
        let (hybrid, semantic) = (SearchKind::Hybrid, SearchKind::Semantic);
        assert!(hybrid.score(Some(0.8), Some(0.5)) > hybrid.score(Some(0.2), Some(0.5)));
        assert!(hybrid.score(None, Some(0.6)) > hybrid.score(Some(0.2), Some(0.3)));
        assert_eq!(semantic.score(Some(0.8), Some(0.5)), semantic.score(None, Some(0.5)));
        assert!(hybrid.score(Some(1.0), Some(1.0)).is_some_and(|score| (score - 1.0).abs() < 1e-9));
    }

    #[test]
    fn what_has_nothing_in_common_is_not_found() {
        assert_eq!(SearchKind::Hybrid.score(None, Some(0.1)), None);
        assert_eq!(SearchKind::Semantic.score(Some(0.4), Some(0.1)), None);
        assert!(SearchKind::Hybrid.score(Some(0.4), Some(-0.1)).is_some());
    }

    #[test]
    fn without_vectors_words_are_all_there_is() {
        assert_eq!(SearchKind::Semantic.score(Some(0.4), None), Some(0.4));
        assert_eq!(SearchKind::Hybrid.score(None, None), None);
    }
}
