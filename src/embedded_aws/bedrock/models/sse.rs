//! Server-sent events, as far as language models use them: lines that begin with `data:`.

/// The longest line that is taken, in bytes.
const LONGEST_LINE: usize = 1024 * 1024;

/// Takes bytes as they come, and gives the data of each event.
#[derive(Debug, Default)]
pub(super) struct SseReader {
    line: Vec<u8>,
}

/// A line that is too long, or no UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unreadable;

impl SseReader {
    /// The data of the events that are complete with these bytes.
    pub(super) fn take(&mut self, bytes: &[u8]) -> Result<Vec<String>, Unreadable> {
        let mut events = Vec::new();
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if self.line.len() > LONGEST_LINE {
                return Err(Unreadable);
            }
            if piece.ends_with(b"\n") {
                let line = std::mem::take(&mut self.line);
                let line = std::str::from_utf8(&line).map_err(|_| Unreadable)?;
                if let Some(data) = line.trim_end().strip_prefix("data:") {
                    events.push(data.trim_start().to_owned());
                }
            }
        }
        Ok(events)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    #[test]
    fn events_may_come_in_pieces() {
        let mut reader = SseReader::default();
        assert_eq!(reader.take(b": hello\n\ndata: {\"a\":"), Ok(vec![]));
        assert_eq!(
            reader.take(b" 1}\r\n\r\ndata:[DONE]\n\n"),
            Ok(vec!["{\"a\": 1}".to_owned(), "[DONE]".to_owned()])
        );
        assert_eq!(reader.take(b"data: \xff\n"), Err(Unreadable));
    }

    #[test]
    fn fuzz_events_of_a_language_model() {
        let seeds: [&[u8]; 2] = [
            b"data: {\"choices\":[{\"delta\":{\"content\":\"a\"}}]}\r\n\r\ndata: [DONE]\n\n",
            b": hello\nevent: x\ndata:\xc3\xa5\n",
        ];
        fuzzing::bytes(500, &seeds, &["data:", "\n", "\r\n", ": "], |bytes| {
            let at_once = SseReader::default().take(bytes);
            let mut reader = SseReader::default();
            let pieces = bytes.chunks(3).map(|piece| reader.take(piece)).collect::<Result<Vec<_>, _>>();
            assert_eq!(pieces.map(|events| events.concat()), at_once, "however it is cut, it says the same");
        });
    }
}
