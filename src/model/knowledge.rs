//! The knowledge base as its page shows it: what was asked, what was found, answers, documents.
//!
//! Places in texts are counted in characters (Unicode scalar values), as every side counts them alike.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The weight of a source, the heaviest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// A law or regulation.
    Statute,
    /// The body that makes the rule: a store, a chart, a standard.
    Official,
    /// A distributor's help pages.
    Distributor,
    /// The trade press, market guides.
    Trade,
    /// Experience, our own rules of thumb.
    Heuristic,
}

impl Tier {
    /// All of them, the heaviest first.
    pub const ALL: [Tier; 5] =
        [Tier::Statute, Tier::Official, Tier::Distributor, Tier::Trade, Tier::Heuristic];

    /// The word in data and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Tier::Statute => "statute",
            Tier::Official => "official",
            Tier::Distributor => "distributor",
            Tier::Trade => "trade",
            Tier::Heuristic => "heuristic",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tier| tier.word() == word)
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Tier::Statute => "Law or regulation",
            Tier::Official => "Official rule",
            Tier::Distributor => "Distributor's help pages",
            Tier::Trade => "Trade press or guide",
            Tier::Heuristic => "Rule of thumb",
        })
    }
}

/// How sure an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Confidence {
    /// Well sourced.
    High,
    /// Likely.
    Medium,
    /// Sources disagree; the statement says on what.
    Unsettled,
}

impl Confidence {
    const ALL: [Confidence; 3] = [Confidence::High, Confidence::Medium, Confidence::Unsettled];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Confidence::High => "high",
            Confidence::Medium => "medium",
            Confidence::Unsettled => "unsettled",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|confidence| confidence.word() == word)
    }
}

impl fmt::Display for Confidence {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Confidence::High => "Well sourced",
            Confidence::Medium => "Likely",
            Confidence::Unsettled => "Sources disagree",
        })
    }
}

/// One of the two kinds of results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// Facts with their sources.
    Entries,
    /// Other documents.
    Documents,
}

/// What the knowledge base is asked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KnowledgeQuery {
    /// The question, or some words.
    pub search: String,
    /// The day that a question is about which names none; today, unless given.
    pub as_of: Option<Date>,
    /// Only entries of this jurisdiction, and those that hold worldwide.
    pub jurisdiction: Option<String>,
    /// Only entries of this topic.
    pub topic: Option<String>,
    /// Only entries from sources of this weight.
    pub tier: Option<Tier>,
    /// Only entries, or only documents.
    pub only: Option<Kind>,
    /// How many results to show.
    pub shown: u32,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Findings {
    /// The days that the question was taken to ask about.
    pub days: Vec<Date>,
    /// Whether anything in the knowledge base answers the question. What comes nearest is listed all the same.
    pub is_known: bool,
    /// The result of a sum, where the question asks for one.
    pub calculation: Option<Calculation>,
    /// The results, the best first.
    pub results: Vec<Source>,
    /// Whether there are more.
    pub has_more: bool,
}

/// A part of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Span {
    /// Where it begins.
    pub start: u32,
    /// Where it ends, exclusive.
    pub end: u32,
}

/// An entry, or a passage of a document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// The title of the entry or document.
    pub title: String,
    /// The statement of the entry, or the passage.
    pub text: String,
    /// Where the text has words of the question.
    pub marks: Vec<Span>,
    /// Whether it was in force on the asked day; true where no days are known.
    pub in_force: bool,
    /// What it is.
    pub detail: Detail,
}

/// What a source is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Detail {
    /// A fact with its source.
    Entry(Box<Entry>),
    /// A place in a document.
    Document(Place),
}

/// A fact with its source.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// Its id, for instance `us-mechanical-work-2026`.
    pub id: String,
    /// Its topic, for instance `rates`.
    pub topic: String,
    /// A country's code of two letters, or `worldwide`.
    pub jurisdiction: String,
    /// The figure.
    pub amount: Option<Amount>,
    /// First day of effect, if known.
    pub from: Option<Date>,
    /// Last day of effect, if known.
    pub to: Option<Date>,
    /// Where it was read.
    pub source_title: String,
    /// The address of the source.
    pub source_url: Option<String>,
    /// The weight of the source.
    pub tier: Tier,
    /// How sure it is.
    pub confidence: Confidence,
    /// When it was last compared with its source.
    pub checked_on: Option<Date>,
}

