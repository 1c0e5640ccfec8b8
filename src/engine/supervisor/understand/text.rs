//! From the text of a task to words that can be compared: without case, accents and punctuation, with what
//! the writing says beside the words, such as quotation marks and capitals.

use super::stem::stem;
use unicode_normalization::UnicodeNormalization;

/// A word of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each says another thing about how a word is written")]
pub(super) struct Token {
    /// As it was written, without what stands around it.
    pub(super) raw: String,
    /// In lower case and without accents.
    pub(super) word: String,
    /// Its stem.
    pub(super) stem: String,
    /// Between which quotation marks it stands, counted from 0.
    pub(super) quote: Option<usize>,
    /// Whether a sentence begins with it.
    pub(super) begins: bool,
    /// Whether a comma or a bracket stands before it.
    pub(super) set_off: bool,
    /// Whether it had a possessive ending.
    pub(super) possessive: bool,
    /// Whether something has been made of it already: it is part of a name, a period, a territory.
    pub(super) taken: bool,
}

impl Token {
    /// Whether it begins with a capital letter that says something.
    pub(super) fn is_capital(&self) -> bool {
        !self.begins && self.raw.chars().next().is_some_and(char::is_uppercase)
    }

    /// Whether its letters are Latin ones; digits count as such.
    pub(super) fn is_latin(&self) -> bool {
        self.word.is_ascii()
    }
}

/// The words of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text {
    /// In the order of the text.
    pub(super) tokens: Vec<Token>,
    /// Whether nearly every word has a capital, so that capitals say nothing.
    pub(super) capitals_say_nothing: bool,
}

impl Text {
    /// Reads a text.
    pub(super) fn read(text: &str) -> Self {
        let tokens = tokens(text);
        let later = tokens.iter().filter(|token| !token.begins && token.raw.chars().all(char::is_alphabetic));
        let (all, capital) = later.fold((0_usize, 0_usize), |(all, capital), token| {
            (all + 1, capital + usize::from(token.is_capital()))
        });
        // Two or three words with capitals are a name; a headline has more.
        Self { capitals_say_nothing: all > 4 && capital * 10 > all * 8, tokens }
    }

    /// Whether the capital of a word says that it is a name.
    pub(super) fn is_capital(&self, place: usize) -> bool {
        !self.capitals_say_nothing && self.tokens.get(place).is_some_and(Token::is_capital)
    }

    /// The word at a place that nothing has been made of yet.
    pub(super) fn free(&self, place: usize) -> Option<&Token> {
        self.tokens.get(place).filter(|token| !token.taken)
    }

    /// The word at a place, whether or not something has been made of it; empty beyond the ends.
    pub(super) fn word(&self, place: usize) -> &str {
        self.tokens.get(place).map_or("", |token| token.word.as_str())
    }

    /// Something has been made of these words.
    pub(super) fn take(&mut self, places: std::ops::Range<usize>) {
        for token in self.tokens.iter_mut().take(places.end).skip(places.start) {
            token.taken = true;
        }
    }

    /// The words as they were written.
    pub(super) fn said(&self, places: std::ops::Range<usize>) -> String {
        let words: Vec<&str> = self.tokens[places].iter().map(|token| token.raw.as_str()).collect();
        words.join(" ")
    }
}

/// The words of a name, by which names are compared.
pub(super) fn words_of(name: &str) -> Vec<String> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b' ';
    if name.bytes().all(is_plain) {
        return name.split_ascii_whitespace().map(str::to_ascii_lowercase).collect();
    }
    tokens(name).into_iter().map(|token| token.word).collect()
}

/// Lower case, without accents, and with the letters of Latin alphabets as those write them who have not got
/// them on their keyboards. Marks of other scripts stay: they make other letters there.
pub(in crate::engine::supervisor) fn folded(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut plain = String::with_capacity(text.len());
    for character in text.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).flat_map(char::to_lowercase)
    {
        match character {
            'ł' => plain.push('l'),
            'ø' => plain.push('o'),
            'đ' | 'ð' => plain.push('d'),
            'ı' => plain.push('i'),
            'æ' => plain.push_str("ae"),
            'œ' => plain.push_str("oe"),
            'þ' => plain.push_str("th"),
            'ß' => plain.push_str("ss"),
            other => plain.push(other),
        }
    }
    plain.nfc().collect()
}

/// What is being read.
struct Reader<'a> {
    characters: &'a [char],
    tokens: Vec<Token>,
    begins: bool,
    set_off: bool,
    quote: Option<(usize, char)>,
    quotes: usize,
}

fn tokens(text: &str) -> Vec<Token> {
    let characters: Vec<char> = text.chars().collect();
    let mut reader = Reader {
        characters: &characters,
        tokens: Vec::new(),
        begins: true,
        set_off: false,
        quote: None,
        quotes: 0,
    };
    let mut place = 0;
    while place < characters.len() {
        place = reader.step(place);
    }
    reader.tokens
}

