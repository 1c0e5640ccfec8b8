//! Genres in words: those that the label knows, and other words for them.

use super::text::{Text, words_of};

/// Other ways to write a genre.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("hiphop", "hip hop"),
    ("rap", "hip hop"),
    ("rnb", "r&b"),
    ("r n b", "r&b"),
    ("r and b", "r&b"),
    ("rhythm and blues", "r&b"),
    ("electronica", "electronic"),
    ("electro", "electronic"),
    ("indie", "indie pop"),
    ("neo classical", "neoclassical"),
    ("latino", "latin"),
];

/// Genres that people know; where the label has nobody in one, that is said.
const WELL_KNOWN: &[&str] = &[
    "afrobeats",
    "blues",
    "classical",
    "country",
    "disco",
    "drum and bass",
    "dubstep",
    "funk",
    "gospel",
    "house",
    "k pop",
    "metal",
    "punk",
    "reggae",
    "rock",
    "soul",
    "techno",
    "trap",
];

/// A genre of the label, by what somebody calls it.
pub(super) fn known<'a>(said: &str, genres: &'a [String]) -> Option<&'a str> {
    let words = words_of(said);
    let other =
        OTHER_NAMES.iter().find(|(name, _)| words_of(name) == words).map(|(_, genre)| words_of(genre));
    let genre = genres.iter().find(|genre| {
        let genre = words_of(genre);
        genre == words || Some(&genre) == other.as_ref()
    });
    genre.map(String::as_str)
}

/// The genres that a text names, each once, and those that the label has not got; their words are taken.
pub(super) fn take(text: &mut Text, genres: &[String]) -> (Vec<String>, Vec<String>) {
    let (mut found, mut strange): (Vec<String>, Vec<String>) = (Vec::new(), Vec::new());
    for place in 0..text.tokens.len() {
        let longest = (1..=3).rev().find_map(|length| {
            let free = (place..place + length).all(|at| text.free(at).is_some());
            let said = free.then(|| text.said(place..place + length))?;
            if let Some(genre) = known(&said, genres) {
                return Some((length, Some(genre.to_owned()), said));
            }
            let words = words_of(&said);
            WELL_KNOWN.iter().any(|name| words_of(name) == words).then_some((length, None, said))
        });
        match longest {
            Some((length, Some(genre), _)) => {
                text.take(place..place + length);
                if !found.contains(&genre) {
                    found.push(genre);
                }
            }
            // Not taken: `country` and `house` are other words, too.
            Some((_, None, said)) => strange.push(said),
            None => {}
        }
    }
    (found, strange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn genres_are_found_however_they_are_written() {
        let genres = ["hip hop", "r&b", "indie pop"].map(str::to_owned);
        let found = |text: &str| take(&mut Text::read(text), &genres).0;
        assert_eq!(found("Hip-Hop and R & B"), ["hip hop", "r&b"]);
        assert_eq!(found("rap, rnb"), ["hip hop", "r&b"]);
        assert_eq!(found("indie pop in Japan"), ["indie pop"]);
        assert_eq!(take(&mut Text::read("reggae in Japan"), &genres).1, ["reggae"]);
    }
}
