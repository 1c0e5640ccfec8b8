//! Numbers as people read them: grouped, compact, percentages with sign, playing times.

pub use crate::model::number::grouped;

/// Between a number and its unit: unbreakable.
const UNIT_SPACE: char = '\u{a0}';
/// The sign of negative numbers, as wide as the plus.
const MINUS: char = '\u{2212}';

/// Three figures at most, with a unit: `950`, `12.4 k`, `1.2 M`, `3.1 bn`.
pub fn compact(number: u64) -> String {
    const UNITS: [(u64, &str); 3] = [(1_000, "k"), (1_000_000, "M"), (1_000_000_000, "bn")];
    if number < 1_000 {
        return number.to_string();
    }
    // 999 950 rounds to 1 M and not to 1000 k: each unit begins where the one before would round up to it.
    let (size, unit) =
        UNITS.into_iter().rev().find(|(size, _)| number >= size - size / 2_000).unwrap_or(UNITS[0]);
    let tenths = (number.saturating_mul(10).saturating_add(size / 2)) / size;
    if tenths >= 1_000 {
        format!("{}{UNIT_SPACE}{unit}", (tenths + 5) / 10)
    } else {
        format!("{}.{}{UNIT_SPACE}{unit}", tenths / 10, tenths % 10)
    }
}

/// A round number on an axis: as [`compact`], without a decimal that says nothing.
pub fn compact_round(number: u64) -> String {
    compact(number).replace(".0", "")
}

/// A measured figure, to three decimals at most and none that say nothing: `0.025`, `12.5`, `1 234 567`.
pub fn decimal(number: f64) -> String {
    let (sign, size) = if number < 0.0 { (MINUS.to_string(), -number) } else { (String::new(), number) };
    let decimals = match size {
        100.0.. => 1,
        10.0.. => 2,
        _ => 3,
    };
    let text = format!("{size:.decimals$}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    // What has more digits than fit a counter is no figure that anybody groups.
    let whole = whole.parse().map_or_else(|_| whole.to_owned(), grouped);
    let rest = rest.trim_end_matches('0');
    let figure = if rest.is_empty() { whole } else { format!("{whole}.{rest}") };
    if figure == "0" { figure } else { format!("{sign}{figure}") }
}

/// A relative change with its sign: 0.123 is `+12.3 %`.
pub fn signed_percent(ratio: f64) -> String {
    let text = format!("{:.1}", (ratio * 100.0).abs());
    let sign = match (text.as_str(), ratio < 0.0) {
        ("0.0", _) => String::new(),
        (_, true) => MINUS.to_string(),
        (_, false) => "+".to_owned(),
    };
    format!("{sign}{text}{UNIT_SPACE}%")
}

/// A part of a whole: 0.123 is `12.3 %`.
pub fn percent(ratio: f64) -> String {
    format!("{:.1}{UNIT_SPACE}%", ratio * 100.0)
}

/// A playing time: `3:07`, `1:02:03`.
pub fn duration(seconds: u32) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{rest:02}") } else { format!("{minutes}:{rest:02}") }
}

/// A playing time in words for screen readers: `3 minutes 7 seconds`.
pub fn duration_in_words(seconds: u32) -> String {
    let (hours, minutes, rest) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let parts = [(hours, "hour"), (minutes, "minute"), (rest, "second")];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, noun)| counted(count.into(), noun))
        .collect();
    if words.is_empty() { "0 seconds".to_owned() } else { words.join(" ") }
}

/// A count with its noun: `1 track`, `12 tracks`. For nouns whose plural takes an s.
pub fn counted(count: u64, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {noun}{plural}", grouped(count))
}

/// An ISRC with the hyphens people read it by: `NO-A1B-26-00042`. Anything else stays as it is.
pub fn isrc(code: &str) -> String {
    if code.len() == 12 && code.is_ascii() {
        format!("{}-{}-{}-{}", &code[..2], &code[2..5], &code[5..7], &code[7..])
    } else {
        code.to_owned()
    }
}

