//! One score from two: the words that question and passage share, and how near they are in meaning.

/// What meaning counts beside words in a hybrid search. Measured on the questions of `tests/knowledge`; from
/// 1.5 to 3 they are answered alike.
const MEANING: f64 = 2.5;
/// Texts that have less in common than this have nothing in common.
const LEAST_SIMILARITY: f64 = 0.2;

/// What the nearness of a phrase counts by which a document is found, beside that of a passage's own text: set on
/// the questions of `tests/knowledge` but `held_out.toml` and `unseen.toml`.
const PHRASE: f64 = 0.95;

/// How near a passage is to the question in meaning.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Nearness {
    /// The question has no vector, so that no passage is compared: without the model, for instance.
    NotCompared,
    /// The passage has no vector yet, while others have.
    NotYetKnown,
    /// About 0 for texts that have nothing in common, up to 1.
    Known(f64),
}

impl Nearness {
    /// Of a passage that is so near itself, or by one of the phrases that its document is found by.
    pub(crate) fn of(passage: f64, phrases: impl Iterator<Item = f64>) -> Self {
        Self::Known(phrases.map(|phrase| phrase * PHRASE).fold(passage, f64::max))
    }
}

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
    /// The score of a passage, from 0 to 1; none when it has nothing to do with the question.
    pub(crate) fn score(self, words: Option<f64>, nearness: Nearness) -> Option<f64> {
        match nearness {
            Nearness::NotCompared => words,
            Nearness::NotYetKnown => words.map(|words| self.cautious(words)),
            Nearness::Known(similarity) => self.compared(words, similarity),
        }
    }

    fn compared(self, words: Option<f64>, similarity: f64) -> Option<f64> {
        let meaning = similarity.clamp(0.0, 1.0);
        let is_near = similarity >= LEAST_SIMILARITY;
        match self {
            Self::Semantic => is_near.then_some(meaning),
            Self::Hybrid if words.is_none() && !is_near => None,
            Self::Hybrid => Some((words.unwrap_or_default() + MEANING * meaning) / (1.0 + MEANING)),
        }
    }

    /// What words alone count beside passages that are known to be near. Shared words are no proof of it, so a
    /// long document that waits for its vectors must not push away what answers.
    fn cautious(self, words: f64) -> f64 {
        let meaning = match self {
            Self::Semantic => 0.0,
            Self::Hybrid => LEAST_SIMILARITY,
        };
        (words + MEANING * meaning) / (1.0 + MEANING)
    }
}

#[cfg(test)]
mod tests {
    use super::Nearness::{Known, NotCompared, NotYetKnown};
    use super::*;

    #[test]
    fn a_hybrid_search_counts_words_and_meaning_and_a_semantic_one_meaning_alone() {
        let (hybrid, semantic) = (SearchKind::Hybrid, SearchKind::Semantic);
        assert!(hybrid.score(Some(0.8), Known(0.5)) > hybrid.score(Some(0.2), Known(0.5)));
        assert!(hybrid.score(None, Known(0.6)) > hybrid.score(Some(0.2), Known(0.3)));
        assert_eq!(semantic.score(Some(0.8), Known(0.5)), semantic.score(None, Known(0.5)));
        assert!(hybrid.score(Some(1.0), Known(1.0)).is_some_and(|score| (score - 1.0).abs() < 1e-9));
    }

    #[test]
    fn a_passage_is_as_near_as_its_nearest_phrase_but_its_own_text_is_preferred() {
        assert_eq!(Nearness::of(0.4, std::iter::empty()), Known(0.4));
        assert_eq!(Nearness::of(0.4, [0.1, 0.3].into_iter()), Known(0.4));
        assert_eq!(Nearness::of(0.4, [0.4].into_iter()), Known(0.4));
        assert!(matches!(Nearness::of(0.4, [0.1, 0.8].into_iter()), Known(near) if near > 0.7));
    }

    #[test]
    fn what_has_nothing_in_common_is_not_found() {
        assert_eq!(SearchKind::Hybrid.score(None, Known(0.1)), None);
        assert_eq!(SearchKind::Semantic.score(Some(0.4), Known(0.1)), None);
        assert!(SearchKind::Hybrid.score(Some(0.4), Known(-0.1)).is_some());
    }

    #[test]
    fn where_nothing_is_compared_words_are_all_there_is() {
        assert_eq!(SearchKind::Semantic.score(Some(0.4), NotCompared), Some(0.4));
        assert_eq!(SearchKind::Hybrid.score(None, NotCompared), None);
    }

    #[test]
    fn a_passage_that_waits_for_its_vector_is_found_by_its_words_behind_what_answers() {
        for kind in [SearchKind::Hybrid, SearchKind::Semantic] {
            let waiting = |words| kind.score(words, NotYetKnown);
            assert!(waiting(Some(0.86)) < kind.score(Some(0.5), Known(0.4)), "{kind:?}");
            assert!(waiting(Some(0.6)) > waiting(Some(0.3)), "{kind:?}");
            assert_eq!(waiting(None), None, "{kind:?}");
        }
        let near_by_chance = SearchKind::Hybrid.score(Some(0.1), Known(0.25));
        assert!(SearchKind::Hybrid.score(Some(0.86), NotYetKnown) > near_by_chance);
    }
}
