//! The patterns of `like`, `=~` and `parse`: regular expressions that take seconds at most for a record.
//!
//! They run in time that grows with the length of the record times the size of the expression, which for the
//! largest of both would be minutes, and nothing can interrupt a match. So where that product is large, the
//! faster of two machines is asked alone, and what it gives up is given up.

use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use regex_automata::hybrid;
use regex_automata::meta::{self, BuildError};
use regex_automata::nfa::thompson;
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, Match, PatternID};

use super::error::QueryError;

/// What a compiled expression may take, in bytes. Beyond it a query is refused.
const SIZE_LIMIT: usize = 1024 * 1024;
const NESTING_LIMIT: u32 = 64;

/// Steps of the slower machine that a match may take: some seconds.
const MOST_STEPS: usize = 1 << 27;

/// What the faster machine may keep of its work, in bytes; how often it may forget that; and how far it has
/// to come in between, in bytes of the record for each thing that it worked out.
const CACHE: usize = 4 * 1024 * 1024;
const FORGETS: usize = 3;
const PROGRESS: usize = 10;

/// A regular expression of a query.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    expression: meta::Regex,
    fast: Arc<Fast>,
    /// How large the slower machine is.
    states: usize,
}

/// The machine that is asked alone about long records.
#[derive(Debug)]
struct Fast {
    machine: hybrid::regex::Regex,
    cache: Mutex<hybrid::regex::Cache>,
}

/// A record is too long for such an expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TooHard;

impl Pattern {
    fn new(pattern: &str, span: &Range<usize>) -> Result<Self, QueryError> {
        let unusable = |reason: String| {
            let message = format!("expected a regular expression that can be used: {reason}");
            QueryError::new(span.clone(), message)
        };
        let syntax = syntax::Config::new().nest_limit(NESTING_LIMIT);
        let settings = meta::Config::new().nfa_size_limit(Some(SIZE_LIMIT)).hybrid_cache_capacity(SIZE_LIMIT);
        let expression = meta::Builder::new().configure(settings).syntax(syntax).build(pattern);
        let expression = expression.map_err(|error| unusable(reason(&error)))?;
        let settings = hybrid::dfa::Config::new()
            .cache_capacity(CACHE)
            .skip_cache_capacity_check(true)
            .minimum_cache_clear_count(Some(FORGETS))
            .minimum_bytes_per_state(Some(PROGRESS))
            .unicode_word_boundary(true);
        let machine = hybrid::regex::Builder::new()
            .syntax(syntax)
            .thompson(thompson::Config::new().nfa_size_limit(Some(SIZE_LIMIT)))
            .dfa(settings)
            .build(pattern)
            .map_err(|_| unusable(TOO_LARGE.to_owned()))?;
        let states = machine.forward().get_nfa().states().len();
        let cache = Mutex::new(machine.create_cache());
        Ok(Self { expression, fast: Arc::new(Fast { machine, cache }), states })
    }

    /// How many groups it has, with the one for all of it.
    pub(super) fn groups_len(&self) -> usize {
        self.expression.captures_len()
    }

    /// The names of its groups, from the one for all of it on.
    pub(super) fn group_names(&self) -> impl Iterator<Item = Option<&str>> {
        self.expression.group_info().pattern_names(PatternID::ZERO)
    }

    /// Whether a text has a match.
    pub(super) fn matches(&self, text: &str) -> Result<bool, TooHard> {
        if self.is_easy(text.len()) {
            return Ok(self.expression.is_match(text));
        }
        Ok(self.fast.find(&Input::new(text).earliest(true))?.is_some())
    }

    /// What these groups hold in the first match; none where there is no match.
    pub(super) fn groups(
        &self,
        text: &str,
        wanted: impl Iterator<Item = usize>,
    ) -> Result<Option<Vec<Option<String>>>, TooHard> {
        let mut input = Input::new(text);
        if !self.is_easy(text.len()) {
            let Some(found) = self.fast.find(&input)? else { return Ok(None) };
            if !self.is_easy(found.len()) {
                return Err(TooHard);
            }
            input = input.span(found.span()).anchored(Anchored::Yes);
        }
        let mut captures = self.expression.create_captures();
        self.expression.search_captures(&input, &mut captures);
        let group = |number: usize| Some(text.get(captures.get_group(number)?.range())?.to_owned());
        Ok(captures.is_match().then(|| wanted.map(group).collect()))
    }

    fn is_easy(&self, length: usize) -> bool {
        self.states.saturating_mul(length) <= MOST_STEPS
    }
}

