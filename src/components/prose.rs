//! Sentences that name things in backticks, as schemas write them: `` `code` `` becomes code.

use leptos::prelude::*;

/// A text with its code parts set as code. A single backtick stays as it is.
pub fn prose(text: &str) -> Vec<AnyView> {
    parts(text)
        .into_iter()
        .map(|part| match part {
            Part::Words(words) => words.into_any(),
            Part::Code(code) => view! { <code>{code}</code> }.into_any(),
        })
        .collect()
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Words(String),
    Code(String),
}

fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((words, code, after)) = next_code(rest) {
        if !words.is_empty() {
            parts.push(Part::Words(words.to_owned()));
        }
        parts.push(Part::Code(code.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Words(rest.to_owned()));
    }
    parts
}

/// The text before the next pair of backticks, between them, and after them.
fn next_code(text: &str) -> Option<(&str, &str, &str)> {
    let (words, rest) = text.split_once('`')?;
    let (code, after) = rest.split_once('`')?;
    Some((words, code, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_backticks_become_code() {
        let expected = [
            Part::Words("for instance ".to_owned()),
            Part::Code("name".to_owned()),
            Part::Words(".".to_owned()),
        ];
        assert_eq!(parts("for instance `name`."), expected);
    }

    #[test]
    fn a_single_backtick_stays() {
        assert_eq!(parts("it`s"), [Part::Words("it`s".to_owned())]);
        assert_eq!(parts(""), []);
    }
}
