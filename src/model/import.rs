//! Imports of exports and statements, as their pages show them.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ImportState {
    /// The file is being read, and compared with what is there.
    Checking,
    /// It can be looked at, changed and run.
    Ready,
    /// It is being written.
    Running,
    /// It is written.
    Done,
    /// What was there before is being put back.
    Undoing,
    /// What was there before is there again.
    Undone,
    /// It cannot be read.
    Failed,
}

impl ImportState {
    /// The word for people.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Checking => "Being checked",
            Self::Ready => "Checked",
            Self::Running => "Being imported",
            Self::Done => "Imported",
            Self::Undoing => "Being undone",
            Self::Undone => "Undone",
            Self::Failed => "Cannot be read",
        }
    }

    /// Whether it goes on by itself.
    pub fn is_under_way(self) -> bool {
        matches!(self, Self::Checking | Self::Running | Self::Undoing)
    }
}

impl fmt::Display for ImportState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.in_words())
    }
}

/// A line of the list of imports.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportRow {
    /// The id.
    pub id: String,
    /// The name of the file.
    pub file_name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// What it was taken for.
    pub layout: Option<String>,
    /// How far it is.
    pub state: ImportState,
    /// Who brought it.
    pub by: String,
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// How many entries it has written.
    pub written: u64,
}

/// A kind of export that is known, and where it is had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KnownExport {
    /// The id of the layout.
    pub id: String,
    /// What it is.
    pub title: String,
    /// Where it is found.
    pub found: String,
    /// What should be known of it.
    pub note: String,
}

/// How fresh the figures of a platform, or of what brought them, are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceFreshness {
    /// The platform's name.
    pub platform: String,
    /// What brought them; none for all figures of the platform together.
    pub source: Option<String>,
    /// The last day; none where there are no figures.
    pub last_day: Option<Date>,
    /// When they were brought, RFC 3339 in UTC, where that is known.
    pub brought_at: Option<String>,
}

/// What the page of all imports shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportList {
    /// The imports, the newest first.
    pub imports: Vec<ImportRow>,
    /// Whether there are more.
    pub more: bool,
    /// The exports that are known.
    pub known: Vec<KnownExport>,
    /// How fresh each source is.
    pub freshness: Vec<SourceFreshness>,
    /// The host or tool that figures can be fetched from; none where none is set up.
    #[serde(default)]
    pub source: Option<String>,
}

/// One thing that can be chosen in a form.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportOption {
    /// The value.
    pub value: String,
    /// The words.
    pub label: String,
}

impl ImportOption {
    /// One with these words.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

/// A column of the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportColumn {
    /// Its name.
    pub name: String,
    /// What it is taken to say.
    pub field: String,
}

/// A line that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportProblem {
    /// The line of the file, from 1.
    pub line: u64,
    /// What the column is for.
    pub column: String,
    /// What stands there.
    pub value: String,
    /// Why it cannot be used.
    pub reason: String,
}

/// A name that nobody knows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnknownArtist {
    /// The name as the file has it.
    pub name: String,
    /// How many lines have it.
    pub lines: u64,
    /// The artists that may be meant.
    pub likely: Vec<ImportOption>,
    /// What was chosen: an artist's id, `leaveOut`, or nothing yet.
    pub chosen: String,
}

/// Sold, and not in the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnmatchedSale {
    /// What the file says of it: artist, title, ISRC.
    pub what: String,
    /// How many lines.
    pub lines: u64,
    /// The recording of the catalogue that is most like it.
    pub nearest: Option<String>,
}

/// A sum of a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementSum {
    /// The currency.
    pub currency: String,
    /// The exact sum; none where it is too large to add up.
    pub amount: Option<String>,
    /// Of how many lines.
    pub lines: u64,
}

/// What an artist earned by a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementShare {
    /// The artist's id; none for what is not in the catalogue and belongs to nobody yet.
    pub artist_id: Option<String>,
    /// The artist's name.
    pub name: String,
    /// The exact sum of a currency.
    pub sum: StatementSum,
}

