//! Shows where a query is wrong: the message, the line, and a mark below the place.

/// How much of a long line is shown on each side of the place, in characters.
const AROUND: usize = 60;

/// The message with the line of the query and a caret line below it. `start` and `end` count
/// characters of the query, as `QueryCompileErrorLocation` does; `end` is exclusive.
pub(super) fn explain(query: &str, message: &str, place: Option<(usize, usize)>) -> String {
    let message = message.trim().trim_end_matches('.');
    let Some((start, end)) = place else { return message.to_owned() };
    let (number, column, line) = line_at(query, start);
    let first = column.saturating_sub(AROUND);
    let shown: String = line.chars().skip(first).take(2 * AROUND).map(visible).collect();
    let indent = column - first;
    let room = shown.chars().count().saturating_sub(indent).max(1);
    let width = end.saturating_sub(start).clamp(1, room);
    let marks = "^".repeat(width);
    format!("{message}, at line {number}, column {}:\n{shown}\n{}{marks}", column + 1, " ".repeat(indent))
}

/// The line that a character is in: its number from 1, the character's place in it, and the line.
fn line_at(query: &str, character: usize) -> (usize, usize, &str) {
    let mut before = 0;
    let mut last = (1, 0, "");
    for (index, line) in query.split('\n').enumerate() {
        let length = line.chars().count();
        last = (index + 1, length, line);
        if character <= before + length {
            return (index + 1, character - before, line);
        }
        before += length + 1;
    }
    last
}

/// Tabs and the like would shift the mark.
fn visible(character: char) -> char {
    if character.is_control() { ' ' } else { character }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mark_is_below_the_place_in_its_line() {
        let query = "fields tool\n| filter level == \"ERROR\"";
        let text = explain(query, "unexpected \"==\".", Some((27, 29)));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[0], "unexpected \"==\", at line 2, column 16:");
        assert_eq!(lines[1], "| filter level == \"ERROR\"");
        assert_eq!(lines[2], format!("{}^^", " ".repeat(15)));
    }

    #[test]
    fn places_at_and_beyond_the_end_are_shown_at_the_end() {
        assert_eq!(explain("stats", "more is needed", Some((5, 6))).lines().last(), Some("     ^"));
        assert_eq!(explain("stats", "more is needed", Some((99, 120))).lines().last(), Some("     ^"));
        assert_eq!(explain("", "empty", Some((0, 0))).lines().last(), Some("^"));
    }

    #[test]
    fn of_a_long_line_only_the_surroundings_are_shown() {
        let query = format!("{}!{}", "é".repeat(500), "x".repeat(500));
        let text = explain(&query, "what is this", Some((500, 501)));
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines[1].chars().nth(AROUND), Some('!'));
        assert_eq!(lines[2].chars().position(|c| c == '^'), Some(AROUND));
        assert_eq!(lines[1].chars().count(), 2 * AROUND);
    }

    #[test]
    fn without_a_place_there_is_only_the_message() {
        assert_eq!(explain("stats", "it is wrong.", None), "it is wrong");
    }
}
