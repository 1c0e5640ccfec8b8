//! The words of questions and passages: stems, what people say for each other, and how much a word tells.
//!
//! Retrieve gives a score that means something else in every index; the share of a question's words that
//! a passage has means the same everywhere. It decides whether a passage answers at all.

mod analysis;
mod lists;

use super::shipped;
use analysis::{stem, stems, stems_of_list};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// What another word for a word of the question counts.
const SYNONYM: f64 = 0.75;

/// What a word of the question counts that only a way to ask for the entry has. Set on the questions of
/// `tests/knowledge` but `held_out.toml` and `unseen.toml`.
const ASKED: f64 = 0.75;

/// What a word counts that no entry has, nor any word for it: a text without it answers something else.
const UNKNOWN: f64 = 2.0;

/// What an everyday word counts, and a general one that no entry has: it says little about what is asked for.
const LITTLE: f64 = 0.35;

/// The shortest parts of a compound: `pre` and `save`.
const SHORTEST_PARTS: (usize, usize) = (3, 4);

/// The longest phrase that can stand for a word, in words.
const LONGEST_PHRASE: usize = 4;

/// How many words of a longer text are looked at together, about as many as an entry has.
const WINDOW: usize = 60;

/// The words of a passage.
#[derive(Debug, Clone, Default)]
pub(super) struct Vocabulary {
    words: Words,
    /// Those of each way to ask for it.
    asked: Vec<Words>,
    /// Whether its figure counts money.
    counts_money: bool,
}

/// The words of a text.
#[derive(Debug, Clone, Default)]
struct Words {
    stems: HashSet<String>,
    /// Runs of stems of up to the longest phrase.
    phrases: HashSet<String>,
}

impl Vocabulary {
    /// Reads a text.
    pub(super) fn of(text: &str) -> Self {
        Self::from(Words::of(&stems(text)))
    }

    /// Reads a long text piece by piece, so that its length alone does not make it cover more.
    pub(super) fn windows_of(text: &str) -> Vec<Self> {
        let stems = stems(text);
        let starts = (0..stems.len().max(1)).step_by(WINDOW / 2);
        starts
            .map(|start| {
                let window = stems.get(start..stems.len().min(start + WINDOW)).unwrap_or_default();
                Self::from(Words::of(window))
            })
            .collect()
    }

    /// With what its figure counts, which says no more than that for the words of a question.
    pub(super) fn with_unit(mut self, unit: &str) -> Self {
        self.counts_money = stems(unit).iter().any(|stem| MONEY.contains(stem));
        self
    }

    /// With the ways to ask for it. They help to cover a question, one of them at a time, and are no words of the
    /// text in any other respect.
    pub(super) fn with_asked(mut self, asked: &[String]) -> Self {
        self.asked = asked.iter().map(|phrase| Words::of(&stems(phrase))).collect();
        self
    }

    /// Whether it names money, or something that is paid.
    pub(super) fn is_about_money(&self) -> bool {
        self.counts_money || self.words.stems.iter().any(|stem| MONEY.contains(stem))
    }
}

impl From<Words> for Vocabulary {
    fn from(words: Words) -> Self {
        Self { words, ..Self::default() }
    }
}

impl Words {
    fn of(stems: &[String]) -> Self {
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
        for pair in stems.windows(2) {
            let joined = pair.concat();
            if RARITY.with.contains_key(&joined) {
                for concept in concepts.iter_mut().filter(|concept| pair.contains(&concept.stem)) {
                    concept.others.push(joined.clone());
                }
            }
        }
        for concept in &mut concepts {
            if RARITY.entries_with(concept) == 0 {
                concept.others.extend(COMPOUNDS.get(&concept.stem).cloned());
            }
            let with = RARITY.entries_with(concept);
            let says_little =
                EVERYDAY.contains(&concept.stem) || (with == 0 && GENERAL.contains(&concept.stem));
            let factor = match with {
                _ if says_little => LITTLE,
                0 => UNKNOWN,
                _ => 1.0,
            };
            concept.weight = RARITY.weight(with) * factor;
        }
        Self { concepts }
    }

