//! What tags say, of every format, by lofty.

use super::AudioError;
use lofty::config::ParseOptions;
use lofty::file::TaggedFileExt;
use lofty::probe::Probe;
use lofty::tag::{ItemKey, Tag};
use std::error::Error;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::time::{Duration, Instant};

/// Pictures beyond this are counted no further.
const MOST_PICTURES: usize = 100;
/// Bytes that are read for tags: pictures are held in memory, and a file may consist of nothing else.
const MOST_BYTES: usize = 64 * 1024 * 1024;
/// Entries of ID3 tags: the time that they take grows with the square of their number, and a file may consist of
/// nothing else.
const MOST_ENTRIES: u32 = 10_000;
/// How long bytes are read for tags, whatever is in them.
const LONGEST: Duration = Duration::from_secs(5);
/// Characters of a value that are kept.
const LONGEST_VALUE: usize = 500;

/// What the tags of a file say, as far as it concerns a release. They are what somebody wrote: data, and never
/// more than that.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tags {
    /// The title of the recording.
    pub title: Option<String>,
    /// Who plays.
    pub artist: Option<String>,
    /// The album.
    pub album: Option<String>,
    /// The artist of the album.
    pub album_artist: Option<String>,
    /// Who composed it.
    pub composer: Option<String>,
    /// The genre.
    pub genre: Option<String>,
    /// The year or the date.
    pub date: Option<String>,
    /// The number on the album.
    pub track: Option<String>,
    /// The ISRC as written.
    pub isrc: Option<String>,
    /// The UPC or EAN as written.
    pub barcode: Option<String>,
    /// Whose copyright.
    pub copyright: Option<String>,
    /// The tempo as written.
    pub bpm: Option<String>,
    /// The key as written.
    pub key: Option<String>,
    /// The kinds of tags that are there, for instance `Id3v2`.
    pub kinds: Vec<String>,
    /// How many pictures are within.
    pub pictures: u32,
}

/// Reads the tags of a file; none where it has none.
///
/// # Errors
/// A failed read. Tags that cannot be read are the second part of the result, in words.
pub fn read<R: Read + Seek>(source: &mut R) -> Result<(Tags, Option<String>), AudioError> {
    read_within(source, LONGEST)
}

fn read_within<R: Read + Seek>(
    source: &mut R,
    longest: Duration,
) -> Result<(Tags, Option<String>), AudioError> {
    source.rewind()?;
    let options = ParseOptions::new().read_properties(false);
    let rationed =
        Rationed { source, left: MOST_BYTES, entries: Entries::default(), begun: Instant::now(), longest };
    let probe = Probe::new(BufReader::new(rationed)).options(options).guess_file_type()?;
    match probe.read() {
        Ok(file) => Ok((collect(file.tags()), None)),
        Err(error) => Ok((Tags::default(), Some(cause(&error)))),
    }
}

/// What is behind an error: the outermost one only says that a file could not be parsed.
fn cause(error: &dyn Error) -> String {
    let mut found = error;
    while let Some(source) = found.source() {
        found = source;
    }
    found.to_string()
}

/// A source that gives only so many bytes, wherever they are read, and only for so long.
struct Rationed<'s, R> {
    source: &'s mut R,
    left: usize,
    entries: Entries,
    begun: Instant,
    longest: Duration,
}

/// Counts what may be an entry of an ID3 tag: the end of its name, three capital letters or digits, before a size
/// that begins with a zero. Pictures have as much by chance once in 90,000 bytes.
#[derive(Default)]
struct Entries {
    count: u32,
    /// Capital letters and digits in a row.
    row: u8,
}

impl Entries {
    fn see(&mut self, bytes: &[u8]) {
        for byte in bytes {
            match byte {
                b'A'..=b'Z' | b'0'..=b'9' => self.row = self.row.saturating_add(1),
                0 if self.row >= 3 => (self.count, self.row) = (self.count.saturating_add(1), 0),
                _ => self.row = 0,
            }
        }
    }
}

impl<R: Read> Read for Rationed<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(self.left);
        if most == 0 && !buffer.is_empty() {
            return Err(io::Error::other("there is more of them than the 64 MiB that are read"));
        }
        if self.begun.elapsed() >= self.longest {
            return Err(io::Error::other("reading them takes too long"));
        }
        let read = self.source.read(&mut buffer[..most])?;
        self.left -= read;
        self.entries.see(&buffer[..read]);
        if self.entries.count > MOST_ENTRIES {
            return Err(io::Error::other("there are more than the 10,000 entries that are read"));
        }
        Ok(read)
    }
}

impl<R: Seek> Seek for Rationed<'_, R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.source.seek(to)
    }
}

fn collect(tags: &[Tag]) -> Tags {
    let text = |key: ItemKey| {
        let found = tags.iter().find_map(|tag| tag.get_string(key))?.trim();
        (!found.is_empty()).then(|| found.chars().take(LONGEST_VALUE).collect::<String>())
    };
    let pictures = tags.iter().map(|tag| tag.pictures().len()).sum::<usize>().min(MOST_PICTURES);
    Tags {
        title: text(ItemKey::TrackTitle),
        artist: text(ItemKey::TrackArtist),
        album: text(ItemKey::AlbumTitle),
        album_artist: text(ItemKey::AlbumArtist),
        composer: text(ItemKey::Composer),
        genre: text(ItemKey::Genre),
        date: text(ItemKey::RecordingDate)
            .or_else(|| text(ItemKey::ReleaseDate))
            .or_else(|| text(ItemKey::Year)),
        track: text(ItemKey::TrackNumber),
        isrc: text(ItemKey::Isrc),
        barcode: text(ItemKey::Barcode),
        copyright: text(ItemKey::CopyrightMessage),
        bpm: text(ItemKey::Bpm).or_else(|| text(ItemKey::IntegerBpm)),
        key: text(ItemKey::InitialKey),
        kinds: tags.iter().map(|tag| format!("{:?}", tag.tag_type())).collect(),
        pictures: u32::try_from(pictures).unwrap_or(u32::MAX),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::music::audio::tests::support::wav;
    use std::io::Cursor;

    #[test]
    fn what_may_be_an_entry_is_counted_across_reads() {
        let mut entries = Entries::default();
        for piece in [&b"..APIC\0\0\0\x09..TX"[..], b"X\0", b"lower\0AB\0"] {
            entries.see(piece);
        }
        assert_eq!(entries.count, 2);
    }

    #[test]
    fn tags_are_not_read_for_ever() {
        let file = wav(44_100, 16, &[[0.0; 2]; 8]);
        let read = read_within(&mut Cursor::new(&file), Duration::ZERO);
        let told = read.map_or_else(|error| error.to_string(), |(_, unread)| unread.unwrap_or_default());
        assert!(told.contains("takes too long"), "{told}");
        assert_eq!(super::read(&mut Cursor::new(&file)).expect("it is read"), (Tags::default(), None));
    }
}
