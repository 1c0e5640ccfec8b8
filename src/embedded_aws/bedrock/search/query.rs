//! From a question to a query: one concept for each of its words, with what else may be said for it.

use tantivy::Searcher;
use tantivy::query::{BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, Term};

use super::analysis::words;
use super::index::Fields;
use super::spelling;
use super::synonyms::Synonyms;

/// What a synonym counts, beside the word itself.
const SYNONYM: f32 = 0.6;
/// What a word counts that was probably meant.
const GUESS: f32 = 0.6;
/// What a word in the title or a heading counts, in addition to the text.
const TITLE: f32 = 1.0;
/// What a word counts that only the phrases have which the document is found by, beside one of the text. Chosen, not
/// measured: the meaning of the phrases counts for more.
const PHRASES: f32 = 0.8;
/// What two words count in addition where they stand side by side as in the question.
const NEIGHBOURS: f32 = 0.5;
/// The most that BM25 gives a term, beside its rarity: `k1 + 1`, with tantivy's `k1` of 1.2.
const MOST_FREQUENT: f64 = 2.2;

/// One or more words that stand for what a word of the question means.
#[derive(Debug)]
struct Concept {
    alternatives: Vec<Alternative>,
}

#[derive(Debug, Clone)]
struct Alternative {
    stems: Vec<String>,
    weight: f32,
}

/// A question, ready to be searched.
pub(super) struct Question {
    /// The query.
    pub(super) query: BooleanQuery,
    /// The score of a passage that had every word of the question many times.
    pub(super) ideal: f64,
}

/// Prepares a question; none when it has no word that could be searched.
pub(super) fn prepare(
    searcher: &Searcher,
    fields: &Fields,
    synonyms: &Synonyms,
    text: &str,
) -> tantivy::Result<Option<Question>> {
    let concepts = concepts(searcher, fields, synonyms, text)?;
    if concepts.is_empty() {
        return Ok(None);
    }
    let mut clauses: Vec<(Occur, Box<dyn Query>)> = Vec::new();
    let mut ideal = 0.0;
    for concept in &concepts {
        clauses.push((Occur::Should, in_text_or_phrases(fields, &concept.alternatives)));
        let title = any_of(fields.title, &concept.alternatives);
        clauses.push((Occur::Should, Box::new(BoostQuery::new(title, TITLE))));
        ideal += rarity(searcher, fields.body, concept)? * MOST_FREQUENT;
    }
    for pair in concepts.windows(2) {
        if let [first, second] = pair
            && let (Some(first), Some(second)) = (first.own_stem(), second.own_stem())
        {
            let terms = [first, second].map(|stem| Term::from_field_text(fields.body, stem)).to_vec();
            let mut phrase = PhraseQuery::new(terms);
            phrase.set_slop(1);
            clauses.push((Occur::Should, Box::new(BoostQuery::new(Box::new(phrase), NEIGHBOURS))));
        }
    }
    Ok(Some(Question { query: BooleanQuery::new(clauses), ideal }))
}

impl Concept {
    /// The word of the question itself.
    fn own_stem(&self) -> Option<&str> {
        self.alternatives.first().and_then(|own| own.stems.first()).map(String::as_str)
    }
}

fn concepts(
    searcher: &Searcher,
    fields: &Fields,
    synonyms: &Synonyms,
    text: &str,
) -> tantivy::Result<Vec<Concept>> {
    let mut concepts: Vec<Concept> = Vec::new();
    let mut folded: Vec<String> = Vec::new();
    let mut last = None;
    for word in words(text) {
        let alternative = Alternative { stems: vec![word.stem], weight: 1.0 };
        match concepts.last_mut() {
            Some(concept) if last == Some(word.position) => concept.alternatives.push(alternative),
            _ => {
                concepts.push(Concept { alternatives: vec![alternative] });
                folded.push(word.folded);
            }
        }
        last = Some(word.position);
    }
    let stems: Vec<String> = concepts.iter().filter_map(|c| c.own_stem().map(str::to_owned)).collect();
    for found in synonyms.of(&stems) {
        for concept in concepts.iter_mut().skip(found.start).take(found.length) {
            concept.alternatives.extend(
                found.others.iter().map(|other| Alternative { stems: other.to_vec(), weight: SYNONYM }),
            );
        }
    }
    for (concept, folded) in concepts.iter_mut().zip(&folded) {
        if !is_known(searcher, fields, concept)? {
            let guesses = spelling::nearest(searcher, fields.words, folded)?;
            concept
                .alternatives
                .extend(guesses.into_iter().map(|stem| Alternative { stems: vec![stem], weight: GUESS }));
        }
    }
    Ok(concepts)
}

fn is_known(searcher: &Searcher, fields: &Fields, concept: &Concept) -> tantivy::Result<bool> {
    for alternative in &concept.alternatives {
        for field in [fields.body, fields.title, fields.phrases] {
            if frequency(searcher, field, alternative)? > 0 {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// In how many passages the rarest word of an alternative is.
fn frequency(searcher: &Searcher, field: Field, alternative: &Alternative) -> tantivy::Result<u64> {
    let mut least = u64::MAX;
    for stem in &alternative.stems {
        least = least.min(searcher.doc_freq(&Term::from_field_text(field, stem))?);
    }
    Ok(if alternative.stems.is_empty() { 0 } else { least })
}

/// The rarity that BM25 gives the word itself, or a word for it that is known. A word that is not
/// known at all is the rarest: a passage without it answers less of the question.
#[expect(clippy::cast_precision_loss, reason = "counts of passages are far below 2^52")]
fn rarity(searcher: &Searcher, field: Field, concept: &Concept) -> tantivy::Result<f64> {
    let mut in_passages = 0;
    for alternative in &concept.alternatives {
        in_passages = frequency(searcher, field, alternative)?;
        if in_passages > 0 {
            break;
        }
    }
    let (all, with) = (searcher.num_docs() as f64, in_passages as f64);
    Ok((1.0 + ((all - with).max(0.0) + 0.5) / (with + 0.5)).ln())
}

/// What the text says itself counts, or what it is found by, not both: a document that nobody wrote phrases for is as
/// good as one that needs none.
fn in_text_or_phrases(fields: &Fields, alternatives: &[Alternative]) -> Box<dyn Query> {
    let phrases = BoostQuery::new(any_of(fields.phrases, alternatives), PHRASES);
    Box::new(DisjunctionMaxQuery::new(vec![any_of(fields.body, alternatives), Box::new(phrases)]))
}

/// The best of the alternatives counts, not their sum: many synonyms are no better than one word.
fn any_of(field: Field, alternatives: &[Alternative]) -> Box<dyn Query> {
    let queries = alternatives.iter().filter_map(|alternative| {
        let mut terms = alternative.stems.iter().map(|stem| Term::from_field_text(field, stem));
        let query: Box<dyn Query> = match alternative.stems.len() {
            0 => return None,
            1 => Box::new(TermQuery::new(terms.next()?, IndexRecordOption::WithFreqs)),
            _ => Box::new(PhraseQuery::new(terms.collect())),
        };
        Some(Box::new(BoostQuery::new(query, alternative.weight)) as Box<dyn Query>)
    });
    Box::new(DisjunctionMaxQuery::new(queries.collect()))
}
