//! Understands what a question asks beside its words: for which day, for which country, and with which
//! figures. Pure: what day it is today is said by the caller.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

mod edges;
mod figures;
mod scan;
mod services;

pub use figures::Count;
use scan::{Token, tokens};

/// A question, understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    /// As it was asked.
    pub text: String,
    /// The words that are looked for: without days and large figures, and without the US, where
    /// most of what is known holds; any other country must be in the answer.
    pub subject: String,
    /// The days it asks about; the caller's day when it names none.
    pub days: Vec<Date>,
    /// Whether it names a day itself.
    pub names_a_day: bool,
    /// The countries it names, as codes of two letters.
    pub jurisdictions: Vec<&'static str>,
    /// The services of the trade that it names.
    pub services: Vec<&'static str>,
    /// Whether it asks how much is paid.
    pub asks_for_money: bool,
    /// A playing time in seconds.
    pub playing_seconds: Option<u32>,
    /// Numbers of things, for instance of streams.
    pub counts: Vec<Count>,
}

/// Words for countries, the name first. `us` counts only in capitals or after `the` and `in`: it is a pronoun, too.
const COUNTRIES: &[(&str, &[&str])] = &[
    ("US", &["usa", "u.s", "u.s.a", "united states", "america", "american", "states"]),
    ("GB", &["britain", "uk", "u.k", "united kingdom", "british", "england"]),
    ("DE", &["germany", "german"]),
    ("FR", &["france", "french"]),
    ("JP", &["japan", "japanese"]),
    ("EU", &["europe", "eu", "european", "european union"]),
    ("CA", &["canada", "canadian"]),
    ("AU", &["australia", "australian"]),
    ("BR", &["brazil", "brazilian"]),
    ("NO", &["norway", "norwegian"]),
    ("SE", &["sweden", "swedish"]),
    ("ES", &["spain", "spanish"]),
    ("IT", &["italy", "italian"]),
    ("NL", &["netherlands", "dutch"]),
    ("MX", &["mexico", "mexican"]),
    ("IN", &["india", "indian"]),
    ("KR", &["korea", "korean"]),
    ("CN", &["china", "chinese"]),
];

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

/// Seasons with the month in their middle, as the northern half of the world has them.
const SEASONS: [(&str, i8); 5] = [("spring", 4), ("summer", 7), ("autumn", 10), ("fall", 10), ("winter", 1)];

/// What may follow a number that looks like a year and makes it a number of things.
const THINGS: [&str; 14] = [
    "streams",
    "stream",
    "plays",
    "copies",
    "units",
    "pixels",
    "px",
    "hz",
    "followers",
    "listeners",
    "songs",
    "tracks",
    "dollars",
    "euros",
];

impl Question {
    /// Reads a question that is asked on a day.
    pub fn read(text: &str, today: Date) -> Self {
        let tokens = tokens(text);
        let mut used = vec![false; tokens.len()];
        let mut days = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            match day_at(&tokens, at, today) {
                Some((day, length)) => {
                    let (named, before) =
                        edges::days(&tokens, (at, length), day, today).unwrap_or((vec![day], 0));
                    for day in named {
                        if !days.contains(&day) {
                            days.push(day);
                        }
                    }
                    used.iter_mut().skip(at - before).take(before + length).for_each(|used| *used = true);
                    at += length;
                }
                None => at += 1,
            }
        }
        let names_a_day = !days.is_empty();
        if days.is_empty() {
            days.push(today);
        }
        let (playing_seconds, playing_time) = figures::playing_time(&tokens, &used);
        for place in playing_time {
            if let Some(used) = used.get_mut(place) {
                *used = true;
            }
        }
        let (counts, numbers) = figures::counts(&tokens, &used);
        let (jurisdictions, countries) = jurisdictions(&tokens);
        for place in numbers.into_iter().chain(countries) {
            if let Some(used) = used.get_mut(place) {
                *used = true;
            }
        }
        let left = tokens.iter().zip(&used).filter(|(_, used)| !**used).map(|(token, _)| token.text.as_str());
        let countries = jurisdictions.iter().filter(|code| **code != "US").filter_map(|code| country(code));
        let subject: Vec<&str> = left.chain(countries).collect();
        Self {
            text: text.to_owned(),
            subject: subject.join(" "),
            asks_for_money: asks_for_money(&tokens),
            names_a_day,
            days,
            jurisdictions,
            services: services::named(&tokens),
            playing_seconds,
            counts,
        }
    }
}

