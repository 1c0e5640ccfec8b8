//! Services and companies of the trade that a question names: what is known of one answers nothing about another.

use super::scan::Token;

/// Their names as they are told, each with the words that name it; of two words, both must stand together.
const SERVICES: &[(&str, &[&str])] = &[
    ("Amazon", &["amazon"]),
    ("Apple", &["apple", "itunes"]),
    ("Audiomack", &["audiomack"]),
    ("Bandcamp", &["bandcamp"]),
    ("Beatport", &["beatport"]),
    ("Boomplay", &["boomplay"]),
    ("Deezer", &["deezer"]),
    ("Facebook", &["facebook"]),
    ("Instagram", &["instagram", "insta"]),
    ("Napster", &["napster"]),
    ("Netflix", &["netflix"]),
    ("Pandora", &["pandora"]),
    ("Qobuz", &["qobuz"]),
    ("Shazam", &["shazam"]),
    ("SiriusXM", &["siriusxm", "sirius xm", "sirius"]),
    ("SoundCloud", &["soundcloud", "sound cloud"]),
    ("Spotify", &["spotify"]),
    ("Tidal", &["tidal"]),
    ("TikTok", &["tiktok", "tik tok"]),
    ("Twitch", &["twitch"]),
    ("YouTube", &["youtube", "you tube"]),
];

/// The services that the words name, each once.
pub(super) fn named(tokens: &[Token]) -> Vec<&'static str> {
    let words: Vec<&str> = tokens.iter().map(|token| without_possession(&token.lower)).collect();
    let is_named = |name: &str| {
        let parts: Vec<&str> = name.split(' ').collect();
        words.windows(parts.len()).any(|run| run == parts)
    };
    let named = SERVICES.iter().filter(|(_, names)| names.iter().any(|name| is_named(name)));
    named.map(|(service, _)| *service).collect()
}

/// `deezer` of `deezer's`.
fn without_possession(word: &str) -> &str {
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::super::scan::tokens;
    use super::*;

    #[test]
    fn services_are_named_in_one_word_or_two_with_or_without_a_possession() {
        for (text, services) in [
            ("How loud is Deezer?", vec!["Deezer"]),
            ("Deezer’s editors and spotify's", vec!["Deezer", "Spotify"]),
            ("what does sirius xm pay", vec!["SiriusXM"]),
            ("Tik Tok or tiktok", vec!["TikTok"]),
            ("a tidal wave of you", vec!["Tidal"]),
            ("any store at all", vec![]),
        ] {
            assert_eq!(named(&tokens(text)), services, "{text}");
        }
    }
}
