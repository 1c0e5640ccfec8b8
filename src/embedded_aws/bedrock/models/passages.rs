//! The form in which a prompt holds the passages that an answer is to be drawn from.
//!
//! ```text
//! <passage id="3">The text of the passage.</passage>
//! ```
//! They may stand in the system prompt or in any message. The question is the last message of the
//! user without them or, where there is one, the text within `<question>…</question>`.

use super::prompt::{Prompt, Role};

const OPEN: &str = "<passage";
const CLOSE: &str = "</passage>";

/// A passage of a prompt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct GivenPassage {
    /// The name it is cited by.
    pub(super) id: String,
    pub(super) text: String,
}

/// All passages of a prompt, and the question.
pub(super) fn read(prompt: &Prompt) -> (Vec<GivenPassage>, String) {
    let mut passages = Vec::new();
    for text in &prompt.system {
        take_passages(text, &mut passages);
    }
    let mut question = String::new();
    for turn in &prompt.turns {
        let rest = take_passages(&turn.text(), &mut passages);
        if turn.role == Role::User {
            let marked = within(&rest, "<question>", "</question>").unwrap_or(&rest);
            question = String::from(marked.trim());
        }
    }
    (passages, question)
}

/// Takes the passages out of a text, and returns the rest.
fn take_passages(text: &str, passages: &mut Vec<GivenPassage>) -> String {
    let mut rest = text;
    let mut outside = String::new();
    while let Some((before, after)) = rest.split_once(OPEN) {
        let Some((attributes, after)) = after.split_once('>') else { break };
        let Some((content, after)) = after.split_once(CLOSE) else { break };
        let id =
            within(attributes, "id=\"", "\"").map_or_else(|| (passages.len() + 1).to_string(), str::to_owned);
        passages.push(GivenPassage { id, text: content.trim().to_owned() });
        outside.push_str(before);
        rest = after;
    }
    outside.push_str(rest);
    outside
}

fn within<'a>(text: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let (_, after) = text.split_once(open)?;
    after.split_once(close).map(|(inner, _)| inner)
}

#[cfg(test)]
mod tests {
    use super::super::prompt::Turn;
    use super::*;

    #[test]
    fn passages_and_question_are_told_apart() {
        let prompt = Prompt {
            system: vec!["Answer from: <passage id=\"a\" title=\"x\">One.</passage>".to_owned()],
            turns: vec![
                Turn::said(Role::User, "Earlier?"),
                Turn::said(Role::Assistant, "Yes."),
                Turn::said(Role::User, "<passage>Two.</passage>\nWhat is it?"),
            ],
            ..Prompt::default()
        };
        let (passages, question) = read(&prompt);
        let passages: Vec<(&str, &str)> =
            passages.iter().map(|given| (given.id.as_str(), given.text.as_str())).collect();
        assert_eq!(passages, [("a", "One."), ("2", "Two.")]);
        assert_eq!(question, "What is it?");
    }

    #[test]
    fn a_question_may_be_marked_and_an_open_passage_is_text() {
        let turn = |text: &str| Prompt { turns: vec![Turn::said(Role::User, text)], ..Prompt::default() };
        assert_eq!(read(&turn("Be short. <question>Why?</question>")).1, "Why?");
        let (passages, question) = read(&turn("<passage id=\"1\">no end"));
        assert!(passages.is_empty());
        assert_eq!(question, "<passage id=\"1\">no end");
    }
}
