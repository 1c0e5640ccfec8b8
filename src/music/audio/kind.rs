//! Recognises audio by its content, never by its name; what is something else is refused by its name.

use super::AudioError;
use std::io::{Read, Seek, SeekFrom};

/// The kinds of files that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// RIFF, RF64 or BW64 with the form `WAVE`.
    Wav,
    /// AIFF or AIFF-C.
    Aiff,
    /// Native FLAC.
    Flac,
    /// MP4: ALAC or AAC.
    Mp4,
    /// MPEG audio.
    Mp3,
    /// AAC in ADTS frames.
    Aac,
    /// Ogg with Vorbis.
    OggVorbis,
}

/// Bytes that are enough to recognise a file.
const HEAD_BYTES: usize = 128;

/// ID3 tags in a row before the audio that are skipped.
const MOST_TAGS: usize = 8;

/// What files begin with that are not audio, and what people call them.
const OTHERS: &[(&[u8], &str)] = &[
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a Linux program"),
    (b"\xcf\xfa\xed\xfe", "a macOS program"),
    (b"\xca\xfe\xba\xbe", "a macOS or Java program"),
    (b"#!", "a script"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"II*\0", "a TIFF picture"),
    (b"MM\0*", "a TIFF picture"),
    (b"MThd", "a MIDI file"),
    (b"\x1a\x45\xdf\xa3", "Matroska or WebM"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media"),
    (b"wvpk", "WavPack"),
    (b"MAC ", "Monkey's Audio"),
    (b"MPCK", "Musepack"),
    (b"caff", "Apple Core Audio (CAF)"),
    (b"DSD ", "DSD"),
    (b"FRM8", "DSD"),
    (b".snd", "Sun audio (AU)"),
];

impl Kind {
    /// The name that people know.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Wav => "WAV",
            Kind::Aiff => "AIFF",
            Kind::Flac => "FLAC",
            Kind::Mp4 => "MP4",
            Kind::Mp3 => "MP3",
            Kind::Aac => "AAC",
            Kind::OggVorbis => "Ogg Vorbis",
        }
    }

    /// The endings of names that such a file may have, in small letters.
    pub fn extensions(self) -> &'static [&'static str] {
        match self {
            Kind::Wav => &["wav", "wave", "bwf", "rf64"],
            Kind::Aiff => &["aif", "aiff", "aifc"],
            Kind::Flac => &["flac"],
            Kind::Mp4 => &["m4a", "mp4", "m4b", "alac"],
            Kind::Mp3 => &["mp3"],
            Kind::Aac => &["aac"],
            Kind::OggVorbis => &["ogg", "oga"],
        }
    }

    /// The media types that such a file may be announced with.
    pub fn media_types(self) -> &'static [&'static str] {
        match self {
            Kind::Wav => &["audio/wav", "audio/x-wav", "audio/wave", "audio/vnd.wave"],
            Kind::Aiff => &["audio/aiff", "audio/x-aiff"],
            Kind::Flac => &["audio/flac", "audio/x-flac"],
            Kind::Mp4 => &["audio/mp4", "audio/m4a", "audio/x-m4a", "video/mp4"],
            Kind::Mp3 => &["audio/mpeg", "audio/mp3"],
            Kind::Aac => &["audio/aac", "audio/aacp"],
            Kind::OggVorbis => &["audio/ogg", "application/ogg"],
        }
    }
}

/// The kind of a file, found in its first bytes after any ID3 tags. The source is left at its start.
///
/// # Errors
/// [`AudioError::Empty`], [`AudioError::NotAudio`], or a failed read.
pub fn recognise<R: Read + Seek>(source: &mut R) -> Result<Kind, AudioError> {
    let mut start = 0;
    for _ in 0..MOST_TAGS {
        let head = read_head(source, start)?;
        let Some(length) = tag_length(&head) else {
            source.rewind()?;
            return of_head(&head, start > 0);
        };
        start += length;
    }
    Err(AudioError::NotAudio { what: "a row of ID3 tags without audio" })
}

fn read_head<R: Read + Seek>(source: &mut R, start: u64) -> Result<Vec<u8>, AudioError> {
    source.seek(SeekFrom::Start(start))?;
    let mut head = Vec::with_capacity(HEAD_BYTES);
    let most = u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX);
    source.take(most).read_to_end(&mut head)?;
    Ok(head)
}

/// The whole length of an ID3 tag of version 2 that begins here, from its size in seven bits of each byte.
fn tag_length(head: &[u8]) -> Option<u64> {
    let header = head.strip_prefix(b"ID3")?.get(..7)?;
    let size = header[3..].iter().fold(0_u64, |size, byte| (size << 7) | u64::from(byte & 0x7f));
    let footer = if header[2] & 0x10 == 0 { 0 } else { 10 };
    Some(10 + size + footer)
}

