//! Lines for people at the terminal, or for whatever takes them in its place: keys do not get there.

use super::secrets::without_keys;
use std::io::{self, Write};

/// Writes lines without the keys that they may bring, such as errors of others that repeat what they were sent.
pub(super) struct Lines<W>(W);

/// The error output.
pub(super) fn lines() -> Lines<io::Stderr> {
    Lines(io::stderr())
}

impl<W: Write> Write for Lines<W> {
    /// Takes a whole line at once, as it is always given.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(without_keys(&String::from_utf8_lossy(line)).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_json_stays_json_without_its_keys() {
        let mut written = Lines(Vec::<u8>::new());
        let line = serde_json::json!({ "error": "said \"Bearer abc.def\" of AKIAIOSFODNN7EXAMPLE", "level": "WARN" });
        written.write_all(format!("{line}\n").as_bytes()).unwrap();
        let read: serde_json::Value = serde_json::from_slice(&written.0).unwrap();
        assert_eq!(read["error"], "said \"(hidden)\" of (hidden)");
        assert_eq!(read["level"], "WARN");
    }
}