impl Reader<'_> {
    fn at(&self, place: usize) -> Option<char> {
        self.characters.get(place).copied()
    }

    /// Reads what is at a place, and tells the next.
    fn step(&mut self, place: usize) -> usize {
        let Some(character) = self.at(place) else { return place + 1 };
        if character.is_alphanumeric() {
            return self.word(place);
        }
        match character {
            '.' | '?' | '!' | ';' | ':' | '\n' | '。' => self.begins = true,
            ',' | '(' | ')' | '[' | ']' | '–' | '—' => self.set_off = true,
            '&' | '+' => self.push("&".to_owned(), "and".to_owned(), false),
            _ => self.mark(character, place),
        }
        place + 1
    }

    /// A quotation mark, or something that says nothing.
    fn mark(&mut self, character: char, place: usize) {
        let closing = match character {
            '"' => '"',
            '“' => '”',
            '„' => '“',
            '«' => '»',
            '「' => '」',
            '\'' | '‘' => '\'',
            _ => '\0',
        };
        match self.quote {
            Some((_, end)) if character == end || (end == '\'' && character == '’') => self.quote = None,
            Some((_, '”' | '"')) if matches!(character, '”' | '"') => self.quote = None,
            None if closing != '\0' => {
                let before = place.checked_sub(1).and_then(|before| self.at(before));
                let opens = before.is_none_or(|c| !c.is_alphanumeric());
                let ends = self.characters[place + 1..].iter().any(|c| *c == closing || *c == '’');
                if opens && ends {
                    self.quote = Some((self.quotes, closing));
                    self.quotes += 1;
                }
            }
            _ => {}
        }
    }

    fn word(&mut self, start: usize) -> usize {
        let mut end = start;
        while let Some(character) = self.at(end) {
            let inside = character.is_alphanumeric()
                || ('\u{300}'..='\u{36f}').contains(&character)
                || self.joins(character, end);
            if !inside {
                break;
            }
            end += 1;
        }
        let whole: String = self.characters[start..end].iter().collect();
        let (raw, possessive) = without_possessive(&whole);
        let trailing = matches!(self.at(end), Some('\'' | '’')) && raw.ends_with('s');
        let word: String = folded(raw).chars().filter(|c| !matches!(c, '\'' | '’')).collect();
        let possessive = possessive || trailing;
        if let Some((left, right)) = word.split_once('&').filter(|(left, right)| left.len() + right.len() > 4)
        {
            let (left, right) = (left.to_owned(), right.to_owned());
            self.push(left.clone(), left, false);
            self.push("&".to_owned(), "and".to_owned(), false);
            self.push(right.clone(), right, possessive);
        } else {
            self.push(raw.to_owned(), word, possessive);
        }
        end
    }

    /// Whether a mark is part of the word around it: `don't`, `r&b`, `2026-10`, `14.11.2026`, `art_7k2m`.
    fn joins(&self, mark: char, place: usize) -> bool {
        let (before, after) = (place.checked_sub(1).and_then(|p| self.at(p)), self.at(place + 1));
        let (Some(before), Some(after)) = (before, after) else { return false };
        match mark {
            '\'' | '’' | '&' | '_' => before.is_alphanumeric() && after.is_alphanumeric(),
            '-' => before.is_ascii_digit() && (after.is_ascii_digit() || self.is_week(place + 1)),
            '/' | '.' => before.is_ascii_digit() && after.is_ascii_digit(),
            _ => false,
        }
    }

    /// Whether `W45` begins here.
    fn is_week(&self, place: usize) -> bool {
        matches!(self.at(place), Some('w' | 'W')) && self.at(place + 1).is_some_and(|c| c.is_ascii_digit())
    }

    fn push(&mut self, raw: String, word: String, possessive: bool) {
        if word.is_empty() {
            return;
        }
        self.tokens.push(Token {
            stem: stem(&word),
            raw,
            word,
            quote: self.quote.map(|(number, _)| number),
            begins: self.begins,
            set_off: self.set_off,
            possessive,
            taken: false,
        });
        self.begins = false;
        self.set_off = false;
    }
}

/// A word without its `'s`.
fn without_possessive(word: &str) -> (&str, bool) {
    for ending in ["'s", "’s", "'S", "’S"] {
        if let Some(rest) = word.strip_suffix(ending) {
            return (rest, true);
        }
    }
    (word, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        words_of(text)
    }

    #[test]
    fn case_accents_and_punctuation_say_nothing() {
        assert_eq!(words("How's ÁSTA Lind?!"), ["how", "asta", "lind"]);
        assert_eq!(words("Złota Mgła, Hrafn & Blær"), ["zlota", "mgla", "hrafn", "and", "blaer"]);
        assert_eq!(words("hip-hop and r&b"), ["hip", "hop", "and", "r&b"]);
        assert_eq!(words("Hrafn&Blær"), ["hrafn", "and", "blaer"]);
    }

    #[test]
    fn letters_of_other_scripts_stay_what_they_are() {
        assert_eq!(words("여린달 가"), ["여린달", "가"]);
        assert_ne!(folded("が"), folded("か"));
    }

    #[test]
    fn dates_and_ids_stay_whole() {
        assert_eq!(words("2026-10, 2026-W45 and art_7k2m"), ["2026-10", "2026-w45", "and", "art_7k2m"]);
    }

    #[test]
    fn quotation_marks_are_seen_and_apostrophes_are_none() {
        let text = Text::read("the artists' 'Blue Hour' and Mira's \"Undertow\"");
        let quoted: Vec<(&str, Option<usize>)> =
            text.tokens.iter().map(|token| (token.word.as_str(), token.quote)).collect();
        assert_eq!(
            quoted,
            [
                ("the", None),
                ("artists", None),
                ("blue", Some(0)),
                ("hour", Some(0)),
                ("and", None),
                ("mira", None),
                ("undertow", Some(1))
            ]
        );
        assert!(text.tokens[5].possessive);
    }
}