fn of_head(head: &[u8], after_tag: bool) -> Result<Kind, AudioError> {
    if head.is_empty() {
        return Err(if after_tag {
            AudioError::NotAudio { what: "a tag without audio" }
        } else {
            AudioError::Empty
        });
    }
    let four = |at: usize| head.get(at..at + 4).unwrap_or_default();
    let kind = match (four(0), four(8)) {
        (b"RIFF" | b"RF64" | b"BW64", b"WAVE") => Kind::Wav,
        (b"FORM", b"AIFF" | b"AIFC") => Kind::Aiff,
        (b"fLaC", _) => Kind::Flac,
        (b"OggS", _) => return of_ogg(head),
        _ if four(4) == b"ftyp" => Kind::Mp4,
        _ => return of_frames(head),
    };
    Ok(kind)
}

/// What an Ogg file carries is told by the first bytes of its first packet.
fn of_ogg(head: &[u8]) -> Result<Kind, AudioError> {
    let segments = head.get(26).copied().map_or(0, usize::from);
    let packet = head.get(27 + segments..).unwrap_or_default();
    let what = match packet {
        [1, b'v', b'o', b'r', b'b', b'i', b's', ..] => return Ok(Kind::OggVorbis),
        [b'O', b'p', b'u', b's', ..] => "Opus",
        [b'S', b'p', b'e', b'e', b'x', ..] => "Speex",
        [0x7f, b'F', b'L', b'A', b'C', ..] => "FLAC within Ogg",
        [0x80, b't', b'h', b'e', b'o', b'r', b'a', ..] => "a Theora video",
        _ => "Ogg without Vorbis",
    };
    Err(AudioError::NotAudio { what })
}

/// MPEG audio and ADTS begin with eleven or twelve set bits.
fn of_frames(head: &[u8]) -> Result<Kind, AudioError> {
    if let Some((_, what)) = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)) {
        return Err(AudioError::NotAudio { what });
    }
    match head {
        [0xff, second, third, ..] if second & 0xf6 == 0xf0 && third & 0x3c != 0x3c => Ok(Kind::Aac),
        // Layer III; neither a reserved version, nor a bad bit rate, nor a reserved sample rate.
        [0xff, second, third, ..]
            if second & 0xe6 == 0xe2
                && second & 0x18 != 0x08
                && third & 0xf0 != 0xf0
                && third & 0x0c != 0x0c =>
        {
            Ok(Kind::Mp3)
        }
        _ if is_text(head) => Err(AudioError::NotAudio { what: "text" }),
        _ => Err(AudioError::NotAudio { what: "nothing that Patchline knows" }),
    }
}

fn is_text(head: &[u8]) -> bool {
    !head.is_empty() && head.iter().all(|byte| matches!(byte, b'\t' | b'\n' | b'\r' | b' '..=b'~'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn kind(bytes: &[u8]) -> Result<Kind, String> {
        recognise(&mut Cursor::new(bytes)).map_err(|error| error.to_string())
    }

    #[test]
    fn the_content_decides() {
        assert_eq!(kind(b"RIFF\x24\0\0\0WAVEfmt "), Ok(Kind::Wav));
        assert_eq!(kind(b"RF64\xff\xff\xff\xffWAVEds64"), Ok(Kind::Wav));
        assert_eq!(kind(b"FORM\0\0\0\x10AIFFCOMM"), Ok(Kind::Aiff));
        assert_eq!(kind(b"fLaC\0\0\0\x22"), Ok(Kind::Flac));
        assert_eq!(kind(b"\0\0\0\x20ftypM4A "), Ok(Kind::Mp4));
        assert_eq!(kind(b"\xff\xfb\x90\x64"), Ok(Kind::Mp3));
        assert_eq!(kind(b"\xff\xf1\x50\x80"), Ok(Kind::Aac));
        assert_eq!(kind(b"ID3\x04\0\0\0\0\0\x02..\xff\xfb\x90\x64"), Ok(Kind::Mp3));
        assert_eq!(kind(b"ID3\x04\0\0\0\0\0\x02..fLaC\0\0\0\x22"), Ok(Kind::Flac));
    }

    #[test]
    fn what_is_something_else_is_refused_by_its_name() {
        assert_eq!(kind(b""), Err("the file is empty".to_owned()));
        assert!(kind(b"MZ\x90\0").unwrap_err().contains("a Windows program"));
        assert!(kind(b"%PDF-1.7").unwrap_err().contains("a PDF"));
        assert!(kind(b"hello, world").unwrap_err().contains("text"));
        assert!(kind(b"ID3\x04\0\0\x7f\x7f\x7f\x7f").unwrap_err().contains("a tag without audio"));
        let mut opus = b"OggS".to_vec();
        opus.resize(26, 0);
        opus.extend(b"\x01\x13OpusHead");
        assert!(kind(&opus).unwrap_err().contains("Opus"));
    }
}
