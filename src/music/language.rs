//! The language of vocals: a code of ISO 639, or none at all.

use std::fmt;
use std::str::FromStr;

/// The word for a recording without vocals.
const INSTRUMENTAL: &str = "instrumental";

/// The codes of ISO 639-1.
const TWO_LETTERS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv \
    cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig \
    ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn \
    mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk \
    sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za \
    zh zu";

/// The language of the vocals of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Language {
    /// There are no vocals.
    Instrumental,
    /// A code of ISO 639-1, or one of three letters of ISO 639-3, of which only the form is checked.
    Sung(String),
}

/// Why a text is not a language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a language is a code of ISO 639 such as \"en\" or \"yue\", or \"instrumental\"; this is {0:?}")]
pub struct LanguageError(String);

impl Language {
    /// As it is stored.
    pub fn as_str(&self) -> &str {
        match self {
            Language::Instrumental => INSTRUMENTAL,
            Language::Sung(code) => code,
        }
    }
}

impl FromStr for Language {
    type Err = LanguageError;

    /// Reads `en` or `instrumental`; capitals are lowered.
    fn from_str(text: &str) -> Result<Self, LanguageError> {
        let lower = text.trim().to_lowercase();
        let is_code = match lower.len() {
            2 => TWO_LETTERS.split_whitespace().any(|code| code == lower),
            3 => lower.bytes().all(|letter| letter.is_ascii_lowercase()),
            _ => false,
        };
        // What ISO 639 has for content that is in no language.
        match lower.as_str() {
            INSTRUMENTAL | "zxx" => Ok(Language::Instrumental),
            _ if is_code => Ok(Language::Sung(lower)),
            _ => Err(LanguageError(text.to_owned())),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn codes_are_read_and_countries_are_not_taken_for_them() {
        assert_eq!("NO".parse(), Ok(Language::Sung("no".to_owned())));
        assert_eq!("yue".parse(), Ok(Language::Sung("yue".to_owned())));
        assert_eq!(
            ("Instrumental".parse(), "zxx".parse()),
            (Ok(Language::Instrumental), Ok(Language::Instrumental))
        );
        for wrong in ["", "jp", "us", "English", "e n", "ё"] {
            assert!(wrong.parse::<Language>().is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_back(text in "\\PC{0,6}|[a-z]{2,3}") {
            if let Ok(language) = text.parse::<Language>() {
                prop_assert_eq!(language.as_str().parse(), Ok(language.clone()));
            }
        }
    }
}
