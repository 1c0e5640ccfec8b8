//! Reads server-sent events from the bytes of an answer.

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What sort of event it is.
    pub name: String,
    /// What it tells.
    pub data: String,
}

/// Takes bytes as they come, and gives the events that are complete.
#[derive(Debug, Default)]
pub struct EventReader {
    rest: Vec<u8>,
    name: String,
    data: Vec<String>,
}

impl EventReader {
    /// The events that are complete with these bytes.
    pub fn take(&mut self, bytes: &[u8]) -> Vec<Event> {
        self.rest.extend_from_slice(bytes);
        let mut events = Vec::new();
        while let Some(end) = self.rest.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.rest.drain(..=end).collect();
            let line = String::from_utf8_lossy(&line);
            events.extend(self.line(line.trim_end_matches(['\r', '\n'])));
        }
        events
    }

    fn line(&mut self, line: &str) -> Option<Event> {
        if line.is_empty() {
            let name = std::mem::take(&mut self.name);
            let data = std::mem::take(&mut self.data);
            return (!data.is_empty()).then(|| Event { name, data: data.join("\n") });
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => value.clone_into(&mut self.name),
            "data" => self.data.push(value.to_owned()),
            // A comment keeps the connection open; other fields are for reconnecting, which nobody does.
            _ => {}
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(name: &str, data: &str) -> Event {
        Event { name: name.to_owned(), data: data.to_owned() }
    }

    #[test]
    fn events_may_come_in_pieces_that_cut_characters() {
        let bytes =
            ": hello\n\nevent: step\ndata: {\"text\":\"Für 12 ¢\"}\n\nevent: problem\ndata: a\ndata: b\n\n"
                .as_bytes();
        let expected = [event("step", "{\"text\":\"Für 12 ¢\"}"), event("problem", "a\nb")];
        for size in 1..bytes.len() {
            let mut reader = EventReader::default();
            let events: Vec<Event> = bytes.chunks(size).flat_map(|piece| reader.take(piece)).collect();
            assert_eq!(events, expected, "in pieces of {size}");
        }
    }

    #[test]
    fn an_event_without_its_end_is_none() {
        assert!(EventReader::default().take(b"event: step\ndata: {}\n").is_empty());
    }
}