/// What a text names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// Countries, as codes of two letters.
    pub(super) jurisdictions: Vec<&'static str>,
    /// Services of the trade.
    pub(super) services: Vec<&'static str>,
}

impl Named {
    /// Reads a text.
    pub(super) fn by(text: &str) -> Self {
        let tokens = tokens(text);
        Self { jurisdictions: jurisdictions(&tokens).0, services: services::named(&tokens) }
    }
}

/// Whether what holds in the first place holds in the second: what the European Union says, in its members, too.
pub(super) fn holds_in(jurisdiction: &str, country: &str) -> bool {
    const OF_THE_UNION: [&str; 6] = ["DE", "FR", "SE", "ES", "IT", "NL"];
    jurisdiction == "worldwide"
        || jurisdiction == country
        || (jurisdiction == "EU" && OF_THE_UNION.contains(&country))
}

/// `how much … pay`, `what does … cost`, `how much money`: a sum is wanted, and not only something about it.
fn asks_for_money(tokens: &[Token]) -> bool {
    const ASKED: [&str; 14] = [
        "pay", "pays", "paid", "cost", "costs", "charge", "charges", "owe", "owes", "earn", "earns",
        "collect", "money", "price",
    ];
    let word = |place: usize| tokens.get(place).map(|token| token.lower.as_str());
    let begins = (0..tokens.len()).find(|place| match (word(*place), word(place + 1)) {
        (Some("how"), Some("much")) => true,
        (Some("what"), Some(next)) => matches!(next, "do" | "does" | "did" | "must" | "should" | "will"),
        _ => false,
    });
    begins.is_some_and(|place| tokens.iter().skip(place).any(|token| ASKED.contains(&token.lower.as_str())))
}

/// The name of a country by its code, as it is looked for.
pub(super) fn country(code: &str) -> Option<&'static str> {
    COUNTRIES.iter().find(|(known, _)| *known == code).and_then(|(_, names)| names.first().copied())
}

/// A day that is named from this word on, and how many words name it.
fn day_at(tokens: &[Token], at: usize, today: Date) -> Option<(Date, usize)> {
    let word = |ahead: usize| tokens.get(at + ahead).map(|token| token.lower.as_str());
    let first = word(0)?;
    if let Ok(day) = first.parse::<Date>() {
        return Some((day, 1));
    }
    match (first, word(1)) {
        ("today" | "now" | "currently" | "nowadays" | "present", _) => return Some((today, 1)),
        ("this", Some("year" | "month" | "week")) | ("right", Some("now")) => return Some((today, 2)),
        ("yesterday", _) => return Some((today.yesterday().ok()?, 1)),
        ("tomorrow", _) => return Some((today.tomorrow().ok()?, 1)),
        ("last", Some(period)) => return Some((today.checked_sub(one(period)?).ok()?, 2)),
        ("next", Some(period)) => return Some((today.checked_add(one(period)?).ok()?, 2)),
        _ => {}
    }
    // 1 March 2025; March 1, 2025; March 2025; autumn 2025; 2025.
    let day = |text: Option<&str>| -> Option<i8> {
        let digits = text?.trim_end_matches(['s', 't', 'n', 'd', 'r', 'h']);
        digits.parse().ok().filter(|day| (1..=31).contains(day))
    };
    if let (Some(number), Some(month)) = (day(Some(first)), word(1).and_then(month)) {
        if let Some(year) = word(2).and_then(year) {
            return Some((Date::new(year, month, number).ok()?, 3));
        }
        return None;
    }
    if let Some(month) = month(first) {
        if let (Some(number), Some(year)) = (day(word(1)), word(2).and_then(year)) {
            return Some((Date::new(year, month, number).ok()?, 3));
        }
        let year = word(1).and_then(year)?;
        return Some((within(today, Date::new(year, month, 15).ok()?, true), 2));
    }
    if let Some((_, month)) = SEASONS.iter().find(|(season, _)| *season == first) {
        return Some((Date::new(word(1).and_then(year)?, *month, 15).ok()?, 2));
    }
    let year = year(first)?;
    if word(1).is_some_and(|next| THINGS.contains(&next)) {
        return None;
    }
    Some((within(today, Date::new(year, 7, 1).ok()?, false), 1))
}

