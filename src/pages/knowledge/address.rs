//! What the page of the knowledge base shows, as its address says it, and back.

use crate::model::knowledge::{Kind, KnowledgeQuery, QuestionAsked, SourceAsked, Span, Tier};
use crate::pages::query_string;
use leptos_router::params::ParamsMap;

/// The path of the page.
pub const PATH: &str = "/knowledge";
/// The path of answers while they are written.
const EVENTS: &str = "/events/knowledge/answer";
/// Results that are shown unless more are asked for.
pub const RESULTS: u32 = 10;
/// The most results that are shown at once.
pub const MOST_RESULTS: u32 = 50;

/// What the address asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Address {
    /// Whether the documents are shown in place of the search.
    pub documents: bool,
    /// What is searched.
    pub query: KnowledgeQuery,
    /// Whether the search is to be answered.
    pub answer: bool,
    /// Whether the answer is to come as a whole, for who has no script that could take its pieces.
    pub whole: bool,
    /// The source that is open.
    pub open: Option<Open>,
    /// Where the list of documents begins.
    pub after: Option<String>,
    /// The document that somebody is about to remove.
    pub remove: Option<String>,
    /// What was done to a document just now, where a form without JavaScript did it.
    pub done: Option<Done>,
}

/// A source that is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Open {
    /// The name of its document.
    pub file_name: String,
    /// The page.
    pub page: Option<u32>,
    /// The passage on the page.
    pub passage: Option<Span>,
}

/// What was done to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Done {
    /// It was added.
    Added(String),
    /// It was removed.
    Removed(String),
}

impl Address {
    /// The documents.
    pub fn of_documents() -> Self {
        Self { documents: true, ..Self::default() }
    }

    /// A search for these words.
    pub fn of_search(search: impl Into<String>) -> Self {
        let query = KnowledgeQuery { search: search.into(), shown: RESULTS, ..KnowledgeQuery::default() };
        Self { query, ..Self::default() }
    }

    /// Reads the address. What is unknown counts as not said.
    pub fn read(params: &ParamsMap) -> Self {
        let text = |name: &str| params.get(name).filter(|text| !text.is_empty());
        let number = |name: &str| -> Option<u32> { text(name)?.parse().ok() };
        let only = match params.get_str("only") {
            Some("entries") => Some(Kind::Entries),
            Some("documents") => Some(Kind::Documents),
            _ => None,
        };
        // Documents have no topic, country or weight.
        let of_entry = |name: &str| text(name).filter(|_| only != Some(Kind::Documents));
        let query = KnowledgeQuery {
            search: text("search").unwrap_or_default(),
            as_of: text("asOf").and_then(|day| day.parse().ok()),
            jurisdiction: of_entry("jurisdiction"),
            topic: of_entry("topic"),
            tier: of_entry("tier").and_then(|word| Tier::from_word(&word)),
            only,
            shown: number("shown").unwrap_or(RESULTS).clamp(RESULTS, MOST_RESULTS),
        };
        let passage = number("start").zip(number("end")).map(|(start, end)| Span { start, end });
        let open = text("open").map(|file_name| Open { file_name, page: number("page"), passage });
        let done = text("added").map(Done::Added).or_else(|| text("removed").map(Done::Removed));
        Self {
            documents: params.get_str("view") == Some("documents"),
            answer: params.get_str("answer") == Some("1"),
            whole: params.get_str("whole") == Some("1"),
            query,
            open,
            after: text("after"),
            remove: text("remove"),
            done,
        }
    }

    /// Writes the address. What is as it is anyway is left out.
    pub fn write(&self) -> String {
        let said = |is_so: bool, word: &'static str| if is_so { word } else { "" };
        let digits = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
        let query = &self.query;
        let as_of = query.as_of.map(|day| day.to_string()).unwrap_or_default();
        let shown = digits(Some(query.shown).filter(|shown| *shown > RESULTS));
        let open = self.open.clone().unwrap_or_default();
        let (page, start, end) = (
            digits(open.page),
            digits(open.passage.map(|passage| passage.start)),
            digits(open.passage.map(|passage| passage.end)),
        );
        let (added, removed) = match &self.done {
            Some(Done::Added(name)) => (name.as_str(), ""),
            Some(Done::Removed(name)) => ("", name.as_str()),
            None => ("", ""),
        };
        query_string::address(
            PATH,
            &[
                ("view", said(self.documents, "documents")),
                ("search", &query.search),
                ("asOf", &as_of),
                ("jurisdiction", query.jurisdiction.as_deref().unwrap_or_default()),
                ("topic", query.topic.as_deref().unwrap_or_default()),
                ("tier", query.tier.map(Tier::word).unwrap_or_default()),
                ("only", query.only.map(kind_id).unwrap_or_default()),
                ("shown", &shown),
                ("answer", said(self.answer, "1")),
                ("whole", said(self.answer && self.whole, "1")),
                ("open", &open.file_name),
                ("page", &page),
                ("start", &start),
                ("end", &end),
                ("after", self.after.as_deref().unwrap_or_default()),
                ("remove", self.remove.as_deref().unwrap_or_default()),
                ("added", added),
                ("removed", removed),
            ],
        )
    }

