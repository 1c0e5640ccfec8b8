//! What pages read: lists, details, the overview and files, each one operation behind the door.

mod artists;
mod figures;
mod files;
mod knowledge;
mod log_queries;
mod log_search;
mod overview;
mod releases;
mod roster;
mod saved_queries;

pub use artists::{BrowseArtists, ViewArtist};
pub use files::{OpenFile, OpenFileInput};
pub use knowledge::{BrowseDocuments, BrowseKnowledge, OpenKnowledgeSource};
pub use log_queries::{ListLogGroups, ReadLogHistogram, ReadLogQuery, StartLogQuery, StopLogQuery};
pub use log_search::SearchLogs;
pub use overview::LabelOverview;
pub use releases::{BrowseReleases, ViewRelease};
pub use saved_queries::{ListSavedQueries, RemoveSavedQuery, SaveQuery};