/// A year, a month or a week.
fn one(period: &str) -> Option<Span> {
    match period {
        "year" => Some(1.year()),
        "month" => Some(1.month()),
        "week" => Some(1.week()),
        _ => None,
    }
}

/// Today, when it lies in the same year or month; else the middle of that.
fn within(today: Date, middle: Date, by_month: bool) -> Date {
    let same = today.year() == middle.year() && (!by_month || today.month() == middle.month());
    if same { today } else { middle }
}

fn month(word: &str) -> Option<i8> {
    let place = MONTHS.iter().position(|month| {
        *month == word
            || (word.len() == 3 && month.starts_with(word))
            || (word == "sept" && *month == "september")
    })?;
    i8::try_from(place + 1).ok()
}

fn year(word: &str) -> Option<i16> {
    if word.len() != 4 {
        return None;
    }
    word.parse().ok().filter(|year| (1950..=2100).contains(year))
}

/// The countries that are named, and the places of the words for them.
fn jurisdictions(tokens: &[Token]) -> (Vec<&'static str>, Vec<usize>) {
    let (mut found, mut places) = (Vec::new(), Vec::new());
    for (at, token) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|at| tokens.get(at)).map(|token| token.lower.as_str());
        let two = tokens.get(at + 1).map(|next| format!("{} {}", token.lower, next.lower));
        let named =
            |name: &str| COUNTRIES.iter().find(|(_, names)| names.contains(&name)).map(|(code, _)| *code);
        let by_two = two.and_then(|two| named(&two));
        let by_us = (token.text == "US" || (token.lower == "us" && before == Some("the"))).then_some("US");
        let Some(code) = by_two.or_else(|| named(&token.lower)).or(by_us) else { continue };
        places.extend(at..at + if by_two.is_some() { 2 } else { 1 });
        if !found.contains(&code) {
            found.push(code);
        }
    }
    (found, places)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 24);

    fn read(text: &str) -> Question {
        Question::read(text, TODAY)
    }

    #[test]
    fn days_are_named_in_many_ways() {
        for (text, day) in [
            ("rate on 2024-03-05", date(2024, 3, 5)),
            ("rate on 5 March 2024", date(2024, 3, 5)),
            ("rate on the 5th March 2024", date(2024, 3, 5)),
            ("rate on March 5, 2024", date(2024, 3, 5)),
            ("rate in March 2025", date(2025, 3, 15)),
            ("rate in Nov 2026", TODAY),
            ("rate in 2024", date(2024, 7, 1)),
            ("rate in 2026?", TODAY),
            ("rate today", TODAY),
            ("rate this year", TODAY),
            ("rate last year", date(2025, 11, 24)),
            ("rate next year", date(2027, 11, 24)),
            ("rate in autumn 2025", date(2025, 10, 15)),
        ] {
            let question = read(text);
            assert_eq!((question.days, question.names_a_day), (vec![day], true), "{text}");
            assert_eq!(question.subject.split(' ').next(), Some("rate"));
        }
    }

    #[test]
    fn days_before_until_and_since_are_not_the_days_themselves() {
        for (text, days) in [
            ("rate before 2026", vec![date(2025, 12, 31)]),
            ("rate before 1 March 2025", vec![date(2025, 2, 28)]),
            ("rate before the 5th March 2024", vec![date(2024, 3, 4)]),
            ("rate before March 2025", vec![date(2025, 2, 28)]),
            ("rate until 2025", vec![date(2025, 12, 31)]),
            ("rate up to March 2025", vec![date(2025, 3, 31)]),
            ("rate since 2023", vec![date(2023, 1, 1), TODAY]),
            ("rate after 2023", vec![date(2024, 1, 1), TODAY]),
            ("rate since 2024-05-01", vec![date(2024, 5, 1), TODAY]),
            ("rate after 2026", vec![date(2027, 1, 1)]),
            ("rate before last year", vec![date(2024, 12, 31)]),
        ] {
            let question = read(text);
            assert_eq!((question.days, question.subject.as_str()), (days, "rate"), "{text}");
        }
        assert_eq!(read("how long before the release must I pitch").days, [TODAY]);
    }

    #[test]
    fn days_are_named_from_today_on() {
        for (text, day) in [
            ("rate last month", date(2026, 10, 24)),
            ("rate next month", date(2026, 12, 24)),
            ("rate last week", date(2026, 11, 17)),
            ("rate yesterday", date(2026, 11, 23)),
            ("rate tomorrow", date(2026, 11, 25)),
        ] {
            assert_eq!(read(text).days, [day], "{text}");
        }
        assert!(!read("what did the last album earn").names_a_day);
    }

    #[test]
    fn without_a_day_it_is_the_day_of_the_caller() {
        let question = read("how many pixels must a cover have?");
        assert_eq!((question.days, question.names_a_day), (vec![TODAY], false));
        assert!(!read("does a track with 2000 streams earn?").names_a_day);
        assert!(!read("may I pitch it").names_a_day);
    }

    #[test]
    fn a_comparison_names_several_days() {
        assert_eq!(read("2023 and 2025").days, [date(2023, 7, 1), date(2025, 7, 1)]);
    }

    #[test]
    fn countries_are_told_from_pronouns() {
        assert_eq!(read("what do they owe us in the US").jurisdictions, ["US"]);
        assert!(read("do stations pay us for it").jurisdictions.is_empty());
        assert_eq!(read("Releases in Japan and the United States").jurisdictions, ["JP", "US"]);
        assert_eq!(read("in the U.S.?").jurisdictions, ["US"]);
    }

    #[test]
    fn playing_times_are_read_and_left_out_of_the_subject() {
        for (text, seconds) in [
            ("a 6:10 song", 370),
            ("a song of 1:02:03", 3723),
            ("a song of 6 minutes 10 seconds", 370),
            ("a song of 6 minutes and 10 seconds", 370),
            ("a song of 6m10s", 370),
            ("a three minute song", 180),
            ("a three-minute song", 180),
            ("a song of 7 min", 420),
        ] {
            let question = read(text);
            assert_eq!(question.playing_seconds, Some(seconds), "{text}");
            assert!(
                !question.subject.contains("min") && !question.subject.contains(':'),
                "{}",
                question.subject
            );
        }
        assert_eq!(read("the rate per minute").playing_seconds, None);
        assert_eq!(read("at 00:01 local time").playing_seconds, None);
        assert_eq!(read("6:75").playing_seconds, None);
    }

    #[test]
    fn a_question_for_a_sum_is_told_from_one_about_money() {
        for text in [
            "how much does Deezer pay for each stream?",
            "what does it cost us when bots are found",
            "What do we owe the publisher per CD?",
            "how much money is that",
        ] {
            assert!(read(text).asks_for_money, "{text}");
        }
        for text in [
            "how loud is Deezer",
            "who gets paid for a stream?",
            "how much of it is fake",
            "what is a royalty",
        ] {
            assert!(!read(text).asks_for_money, "{text}");
        }
    }

    #[test]
    fn counts_come_with_the_word_after_them() {
        let counts = |text: &str| -> Vec<(u64, String)> {
            read(text).counts.into_iter().map(|count| (count.number, count.what)).collect()
        };
        assert_eq!(
            counts("a million premium and 1.5 million free streams"),
            [(1_000_000, "premium streams".to_owned()), (1_500_000, "free streams".to_owned())]
        );
        assert_eq!(counts("250k plays"), [(250_000, "plays".to_owned())]);
        assert_eq!(counts("1,000,000 paid streams"), [(1_000_000, "paid streams".to_owned())]);
        assert_eq!(counts("a ten song vinyl album"), [(10, "song vinyl album".to_owned())]);
    }

    #[test]
    fn fuzz_question() {
        let seeds = [
            "What was the mechanical rate in the US on 1 March 2026, compared with 2025-12-31?",
            "how much does a song of 5:30 minutes earn for 1,000,000 streams in the UK since last year",
            "Wie hoch ist der Satz für 2027 in Deutschland?",
        ];
        let words =
            [" 2026 ", "31 February", "0000-00-00", "9999-12-31", ":59", "minutes ", ",000", " US ", "q4 "];
        fuzzing::text(300, &seeds, &words, |text| {
            // The same words mean the same, however often they are asked.
            assert_eq!(read(text), read(text));
        });
    }
}
