//! Line ends that are all alike, and no line without anything on it: so that the line which is told of a row is the
//! one that people see in their editor. The reader of rows leaves out lines without anything on them, and counts them
//! not.

use std::io::{self, Read};

/// How much is read at once.
const PIECE: usize = 64 * 1024;

/// A text in which each line ends with a line feed and has something on it, outside quotation marks.
pub(super) struct Lines<R> {
    inner: R,
    delimiter: u8,
    raw: Vec<u8>,
    out: Vec<u8>,
    out_at: usize,
    in_quotes: bool,
    /// A quotation mark has just ended; another one directly after it stands for itself.
    just_closed: bool,
    at_field: bool,
    at_line: bool,
    after_return: bool,
}

impl<R: Read> Lines<R> {
    pub(super) fn new(inner: R, delimiter: u8) -> Self {
        Self {
            inner,
            delimiter,
            raw: vec![0; PIECE],
            out: Vec::with_capacity(PIECE * 2),
            out_at: 0,
            in_quotes: false,
            just_closed: false,
            at_field: true,
            at_line: true,
            after_return: false,
        }
    }

    fn take(&mut self, byte: u8) {
        if self.in_quotes {
            self.in_quotes = byte != b'"';
            self.just_closed = byte == b'"';
            self.out.push(byte);
            return;
        }
        let follows_return = std::mem::take(&mut self.after_return);
        match byte {
            b'\n' if follows_return => return,
            b'\r' | b'\n' => {
                if self.at_line {
                    self.out.push(self.delimiter);
                }
                self.out.push(b'\n');
                (self.at_line, self.at_field, self.just_closed) = (true, true, false);
                self.after_return = byte == b'\r';
                return;
            }
            b'"' if self.at_field || self.just_closed => self.in_quotes = true,
            _ => {}
        }
        self.out.push(byte);
        self.at_line = false;
        self.just_closed = false;
        self.at_field = byte == self.delimiter;
    }
}

impl<R: Read> Read for Lines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.out_at == self.out.len() {
            let mut raw = std::mem::take(&mut self.raw);
            let read = self.inner.read(&mut raw);
            self.out.clear();
            self.out_at = 0;
            if let Ok(read) = read {
                raw[..read].iter().for_each(|byte| self.take(*byte));
            }
            self.raw = raw;
            if read? == 0 {
                return Ok(0);
            }
        }
        let length = buffer.len().min(self.out.len() - self.out_at);
        buffer[..length].copy_from_slice(&self.out[self.out_at..self.out_at + length]);
        self.out_at += length;
        Ok(length)
    }
}
