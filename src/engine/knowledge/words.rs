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

/// What a word counts that no entry has, nor any word for it: a text without it answers something else.
const UNKNOWN: f64 = 1.5;

/// What an everyday word counts: it says little about what is asked for.
const EVERYDAY: f64 = 0.35;

/// The longest phrase that can stand for a word, in words.
const LONGEST_PHRASE: usize = 4;

/// Words of grammar and of asking, which say nothing about what is asked for.
const STOP_WORDS: &[&str] = &[
    "a", "about", "again", "already", "also", "always", "am", "an", "and", "any", "are", "as", "ask",
    "asking", "at", "be", "been", "being", "but", "by", "can", "could", "did", "do", "does", "doing", "done",
    "enough", "ever", "for", "from", "get", "gets", "getting", "give", "given", "go", "goes", "got", "had",
    "has", "have", "having", "he", "her", "here", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "just", "kind", "know", "let", "like", "long", "made", "make", "makes", "many", "may", "me", "mean",
    "means", "might", "much", "must", "my", "need", "needed", "needs", "no", "normal", "normally", "not",
    "of", "off", "on", "or", "our", "please", "put", "s", "same", "say", "shall", "she", "should", "so",
    "some", "somebody", "still", "such", "take", "tell", "than", "that", "the", "their", "them", "then",
    "there", "these", "they", "thing", "this", "those", "to", "too", "up", "use", "uses", "using", "usual",
    "usually", "want", "was", "we", "were", "what", "when", "where", "which", "who", "whom", "whose", "why",
    "will", "with", "without", "work", "would", "yet", "you", "your",
];