    /// The share of a text that the question has, from 0 to 1, rare words counting more: what says more
    /// beside the answer fits less.
    pub(super) fn share_of(&self, vocabulary: &Vocabulary) -> f64 {
        let weight = |stem: &String| RARITY.weight(RARITY.with.get(stem).copied().unwrap_or_default());
        let stems = &vocabulary.words.stems;
        let all: f64 = stems.iter().map(weight).sum();
        let is_asked = |stem: &&String| {
            self.concepts.iter().any(|concept| concept.stem == **stem || concept.others.contains(stem))
        };
        let asked: f64 = stems.iter().filter(is_asked).map(weight).sum();
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
    /// for a word counts less than the word itself, as does one that only a way to ask for the text has.
    pub(super) fn covered_by(&self, vocabulary: &Vocabulary) -> f64 {
        let all: f64 = self.concepts.iter().map(|concept| concept.weight).sum();
        if all <= 0.0 {
            return 0.0;
        }
        let in_text: Vec<f64> =
            self.concepts.iter().map(|concept| concept.found_in(&vocabulary.words)).collect();
        let found_with = |asked: &dyn Fn(&Concept) -> f64| -> f64 {
            let each = self.concepts.iter().zip(&in_text);
            each.map(|(concept, found)| concept.weight * found.max(ASKED * asked(concept))).sum()
        };
        let ways = vocabulary.asked.iter().map(|way| found_with(&|concept| concept.found_in(way)));
        ways.fold(found_with(&|_| 0.0), f64::max) / all
    }
}

impl Concept {
    fn found_in(&self, words: &Words) -> f64 {
        if words.has(&self.stem) {
            1.0
        } else if self.others.iter().any(|other| words.has(other)) {
            SYNONYM
        } else {
            0.0
        }
    }
}

static EVERYDAY: LazyLock<HashSet<String>> = LazyLock::new(|| stems_of_list(lists::EVERYDAY));
static GENERAL: LazyLock<HashSet<String>> = LazyLock::new(|| stems_of_list(lists::GENERAL));

/// For each pair of words that stand side by side in an entry, as they would be written in one: `presave` for
/// `pre-save`.
static COMPOUNDS: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let (first_least, second_least) = SHORTEST_PARTS;
    let is_pair = |first: &str, second: &str| {
        let is_word = |word: &str| word.chars().all(char::is_alphabetic);
        is_word(first) && is_word(second) && first.len() >= first_least && second.len() >= second_least
    };
    let pairs = RARITY.with.keys().filter_map(|phrase| {
        let (first, second) = phrase.split_once(' ')?;
        is_pair(first, second).then(|| (format!("{first}{second}"), phrase.clone()))
    });
    let (joined, phrases): (Vec<String>, Vec<String>) = pairs.unzip();
    stem(&joined).into_iter().zip(phrases).collect()
});

static MONEY: LazyLock<HashSet<String>> = LazyLock::new(|| stems_of_list(lists::MONEY));

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

/// How rare words are among the texts of the shipped entries. Ways to ask for them do not count: a word that no text
/// has may still be the very subject that is missing.
static RARITY: LazyLock<Rarity> = LazyLock::new(|| {
    let entries = shipped::entries().unwrap_or_default();
    let mut rarity = Rarity { entries: entries.len(), with: HashMap::new() };
    for entry in entries {
        let words = Words::of(&stems(&format!("{} {}", entry.title, entry.statement)));
        for phrase in words.stems.into_iter().chain(words.phrases) {
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
    fn a_text_covers_a_question_by_its_words_or_by_others_for_them() {
        let subject = Subject::of("song royalty");
        let share = |text: &str| subject.covered_by(&Vocabulary::of(text));
        assert!((share("royalties of a song") - 1.0).abs() < 1e-9);
        assert!(share("royalties of a musical work") < 1.0);
        assert!(share("royalties of a musical work") > share("royalties"));
        assert!(share("loudness").abs() < 1e-9);
    }

    #[test]
    fn a_way_to_ask_for_a_text_helps_to_cover_a_question_but_less_than_the_text() {
        let subject = Subject::of("yank royalty");
        let share = |text: &str, asked: &[&str]| {
            let asked: Vec<String> = asked.iter().map(|phrase| (*phrase).to_owned()).collect();
            subject.covered_by(&Vocabulary::of(text).with_asked(&asked))
        };
        let alone = share("royalty", &[]);
        let with = share("royalty", &["who yanks it"]);
        assert!(alone < with && with < share("yank royalty", &[]), "{alone} {with}");
        assert!((with - share("royalty", &["loudness", "we yank"])).abs() < 1e-9, "any of the ways will do");
        let apart = share("loudness", &["who yanks it", "what royalty"]);
        assert!(
            apart < share("loudness", &["who yanks which royalty"]),
            "words of two ways are not put together"
        );
        assert!(!Vocabulary::of("loudness").with_asked(&["what royalty".to_owned()]).is_about_money());
    }

    #[test]
    fn compounds_are_found_however_they_are_written() {
        let share = |question: &str, text: &str| Subject::of(question).covered_by(&Vocabulary::of(text));
        assert!(share("presave", "a pre-save on Spotify") > 0.7);
        assert!(share("web casting", "webcasting royalties") > 0.5);
    }

    #[test]
    fn a_general_word_that_no_entry_has_weighs_little() {
        let share = |question: &str| Subject::of(question).covered_by(&Vocabulary::of("royalty"));
        assert!(share("wonderful royalty") < share("royalty"));
        assert!(share("worried royalty") > share("visa royalty"));
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
