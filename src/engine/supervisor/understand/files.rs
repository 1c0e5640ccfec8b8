//! Names of files in a text: what ends like a file, in quotation marks or not.

/// What audio files end with.
const AUDIO: [&str; 9] = [".wav", ".flac", ".aif", ".aiff", ".mp3", ".m4a", ".ogg", ".opus", ".aac"];
/// What documents and pictures end with.
const OTHERS: [&str; 10] = [".pdf", ".docx", ".doc", ".md", ".txt", ".png", ".jpg", ".jpeg", ".tif", ".tiff"];

/// What a file is, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum FileKind {
    Audio,
    Other,
}

/// The kind of a file; none where it does not end like one.
pub(super) fn kind(name: &str) -> Option<FileKind> {
    let lower = name.to_lowercase();
    let ends =
        |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending) && lower.len() > ending.len());
    if ends(&AUDIO) { Some(FileKind::Audio) } else { ends(&OTHERS).then_some(FileKind::Other) }
}

/// The first file that a text names, and the text without it.
pub(super) fn take(text: &str) -> (Option<String>, String) {
    let quoted = ['"', '\'', '“', '«', '„', '`'].into_iter().find_map(|mark| in_quotes(text, mark));
    let found = quoted.or_else(|| bare(text));
    match found {
        Some(name) => (Some(name.to_owned()), text.replacen(name, " ", 1)),
        None => (None, text.to_owned()),
    }
}

fn in_quotes(text: &str, mark: char) -> Option<&str> {
    let closing = match mark {
        '“' => '”',
        '«' => '»',
        '„' => '“',
        other => other,
    };
    let mut rest = text;
    while let Some(start) = rest.find(mark) {
        let inner = &rest[start + mark.len_utf8()..];
        let end = inner.find(closing)?;
        if kind(inner[..end].trim()).is_some() {
            return Some(inner[..end].trim());
        }
        rest = inner;
    }
    None
}

fn bare(text: &str) -> Option<&str> {
    let trimmed =
        |word: &'_ str| -> usize { word.trim_end_matches(['.', ',', '?', '!', ';', ':', ')']).len() };
    text.split_whitespace()
        .map(|word| word.trim_start_matches(['(', '"', '\'']))
        .map(|word| &word[..trimmed(word)])
        .map(|word| word.strip_suffix("'s").unwrap_or(word))
        .find(|word| kind(word).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_found_with_and_without_quotation_marks() {
        let name = |text: &str| take(text).0;
        assert_eq!(name("is night-drive.wav loud?").as_deref(), Some("night-drive.wav"));
        assert_eq!(
            name("check \"songs/Blue Hour (Final).wav\", please").as_deref(),
            Some("songs/Blue Hour (Final).wav")
        );
        assert_eq!(name("who opened a/b.md?").as_deref(), Some("a/b.md"));
        assert_eq!(name("no file. really"), None);
        assert_eq!(name(".wav"), None);
    }
}
