//! Finds the marks by which a language model says where each statement comes from: `[1]`, `[2][5]`,
//! `[1, 3]`. They are taken out of the text, and become spans of it.

/// A part of a text that comes from passages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cited {
    /// Where it begins in the text, in characters (Unicode scalar values).
    pub(super) start: usize,
    /// Where it ends, exclusive, in characters.
    pub(super) end: usize,
    /// Its words.
    pub(super) text: String,
    /// The places of the passages, from 0.
    pub(super) passages: Vec<usize>,
}

/// Takes the marks of `passages` passages out of a text. What looks like a mark and names no passage
/// stays.
pub(super) fn read(written: &str, passages: usize) -> (String, Vec<Cited>) {
    let mut text = String::with_capacity(written.len());
    let mut cited: Vec<(usize, usize, Vec<usize>)> = Vec::new();
    let mut begin = 0;
    let mut rest = written;
    while let Some(at) = rest.find('[') {
        let (before, from_mark) = rest.split_at(at);
        text.push_str(before);
        let Some((mut named, mut after)) = mark(from_mark, passages) else {
            text.push('[');
            rest = from_mark.get(1..).unwrap_or_default();
            continue;
        };
        while let Some((more, further)) = mark(after.trim_start_matches(' '), passages) {
            named.extend(more);
            after = further;
        }
        text.truncate(text.trim_end_matches(' ').len());
        // The full stop after a mark belongs to the statement before it.
        if let Some(stop) =
            after.chars().next().filter(|next| matches!(next, '.' | '!' | '?' | ',' | ';' | ':'))
        {
            text.push(stop);
            after = after.get(stop.len_utf8()..).unwrap_or_default();
        }
        let lead = text.get(begin..).map_or(0, |part| part.len() - part.trim_start().len());
        named.sort_unstable();
        named.dedup();
        if begin + lead < text.len() {
            cited.push((begin + lead, text.len(), named));
        }
        begin = text.len();
        rest = after;
    }
    text.push_str(rest);
    let characters = |end: usize| text.get(..end).unwrap_or_default().chars().count();
    let parts = cited.into_iter().map(|(start, end, passages)| Cited {
        start: characters(start),
        end: characters(end),
        text: text.get(start..end).unwrap_or_default().to_owned(),
        passages,
    });
    let parts = parts.collect();
    (text, parts)
}

/// The passages that a mark at the beginning names, and the text after it.
fn mark(text: &str, passages: usize) -> Option<(Vec<usize>, &str)> {
    let (inside, after) = text.strip_prefix('[')?.split_once(']')?;
    let named = inside.split(',').map(|number| {
        let number: usize = number.trim().parse().ok()?;
        (1..=passages).contains(&number).then(|| number - 1)
    });
    named.collect::<Option<Vec<_>>>().map(|named| (named, after))
}

/// Reads an answer that comes in pieces.
pub(super) struct CitationReader {
    passages: usize,
    written: String,
    /// How much of the text was given out, in bytes.
    given: usize,
    /// How many parts were given out.
    cited: usize,
}

/// What is certain of an answer that is not yet whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Certain {
    /// More of the text.
    Text(String),
    /// A part of the text before, and where it comes from.
    Cited(Cited),
}

impl CitationReader {
    pub(super) fn new(passages: usize) -> Self {
        Self { passages, written: String::new(), given: 0, cited: 0 }
    }

    /// What has become certain with the next piece.
    pub(super) fn take(&mut self, piece: &str) -> Vec<Certain> {
        self.written.push_str(piece);
        let (text, parts) = read(certain_part(&self.written), self.passages);
        // The last part may still get another mark, or its full stop.
        let is_followed = parts.last().is_some_and(|last| text.chars().count() > last.end + 1);
        let certain = if is_followed { parts.len() } else { parts.len().saturating_sub(1) };
        self.give(&text, parts, certain)
    }

    /// The rest, and the whole text.
    pub(super) fn finish(&mut self) -> (Vec<Certain>, String) {
        let (text, parts) = read(&self.written, self.passages);
        let all = parts.len();
        (self.give(&text, parts, all), text)
    }

    fn give(&mut self, text: &str, parts: Vec<Cited>, certain: usize) -> Vec<Certain> {
        let mut given = Vec::new();
        if let Some(more) = text.get(self.given..).filter(|more| !more.is_empty()) {
            given.push(Certain::Text(more.to_owned()));
            self.given = text.len();
        }
        given.extend(parts.into_iter().take(certain).skip(self.cited).map(Certain::Cited));
        self.cited = self.cited.max(certain);
        given
    }
}

/// The beginning that stays as it is whatever follows: without white space at the end, which a mark
/// takes away, and without what may become a mark.
fn certain_part(written: &str) -> &str {
    let open = written.rfind('[').filter(|at| !written.get(*at..).unwrap_or_default().contains(']'));
    let before = open.and_then(|at| written.get(..at)).unwrap_or(written);
    before.trim_end_matches(' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_spans() {
        let (text, cited) = read("Zwölf sind 12 ¢ [1]. Später mehr [2] [1,3]! Ohne.", 3);
        assert_eq!(text, "Zwölf sind 12 ¢. Später mehr! Ohne.");
        let characters: Vec<char> = text.chars().collect();
        for part in &cited {
            assert_eq!(characters[part.start..part.end].iter().collect::<String>(), part.text);
        }
        assert_eq!(cited[0].text, "Zwölf sind 12 ¢.");
        assert_eq!(cited[0].passages, [0]);
        assert_eq!(
            (cited[1].text.as_str(), cited[1].passages.as_slice()),
            ("Später mehr!", [0, 1, 2].as_slice())
        );
        assert_eq!(cited.len(), 2);
    }

    #[test]
    fn pieces_give_the_same_as_the_whole() {
        let written = "Zwölf sind 12 ¢ [1]. Später [2] [1,3]! See [9] and [a]. Ohne. Ende [3]";
        let (text, cited) = read(written, 3);
        for size in 1..12 {
            let mut reader = CitationReader::new(3);
            let characters: Vec<char> = written.chars().collect();
            let mut given = Vec::new();
            for piece in characters.chunks(size) {
                given.extend(reader.take(&piece.iter().collect::<String>()));
            }
            let (rest, whole) = reader.finish();
            given.extend(rest);
            assert_eq!(whole, text);
            let (mut texts, mut parts) = (String::new(), Vec::new());
            for certain in given {
                match certain {
                    Certain::Text(piece) => texts.push_str(&piece),
                    Certain::Cited(part) => {
                        assert!(part.end <= texts.chars().count(), "a part comes after its text");
                        parts.push(part);
                    }
                }
            }
            assert_eq!((texts, &parts), (text.clone(), &cited), "in pieces of {size}");
        }
    }

    #[test]
    fn what_names_no_passage_stays() {
        let (text, cited) = read("See [9] and [a] and [1", 3);
        assert_eq!(text, "See [9] and [a] and [1");
        assert!(cited.is_empty());
    }
}
