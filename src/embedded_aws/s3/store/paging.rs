//! Listing by prefix and delimiter, a page at a time.
//!
//! Keys are in the order of their UTF-8 bytes. With a delimiter, all keys that share the text up to
//! its first occurrence after the prefix are listed as that text, once: their common prefix.

use super::StoreError;

/// How many rows are read at once when a common prefix may make most of them superfluous.
const ROWS_WITH_DELIMITER: usize = 32;

/// Something that is listed by key.
pub(crate) trait Listed {
    /// What tells entries of the same key apart, in the order of the listing.
    type Minor: Clone;
    /// The key.
    fn key(&self) -> &str;
    /// The rest of its place in the order.
    fn minor(&self) -> Self::Minor;
}

/// Where a page begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Position<Minor> {
    /// At the first key.
    Start,
    /// After this entry or, without its minor part, after all entries of the key.
    AfterKey {
        /// The key.
        key: String,
        /// The entry among those of the key.
        minor: Option<Minor>,
    },
    /// After all keys that begin with this.
    AfterPrefix(String),
}

impl<Minor> Position<Minor> {
    /// The key, or the common prefix, and the minor part that a client names to go on from here.
    pub(crate) fn into_markers(self) -> (Option<String>, Option<Minor>) {
        match self {
            Self::Start => (None, None),
            Self::AfterPrefix(prefix) => (Some(prefix), None),
            Self::AfterKey { key, minor } => (Some(key), minor),
        }
    }
}

/// What to list.
#[derive(Debug, Clone)]
pub(crate) struct PageRequest<Minor> {
    /// Only keys that begin with this.
    pub(crate) prefix: String,
    /// Where keys are rolled up.
    pub(crate) delimiter: Option<String>,
    /// How many entries and common prefixes at most.
    pub(crate) limit: usize,
    /// Where to begin.
    pub(crate) from: Position<Minor>,
}

impl<Minor> PageRequest<Minor> {
    /// A request of a client, who may name neither prefix nor delimiter.
    pub(crate) fn new(
        prefix: Option<&String>,
        delimiter: Option<&String>,
        limit: usize,
        from: Position<Minor>,
    ) -> Self {
        Self { prefix: prefix.cloned().unwrap_or_default(), delimiter: delimiter.cloned(), limit, from }
    }
}

/// A page of a listing.
#[derive(Debug)]
pub(crate) struct Page<Entry: Listed> {
    /// The entries, in order.
    pub(crate) entries: Vec<Entry>,
    /// The common prefixes, in order.
    pub(crate) prefixes: Vec<String>,
    /// Where the next page begins; none on the last.
    pub(crate) next: Option<Position<Entry::Minor>>,
}

/// From where rows are to be read, in terms that a query has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Bound<Minor> {
    /// Keys that are this or greater.
    AtOrAfter(String),
    /// Keys greater than this.
    After(String),
    /// The entries of this key after that one, and greater keys.
    Within(String, Minor),
}

/// Collects a page from rows that `fetch` reads in order: from the bound, at most so many.
pub(super) fn collect<Entry: Listed>(
    request: &PageRequest<Entry::Minor>,
    fetch: impl Fn(&Bound<Entry::Minor>, usize) -> Result<Vec<Entry>, StoreError>,
) -> Result<Page<Entry>, StoreError> {
    let mut page = Page { entries: Vec::new(), prefixes: Vec::new(), next: None };
    if request.limit == 0 {
        return Ok(page);
    }
    let delimiter = request.delimiter.as_deref().filter(|delimiter| !delimiter.is_empty());
    let rows = if delimiter.is_some() { ROWS_WITH_DELIMITER } else { request.limit + 1 };
    let mut last = request.from.clone();
    'query: loop {
        let Some(bound) = bound(&last, &request.prefix) else { return Ok(page) };
        let batch = fetch(&bound, rows)?;
        let is_end = batch.len() < rows;
        for entry in batch {
            if !entry.key().starts_with(&request.prefix) {
                return Ok(page);
            }
            if page.entries.len() + page.prefixes.len() == request.limit {
                page.next = Some(last);
                return Ok(page);
            }
            if let Some(common) = delimiter.and_then(|text| common_prefix(entry.key(), &request.prefix, text))
            {
                last = Position::AfterPrefix(common.to_owned());
                page.prefixes.push(common.to_owned());
                continue 'query;
            }
            last = Position::AfterKey { key: entry.key().to_owned(), minor: Some(entry.minor()) };
            page.entries.push(entry);
        }
        if is_end {
            return Ok(page);
        }
    }
}

/// The text of a key up to the first delimiter after the prefix, with the delimiter.
pub(crate) fn common_prefix<'key>(key: &'key str, prefix: &str, delimiter: &str) -> Option<&'key str> {
    let rest = key.strip_prefix(prefix)?;
    let end = prefix.len() + rest.find(delimiter)? + delimiter.len();
    Some(&key[..end])
}

/// The bound of a position among the keys with a prefix; none when no key can come after it.
fn bound<Minor: Clone>(position: &Position<Minor>, prefix: &str) -> Option<Bound<Minor>> {
    let prefix = prefix.to_owned();
    Some(match position {
        Position::Start => Bound::AtOrAfter(prefix),
        Position::AfterPrefix(text) => Bound::AtOrAfter(successor(text)?.max(prefix)),
        Position::AfterKey { key, .. } if *key < prefix => Bound::AtOrAfter(prefix),
        Position::AfterKey { key, minor: None } => Bound::After(key.clone()),
        Position::AfterKey { key, minor: Some(minor) } => Bound::Within(key.clone(), minor.clone()),
    })
}

/// The least text greater than all that begin with `prefix`; none when there is no such text.
fn successor(prefix: &str) -> Option<String> {
    let mut text = prefix.to_owned();
    while let Some(last) = text.pop() {
        // The order of UTF-8 bytes is that of code points; surrogates are not characters.
        let next = match last {
            '\u{d7ff}' => Some('\u{e000}'),
            other => char::from_u32(u32::from(other) + 1),
        };
        if let Some(next) = next {
            text.push(next);
            return Some(text);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_successor_of_a_prefix_comes_after_everything_with_that_prefix() {
        assert_eq!(successor("a/").as_deref(), Some("a0"));
        assert_eq!(successor("a\u{d7ff}").as_deref(), Some("a\u{e000}"));
        assert_eq!(successor("a\u{10ffff}").as_deref(), Some("b"));
        assert_eq!(successor("\u{10ffff}"), None);
    }

    #[test]
    fn a_common_prefix_ends_with_the_first_delimiter_after_the_prefix() {
        assert_eq!(common_prefix("a/b/c", "a/", "/"), Some("a/b/"));
        assert_eq!(common_prefix("a/b", "a/", "/"), None);
        assert_eq!(common_prefix("x--y--z", "", "--"), Some("x--"));
    }
}
