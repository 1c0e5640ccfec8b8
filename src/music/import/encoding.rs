//! Which encoding a text has, and reading it as UTF-8.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::io::{self, Read};

/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// The encoding of a text that begins with this: by its mark, by its zeros, or by the likeliest letters.
pub(super) fn guess(beginning: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(beginning) {
        return encoding;
    }
    if let Some(encoding) = utf_16_without_mark(beginning) {
        return encoding;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(beginning, false);
    detector.guess(None, Utf8Detection::Allow)
}

/// Tables are mostly of ASCII, of which every other byte is zero in UTF-16.
fn utf_16_without_mark(beginning: &[u8]) -> Option<&'static Encoding> {
    let pairs = beginning.len() / 2;
    if pairs < 4 {
        return None;
    }
    let zeros = |at: usize| beginning.chunks_exact(2).filter(|pair| pair[at] == 0).count();
    let most = |zeros: usize| zeros * 10 > pairs * 7;
    match (most(zeros(0)), most(zeros(1))) {
        (true, false) => Some(UTF_16BE),
        (false, true) => Some(UTF_16LE),
        _ => None,
    }
}

/// A text of some encoding as UTF-8. What is none of its encoding becomes U+FFFD.
pub(super) struct AsUtf8<R> {
    inner: R,
    decoder: Decoder,
    raw: Vec<u8>,
    raw_at: usize,
    raw_end: usize,
    out: Vec<u8>,
    out_at: usize,
    out_end: usize,
    source_ended: bool,
    done: bool,
}

impl<R: Read> AsUtf8<R> {
    pub(super) fn new(inner: R, encoding: &str) -> Self {
        let encoding = Encoding::for_label(encoding.as_bytes()).unwrap_or(UTF_8);
        Self {
            inner,
            decoder: encoding.new_decoder(),
            raw: vec![0; PIECE],
            raw_at: 0,
            raw_end: 0,
            out: vec![0; PIECE],
            out_at: 0,
            out_end: 0,
            source_ended: false,
            done: false,
        }
    }

    /// Decodes the next piece into `out`.
    fn fill(&mut self) -> io::Result<()> {
        while self.out_at == self.out_end && !self.done {
            if self.raw_at == self.raw_end && !self.source_ended {
                (self.raw_at, self.raw_end) = (0, self.inner.read(&mut self.raw)?);
                self.source_ended = self.raw_end == 0;
            }
            let raw = &self.raw[self.raw_at..self.raw_end];
            let (result, read, written, _) =
                self.decoder.decode_to_utf8(raw, &mut self.out, self.source_ended);
            self.raw_at += read;
            (self.out_at, self.out_end) = (0, written);
            self.done = self.source_ended && result == CoderResult::InputEmpty;
        }
        Ok(())
    }
}

impl<R: Read> Read for AsUtf8<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.fill()?;
        let length = buffer.len().min(self.out_end - self.out_at);
        buffer[..length].copy_from_slice(&self.out[self.out_at..self.out_at + length]);
        self.out_at += length;
        Ok(length)
    }
}
