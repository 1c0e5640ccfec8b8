//! Figures in a question: playing times, and numbers of things.

use super::scan::Token;

/// A number of things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub number: u64,
    /// The words that say of what, in lower case.
    pub what: String,
}

const NUMBERS: [&str; 13] = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
];

/// Words between numbers and things that tell nothing.
const LINKS: [&str; 6] = ["and", "or", "of", "plus", "with", "in"];

/// A playing time in seconds, and the places of the words that say it.
pub(super) fn playing_time(tokens: &[Token], used: &[bool]) -> (Option<u32>, Vec<usize>) {
    let free = |at: usize| used.get(at) == Some(&false);
    for (at, token) in tokens.iter().enumerate().filter(|(at, _)| free(*at)) {
        if let Some(seconds) = clock(&token.lower) {
            return (Some(seconds), vec![at]);
        }
        if let Some((seconds, length)) = in_words(tokens.get(at..).unwrap_or_default()) {
            return (Some(seconds), (at..at + length).collect());
        }
    }
    (None, Vec::new())
}

/// `6:10` or `1:02:03`. Less than half a minute is a time of day such as `00:01`.
fn clock(text: &str) -> Option<u32> {
    const SHORTEST: u32 = 30;
    let parts: Vec<&str> = text.split(':').collect();
    let number = |text: &str, most: u32| text.parse::<u32>().ok().filter(|number| *number <= most);
    let two = |text: &&str| text.len() == 2;
    let seconds = match parts.as_slice() {
        [minutes, seconds] if two(seconds) => number(minutes, 599)? * 60 + number(seconds, 59)?,
        [hours, minutes, seconds] if two(minutes) && two(seconds) => {
            number(hours, 23)? * 3600 + number(minutes, 59)? * 60 + number(seconds, 59)?
        }
        _ => return None,
    };
    (seconds >= SHORTEST).then_some(seconds)
}

/// `6 minutes and 10 seconds`, `three minute`, `6m10s`, and how many words say it.
fn in_words(tokens: &[Token]) -> Option<(u32, usize)> {
    let first = tokens.first()?;
    if let Some((minutes, seconds)) = first.lower.strip_suffix('s').and_then(|text| text.split_once('m')) {
        let (minutes, seconds): (u32, u32) = (minutes.parse().ok()?, seconds.parse().ok()?);
        return (minutes < 600 && seconds < 60).then_some((minutes * 60 + seconds, 1));
    }
    let is_minute = |token: &Token| matches!(token.lower.as_str(), "minute" | "minutes" | "min" | "mins");
    let is_second = |token: &Token| matches!(token.lower.as_str(), "second" | "seconds" | "sec" | "secs");
    let minutes = small_number(&first.lower).filter(|minutes| (1..600).contains(minutes))?;
    if !tokens.get(1).is_some_and(is_minute) {
        return None;
    }
    let rest = tokens.get(2..).unwrap_or_default();
    let skipped = usize::from(rest.first().is_some_and(|token| token.lower == "and"));
    let seconds =
        rest.get(skipped).and_then(|token| small_number(&token.lower)).filter(|seconds| *seconds < 60);
    match seconds {
        Some(seconds) if rest.get(skipped + 1).is_some_and(is_second) => {
            Some((minutes * 60 + seconds, 4 + skipped))
        }
        _ => Some((minutes * 60, 2)),
    }
}

fn small_number(word: &str) -> Option<u32> {
    let in_words = NUMBERS.iter().position(|number| *number == word);
    in_words.and_then(|place| u32::try_from(place).ok()).or_else(|| word.parse().ok())
}

/// The word that a word stands for: `a million paid streams and a million free ones` are streams.
fn meant<'a>(word: &'a str, counts: &[(u64, Vec<&'a str>)]) -> &'a str {
    let Some((_, before)) = counts.iter().rev().nth(1).filter(|_| word == "ones") else { return word };
    before.last().copied().unwrap_or(word)
}

/// Numbers with the words behind them, up to the next number or the end of the clause. A shared noun
/// goes to both: `a million premium and a million free streams`. Beside them the places of large numbers,
/// which no entry is found by.
pub(super) fn counts(tokens: &[Token], used: &[bool]) -> (Vec<Count>, Vec<usize>) {
    const LARGE: u64 = 1_000_000;
    let mut places = Vec::new();
    let mut counts: Vec<(u64, Vec<&str>)> = Vec::new();
    let mut open = false;
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let is_free = used.get(at) == Some(&false);
        match number_at(tokens, at).filter(|_| is_free) {
            Some((number, length)) => {
                counts.push((number, Vec::new()));
                if number >= LARGE {
                    places.extend(at..at + length);
                }
                open = true;
                at += length;
                continue;
            }
            None if open && is_free && !LINKS.contains(&token.lower.as_str()) => {
                let word = meant(&token.lower, &counts);
                if let Some((_, words)) = counts.last_mut().filter(|(_, words)| words.len() < 3) {
                    words.push(word);
                }
            }
            None => {}
        }
        if token.ends {
            open = false;
        }
        at += 1;
    }
    let noun = counts.last().and_then(|(_, words)| words.last().copied());
    let several = counts.len() > 1;
    let whole = counts.into_iter().filter(|(_, words)| !words.is_empty()).map(|(number, mut words)| {
        if several
            && words.len() == 1
            && let Some(noun) = noun.filter(|noun| !words.contains(noun))
        {
            words.push(noun);
        }
        Count { number, what: words.join(" ") }
    });
    (whole.collect(), places)
}

/// A number from this word on, and how many words say it: `1,000,000`, `250k`, `1.5 million`, `a million`.
fn number_at(tokens: &[Token], at: usize) -> Option<(u64, usize)> {
    let scale = |at: usize| {
        tokens.get(at).and_then(|token| match token.lower.as_str() {
            "thousand" => Some(1e3),
            "million" | "millions" => Some(1e6),
            "billion" | "billions" => Some(1e9),
            _ => None,
        })
    };
    let word = tokens.get(at)?.lower.as_str();
    if let (true, Some(scale)) = (matches!(word, "a" | "one" | "half"), scale(at + 1)) {
        return whole(if word == "half" { scale / 2.0 } else { scale }).map(|number| (number, 2));
    }
    let (digits, own_scale) = match word.as_bytes().last()? {
        b'k' => (word.get(..word.len() - 1)?, 1e3),
        b'm' => (word.get(..word.len() - 1)?, 1e6),
        _ => (word, 1.0),
    };
    let number = match small_number(digits) {
        Some(number) => f64::from(number),
        None => digits.replace(',', "").parse::<f64>().ok()?,
    };
    match scale(at + 1) {
        Some(scale) => whole(number * scale).map(|number| (number, 2)),
        None => whole(number * own_scale).map(|number| (number, 1)),
    }
}

/// A number of things: whole, not negative, and small enough to be counted exactly.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked against the bounds before"
)]
fn whole(number: f64) -> Option<u64> {
    const MOST: f64 = 1e15;
    let fits = (0.0..=MOST).contains(&number) && (number - number.round()).abs() < 1e-6;
    fits.then(|| number.round() as u64)
}