/// Words of everyday speech, which are as likely in any question.
const EVERYDAY_WORDS: &[&str] = &[
    "able",
    "actually",
    "add",
    "afterwards",
    "ago",
    "allow",
    "allowed",
    "another",
    "anybody",
    "anyone",
    "around",
    "avoid",
    "away",
    "back",
    "bad",
    "because",
    "become",
    "before",
    "begin",
    "behind",
    "below",
    "best",
    "better",
    "between",
    "big",
    "both",
    "box",
    "bring",
    "call",
    "care",
    "case",
    "change",
    "chat",
    "check",
    "choose",
    "close",
    "come",
    "comes",
    "common",
    "correct",
    "course",
    "day",
    "decade",
    "decades",
    "decide",
    "different",
    "difference",
    "during",
    "each",
    "early",
    "easy",
    "either",
    "end",
    "every",
    "everybody",
    "everything",
    "exactly",
    "example",
    "expect",
    "far",
    "fast",
    "few",
    "fill",
    "find",
    "finds",
    "first",
    "follow",
    "found",
    "full",
    "gave",
    "good",
    "great",
    "guy",
    "half",
    "happen",
    "happens",
    "hard",
    "help",
    "hold",
    "idea",
    "instead",
    "keep",
    "keeps",
    "large",
    "late",
    "later",
    "least",
    "leave",
    "left",
    "less",
    "little",
    "look",
    "lose",
    "lot",
    "main",
    "maybe",
    "more",
    "most",
    "move",
    "name",
    "near",
    "never",
    "new",
    "next",
    "nobody",
    "nothing",
    "now",
    "old",
    "once",
    "one",
    "ones",
    "only",
    "open",
    "order",
    "other",
    "others",
    "own",
    "part",
    "people",
    "person",
    "place",
    "plan",
    "point",
    "possible",
    "quickly",
    "quite",
    "rather",
    "reach",
    "ready",
    "real",
    "really",
    "reason",
    "receive",
    "right",
    "rule",
    "rules",
    "second",
    "see",
    "seeing",
    "seem",
    "send",
    "set",
    "several",
    "short",
    "show",
    "side",
    "simple",
    "since",
    "small",
    "someone",
    "something",
    "sometimes",
    "soon",
    "sort",
    "start",
    "starting",
    "starts",
    "stay",
    "step",
    "stop",
    "sure",
    "talk",
    "think",
    "tick",
    "time",
    "today",
    "together",
    "tomorrow",
    "try",
    "turn",
    "two",
    "under",
    "understand",
    "until",
    "wait",
    "way",
    "week",
    "well",
    "while",
    "whole",
    "worked",
    "working",
    "works",
    "write",
    "wrong",
    "year",
    "yearly",
    "years",
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

/// How many words of a longer text are looked at together, about as many as an entry has.
const WINDOW: usize = 60;

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
        Self::of_stems(&stems(text))
    }

    /// Reads a long text piece by piece, so that its length alone does not make it cover more.
    pub(super) fn windows_of(text: &str) -> Vec<Self> {
        let stems = stems(text);
        let starts = (0..stems.len().max(1)).step_by(WINDOW / 2);
        starts
            .map(|start| {
                Self::of_stems(stems.get(start..stems.len().min(start + WINDOW)).unwrap_or_default())
            })
            .collect()
    }

    fn of_stems(stems: &[String]) -> Self {
        let mut phrases = HashSet::new();
        for length in 2..=LONGEST_PHRASE {
            phrases.extend(stems.windows(length).map(|run| run.join(" ")));
        }
        Self { stems: stems.iter().cloned().collect(), phrases }
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
            let factor = if EVERYDAY_STEMS.contains(&concept.stem) {
                EVERYDAY
            } else if RARITY.entries_with(concept) == 0 {
                UNKNOWN
            } else {
                1.0
            };
            concept.weight = RARITY.weight(RARITY.entries_with(concept)) * factor;
        }
        Self { concepts }
    }

    /// The share of a text that the question has, from 0 to 1, rare words counting more: what says more
    /// beside the answer fits less.
    pub(super) fn share_of(&self, vocabulary: &Vocabulary) -> f64 {
        let weight = |stem: &String| RARITY.weight(RARITY.with.get(stem).copied().unwrap_or_default());
        let all: f64 = vocabulary.stems.iter().map(weight).sum();
        let is_asked = |stem: &&String| {
            self.concepts.iter().any(|concept| concept.stem == **stem || concept.others.contains(stem))
        };
        let asked: f64 = vocabulary.stems.iter().filter(is_asked).map(weight).sum();
        if all > 0.0 { asked / all } else { 0.0 }
    }

    /// Where a text has words of the question or single words for them, as ranges of characters.
    pub(super) fn found_at(&self, text: &str) -> Vec<(usize, usize)> {
        let is_asked = |stem: &String| {
            self.concepts.iter().any(|concept| concept.stem == *stem || concept.others.contains(stem))
        };
        let mut found = Vec::new();
        let mut word = String::new();
        // A mark behind the end closes the last word.
        for (place, c) in text.chars().chain([' ']).enumerate() {
            let joins = matches!(c, '.' | ',' | ':') && word.ends_with(|last: char| last.is_ascii_digit());
            if c.is_alphanumeric() || joins {
                word.push(c);
                continue;
            }
            let written = word.trim_end_matches(['.', ',', ':']);
            if !written.is_empty() && stems(written).iter().any(is_asked) {
                let start = place - word.chars().count();
                found.push((start, start + written.chars().count()));
            }
            word.clear();
        }
        found
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
        let found: f64 =
            self.concepts.iter().map(|concept| concept.weight * concept.found_in(vocabulary)).sum();
        found / all
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

static EVERYDAY_STEMS: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let words: Vec<String> = EVERYDAY_WORDS.iter().map(|word| (*word).to_owned()).collect();
    stem(&words).into_iter().collect()
});

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
    /// How many entries have the word itself; where none has, the best known of the words for it.
    fn entries_with(&self, concept: &Concept) -> usize {
        let known = |phrase: &String| self.with.get(phrase).copied();
        known(&concept.stem).or_else(|| concept.others.iter().filter_map(known).max()).unwrap_or_default()
    }

    /// What a word weighs that so many entries have: the inverse document frequency of BM25.
    #[expect(clippy::cast_precision_loss, reason = "counts of entries are far below 2^52")]
    fn weight(&self, with: usize) -> f64 {
        let (all, with) = (self.entries as f64, with as f64);
        (1.0 + ((all - with).max(0.0) + 0.5) / (with + 0.5)).ln()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_stemmed_and_figures_stay_whole() {
        assert_eq!(
            stems("What does Spotify's 1,000-stream rule of 6:10 say?"),
            ["spotifi", "1000", "stream", "rule", "6:10"]
        );
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
    fn words_of_the_question_are_marked_in_characters() {
        let text = "Für Künstler: royalties, 1,000 royalty.";
        let marks = Subject::of("royalty 1000").found_at(text);
        let characters: Vec<char> = text.chars().collect();
        let marked: Vec<String> =
            marks.iter().map(|(start, end)| characters[*start..*end].iter().collect()).collect();
        assert_eq!(marked, ["royalties", "1,000", "royalty"]);
    }

    #[test]
    fn a_question_of_grammar_only_is_about_nothing() {
        assert!(Subject::of("what is it?").is_empty());
    }
}
