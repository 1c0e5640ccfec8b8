//! Whether anything that was found answers the question at all.

use super::Hit;
use crate::engine::knowledge::question::{Named, Question, holds_in};

/// What the length of a question counts, as the logarithm of its words: of a long one, an answer has a smaller
/// share and is less near in meaning.
const LENGTH: f64 = 0.4;
/// How much of the question one of the best passages must answer, by its words, its meaning and the length of the
/// question, or nothing answers it. Measured on `tests/knowledge` without `held_out.toml` and `unseen.toml`.
const LEAST_ANSWERED: f64 = 1.94;
/// The share of the question's words that the best passage must have, where Retrieve does not say how near passages
/// are in meaning.
const LEAST_COVERAGE: f64 = 0.4;

/// Whether one of the best passages answers: words alone may be shared by chance, and meaning alone is near for
/// all that is of the trade.
pub(super) fn is_answered(question: &Question, best: &[Hit]) -> bool {
    let best: Vec<&Hit> = best.iter().filter(|hit| is_about_what_is_named(question, hit)).collect();
    let most = |value: &dyn Fn(&Hit) -> f64| best.iter().map(|hit| value(hit)).fold(0.0, f64::max);
    let coverage = most(&|hit| hit.coverage);
    if !best.iter().any(|hit| hit.passage.similarity().is_some()) {
        return coverage >= LEAST_COVERAGE;
    }
    let similarity = most(&|hit| hit.passage.similarity().unwrap_or_default());
    let words = u32::try_from(question.text.split_whitespace().count()).unwrap_or(u32::MAX);
    similarity + coverage + LENGTH * f64::from(words).ln() >= LEAST_ANSWERED
}

/// Whether a passage is about a service and a country of those that the question names, where it names any: how
/// many streams make an album in Germany is not answered by how many do in the US. A label's own documents seldom
/// say where they hold.
fn is_about_what_is_named(question: &Question, hit: &Hit) -> bool {
    if question.jurisdictions.is_empty() && question.services.is_empty() {
        return true;
    }
    let asked = hit.entry.as_ref().map(|entry| entry.asked.join(". ")).unwrap_or_default();
    let named = Named::by(&format!("{}. {}. {asked}", hit.passage.title(), hit.passage.text));
    let holds_there = hit.entry.as_ref().is_none_or(|entry| {
        let holds =
            |country: &&str| named.jurisdictions.contains(country) || holds_in(&entry.jurisdiction, country);
        question.jurisdictions.is_empty() || question.jurisdictions.iter().any(holds)
    });
    let is_of_service = |service: &&str| named.services.contains(service);
    holds_there && (question.services.is_empty() || question.services.iter().any(is_of_service))
}
