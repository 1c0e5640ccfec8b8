//! The server `dynamodb`: artists, releases and daily figures.

mod canonical;
mod filter;
mod name_release_file;
mod query_artists;
mod query_releases;
mod record_analytics;
mod rows;
mod scan_analytics;
mod track_order;
mod update_artist;
mod update_release;
mod update_track;

pub use name_release_file::NameReleaseFile;
pub use query_artists::{QueryArtistData, QueryArtistsInput};
pub use query_releases::{QueryReleaseData, QueryReleasesInput};
pub use record_analytics::RecordAnalytics;
pub use scan_analytics::ScanAnalyticsData;
pub use update_artist::{UpdateArtistData, UpdateArtistInput};
pub use update_release::{ReleaseChange, UpdateReleaseData, UpdateReleaseInput};
pub use update_track::{TrackChange, UpdateTrackData, UpdateTrackInput};
