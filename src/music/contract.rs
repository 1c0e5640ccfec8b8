//! Terms in the text of a contract: what looks like one is proposed with its words, and never taken over by itself.

/// What may be a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The field that it may belong in, as forms call it.
    pub field: &'static str,
    /// What may be entered there.
    pub value: String,
    /// The words in which it stands.
    pub quote: String,
}

/// The longest quote, in characters.
const LONGEST: usize = 240;
/// The most that is proposed from one page.
const MOST: usize = 40;

/// How lines begin that name a term, and the field.
const LABELS: [(&str, &str); 8] = [
    ("parties", "parties"),
    ("between", "parties"),
    ("territory", "territory"),
    ("effective date", "startsOn"),
    ("date", "startsOn"),
    ("commencement", "startsOn"),
    ("expiry", "endsOn"),
    ("option", "options"),
];

/// What a page has that may be a term, in the order of the text.
pub fn terms(text: &str) -> Vec<Found> {
    let mut found = Vec::new();
    for line in text.lines().map(plain).filter(|line| !line.is_empty()) {
        found.extend(labelled(&line));
        found.extend(notice(&line));
        found.extend(rate(&line));
    }
    found.truncate(MOST);
    found
}

/// A line without the marks of lists and of emphasis.
fn plain(line: &str) -> String {
    let text: String = line.chars().filter(|c| !matches!(c, '*' | '_' | '`')).collect();
    let text = text.trim().trim_start_matches(['-', '>', '#', '•']).trim_start();
    // The number of a clause.
    let digits = text.chars().take_while(char::is_ascii_digit).count();
    let text = match text[digits..].strip_prefix(['.', ')']) {
        Some(rest) if digits > 0 => rest,
        _ => text,
    };
    text.trim().to_owned()
}

fn quoted(line: &str) -> String {
    match line.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &line[..end]),
        None => line.to_owned(),
    }
}

fn labelled(line: &str) -> Option<Found> {
    let (label, value) = line.split_once(':').or_else(|| line.split_once(". "))?;
    let label = label.trim().to_lowercase();
    let (_, field) =
        LABELS.iter().find(|(name, _)| label == *name || label.strip_suffix('s') == Some(name))?;
    let value = value.trim().trim_end_matches('.').to_owned();
    (!value.is_empty()).then(|| Found { field, value, quote: quoted(line) })
}

/// A number of days near the word notice.
fn notice(line: &str) -> Option<Found> {
    let lower = line.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if !words.contains(&"notice") {
        return None;
    }
    let days = words.windows(2).find_map(|pair| match pair {
        [number, "day" | "days"] => number.parse::<u32>().ok(),
        [number, "month" | "months"] => number.parse::<u32>().ok().and_then(|months| months.checked_mul(30)),
        _ => None,
    })?;
    Some(Found { field: "noticeDays", value: days.to_string(), quote: quoted(line) })
}

/// The first share of a sentence.
fn rate(line: &str) -> Option<Found> {
    let (before, _) = line.split_once('%')?;
    let number: String = before
        .trim_end()
        .chars()
        .rev()
        .take_while(|c| c.is_ascii_digit() || *c == '.')
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    if number.is_empty() || !number.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let what = line.split(['.', ':', ',', ';']).next().unwrap_or_default().trim();
    Some(Found { field: "rates", value: format!("{what}: {number} %"), quote: quoted(line) })
}

#[cfg(test)]
mod tests {
    use super::terms;
    use crate::fuzzing;

    const TEXT: &str = "- **Parties:** Northlight Records, \"the label\"; Tramline Distribution\n\
        - **Territory:** world except Japan\n\
        - **Term:** three years; notice of 90 days before the end of a term\n\
        2. **Fee.** The distributor keeps 18.00 % of receipts.\n\
        4. Statements come monthly.";

    #[test]
    fn terms_are_proposed_with_their_words() {
        let found = terms(TEXT);
        let found: Vec<(&str, &str)> =
            found.iter().map(|found| (found.field, found.value.as_str())).collect();
        assert_eq!(
            found,
            [
                ("parties", "Northlight Records, \"the label\"; Tramline Distribution"),
                ("territory", "world except Japan"),
                ("noticeDays", "90"),
                ("rates", "Fee: 18.00 %"),
            ]
        );
        assert!(terms(TEXT)[3].quote.contains("keeps 18.00 % of receipts"));
    }

    #[test]
    fn a_text_without_terms_proposes_nothing() {
        assert!(terms("We met on a Friday and took notice of the weather.").is_empty());
    }

    #[test]
    fn fuzz_terms_of_contracts() {
        fuzzing::text(300, &[TEXT], &["%", "notice", "days", "1.", ": "], |text| {
            for found in terms(text) {
                assert!(!found.value.is_empty() && !found.quote.is_empty());
            }
        });
    }
}
