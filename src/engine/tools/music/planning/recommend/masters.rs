//! How the checks of a release's masters stand, by the reports that are kept: nothing is listened to here.

use super::super::check_release::open_findings;
use crate::engine::catalog::waivers::KeptWaiver;
use crate::engine::catalog::{Catalog, CatalogError, ObjectKey};
use crate::engine::config::BucketRole;
use crate::engine::tools::ToolError;
use crate::engine::tools::music::process_audio::StoreProfile;
use crate::engine::tools::views::recording_id;
use crate::model::audio::{AudioFinding, FindingSeverity};
use crate::model::recording::RecordingState;
use crate::model::release::{Release, Track};
use crate::model::release_file;
use futures::{StreamExt, TryStreamExt, stream};

/// How many masters are looked up at the same time.
const SIDE_BY_SIDE: usize = 4;

/// A master of a release.
pub(super) struct Master {
    /// The title of its track.
    pub(super) title: String,
    /// How its check stands.
    pub(super) standing: Standing,
    /// Where its report is read, or where it is brought.
    pub(super) address: String,
}

/// How the check of a master stands for usual distributors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Standing {
    /// The track names no master.
    NotNamed,
    /// The track names a file that is not there.
    NotThere,
    /// Nobody has listened to this content to the end yet.
    NotChecked,
    /// Nothing stands against it.
    Passed,
    /// It would be taken, and somebody should look at this first.
    Warned(String),
    /// It would be refused, for this.
    Refused(String),
}

/// What is looked through for each master.
struct Place<'a> {
    release: &'a Release,
    waivers: Vec<KeptWaiver>,
    bucket: &'a str,
    catalog: &'a Catalog,
}

/// The masters of a release, in the order of its tracks; none without a release.
pub(super) async fn read(release: Option<&Release>, catalog: &Catalog) -> Result<Vec<Master>, ToolError> {
    let Some(release) = release else { return Ok(Vec::new()) };
    let waivers = catalog.waivers(release.release_id.as_str()).await?;
    let bucket = catalog.buckets.default_of(BucketRole::Audio);
    let place = Place { release, waivers, bucket, catalog };
    let place = &place;
    stream::iter(release.tracks.clone())
        .map(|track| async move { place.master(track).await })
        .buffered(SIDE_BY_SIDE)
        .try_collect()
        .await
}

impl Place<'_> {
    async fn master(&self, track: Track) -> Result<Master, ToolError> {
        let standing = self.standing(&track).await?;
        let address = match (&standing, &track.audio) {
            (Standing::NotNamed | Standing::NotThere, _) | (_, None) => {
                release_file::address(self.release.release_id.as_str(), track.track_id.as_str())
            }
            (_, Some(key)) => format!("/audio/{}", recording_id(self.bucket, key)),
        };
        Ok(Master { title: track.title, standing, address })
    }

    async fn standing(&self, track: &Track) -> Result<Standing, ToolError> {
        let Some(name) = &track.audio else { return Ok(Standing::NotNamed) };
        let Ok(key) = name.parse::<ObjectKey>() else { return Ok(Standing::NotThere) };
        let etag = match self.catalog.object_info(self.bucket, &key).await {
            Ok(info) => info.etag,
            Err(CatalogError::NotFound { .. }) => return Ok(Standing::NotThere),
            Err(error) => return Err(error.into()),
        };
        let known = self.catalog.recording(self.bucket, key.as_str()).await?;
        // What was found out about an older content says nothing about this one.
        let Some(known) = known.filter(|known| known.etag == etag) else { return Ok(Standing::NotChecked) };
        match known.state {
            RecordingState::Passed => Ok(Standing::Passed),
            RecordingState::Unreadable => {
                Ok(Standing::Refused(known.why.unwrap_or_else(|| "it cannot be read".to_owned())))
            }
            RecordingState::Warned | RecordingState::Failed => self.by_report(track, &key, &etag).await,
            RecordingState::Announced
            | RecordingState::Waiting
            | RecordingState::Processing
            | RecordingState::Deleted => Ok(Standing::NotChecked),
        }
    }

    /// What is left of the findings when those that somebody has waived are taken off.
    async fn by_report(&self, track: &Track, key: &ObjectKey, etag: &str) -> Result<Standing, ToolError> {
        let report = self.catalog.report(self.bucket, key.as_str(), etag).await?;
        let profile = StoreProfile::Distributor.id();
        let open = report.and_then(|report| {
            open_findings(self.release, track.track_id.as_str(), &report, profile, &self.waivers)
        });
        Ok(open.map_or(Standing::NotChecked, |open| of_findings(&open)))
    }
}

fn of_findings(open: &[AudioFinding]) -> Standing {
    let refused = open.iter().find(|finding| finding.severity == FindingSeverity::Error);
    match (refused, open.first()) {
        (Some(finding), _) => Standing::Refused(in_words(finding)),
        (None, Some(finding)) => Standing::Warned(in_words(finding)),
        (None, None) => Standing::Passed,
    }
}

fn in_words(finding: &AudioFinding) -> String {
    format!("{} ({})", finding.title, finding.measured)
}
