//! The words of questions and passages: stems, what people say for each other, and how much a word tells.
//!
//! Retrieve gives a score that means something else in every index; the share of a question's words that
//! a passage has means the same everywhere. It decides whether a passage answers at all.

use super::shipped;
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;
use tantivy::tokenizer::{Language, Stemmer, TextAnalyzer, WhitespaceTokenizer};

/// What another word for a word of the question counts.
const SYNONYM: f64 = 0.75;

/// The longest phrase that can stand for a word, in words.
const LONGEST_PHRASE: usize = 4;

/// Words of grammar and of asking, which say nothing about what is asked for.
const STOP_WORDS: &[&str] = &[
    "a", "about", "again", "already", "also", "always", "am", "an", "and", "any", "are", "as", "ask", "asking",
    "at", "be", "been", "being", "but", "by", "can", "come", "could", "did", "do", "does", "doing", "done",
    "enough", "ever", "for", "from", "get", "gets", "getting", "give", "given", "go", "goes", "got", "had",
    "has", "have", "having", "he", "her", "here", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "just", "kind", "know", "let", "like", "long", "made", "make", "makes", "many", "may", "me", "mean", "means",
    "might", "much", "must", "my", "need", "needed", "needs", "no", "normal", "normally", "not", "of", "off", "on",
    "or", "our", "out", "please", "put", "s", "same", "say", "shall", "she", "should", "so", "some", "somebody",
    "still", "such", "take", "tell", "than", "that", "the", "their", "them", "then", "there", "these", "they",
    "thing", "this", "those", "to", "too", "up", "use", "uses", "using", "usual", "usually", "want", "was", "we",
    "were", "what", "when", "where", "which", "who", "whom", "whose", "why", "will", "with", "without", "work",
    "would", "yet", "you", "your",
];

/// The stem of each word of a text, in order; words of grammar left out.
pub(super) fn stems(text: &str) -> Vec<String> {
    let kept: Vec<String> = split(text).filter(|word| !STOP_WORDS.contains(&word.as_str())).collect();
    stem(&kept)
}

fn stem(words: &[String]) -> Vec<String> {
    let mut analyzer =
        TextAnalyzer::builder(WhitespaceTokenizer::default()).filter(Stemmer::new(Language::English)).build();
    let text = words.join(" ");
    let mut stream = analyzer.token_stream(&text);
    let mut stems = Vec::with_capacity(words.len());
    stream.process(&mut |token| stems.push(token.text.clone()));
    stems
}

/// Words in lower case; figures keep their points and colons, and lose the commas between thousands.
fn split(text: &str) -> impl Iterator<Item = String> {
    let plain: String = text.chars().map(|c| if matches!(c, '’' | '‘') { '\'' } else { c }).collect();
    let words: Vec<String> = plain
        .split(|c: char| !(c.is_alphanumeric() || matches!(c, '.' | ',' | ':' | '\'')))
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase())
        .flat_map(|word| {
            let is_figure = word.starts_with(|c: char| c.is_ascii_digit());
            let word = if is_figure { word.replace(',', "") } else { word.trim_end_matches("'s").to_owned() };
            if is_figure {
                vec![word]
            } else {
                word.split(['.', ',', ':', '\'']).map(str::to_owned).collect()
            }
        })
        .filter(|word| !word.is_empty())
        .collect();
    words.into_iter()
}

/// The words of a passage.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    stems: HashSet<String>,
    /// Runs of stems of up to the longest phrase.
    phrases: HashSet<String>,
}

impl Vocabulary {
    /// Reads a text.
    pub(super) fn of(text: &str) -> Self {
        let stems = stems(text);
        let mut phrases = HashSet::new();
        for length in 2..=LONGEST_PHRASE {
            phrases.extend(stems.windows(length).map(|run| run.join(" ")));
        }
        Self { stems: stems.into_iter().collect(), phrases }
    }

    fn has(&self, phrase: &str) -> bool {
        if phrase.contains(' ') { self.phrases.contains(phrase) } else { self.stems.contains(phrase) }
    }
}

/// What a question is about: its words, each with what else may be said for it and how much it tells.
#[derive(Debug, Clone)]
pub(super) struct Subject {
    concepts: Vec<Concept>,
}

#[derive(Debug, Clone)]
struct Concept {
    stem: String,
    others: Vec<String>,
    weight: f64,
}

