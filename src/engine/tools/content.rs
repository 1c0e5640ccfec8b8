//! File content in arguments: base64 in, and what kind of file the bytes really are.

use super::ToolError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

/// The most bytes that a file given as base64 may have. Larger ones are streamed.
pub(super) const MAX_INLINE_BYTES: usize = 16 * 1024 * 1024;

/// The same limit in characters of base64, for schemas.
pub(super) const MAX_BASE64_LENGTH: usize = MAX_INLINE_BYTES.div_ceil(3) * 4;

/// Bytes that are enough to recognise a file.
pub(crate) const SNIFF_BYTES: usize = 8 * 1024;

/// Decodes the argument `fileContent`.
pub(super) fn decode(text: &str, instead: &str) -> Result<Bytes, ToolError> {
    if text.len() > MAX_BASE64_LENGTH {
        let detail = format!("at most 16 MiB are allowed in a call; {instead}");
        return Err(ToolError::TooLarge { field: "fileContent", detail });
    }
    let bytes = STANDARD
        .decode(text)
        .map_err(|error| ToolError::field("fileContent", format!("this is not base64: {error}")))?;
    if bytes.is_empty() {
        return Err(ToolError::field("fileContent", "the file is empty"));
    }
    Ok(bytes.into())
}

/// The media type of audio by its first bytes; none when it is not audio that Patchline knows.
pub(crate) fn audio_type(head: &[u8]) -> Option<&'static str> {
    let wave =
        head.len() >= 12 && matches!(&head[..4], b"RIFF" | b"RF64" | b"BW64") && &head[8..12] == b"WAVE";
    if wave {
        return Some("audio/wav");
    }
    match infer::get(head)?.mime_type() {
        "audio/x-wav" => Some("audio/wav"),
        "audio/x-flac" => Some("audio/flac"),
        "audio/x-aiff" | "audio/aiff" => Some("audio/aiff"),
        "audio/mpeg" => Some("audio/mpeg"),
        // The size of the box comes first, and is small: with letters there it would be another format, too.
        "audio/m4a" if head.starts_with(&[0, 0]) => Some("audio/mp4"),
        "audio/aac" => Some("audio/aac"),
        "audio/ogg" => Some("audio/ogg"),
        _ => None,
    }
}

/// The audio that is accepted, for messages.
pub(crate) const AUDIO_IN_WORDS: &str = "WAV, AIFF, FLAC, MP3, M4A (AAC, ALAC), AAC and Ogg are accepted";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    #[test]
    fn audio_is_recognised_by_content() {
        assert_eq!(audio_type(b"RIFF\x24\0\0\0WAVEfmt "), Some("audio/wav"));
        assert_eq!(audio_type(b"RF64\xff\xff\xff\xffWAVEds64"), Some("audio/wav"));
        assert_eq!(audio_type(b"fLaC\0\0\0\x22"), Some("audio/flac"));
        assert_eq!(audio_type(b"%PDF-1.7"), None);
    }

    #[test]
    fn broken_base64_names_the_argument() {
        let error = decode("ab*c", "").expect_err("this is not base64");
        assert!(matches!(error, ToolError::Invalid(fields) if fields[0].field == "fileContent"));
    }

    #[test]
    fn fuzz_first_bytes_of_audio() {
        let seeds: [&[u8]; 8] = [
            b"RIFF\x24\0\0\0WAVEfmt ",
            b"fLaC\0\0\0\x22",
            b"FORM\0\0\0\x10AIFFCOMM",
            b"ID3\x04\0\0\0\0\0\0",
            b"\0\0\0\x20ftypM4A \0\0\0\0",
            b"OggS\0\x02",
            b"<!doctype html><script>",
            b"%PDF-1.7\n",
        ];
        fuzzing::bytes(500, &seeds, &["<html", "<svg", "WAVE", "ftyp", "\x1aE"], |head| {
            let Some(kind) = audio_type(head) else { return };
            assert!(kind.starts_with("audio/"), "{kind}");
            let is_active = [b"<".as_slice(), b"%PDF", b"PK\x03\x04", b"MZ", b"#!"];
            assert!(!is_active.iter().any(|beginning| head.starts_with(beginning)), "taken for {kind}");
        });
    }
}
