//! The words of an order: the verb, the attribute, and where the new value begins.

use super::Attribute;
use crate::engine::supervisor::understand::concepts::COURTESIES;
use crate::engine::supervisor::understand::period::{self, Direction};
use crate::engine::supervisor::understand::text::{Text, words_of};
use crate::engine::supervisor::understand::{Known, names};

/// Verbs that need the name of an attribute beside them.
const CHANGING: [&str; 5] = ["change", "update", "correct", "edit", "set"];
/// Verbs that mean the release date.
const MOVING: [&str; 4] = ["move", "postpone", "delay", "reschedule"];
/// Verbs that mean it only where a day follows: `push it to playlists` is promotion.
const MOVING_TO_A_DAY: [&str; 3] = ["push", "shift", "bring"];
const RENAMING: [&str; 2] = ["rename", "retitle"];
const MARKING: [&str; 1] = ["mark"];
const WITHDRAWING: [&str; 2] = ["withdraw", "retract"];
/// With `down` or `back` it withdraws.
const TAKING: &str = "take";

/// Words beside the courtesies that may stand before the verb.
const OPENINGS: &str = "need have must id like go ahead and";

/// So many links are tried; a sentence has two or three.
const MOST_LINKS: usize = 6;

/// What stands between what is changed and what it is to be.
const LINKS: [&str; 5] = ["to", "into", "as", "on", "until"];

/// What is to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// A value that the words say.
    Said,
    /// So many days, weeks or months from the day that it is now.
    Shifted,
    /// Off the market.
    Withdrawn,
}

/// An order to change a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Order<'t> {
    pub(super) attribute: Attribute,
    pub(super) wanted: Wanted,
    /// The words before the new value.
    pub(super) before: &'t str,
    /// The words of the new value; none where the order has none.
    pub(super) value: Option<&'t str>,
    /// The words up to the verb, and the verb.
    opening: Vec<String>,
    /// The word for the attribute as it was written.
    named: Option<String>,
}

impl Order<'_> {
    /// Whether a word was read as the verb, as what stands before it, or as the attribute.
    pub(super) fn uses(&self, word: &str) -> bool {
        self.opening.iter().any(|known| known == word) || self.named.as_deref() == Some(word)
    }

    /// Whether it is too easily misread where only an artist is named: artists have names and genres, too.
    pub(super) fn needs_a_named_release(&self) -> bool {
        self.attribute != Attribute::ReleaseDate
    }

    /// Whether the release is to come out earlier than now.
    pub(super) fn is_earlier(&self) -> bool {
        let mut all = words_of(self.before).into_iter().chain(words_of(self.value.unwrap_or_default()));
        all.any(|word| matches!(word.as_str(), "earlier" | "forward" | "bring" | "sooner"))
    }
}

/// Reads an order; none where the words do not begin like one, or could as well begin another sentence. `is_known`: the
/// release is known without its name.
pub(super) fn read<'t>(task: &'t str, known: &Known, is_known: bool) -> Option<Order<'t>> {
    let mut text = Text::read(task);
    let verb_at = text.tokens.iter().position(|token| !is_opening(&token.word))?;
    let verb = text.tokens.get(verb_at).filter(|token| token.quote.is_none())?.word.clone();
    let verb = verb.as_str();
    // Most tasks end here; names are looked for only in what may be an order.
    if !is_verb(verb) {
        return None;
    }
    let names_a_release = !names::take(&mut text, known).releases.is_empty() || is_known;
    let has = |word: &str| text.tokens.iter().any(|token| token.quote.is_none() && token.word == word);
    let opening: Vec<String> = text.tokens[..=verb_at].iter().map(|token| token.word.clone()).collect();
    let order = |attribute, wanted, before, value, named| {
        Some(Order { attribute, wanted, before, value, opening, named })
    };
    let takes_away = verb == TAKING && (has("down") || has("back"));
    let named = named(&text, verb_at + 1);
    if is_one(verb, &WITHDRAWING) || takes_away {
        // `Take back the release date` takes back a date, and nobody knows to what.
        let is_of_a_release = names_a_release && named.is_none();
        return if is_of_a_release {
            order(Attribute::Status, Wanted::Withdrawn, task, None, None)
        } else {
            None
        };
    }
    let (implied, needs_a_day) = if is_one(verb, &MOVING) {
        (Some(Attribute::ReleaseDate), false)
    } else if is_one(verb, &MOVING_TO_A_DAY) {
        (Some(Attribute::ReleaseDate), true)
    } else if is_one(verb, &RENAMING) {
        (Some(Attribute::Title), false)
    } else if is_one(verb, &MARKING) {
        (Some(Attribute::Status), false)
    } else if is_one(verb, &CHANGING) {
        (None, false)
    } else {
        return None;
    };
    // `Push it to playlists on release day` is promotion.
    let named = named.filter(|(_, word)| !needs_a_day || word != "day");
    let is_named = named.is_some();
    let (attribute, named) = match (named, implied) {
        // A title may have such a word in it.
        (_, Some(Attribute::Title)) => (Attribute::Title, None),
        (Some((attribute, word)), _) => (attribute, Some(word)),
        (None, implied) => (implied?, None),
    };
    let is_date = attribute == Attribute::ReleaseDate;
    let shifted =
        if is_date { split(task, &["by"], known).filter(|(_, after)| is_span(after)) } else { None };
    if let Some((before, value)) = shifted {
        return order(attribute, Wanted::Shifted, before, Some(value), named);
    }
    let found = split(task, &LINKS, known);
    let says_a_day = is_date && found.is_some_and(|(_, value)| says_a_day(value, known));
    if !(is_named || says_a_day || names_a_release && !needs_a_day) {
        return None;
    }
    match found {
        Some((before, value)) => order(attribute, Wanted::Said, before, Some(value), named),
        None => order(attribute, Wanted::Said, task, None, named),
    }
}

