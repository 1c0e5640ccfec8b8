//! How well a passage fits, by what the scores of Retrieve mean, and what its circumstances count beside that.

use crate::engine::knowledge::passage::Passage;
use crate::engine::knowledge::words::{Subject, Vocabulary};

/// What the share of the question's words counts that the passage has.
const COVERAGE: f64 = 0.35;
/// What the share counts that its title has.
const TITLE: f64 = 0.3;
/// What Retrieve's own score counts, as a share of the best.
const RETRIEVED: f64 = 0.5;
/// What the share of the passage counts that the question asks for.
const TO_THE_POINT: f64 = 0.2;
/// The sum of these.
const ALL: f64 = COVERAGE + TITLE + RETRIEVED + TO_THE_POINT;

/// What the scores of one search mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Scale {
    /// They are of words and meaning, from 0 to 1, the same for every question: those of the embedded AWS.
    Meaning,
    /// Those of some other index. Only their share of the best says something, and only beside the words.
    ShareOf {
        /// The best score.
        best: f64,
    },
}

/// What counts beside how well a passage fits.
#[derive(Debug)]
pub(super) struct Circumstances {
    /// To be from the asked country.
    pub(super) right_place: f64,
    /// Less for being from another country than the asked one.
    pub(super) wrong_place: f64,
    /// Less for not being in force on the asked day.
    pub(super) not_in_force: f64,
    /// Each step of weight of its source; less than any word does.
    pub(super) tier_step: f64,
    /// Less for a document than for an entry that fits as well.
    pub(super) no_entry: f64,
}

/// Scores of words and meaning lie nearer together than shares of the best.
const BESIDE_MEANING: Circumstances = Circumstances {
    right_place: 0.015,
    wrong_place: 0.045,
    not_in_force: 0.07,
    tier_step: 0.002,
    no_entry: 0.03,
};
const BESIDE_SHARES: Circumstances = Circumstances {
    right_place: 0.05 / ALL,
    wrong_place: 0.15 / ALL,
    not_in_force: 0.25 / ALL,
    tier_step: 0.006 / ALL,
    no_entry: 0.1 / ALL,
};

impl Scale {
    /// The scale of what was found: whoever compares meaning says how near passages are.
    pub(super) fn of(passages: &[Passage]) -> Self {
        if passages.iter().any(|passage| passage.similarity().is_some()) {
            return Self::Meaning;
        }
        Self::ShareOf { best: passages.iter().map(|passage| passage.score).fold(0.0, f64::max) }
    }

    /// How well a passage fits: `texts` are what of it is compared with the question, of which they have the
    /// share `coverage`.
    pub(super) fn fit(
        self,
        subject: &Subject,
        passage: &Passage,
        texts: &[Vocabulary],
        coverage: f64,
    ) -> f64 {
        let Self::ShareOf { best } = self else { return passage.score };
        let title = subject.covered_by(&Vocabulary::of(passage.title()));
        let to_the_point = texts.iter().map(|text| subject.share_of(text)).fold(0.0, f64::max);
        let retrieved = if best > 0.0 { passage.score / best } else { 0.0 };
        let sum = COVERAGE * coverage + TITLE * title + TO_THE_POINT * to_the_point + RETRIEVED * retrieved;
        sum / ALL
    }

    /// What counts beside that.
    pub(super) fn circumstances(self) -> &'static Circumstances {
        match self {
            Self::Meaning => &BESIDE_MEANING,
            Self::ShareOf { .. } => &BESIDE_SHARES,
        }
    }
}