    /// What is to be searched; none while the documents are shown.
    pub fn searched(&self) -> Option<KnowledgeQuery> {
        (!self.documents).then(|| self.query.clone())
    }

    /// The question that is to be answered.
    pub fn question(&self) -> Option<QuestionAsked> {
        let question = self.query.search.trim();
        let asked = self.answer && !self.documents && !question.is_empty();
        asked.then(|| QuestionAsked { question: question.to_owned(), as_of: self.query.as_of })
    }

    /// The source that is to be opened.
    pub fn source(&self) -> Option<SourceAsked> {
        let open = self.open.as_ref()?;
        let search = self.query.search.clone();
        let at = open.passage.map(|passage| passage.start);
        Some(SourceAsked { file_name: open.file_name.clone(), page: open.page, at, search })
    }

    /// The same search with something else about it: from its first results, with nothing open.
    #[must_use]
    pub fn narrowed(&self, change: impl FnOnce(&mut KnowledgeQuery)) -> Self {
        let mut query = KnowledgeQuery { shown: RESULTS, ..self.query.clone() };
        change(&mut query);
        Self { query, answer: self.answer, ..Self::default() }
    }

    /// The same with this source open.
    #[must_use]
    pub fn opened(&self, open: Open) -> Self {
        Self { open: Some(open), ..self.clone() }
    }

    /// The same with no source open.
    #[must_use]
    pub fn closed(&self) -> Self {
        Self { open: None, ..self.clone() }
    }
}

/// Where the answer to a question is told while it is written.
pub fn events(asked: &QuestionAsked) -> String {
    let as_of = asked.as_of.map(|day| day.to_string()).unwrap_or_default();
    query_string::address(EVENTS, &[("question", &asked.question), ("asOf", &as_of)])
}

/// The word of a kind in addresses.
pub fn kind_id(kind: Kind) -> &'static str {
    match kind {
        Kind::Entries => "entries",
        Kind::Documents => "documents",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    /// The address read as a browser would.
    fn read(address: &str) -> Address {
        let mut params = ParamsMap::new();
        let query = address.split_once('?').map_or("", |(_, query)| query);
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').expect("a pair");
            let value = percent_encoding::percent_decode_str(value).decode_utf8().expect("text");
            params.insert(name.to_owned(), value.into_owned());
        }
        Address::read(&params)
    }

    #[test]
    fn is_the_same_after_writing_and_reading() {
        let query = KnowledgeQuery {
            search: "6:10 song & more?".to_owned(),
            as_of: Some(date(2026, 3, 1)),
            jurisdiction: Some("US".to_owned()),
            topic: Some("rates".to_owned()),
            tier: Some(Tier::Statute),
            only: Some(Kind::Entries),
            shown: 30,
        };
        let open = Open {
            file_name: "documents/mira.pdf".to_owned(),
            page: Some(2),
            passage: Some(Span { start: 4, end: 90 }),
        };
        let address = Address { query, answer: true, whole: true, open: Some(open), ..Address::default() };
        assert_eq!(read(&address.write()), address);
        let address = Address {
            query: KnowledgeQuery { shown: RESULTS, ..KnowledgeQuery::default() },
            after: Some("t/0".to_owned()),
            remove: Some("documents/a b.pdf".to_owned()),
            done: Some(Done::Added("x.md".to_owned())),
            ..Address::of_documents()
        };
        assert_eq!(read(&address.write()), address);
    }

    #[test]
    fn says_only_what_is_not_so_anyway() {
        assert_eq!(Address::of_search("isrc").write(), "/knowledge?search=isrc");
        assert_eq!(Address::of_documents().write(), "/knowledge?view=documents");
        assert_eq!(read("/knowledge?tier=hearsay&asOf=tomorrow&shown=9000").query.shown, MOST_RESULTS);
    }

    #[test]
    fn documents_are_not_narrowed_by_what_only_entries_have() {
        let query = read("/knowledge?search=x&only=documents&topic=rates&tier=trade").query;
        assert_eq!((query.topic, query.tier, query.only), (None, None, Some(Kind::Documents)));
    }

    #[test]
    fn a_new_filter_begins_with_the_first_results_and_closes_the_source() {
        let before = read("/knowledge?search=x&shown=30&open=entries%2Frates%2Fa.md&answer=1");
        let after = before.narrowed(|query| query.topic = Some("rates".to_owned()));
        assert_eq!(after.write(), "/knowledge?search=x&topic=rates&answer=1");
    }

    #[test]
    fn nothing_is_asked_of_an_empty_field_or_beside_the_documents() {
        assert_eq!(read("/knowledge?answer=1&search=%20").question(), None);
        assert_eq!(read("/knowledge?view=documents&answer=1&search=x").question(), None);
        assert!(read("/knowledge?answer=1&search=x").question().is_some());
    }
}
