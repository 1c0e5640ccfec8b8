//! The style of titles that stores ask for: guests, versions, capitals, signs.

use unicode_normalization::is_nfc;

/// The shortest title of capitals that is remarked on, in letters: shorter ones are names such as `DNA`.
const SHOUTED: usize = 5;
/// The shortest name of an artist that is looked for in titles, in letters.
const TELLING: usize = 4;

/// Words that no title has.
const NEVER: [&str; 2] = ["official", "exclusive"];
/// Words that no addition in brackets has: they have fields of their own.
const NOT_ADDED: [&str; 3] = ["explicit", "clean", "album version"];

/// What is against the style in a title, each in words that finish `it …`.
pub fn of_title(title: &str, artist: &str) -> Vec<&'static str> {
    let lower = title.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let added: String = additions(&lower).collect::<Vec<_>>().join(" ");
    let checks = [
        (wrong_guests(title, &words), "names guests otherwise than as (feat. Name)"),
        (is_shouted(title), "is in capitals"),
        (NEVER.iter().any(|word| words.contains(word)), "says Official or Exclusive"),
        (
            NOT_ADDED.iter().any(|word| added.contains(word)),
            "says Explicit, Clean or Album Version, which has a field of its own",
        ),
        (has_address(&lower), "has an address of the internet"),
        (title.chars().any(is_emoji), "has an emoji"),
        (has_odd_spaces(title), "has spaces too many"),
        (
            !is_nfc(title) || title.chars().any(is_odd),
            "has characters that cannot be seen, or are put together from several",
        ),
        (has_narrow_slash(title), "has two titles without ' / ' between them"),
        (lower.contains(") ("), "has a second addition in round brackets; the second stands in [ ]"),
        (names_artist(&lower, &artist.to_lowercase()), "has the artist's name in it"),
    ];
    checks.into_iter().filter(|(is_wrong, _)| *is_wrong).map(|(_, what)| what).collect()
}

/// What stands in brackets.
fn additions(title: &str) -> impl Iterator<Item = &str> {
    title.split(['(', '[']).skip(1).map(|rest| rest.split([')', ']']).next().unwrap_or_default())
}

fn wrong_guests(title: &str, words: &[&str]) -> bool {
    let is_named = words.iter().any(|word| matches!(*word, "feat" | "featuring" | "ft"));
    is_named && !(title.contains("(feat. ") || title.contains("[feat. "))
}

fn is_shouted(title: &str) -> bool {
    let letters = title.chars().filter(|c| c.is_alphabetic()).count();
    letters >= SHOUTED && !title.chars().any(char::is_lowercase) && title.chars().any(char::is_uppercase)
}

fn has_address(lower: &str) -> bool {
    ["http:", "https:", "www.", ".com"].iter().any(|sign| lower.contains(sign))
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{1F300}'..='\u{1FAFF}' | '\u{2600}'..='\u{27BF}' | '\u{FE0F}')
}

fn is_odd(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

fn has_odd_spaces(title: &str) -> bool {
    title.trim() != title || title.contains("  ")
}

fn has_narrow_slash(title: &str) -> bool {
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphabetic);
    title.match_indices('/').any(|(at, _)| {
        is_letter(title[..at].chars().next_back()) && is_letter(title[at + 1..].chars().next())
    })
}

fn names_artist(lower: &str, artist: &str) -> bool {
    let rest = lower.split_once(artist).filter(|_| artist.chars().count() >= TELLING);
    // A title that is the name is one that artists give themselves.
    rest.is_some_and(|(before, after)| {
        let is_word = |c: Option<char>| !c.is_some_and(char::is_alphanumeric);
        !(before.is_empty() && after.is_empty())
            && is_word(before.chars().next_back())
            && is_word(after.chars().next())
    })
}

#[cfg(test)]
mod tests {
    use super::of_title;
    use proptest::prelude::*;

    #[test]
    fn titles_as_stores_like_them_are_left_alone() {
        for title in [
            "Night Drive",
            "Høst (feat. Nori)",
            "Low Tide (Live) [Remastered]",
            "Sun / Moon",
            "DNA",
            "Mira",
            "夜",
        ] {
            assert_eq!(of_title(title, "Mira"), Vec::<&str>::new(), "{title}");
        }
    }

    #[test]
    fn each_fault_is_told_alone() {
        let faults = [
            ("Night Drive ft. Nori", "guests"),
            ("Night Drive featuring Nori", "guests"),
            ("NIGHT DRIVE", "capitals"),
            ("Night Drive Official", "Official"),
            ("Night Drive (Explicit)", "Explicit"),
            ("Night Drive www.example.org", "address"),
            ("Night Drive 🔥", "emoji"),
            ("Night  Drive", "spaces"),
            ("Night Drive ", "spaces"),
            ("Night\u{200B}Drive", "cannot be seen"),
            ("Sun/Moon", "' / '"),
            ("Low Tide (Live) (Remastered)", "second addition"),
            ("Mira at Night", "artist's name"),
        ];
        for (title, fault) in faults {
            let told = of_title(title, "Mira");
            assert!(told.len() == 1 && told[0].contains(fault), "{title}: {told:?}");
        }
    }

    proptest! {
        #[test]
        fn every_text_is_looked_at(title in ".{0,40}", artist in ".{0,10}") {
            of_title(&title, &artist);
        }
    }
}