impl Subject {
    /// Reads a question without its dates and figures.
    pub(super) fn of(question: &str) -> Self {
        let stems = stems(question);
        let mut seen = HashSet::new();
        let mut concepts: Vec<Concept> = stems
            .iter()
            .filter(|stem| seen.insert((*stem).clone()))
            .map(|stem| Concept { stem: stem.clone(), others: Vec::new(), weight: 0.0 })
            .collect();
        let synonyms = &*SYNONYMS;
        for length in 1..=LONGEST_PHRASE {
            for run in stems.windows(length) {
                let Some(others) = synonyms.get(&run.join(" ")) else { continue };
                for concept in concepts.iter_mut().filter(|concept| run.contains(&concept.stem)) {
                    concept.others.extend(others.iter().cloned());
                }
            }
        }
        for concept in &mut concepts {
            concept.weight = RARITY.of(concept);
        }
        Self { concepts }
    }

    /// Whether nothing is left that could be looked for.
    pub(super) fn is_empty(&self) -> bool {
        self.concepts.is_empty()
    }

    /// The share of the question that a text has, from 0 to 1: rare words count more, and another word
    /// for a word counts less than the word itself.
    pub(super) fn covered_by(&self, vocabulary: &Vocabulary) -> f64 {
        let all: f64 = self.concepts.iter().map(|concept| concept.weight).sum();
        if all <= 0.0 {
            return 0.0;
        }
        let found: f64 = self.concepts.iter().map(|concept| concept.weight * concept.found_in(vocabulary)).sum();
        found / all
    }

    /// The words of the question that a text does not have, in any form.
    pub(super) fn missing_in(&self, vocabulary: &Vocabulary) -> usize {
        self.concepts.iter().filter(|concept| concept.found_in(vocabulary) <= 0.0).count()
    }
}

impl Concept {
    fn found_in(&self, vocabulary: &Vocabulary) -> f64 {
        if vocabulary.has(&self.stem) {
            1.0
        } else if self.others.iter().any(|other| vocabulary.has(other)) {
            SYNONYM
        } else {
            0.0
        }
    }
}

/// For each phrase, as stems, what else may be said for it.
static SYNONYMS: LazyLock<HashMap<String, Vec<String>>> = LazyLock::new(|| {
    let mut others: HashMap<String, Vec<String>> = HashMap::new();
    for group in shipped::synonyms(shipped::SYNONYMS.text).unwrap_or_default() {
        let phrases: Vec<String> = group.iter().map(|phrase| stems(phrase).join(" ")).collect();
        for phrase in &phrases {
            let rest = phrases.iter().filter(|other| *other != phrase && !other.is_empty()).cloned();
            others.entry(phrase.clone()).or_default().extend(rest);
        }
    }
    others.remove("");
    others
});

/// How rare words are among the shipped entries.
static RARITY: LazyLock<Rarity> = LazyLock::new(|| {
    let entries = shipped::entries().unwrap_or_default();
    let mut rarity = Rarity { entries: entries.len(), with: HashMap::new() };
    for entry in entries {
        let vocabulary = Vocabulary::of(&format!("{} {}", entry.title, entry.statement));
        for phrase in vocabulary.stems.into_iter().chain(vocabulary.phrases) {
            *rarity.with.entry(phrase).or_default() += 1;
        }
    }
    rarity
});

struct Rarity {
    entries: usize,
    with: HashMap<String, usize>,
}

impl Rarity {
    /// The inverse document frequency of BM25 of the word itself; of the best known of its synonyms where
    /// it is not known; and that of a word that nobody has used where none is.
    #[expect(clippy::cast_precision_loss, reason = "counts of entries are far below 2^52")]
    fn of(&self, concept: &Concept) -> f64 {
        let known = |phrase: &String| self.with.get(phrase).copied();
        let with = known(&concept.stem)
            .or_else(|| concept.others.iter().filter_map(known).max())
            .unwrap_or_default();
        let (all, with) = (self.entries as f64, with as f64);
        (1.0 + ((all - with).max(0.0) + 0.5) / (with + 0.5)).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_stemmed_and_figures_stay_whole() {
        assert_eq!(stems("What does Spotify's 1,000-stream rule of 6:10 say?"), ["spotifi", "1000", "stream", "rule", "6:10"]);
        assert_eq!(stems("royalties"), stems("royalty"));
    }

    #[test]
    fn a_text_covers_a_question_by_its_words_or_by_others_for_them() {
        let subject = Subject::of("song royalty");
        let share = |text: &str| subject.covered_by(&Vocabulary::of(text));
        assert!((share("royalties of a song") - 1.0).abs() < 1e-9);
        assert!(share("royalties of a musical work") < 1.0);
        assert!(share("royalties of a musical work") > share("royalties"));
        assert!(share("loudness").abs() < 1e-9);
    }

    #[test]
    fn a_word_that_nobody_knows_weighs_most() {
        let subject = Subject::of("visa royalty");
        assert!(subject.covered_by(&Vocabulary::of("royalty")) < 0.5);
    }

    #[test]
    fn a_question_of_grammar_only_is_about_nothing() {
        assert!(Subject::of("what is it?").is_empty());
    }
}