impl Fast {
    fn find(&self, input: &Input<'_>) -> Result<Option<Match>, TooHard> {
        // A cache that was left in the middle is begun anew by the machine itself.
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        self.machine.try_search(&mut cache, input).map_err(|_| TooHard)
    }
}

/// A regular expression of a query.
pub(super) fn regex(pattern: &str, span: &Range<usize>) -> Result<Pattern, QueryError> {
    Pattern::new(pattern, span)
}

/// A pattern with `*` where values are: each takes as little as it can, one at the end all the rest.
pub(super) fn glob(pattern: &str, span: &Range<usize>) -> Result<Pattern, QueryError> {
    let mut parts = pattern.split('*').peekable();
    let mut expression = String::from("(?s)");
    while let Some(part) = parts.next() {
        expression.push_str(&regex::escape(part));
        match parts.peek() {
            Some(&"") => expression.push_str(if is_last(&mut parts.clone()) { "(.*)" } else { "(.*?)" }),
            Some(_) => expression.push_str("(.*?)"),
            None => {}
        }
    }
    regex(&expression, span)
}

/// Whether only one part is left.
fn is_last<'p>(parts: &mut impl Iterator<Item = &'p str>) -> bool {
    parts.next();
    parts.next().is_none()
}

const TOO_LARGE: &str = "it would grow too large";

/// The reason on one line: the last of those that the library writes below its picture.
fn reason(error: &BuildError) -> String {
    let Some(mistake) = error.syntax_error() else { return TOO_LARGE.to_owned() };
    let message = mistake.to_string();
    let last = message.lines().last().unwrap_or_default();
    last.trim_start_matches("error: ").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(pattern: &str, text: &str) -> Option<Vec<String>> {
        let pattern = glob(pattern, &(0..0)).unwrap();
        let found = pattern.groups(text, 1..pattern.groups_len()).unwrap()?;
        Some(found.into_iter().map(Option::unwrap_or_default).collect())
    }

    fn owned(parts: &[&str]) -> Vec<String> {
        parts.iter().map(|part| (*part).to_owned()).collect()
    }

    #[test]
    fn stars_take_what_lies_between() {
        assert_eq!(parts("[*] *", "x [INFO] all is well"), Some(owned(&["INFO", "all is well"])));
        assert_eq!(parts("user=*, id=*;", "user=a, b, id=7; z"), Some(owned(&["a, b", "7"])));
        assert_eq!(parts("a*", "b"), None);
        assert_eq!(parts("(.*", "(.x"), Some(owned(&["x"])));
    }

    #[test]
    fn what_cannot_be_a_regular_expression_says_why() {
        let error = regex("(a", &(7..9)).unwrap_err();
        assert_eq!(error.span, 7..9);
        assert!(error.message.contains("unclosed group"), "{}", error.message);
        assert!(regex("(?=a)", &(0..1)).unwrap_err().message.contains("look-around"));
    }

    #[test]
    fn what_would_grow_without_bound_is_refused() {
        assert!(regex(r"(\w{100}){100}", &(0..1)).unwrap_err().message.contains("too large"));
    }

    /// Long enough for the faster machine to be asked alone.
    fn long(text: &str) -> String {
        text.repeat((1 << 20) / text.len())
    }

    #[test]
    fn on_long_records_the_same_is_found_as_on_short_ones() {
        let pattern = regex(r"\b(?<name>\w{3,9}): (?<code>\d+)\b", &(0..0)).unwrap();
        let record = format!("{} tempo: 120 {}", long("a-"), long("b-"));
        assert!(!pattern.is_easy(record.len()));
        assert_eq!(pattern.matches(&record), Ok(true));
        let found = pattern.groups(&record, 1..3).unwrap().unwrap();
        assert_eq!(found, [Some("tempo".to_owned()), Some("120".to_owned())]);
        assert_eq!(pattern.groups(&long("a-"), 1..3), Ok(None));
    }

    #[test]
    fn what_would_take_minutes_is_given_up() {
        for hard in ["[ab]*a[ab]{9000}c", "(?:[ab]*a[ab]{900}c|[ab]*b[ab]{800}d)"] {
            let pattern = regex(hard, &(0..0)).unwrap();
            let mut state = 1_u32;
            let mut letter = || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                if state >> 31 == 0 { 'a' } else { 'b' }
            };
            let record: String = (0..1 << 20).map(|_| letter()).collect();
            assert_eq!(pattern.matches(&record), Err(TooHard), "{hard}");
            assert_eq!(pattern.groups(&record, 0..1), Err(TooHard), "{hard}");
        }
    }
}