/// The attribute that the words name first, and the word for it. Words of names are none.
fn named(text: &Text, from: usize) -> Option<(Attribute, String)> {
    let words = text.tokens.iter().skip(from).filter(|token| token.quote.is_none() && !token.taken);
    words.map(|token| &token.word).find_map(|word| {
        let attribute = match word.as_str() {
            "date" | "day" => Attribute::ReleaseDate,
            "name" => Attribute::Title,
            word if is_near(word, "title") => Attribute::Title,
            word if is_near(word, "genre") => Attribute::Genre,
            word if is_near(word, "status") => Attribute::Status,
            _ => return None,
        };
        Some((attribute, word.clone()))
    })
}

/// What stands before and after the link: the first before which a release is named for certain, else the first.
fn split<'t>(task: &'t str, links: &[&str], known: &Known) -> Option<(&'t str, &'t str)> {
    let all = links_in(task, links);
    let names_one = |(before, _): &&(&str, &str)| {
        let found = names::take(&mut Text::read(before), known);
        !found.releases.is_empty() && found.releases.iter().all(|mention| mention.sure)
    };
    all.iter().take(MOST_LINKS).find(names_one).or_else(|| all.first()).copied()
}

/// What stands before and after each link outside of quotation marks.
fn links_in<'t>(task: &'t str, links: &[&str]) -> Vec<(&'t str, &'t str)> {
    let mut found = Vec::new();
    let (mut start, mut closing) = (0, None);
    for (place, character) in task.char_indices().chain([(task.len(), ' ')]) {
        if character.is_whitespace() {
            let word = &task[start..place];
            if closing.is_none() && links.iter().any(|link| word.eq_ignore_ascii_case(link)) {
                found.push((task[..start].trim(), task[place..].trim()));
            }
            start = place + character.len_utf8();
        }
        closing = match (closing, character) {
            (Some(end), character) if character == end => None,
            (None, '"') => Some('"'),
            (None, '“') => Some('”'),
            (None, '„') => Some('“'),
            (None, '«') => Some('»'),
            (closing, _) => closing,
        };
    }
    found
}

fn says_a_day(value: &str, known: &Known) -> bool {
    period::read(&Text::read(value), known.today, Direction::Future).period.is_some()
}

/// Whether words begin with a number of days, weeks or months.
fn is_span(after: &str) -> bool {
    super::value::span(after).is_some()
}

fn is_opening(word: &str) -> bool {
    let one_of = |list: &str| list.split_whitespace().any(|known| known == word);
    one_of(COURTESIES) || one_of(OPENINGS)
}

/// Whether an order may begin with a word.
fn is_verb(word: &str) -> bool {
    let all: [&[&str]; 6] = [&CHANGING, &MOVING, &MOVING_TO_A_DAY, &RENAMING, &MARKING, &WITHDRAWING];
    word == TAKING || all.into_iter().any(|verbs| is_one(word, verbs))
}

fn is_one(word: &str, verbs: &[&str]) -> bool {
    verbs.iter().any(|verb| is_near(word, verb))
}

/// Whether a word is another, but for a mistake where it is long enough.
fn is_near(word: &str, known: &str) -> bool {
    const LONG: usize = 5;
    word == known || known.len() >= LONG && strsim::damerau_levenshtein(word, known) <= 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn known() -> Known {
        Known { artists: Vec::new(), releases: Vec::new(), genres: Vec::new(), today: date(2026, 11, 27) }
    }

    #[test]
    fn an_order_is_read_by_its_verb_and_its_attribute() {
        let known = known();
        let of = |task: &str| {
            read(task, &known, true).map(|order| (order.attribute, order.value.map(str::to_owned)))
        };
        let said = |attribute, value: &str| Some((attribute, Some(value.to_owned())));
        assert_eq!(of("Move Atlas to 4 December"), said(Attribute::ReleaseDate, "4 December"));
        assert_eq!(of("please chnage the titel of A to “Road to B”"), said(Attribute::Title, "“Road to B”"));
        assert_eq!(of("mark it as released"), said(Attribute::Status, "released"));
        assert_eq!(of("delay it by two weeks"), said(Attribute::ReleaseDate, "two weeks"));
        assert_eq!(of("take “Atlas” down"), Some((Attribute::Status, None)));
        for none in [
            "push it to playlists",
            "push it to playlists on release day",
            "set up a plan",
            "what is the release date of it?",
            "change it",
        ] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_eq!(of("push the release day to 4 December"), said(Attribute::ReleaseDate, "4 December"));
    }
}