/// How many of what.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportCounts {
    /// Lines of the file.
    pub lines: u64,
    /// Lines that can be used.
    pub usable: u64,
    /// Lines that are wrong.
    pub wrong: u64,
    /// Lines about names that nobody knows.
    pub of_unknown: u64,
    /// Lines that somebody leaves out.
    pub left_out: u64,
    /// Lines that stand there twice.
    pub repeated: u64,
    /// Entries that are not there yet.
    pub new: u64,
    /// Entries that are there already, just so.
    pub same: u64,
    /// Entries that say something else than what is there.
    pub changed: u64,
}

/// What an import has done, or its undoing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportProgress {
    /// Entries that are looked after.
    pub done: u64,
    /// Of how many; zero while that is not known.
    pub of: u64,
    /// Entries that were added.
    pub added: u64,
    /// Entries that took the place of others, or were put back.
    pub replaced: u64,
    /// Entries that were as they should be.
    pub same: u64,
    /// Entries that were left because somebody has changed them since.
    pub changed_since: u64,
}

/// What is chosen for a file, as the form has it. Texts, because people type them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MappingForm {
    /// The layout: its id, or nothing for one of its own.
    pub layout: String,
    /// What each column says.
    pub columns: Vec<String>,
    /// `dayFirst`, `monthFirst` or nothing.
    pub order: String,
    /// `point`, `comma` or nothing.
    pub mark: String,
    /// The platform of the whole file.
    pub platform: String,
    /// The artist of the whole file, by id.
    pub artist: String,
    /// The day of the whole file.
    pub day: String,
    /// The currency of the whole file.
    pub currency: String,
    /// Names that nobody knows, with what is chosen: an artist's id, `leaveOut`, or nothing.
    pub artists: Vec<(String, String)>,
}

/// What a choice of a form is that leaves lines out.
pub const LEAVE_OUT: &str = "leaveOut";

/// What the page of an import shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ImportView {
    /// Its line in the list.
    pub row: ImportRow,
    /// Counts its changes: what is decided names the one that was seen.
    pub version: u32,
    /// The SHA-256 of the file.
    pub sha256: String,
    /// How the text is written, in words.
    pub written_as: String,
    /// Whether it is a statement of sales.
    pub is_statement: bool,
    /// Its columns.
    pub columns: Vec<ImportColumn>,
    /// Its first lines.
    pub sample: Vec<Vec<String>>,
    /// What is chosen for it.
    pub form: MappingForm,
    /// What the columns can say.
    pub fields: Vec<ImportOption>,
    /// The layouts that can be chosen, with how well they fit.
    pub layouts: Vec<ImportOption>,
    /// The artists of the label.
    pub artists: Vec<ImportOption>,
    /// The platforms.
    pub platforms: Vec<ImportOption>,
    /// What has to be said before it can be run.
    pub questions: Vec<String>,
    /// What should be known.
    pub notes: Vec<String>,
    /// How many of what, as far as that is known.
    pub counts: Option<ImportCounts>,
    /// The first and the last day or month.
    pub span: Option<(String, String)>,
    /// The first lines that cannot be used.
    pub problems: Vec<ImportProblem>,
    /// How many problems there are.
    pub problem_count: u64,
    /// Names that nobody knows.
    pub unknown: Vec<UnknownArtist>,
    /// Sales of what is not in the catalogue.
    pub unmatched: Vec<UnmatchedSale>,
    /// Sums of a statement.
    pub sums: Vec<StatementSum>,
    /// What each artist earned by it, in order of names.
    pub earned: Vec<StatementShare>,
    /// Imports of the same file.
    pub copies: Vec<String>,
    /// What it does, or has done.
    pub progress: ImportProgress,
    /// Why it cannot be read, or what went wrong last.
    pub failure: Option<String>,
    /// Whether it can be run.
    pub can_run: bool,
    /// Whether it can be undone.
    pub can_undo: bool,
}
