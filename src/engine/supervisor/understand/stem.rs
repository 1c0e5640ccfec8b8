//! The stems of English words, as far as telling tasks apart needs them: plurals, `-ing`, `-ed`, and both
//! spellings of `-ise` and `-our`. The tables of words go through the same, so that a stem need not be a word.

/// The stem of a word in lower case. What is not plain Latin is its own stem.
pub(super) fn stem(word: &str) -> String {
    if !word.is_ascii() || word.len() < 4 || word.chars().any(|c| !c.is_ascii_alphabetic()) {
        return word.to_owned();
    }
    let singular = singular(word);
    let plain = without_ending(&singular);
    spelled_alike(plain)
}

fn singular(word: &str) -> String {
    if let Some(rest) = word.strip_suffix("ies").filter(|rest| rest.len() > 2) {
        return format!("{rest}y");
    }
    for (ending, kept) in [("sses", "ss"), ("shes", "sh"), ("ches", "ch"), ("xes", "x"), ("zes", "ze")] {
        if let Some(rest) = word.strip_suffix(ending) {
            return format!("{rest}{kept}");
        }
    }
    match word.strip_suffix('s') {
        Some(rest) if !rest.ends_with(['s', 'u', 'i']) => rest.to_owned(),
        _ => word.to_owned(),
    }
}

fn without_ending(word: &str) -> &str {
    for ending in ["ing", "ed"] {
        let Some(rest) = word.strip_suffix(ending) else { continue };
        if rest.len() < 3 || !rest.contains(['a', 'e', 'i', 'o', 'u', 'y']) {
            continue;
        }
        return match rest.as_bytes() {
            // `dropped` is `drop`, but `selling` is `sell`.
            [.., a, b] if a == b && !matches!(b, b'l' | b's' | b'z' | b'e' | b'o') => &rest[..rest.len() - 1],
            _ => rest.strip_suffix('e').unwrap_or(rest),
        };
    }
    match word.strip_suffix('e') {
        Some(rest) if rest.len() > 2 => rest,
        _ => word,
    }
}

fn spelled_alike(word: &str) -> String {
    let word = if word.len() > 5 { word.replace("our", "or") } else { word.to_owned() };
    match word.strip_suffix('z') {
        Some(rest) if rest.len() > 3 => format!("{rest}s"),
        _ => word
            .strip_suffix('y')
            .filter(|rest| rest.len() > 3)
            .map(|rest| format!("{rest}i"))
            .unwrap_or(word),
    }
}

#[cfg(test)]
mod tests {
    use super::stem;

    #[test]
    fn forms_of_a_word_have_one_stem() {
        for forms in [
            ["release", "releases", "releasing", "released"],
            ["royalty", "royalties", "royalty", "royalties"],
            ["analyse", "analyze", "analysing", "analyzed"],
            ["summarise", "summarize", "summarised", "summarizing"],
            ["neighbour", "neighbor", "neighbouring", "neighboring"],
            ["drop", "drops", "dropped", "dropping"],
            ["compare", "compares", "compared", "comparing"],
        ] {
            for form in forms {
                assert_eq!(stem(form), stem(forms[0]), "{form}");
            }
        }
    }

    #[test]
    fn short_words_and_other_scripts_stay() {
        for word in ["is", "was", "this", "여린달", "2026-10"] {
            assert_eq!(stem(word), word);
        }
    }
}
