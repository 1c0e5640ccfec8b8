//! Names of arguments and attributes, as people read them.

/// `releaseId` as people write it: `Release ID`.
pub fn humanise(name: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut previous_was_lower = false;
    for character in name.chars() {
        let starts_word = character.is_ascii_uppercase() && previous_was_lower;
        if character == '_' || character == '-' || character == '.' {
            words.push(String::new());
        } else if let Some(word) = words.last_mut().filter(|_| !starts_word) {
            word.push(character);
        } else {
            words.push(character.to_string());
        }
        previous_was_lower = character.is_ascii_lowercase() || character.is_ascii_digit();
    }
    let words = words.iter().filter(|word| !word.is_empty());
    let mut sentence = words.map(|word| as_word(word)).collect::<Vec<_>>().join(" ");
    if let Some(first) = sentence.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    sentence
}

/// Initials stay initials, every other word is written small.
fn as_word(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    match lower.as_str() {
        "id" | "url" | "isrc" | "upc" | "json" | "iso" | "utc" | "sql" => lower.to_ascii_uppercase(),
        _ => lower,
    }
}

/// The name of a field in a message: the path of an argument in words, a label as it is.
pub fn field_in_words(field: &str) -> String {
    if field.starts_with(|first: char| first.is_ascii_lowercase()) {
        humanise(field)
    } else {
        field.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_aloud() {
        let names = ["releaseId", "sizeBytes", "list_audio_files", "ISRC", "", "éclat"];
        let words = ["Release ID", "Size bytes", "List audio files", "ISRC", "", "éclat"];
        assert_eq!(names.map(humanise), words);
    }

    #[test]
    fn a_path_becomes_words_and_a_label_stays() {
        assert_eq!(field_in_words("startTime"), "Start time");
        assert_eq!(field_in_words("updateData.releaseDate"), "Update data release date");
        assert_eq!(field_in_words("Artist ID"), "Artist ID");
    }
}
