//! What must never be written down: values under telling names, and keys inside texts.

/// Names whose value is never written down, wherever one of these words is in them.
const SECRET_WORDS: [&str; 6] = ["password", "secret", "token", "authorization", "apikey", "api_key"];

/// What keys begin with that may stand inside a text; `eyJ` is the beginning of tokens, which are JSON in base64.
const KEY_BEGINNINGS: [&str; 5] = ["Bearer ", "AKIA", "ASIA", "X-Amz-Signature=", "eyJ"];

/// What Patchline's own keys begin with. It may stand in other words, so what follows counts, too: twelve digits
/// of the id, and a line.
const OWN_KEY: &str = "pl_";
const DIGITS_OF_ID: usize = 12;

/// What stands in place of a secret.
pub(crate) const HIDDEN: &str = "(hidden)";

/// Whether the value under a name is a secret.
pub(crate) fn is_secret(name: &str) -> bool {
    let name = name.to_lowercase();
    SECRET_WORDS.iter().any(|word| name.contains(word))
}

/// A text without characters that could forge what a person reads: line breaks, other control
/// characters, and those that turn the reading direction.
pub(crate) fn visible(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' => {
                '\u{FFFD}'
            }
            c if c.is_control() => '\u{FFFD}',
            c => c,
        })
        .collect()
}

/// A text without the keys that have a known form.
pub(crate) fn without_keys(text: &str) -> String {
    let mut cleaned = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((at, beginning)) = first_key(rest) {
        let (before, key) = rest.split_at(at);
        cleaned.push_str(before);
        cleaned.push_str(HIDDEN);
        let after = key.get(beginning.len()..).unwrap_or_default();
        // Some write more blanks than one before a key.
        let after = if beginning.ends_with(' ') { after.trim_start_matches(' ') } else { after };
        let end = after.find(|c: char| c.is_whitespace() || "\"',;)&\\".contains(c)).unwrap_or(after.len());
        rest = after.get(end..).unwrap_or_default();
    }
    cleaned.push_str(rest);
    cleaned
}

fn first_key(text: &str) -> Option<(usize, &'static str)> {
    let others = KEY_BEGINNINGS.iter().filter_map(|beginning| Some((text.find(beginning)?, *beginning)));
    others.chain(own_key(text).map(|at| (at, OWN_KEY))).min()
}

fn own_key(text: &str) -> Option<usize> {
    let mut places = text.match_indices(OWN_KEY).map(|(at, _)| at);
    places.find(|at| {
        let rest = text.as_bytes().get(at + OWN_KEY.len()..).unwrap_or_default();
        rest.get(DIGITS_OF_ID) == Some(&b'_') && rest.iter().take(DIGITS_OF_ID).all(u8::is_ascii_hexdigit)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    #[test]
    fn names_tell_secrets_in_any_spelling() {
        assert!(["accessToken", "API_KEY", "apiKey", "x-authorization"].iter().all(|name| is_secret(name)));
        assert!(!is_secret("principal"));
    }

    #[test]
    fn keys_inside_a_text_are_hidden_and_the_text_stays() {
        assert_eq!(
            without_keys("called with Bearer abc.def, key AKIAIOSFODNN7EXAMPLE and more"),
            "called with (hidden), key (hidden) and more"
        );
        assert_eq!(without_keys("nothing here"), "nothing here");
        assert_eq!(
            without_keys("sent eyJhbGciOiJSUzI1NiJ9.e30.c2ln, then again"),
            "sent (hidden), then again"
        );
        let key = format!("pl_0123456789ab_{}", "0".repeat(72));
        assert_eq!(without_keys(&format!("sent {key}, then again")), "sent (hidden), then again");
        assert_eq!(without_keys("pl_artists of key:0123456789ab"), "pl_artists of key:0123456789ab");
        assert_eq!(without_keys("Bearer "), "(hidden)");
        assert_eq!(without_keys("Bearer  abc.def and more"), "(hidden) and more");
    }

    #[test]
    fn fuzz_keys_inside_a_text() {
        let key = format!("sent pl_0123456789ab_{}, then again", "0".repeat(72));
        let seeds = [
            "called with Bearer abc.def, key AKIAIOSFODNN7EXAMPLE and more",
            "https://b.example/k?X-Amz-Signature=0123abc&x=1",
            key.as_str(),
        ];
        let words = ["Bearer ", "AKIA", "ASIA", "pl_0123456789ab_", "X-Amz-Signature=", " ", "&", ")"];
        fuzzing::text(500, &seeds, &words, |text| {
            let cleaned = without_keys(text);
            assert_eq!(first_key(&cleaned), None, "{cleaned:?}");
            assert_eq!(without_keys(&cleaned), cleaned, "what is clean stays as it is");
            if first_key(text).is_none() {
                assert_eq!(cleaned, text, "what has no key stays as it is");
            }
            assert_eq!(visible(&visible(text)), visible(text));
        });
    }
}
