//! What pages read: lists, details, the overview and files, each one operation behind the door.

mod artists;
mod figures;
mod files;
mod knowledge;
mod overview;
mod releases;

pub use artists::{BrowseArtists, ViewArtist};
pub use files::{OpenFile, OpenFileInput};
pub use knowledge::{BrowseDocuments, BrowseKnowledge, OpenKnowledgeSource};
pub use overview::LabelOverview;
pub use releases::{BrowseReleases, ViewRelease};