impl Entry {
    /// The key of its document in the bucket of the knowledge base.
    pub fn file_name(&self) -> String {
        format!("entries/{}/{}.md", self.topic, self.id)
    }
}

/// A figure with its unit, or a range of figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Amount {
    /// The figure; of a range, its lower end.
    pub value: f64,
    /// The upper end of a range.
    pub to: Option<f64>,
    /// What it counts, for instance `US cents per work`.
    pub unit: String,
}

/// A place in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Place {
    /// The document's name in the bucket of the knowledge base.
    pub file_name: String,
    /// The page, from 1, in documents that have pages.
    pub page: Option<u32>,
    /// The headings above the passage, the highest first, where they are known.
    pub headings: Vec<String>,
    /// Where the passage stands in the text of its page, where that is known.
    pub passage: Option<Span>,
}

/// The result of a sum with the way to it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Calculation {
    /// The way in words.
    pub text: String,
    /// The result.
    pub amount: Amount,
}

/// A question that is to be answered.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct QuestionAsked {
    /// The question.
    pub question: String,
    /// The day that it is about when it names none; today, unless given.
    pub as_of: Option<Date>,
}

/// An answer with its sources.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The text.
    pub text: String,
    /// Its parts with the sources that they come from.
    pub citations: Vec<Citation>,
    /// The sources, in the order of their numbers.
    pub sources: Vec<Source>,
    /// The result of a sum. The text begins with the way to it.
    pub calculation: Option<Calculation>,
    /// The days that the question was taken to ask about.
    pub days: Vec<Date>,
    /// Whether the knowledge base answers at all.
    pub is_known: bool,
    /// The model; none when none was asked.
    pub model: Option<String>,
    /// Whether a language model wrote the answer. If not, it consists of quotes.
    pub used_language_model: bool,
}

/// A part of an answer with its sources.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Citation {
    /// Where it stands in the answer.
    pub span: Span,
    /// Places in [`Answer::sources`], from 0.
    pub sources: Vec<u32>,
}

/// What is known of an answer while it is written. The last is whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AnswerStep {
    /// What it is made from. Of its text there is only the sum, where there is one.
    Begun(Box<Answer>),
    /// More of the text.
    Text(String),
    /// Where a part of the text so far comes from.
    Cited(Citation),
    /// The whole answer; nothing follows.
    Done(Box<Answer>),
}

/// Which source to open.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceAsked {
    /// The name of its document in the bucket of the knowledge base.
    pub file_name: String,
    /// The page, in documents that have pages.
    pub page: Option<u32>,
    /// Where on the page the passage begins that is looked for, in characters.
    pub at: Option<u32>,
    /// What was searched, for the marks.
    pub search: String,
}

/// A source, opened.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenedSource {
    /// The source; of a document, the text of the whole page.
    pub source: Source,
    /// How many pages the document has, in documents that have pages.
    pub pages: Option<u32>,
}

/// A page of documents.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentList {
    /// In the order of their names; entries are not among them.
    pub documents: Vec<DocumentRow>,
    /// The token of the next page; none on the last.
    pub next: Option<String>,
}

/// A document of the knowledge base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentRow {
    /// Its name in the bucket of the knowledge base.
    pub file_name: String,
    /// Its title, where one is stored with it.
    pub title: Option<String>,
    /// Size in bytes.
    pub bytes: u64,
    /// When it was stored, RFC 3339 in UTC.
    pub stored: Option<String>,
    /// Who added it, where known.
    pub added_by: Option<String>,
    /// How many pages it has, where known.
    pub pages: Option<u32>,
    /// How many of its pages have no text and cannot be found, where known.
    pub pages_without_text: Option<u32>,
    /// How many passages it is searched by, where known.
    pub passages: Option<u32>,
    /// Whether it can be found.
    pub state: DocumentState,
    /// Whether it comes with Patchline and cannot be removed.
    pub is_shipped: bool,
    /// Whether it belongs to the sample label.
    pub sample: bool,
}

/// Whether a document can be found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum DocumentState {
    /// It is searched.
    Searchable,
    /// It is not read yet.
    Waiting,
    /// It could not be read, and why.
    Failed(String),
    /// Whether it could be read is not known, and why.
    Unknown(String),
}

/// What the filters offer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FilterChoices {
    /// The topics that come with Patchline, in the order of the alphabet.
    pub topics: Vec<String>,
    /// The countries of which something is known, as codes of two letters.
    pub jurisdictions: Vec<String>,
    /// How many entries come with Patchline.
    pub entries: u32,
}
