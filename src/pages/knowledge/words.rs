//! Figures, periods and names of the knowledge base in the words of the page.

use crate::components::date::short_date;
use crate::components::format::grouped;
use crate::model::knowledge::{Amount, Entry, Source};
use crate::model::territory::territory_name;
use jiff::civil::Date;

/// A figure as people write it: `17.64 ¢`, `−14`, `1 500 000`, `12–20 %`. What it counts is said apart.
pub fn figure(amount: &Amount) -> String {
    let number = match amount.to {
        Some(to) => format!("{}\u{2013}{}", number(amount.value), number(to)),
        None => number(amount.value),
    };
    if amount.unit.starts_with("US cents") {
        format!("{number}\u{a0}¢")
    } else if amount.unit.starts_with("percent") && !amount.unit.starts_with("percentile") {
        format!("{number}\u{a0}%")
    } else {
        number
    }
}

/// A number with its sign and its thousands apart.
fn number(value: f64) -> String {
    let text = value.abs().to_string();
    let (whole, rest) = match text.split_once('.') {
        Some((whole, rest)) => (whole, format!(".{rest}")),
        None => (text.as_str(), String::new()),
    };
    let whole = match whole.parse::<u64>() {
        // Years and the like have four digits and stay together.
        Ok(number) if number >= 10_000 => grouped(number),
        _ => whole.to_owned(),
    };
    let sign = if value < 0.0 { "\u{2212}" } else { "" };
    format!("{sign}{whole}{rest}")
}

/// A name of addresses as people read it: `release-timing` is `Release timing`.
pub fn topic_name(topic: &str) -> String {
    let mut words = topic.replace('-', " ");
    if let Some(first) = words.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    words
}

/// Where an entry holds.
pub fn place_name(jurisdiction: &str) -> String {
    match jurisdiction {
        "worldwide" => "Worldwide".to_owned(),
        "EU" => "European Union".to_owned(),
        "UK" => "United Kingdom".to_owned(),
        code => territory_name(code).to_owned(),
    }
}

/// When an entry is in force; none where no day is known.
pub fn in_force(entry: &Entry) -> Option<String> {
    match (entry.from, entry.to) {
        (None, None) => None,
        (Some(from), None) => Some(format!("since {}", short_date(from))),
        (None, Some(to)) => Some(format!("until {}", short_date(to))),
        (Some(from), Some(to)) => Some(format!("{} – {}", short_date(from), short_date(to))),
    }
}

/// The days that a question was taken to ask about.
pub fn asked_days(days: &[Date]) -> String {
    let words: Vec<String> = days.iter().map(|day| short_date(*day)).collect();
    match words.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [first, .., last] => format!("{first} – {last}"),
    }
}

/// The last part of a document's name in the bucket.
pub fn file_name(key: &str) -> &str {
    key.rsplit_once('/').map_or(key, |(_, name)| name)
}

/// What a source is called in a list of sources.
pub fn source_line(source: &Source) -> String {
    use crate::model::knowledge::Detail;
    match &source.detail {
        Detail::Entry(entry) => format!("{}. {}", entry.source_title, entry.tier),
        Detail::Document(place) => match place.page {
            Some(page) => format!("{}, page {page}", file_name(&place.file_name)),
            None => file_name(&place.file_name).to_owned(),
        },
    }
}

/// Whether a text asks something, so that an answer is more use than a list.
pub fn is_question(text: &str) -> bool {
    const FIRST: [&str; 17] = [
        "what", "which", "who", "whose", "when", "where", "why", "how", "is", "are", "do", "does", "can",
        "may", "must", "should", "will",
    ];
    let text = text.trim();
    let first = text.split_whitespace().next().unwrap_or_default().to_ascii_lowercase();
    text.ends_with('?') || (text.split_whitespace().count() >= 3 && FIRST.contains(&first.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: f64, unit: &str) -> String {
        figure(&Amount { value, to: None, unit: unit.to_owned() })
    }

    #[test]
    fn a_range_is_shown_with_both_ends() {
        let range = |value, to, unit: &str| figure(&Amount { value, to: Some(to), unit: unit.to_owned() });
        assert_eq!(range(12.0, 20.0, "percent"), "12\u{2013}20\u{a0}%");
        assert_eq!(range(7.0, 10.0, "days"), "7\u{2013}10");
    }

    #[test]
    fn figures_have_their_sign_and_their_thousands_apart() {
        assert_eq!(shown(17.64, "US cents per copy"), "17.64\u{a0}¢");
        assert_eq!(shown(-14.0, "LUFS"), "\u{2212}14");
        assert_eq!(shown(15.0, "percent of revenue"), "15\u{a0}%");
        assert_eq!(shown(90.0, "percentile"), "90");
        assert_eq!(shown(1_500_000.0, "streams"), "1\u{202f}500\u{202f}000");
        assert_eq!(shown(2500.0, "streams per album unit"), "2500");
    }

    #[test]
    fn topics_and_places_have_names() {
        assert_eq!(topic_name("release-timing"), "Release timing");
        assert_eq!(topic_name(""), "");
        assert_eq!(
            (place_name("US").as_str(), place_name("worldwide").as_str()),
            ("United States", "Worldwide")
        );
    }

    #[test]
    fn tells_questions_from_words() {
        assert!(is_question("what is the mechanical rate for a 6:10 song"));
        assert!(is_question("isrc?"));
        assert!(!is_question("what if"));
        assert!(!is_question("mechanical rate 2026"));
    }
}
