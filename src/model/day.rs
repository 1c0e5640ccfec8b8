//! Days as people read them, alone and within sentences.

pub use super::written_time::short_day;

/// The length of an ISO date.
const LENGTH: usize = "2026-11-07".len();

/// `7 Nov 2026`, of an ISO date; none where the text is something else.
pub fn short_day_of(text: &str) -> Option<String> {
    (text.len() == LENGTH).then_some(())?;
    text.parse().ok().map(short_day)
}

/// A text whose ISO dates are days as people read them; names that have dates in them stay.
pub fn with_short_days(text: &str) -> String {
    let is_part = |character: char| character.is_ascii_alphanumeric() || character == '-';
    let mut written = String::with_capacity(text.len() + 8);
    let (mut rest, mut before) = (text, ' ');
    while let Some(character) = rest.chars().next() {
        let date = rest.get(..LENGTH).filter(|_| !is_part(before) && !rest[LENGTH..].starts_with(is_part));
        let length = if let Some(day) = date.and_then(short_day_of) {
            written.push_str(&day);
            LENGTH
        } else {
            written.push(character);
            character.len_utf8()
        };
        rest = &rest[length..];
        before = character;
    }
    written
}

#[cfg(test)]
mod tests {
    use super::with_short_days;

    #[test]
    fn days_in_sentences_are_those_of_people_and_ids_stay() {
        for (note, told) in [
            (
                "There are no figures from 2026-11-01 to 2026-11-03.",
                "There are no figures from 1 Nov 2026 to 3 Nov 2026.",
            ),
            ("run-2026-11-01-a, 2026-13-01", "run-2026-11-01-a, 2026-13-01"),
            ("é 2026-11-07", "é 7 Nov 2026"),
        ] {
            assert_eq!(with_short_days(note), told);
        }
    }
}
