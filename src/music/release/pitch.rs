//! The text of a pitch: facts in order of weight, as many as fit.

/// A pitch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pitch {
    /// The text.
    pub text: String,
    /// Its length in characters.
    pub characters: u32,
    /// The facts that are in it.
    pub facts: Vec<String>,
}

/// Puts sentences together, the weightiest first, until no other one fits into so many characters. A first
/// sentence that is too long by itself is cut at a word.
pub fn pitch(facts: &[String], most: usize) -> Pitch {
    let mut pitch = Pitch::default();
    let mut length = 0;
    for fact in facts {
        let space = usize::from(length > 0);
        let own = fact.chars().count();
        if length + space + own <= most {
            if space > 0 {
                pitch.text.push(' ');
            }
            pitch.text.push_str(fact);
            pitch.facts.push(fact.clone());
            length += space + own;
        } else if length == 0 {
            let cut = shortened(fact, most);
            length = cut.chars().count();
            pitch.text.clone_from(&cut);
            pitch.facts.push(cut);
        }
    }
    pitch.characters = u32::try_from(length).unwrap_or(u32::MAX);
    pitch
}

/// A text cut at the last space that leaves room for an ellipsis.
fn shortened(text: &str, most: usize) -> String {
    let head: String = text.chars().take(most.saturating_sub(1)).collect();
    let end = head.rfind(' ').unwrap_or(head.len());
    format!("{}…", &head[..end])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_does_not_fit_is_left_out_and_a_shorter_fact_still_comes_in() {
        let facts = ["One two three.", "Much too long for what is left.", "Four."].map(str::to_owned);
        let found = pitch(&facts, 20);
        assert_eq!((found.text.as_str(), found.characters), ("One two three. Four.", 20));
        assert_eq!(found.facts.len(), 2);
    }

    proptest! {
        #[test]
        fn it_is_never_too_long(facts in proptest::collection::vec(".{0,300}", 0..8)) {
            let found = pitch(&facts, 500);
            prop_assert!(found.text.chars().count() <= 500);
            prop_assert_eq!(found.text.chars().count(), found.characters as usize);
        }
    }
}