/// A text that measurements stand in, with true minus signs: `−14 LUFS` for `-14 LUFS`.
pub fn with_minus_signs(text: &str) -> String {
    let mut signed = String::with_capacity(text.len() + 4);
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        let is_sign = matches!(before, ' ' | '(') && rest.peek().is_some_and(char::is_ascii_digit);
        signed.push(if character == '-' && is_sign { '\u{2212}' } else { character });
        before = character;
    }
    signed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measured_figures_have_the_decimals_that_say_something() {
        let cases = [
            (0.0, "0"),
            (0.0254, "0.025"),
            (12.5, "12.5"),
            (12.346, "12.35"),
            (1234.56, "1\u{202f}234.6"),
            (7.0, "7"),
            (-3.25, "\u{2212}3.25"),
            (-0.0001, "0"),
        ];
        for (number, text) in cases {
            assert_eq!(decimal(number), text, "{number}");
        }
    }

    #[test]
    fn groups_digits_by_three() {
        assert_eq!(grouped(7), "7");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_234_567), "1\u{202f}234\u{202f}567");
        assert_eq!(grouped(123_456), "123\u{202f}456");
    }

    #[test]
    fn shortens_large_numbers_to_three_figures_and_a_unit() {
        assert_eq!(compact(950), "950");
        assert_eq!(compact(1_000), "1.0\u{a0}k");
        assert_eq!(compact(12_440), "12.4\u{a0}k");
        assert_eq!(compact(412_300), "412\u{a0}k");
        assert_eq!(compact(1_234_567), "1.2\u{a0}M");
        assert_eq!(compact(3_100_000_000), "3.1\u{a0}bn");
    }

    #[test]
    fn leaves_out_the_decimal_of_a_round_number_on_an_axis() {
        assert_eq!(compact_round(20_000), "20\u{a0}k");
        assert_eq!(compact_round(2_500), "2.5\u{a0}k");
    }

    #[test]
    fn never_shows_a_thousand_of_a_unit() {
        assert_eq!(compact(999_999), "1.0\u{a0}M");
        assert_eq!(compact(999_400), "999\u{a0}k");
        assert_eq!(compact(999_999_999), "1.0\u{a0}bn");
    }

    #[test]
    fn shows_a_change_with_its_sign_and_none_for_no_change() {
        assert_eq!(signed_percent(0.1234), "+12.3\u{a0}%");
        assert_eq!(signed_percent(-0.05), "\u{2212}5.0\u{a0}%");
        assert_eq!(signed_percent(0.0), "0.0\u{a0}%");
        assert_eq!(signed_percent(-0.0001), "0.0\u{a0}%");
    }

    #[test]
    fn shows_a_share_without_a_sign() {
        assert_eq!(percent(0.4567), "45.7\u{a0}%");
    }

    #[test]
    fn shows_playing_times_as_players_do() {
        assert_eq!(duration(187), "3:07");
        assert_eq!(duration(59), "0:59");
        assert_eq!(duration(3723), "1:02:03");
        assert_eq!(duration_in_words(187), "3 minutes 7 seconds");
        assert_eq!(duration_in_words(61), "1 minute 1 second");
        assert_eq!(duration_in_words(0), "0 seconds");
    }

    #[test]
    fn counts_things_in_words() {
        assert_eq!(counted(1, "track"), "1 track");
        assert_eq!(counted(1200, "artist"), "1\u{202f}200 artists");
    }

    #[test]
    fn shows_an_isrc_in_its_four_parts() {
        assert_eq!(isrc("NOA1B2600042"), "NO-A1B-26-00042");
        assert_eq!(isrc("short"), "short");
    }

    #[test]
    fn only_a_sign_becomes_a_minus() {
        let text = "at most -1 dB, range 3-4; rel-7; below (-40 dBFS) - so";
        assert_eq!(
            with_minus_signs(text),
            "at most \u{2212}1 dB, range 3-4; rel-7; below (\u{2212}40 dBFS) - so"
        );
    }
}
