//! An import as it is kept: the file, how it is understood, what was found in it, and what was done.

use crate::engine::catalog::imports::kept::Target;
use crate::engine::catalog::imports::{KeptImport, OpenWork, Position};
use crate::engine::catalog::{Catalog, CatalogError, ObjectKey};
use crate::engine::tools::{Context, Scope};
use crate::model::import::{ImportCounts, ImportState, StatementShare, StatementSum, UnmatchedSale};
use crate::music::import::head::Head;
use crate::music::import::layout::{self, Subject};
use crate::music::import::mapping::Mapping;
use crate::music::import::reading::Problem;
use crate::music::import::survey::Part;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What stands before the host of a source that figures were fetched from.
pub(super) const FETCHED: &str = "from ";

/// An import.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ImportRecord {
    pub(super) id: String,
    #[serde(skip)]
    pub(super) version: u32,
    pub(super) file_name: String,
    /// The host of the source that it was fetched from; none of a file that somebody brought.
    #[serde(default)]
    pub(super) fetched_from: Option<String>,
    pub(super) bucket: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
    pub(super) by: String,
    /// The id of who brought it; empty of imports that have not kept it.
    #[serde(default)]
    pub(super) owner: String,
    /// The artists of whom it may bring something: those of who brought it. None where they are all.
    #[serde(default)]
    pub(super) artists: Option<BTreeSet<String>>,
    pub(super) at: String,
    pub(super) state: ImportState,
    pub(super) mapping: Option<Mapping>,
    pub(super) head: Option<Head>,
    pub(super) sample: Vec<Vec<String>>,
    pub(super) check: Option<Check>,
    /// Counts how often it was begun to write it. What was there before is kept for each time.
    #[serde(default)]
    pub(super) run: u32,
    /// How far writing came.
    pub(super) written: Option<Position>,
    /// How far taking back came.
    pub(super) undone: Option<Position>,
    pub(super) failure: Option<String>,
}

/// What was found in the file.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Check {
    pub(super) questions: Vec<String>,
    pub(super) notes: Vec<String>,
    pub(super) counts: ImportCounts,
    pub(super) span: Option<(String, String)>,
    pub(super) problems: Vec<Problem>,
    pub(super) problem_count: u64,
    pub(super) unknown: Vec<(String, u64)>,
    pub(super) unmatched: Vec<UnmatchedSale>,
    pub(super) sums: Vec<StatementSum>,
    pub(super) earned: Vec<StatementShare>,
    pub(super) parts: Vec<Part>,
    pub(super) last_of: BTreeMap<String, Date>,
    /// The digest of the artists, releases and recordings by which the lines were read.
    pub(super) directory: String,
    /// The latest day that a line could have; none of checks that have not kept it.
    pub(super) latest: Option<Date>,
}

impl ImportRecord {
    pub(super) fn read(kept: &KeptImport) -> Result<Self, CatalogError> {
        let read: Result<Self, _> = serde_json::from_str(&kept.content);
        let record = read.map_err(|error| unreadable(&kept.id, error.to_string()))?;
        Ok(Self { version: kept.version, ..record })
    }

    /// Keeps it as a change of what was read, with the work that follows. False where somebody else was faster.
    pub(super) async fn keep(
        &mut self,
        catalog: &Catalog,
        open: Option<&OpenWork>,
    ) -> Result<bool, CatalogError> {
        let before = (self.version > 0).then_some(self.version);
        let content = serde_json::to_string(self).map_err(|error| unreadable(&self.id, error.to_string()))?;
        let kept = KeptImport::new(&self.id, self.version + 1, &self.sha256, content);
        let is_kept = catalog.put_import(&kept, before, open).await?;
        if is_kept {
            self.version += 1;
        }
        Ok(is_kept)
    }

    /// Whether somebody may know of it: whoever may see all artists, and who brought it.
    pub(super) fn is_shown(&self, scope: &Scope, owner: &str) -> bool {
        *scope == Scope::Everything || (!self.owner.is_empty() && self.owner == owner)
    }

    /// Keeps it to the artists that who decides about it may see now. Whoever sees all leaves it as it was brought.
    pub(super) fn keep_to(&mut self, context: &Context) {
        if let Scope::Only(_) = &context.scope {
            self.artists = ids(&context.scope);
        }
    }

