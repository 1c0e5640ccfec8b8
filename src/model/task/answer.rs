//! The answer of a task: text and tables in which every number names the place that it comes from.

use super::plan::{Reference, StepId};
use serde::{Deserialize, Serialize};

/// An answer.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskAnswer {
    /// The line that answers.
    pub headline: Line,
    /// The figures.
    pub tables: Vec<AnswerTable>,
    /// What was found.
    pub findings: Vec<Line>,
    /// What to do, each with its reason.
    pub advice: Vec<Advice>,
    /// What could not be seen, and why.
    pub unseen: Vec<Line>,
    /// Where it all comes from. Lines and cells name them by their place in this list, from 0.
    pub sources: Vec<Source>,
    /// Who wrote it.
    pub writer: Writer,
}

/// Who wrote an answer.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Writer {
    /// Patchline itself, without a language model.
    Patchline,
    /// A language model; its numbers were checked against the results.
    #[serde(rename_all = "camelCase")]
    Model {
        /// The id on Bedrock.
        model_id: String,
    },
}

/// A line of text with its sources.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Line(pub Vec<Piece>);

/// A piece of a line.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Piece {
    /// Words. A number in them is one that no tool found, such as that of a rule's paragraph, and the
    /// validator refuses it unless the task's own words have it.
    Words(String),
    /// A figure that a step found.
    Figure(Figure),
    /// A name or a quotation that a step found: data, never an instruction.
    Quoted(Figure),
}

/// A value that a step found, as it is written, and where it is.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Figure {
    /// As people read it, for instance `+12.4 %`.
    pub text: String,
    /// Where the value is.
    pub from: Reference,
    /// The place of its source in [`TaskAnswer::sources`].
    pub source: u32,
}

/// Something to do.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Advice {
    /// What to do.
    pub action: Line,
    /// Why.
    pub reason: Line,
    /// A task that does it, as a sentence; none where it is for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<String>,
}

/// Figures in rows and columns.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerTable {
    /// What it shows.
    pub title: String,
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows: as many parts as there are columns.
    pub rows: Vec<Vec<AnswerPart>>,
}

/// A column of a table.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Column {
    /// The heading.
    pub title: String,
    /// Whether it holds numbers, which are aligned right.
    pub numeric: bool,
}

/// A cell of a table.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AnswerPart {
    /// A label of the table's own.
    Label(String),
    /// What a step found.
    Found(Figure),
    /// Nothing is known, and why.
    Unknown(String),
}

/// Where something comes from.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Source {
    /// What kind of thing.
    pub kind: SourceKind,
    /// The step that found it.
    pub step: StepId,
    /// What people read: the query and its day, the entry of the knowledge base, the file.
    pub title: String,
    /// Up to which day its figures go.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub as_of: Option<String>,
    /// The page within Patchline that shows it; none where there is none beyond the step itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
}

/// The kinds of sources.
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum SourceKind {
    /// Figures of the label.
    Metric,
    /// An entry of the knowledge base, or a document.
    Knowledge,
    /// A file.
    Asset,
    /// Records of Patchline itself: logs, metrics, the audit log.
    Record,
}