    /// Whether all that it may have written is about artists of a scope.
    pub(super) fn lies_within(&self, scope: &Scope) -> bool {
        match (&self.artists, ids(scope)) {
            (_, None) => true,
            (None, Some(_)) => false,
            (Some(written), Some(own)) => written.is_subset(&own),
        }
    }

    /// What it writes to.
    pub(super) fn target(&self) -> Target {
        match self.mapping.as_ref().map(|mapping| mapping.subject) {
            Some(Subject::Statement) => Target::Lines,
            _ => Target::Figures,
        }
    }

    /// Where its file is kept.
    pub(super) fn key(&self) -> Result<ObjectKey, CatalogError> {
        key(&format!("imports/{}/file", self.id))
    }

    /// Where the lines that cannot be used are kept.
    pub(super) fn problems_key(&self) -> Result<ObjectKey, CatalogError> {
        key(&format!("imports/{}/problems.ndjson", self.id))
    }

    /// Below which names it is kept what was there before it was written this time.
    pub(super) fn before(&self) -> String {
        match self.run {
            // It was written before the times were counted.
            0 => format!("imports/{}/before/", self.id),
            run => format!("imports/{}/before/{run:06}/", self.id),
        }
    }

    /// The day on which its file was brought, where the label is.
    pub(super) fn day(&self, zone: &TimeZone) -> Result<Date, CatalogError> {
        let at = self.at.parse::<Timestamp>().map_err(|error| unreadable(&self.id, error.to_string()))?;
        Ok(zone.to_datetime(at).date())
    }

    /// What its entries name as their source.
    pub(super) fn source(&self) -> String {
        let layout = self.mapping.as_ref().and_then(|mapping| mapping.layout.as_deref()).and_then(layout::of);
        let file: String = self.file_name.chars().take(80).collect();
        layout.map_or_else(|| format!("import of {file}"), |layout| format!("{}, {file}", layout.title))
    }

    /// What the freshness of its figures is kept under: the source that it was fetched from, or its layout.
    pub(super) fn brought_by(&self) -> String {
        let layout = self.mapping.as_ref().and_then(|mapping| mapping.layout.clone());
        let fetched = self.fetched_from.as_ref().map(|host| format!("{FETCHED}{host}"));
        fetched.or(layout).unwrap_or_else(|| "own columns".to_owned())
    }

    /// Whether anything of it may stand in the tables.
    pub(super) fn has_written(&self) -> bool {
        self.written.is_some_and(|written| written.added + written.replaced > 0)
    }

    /// Whether it can be run.
    pub(super) fn can_run(&self) -> bool {
        let checked = self.check.as_ref();
        self.state == ImportState::Ready
            && checked.is_some_and(|check| check.questions.is_empty() && check.counts.usable > 0)
    }

    /// Whether it can be undone. One that has found everything as it says can be undone, too: then it does not stand
    /// in the way of those that have written it.
    pub(super) fn can_undo(&self) -> bool {
        let has_found = self.written.is_some_and(|written| written.same > 0);
        match self.state {
            ImportState::Done => self.has_written() || has_found,
            ImportState::Failed => self.has_written(),
            _ => false,
        }
    }

    /// Whether what it says holds, in whole or in part, as long as it is not taken back.
    pub(super) fn holds(&self) -> bool {
        matches!(self.state, ImportState::Running | ImportState::Done | ImportState::Undoing)
            || (self.state == ImportState::Failed && self.has_written())
    }
}

/// The ids of the artists of a scope; none where they are all.
pub(super) fn ids(scope: &Scope) -> Option<BTreeSet<String>> {
    Some(scope.artists()?.iter().map(ToString::to_string).collect())
}

pub(super) fn key(text: &str) -> Result<ObjectKey, CatalogError> {
    text.parse().map_err(|error: crate::engine::catalog::ObjectKeyError| unreadable(text, error.to_string()))
}

pub(super) fn unreadable(id: &str, detail: String) -> CatalogError {
    CatalogError::Unreadable { what: "import", id: id.to_owned(), detail }
}
