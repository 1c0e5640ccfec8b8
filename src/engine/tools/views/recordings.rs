//! The list of recordings, the page of one, and having one listened to once more.

use super::figures::page_of;
use super::releases::artist_name;
use crate::engine::catalog::recordings::{self, KeptRecording};
use crate::engine::catalog::schema::RECORDINGS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError, ObjectKey, ownership};
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::music::put_stated;
use crate::engine::tools::names::folded;
use crate::engine::tools::s3::{media_url, version_url};
use crate::engine::tools::{
    Class, Context, Effect, Operation, Refusal, RefusalKind, Scope, ToolError, choices,
};
use crate::model::identifier::ArtistId;
use crate::model::recording::{
    AlikeRecording, ComparedRecording, NamedRecording, RecordingAsked, RecordingDetail, RecordingList,
    RecordingQuery, RecordingRow, RecordingSort, RecordingState, RecordingVersion, ReleaseOfRecording,
    last_part,
};
use crate::model::release::{Release, Track};
use crate::model::tool::AwsResource;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::collections::{BTreeSet, HashMap};

/// Recordings that are offered to be compared with one.
const MOST_OTHERS: usize = 20;

/// The name of a recording in addresses.
pub fn recording_id(bucket: &str, key: &str) -> String {
    URL_SAFE_NO_PAD.encode(recordings::id(bucket, key))
}

/// The bucket and the key behind a name in an address, checked.
///
/// # Errors
/// `NotFound`, where it names no recording that there could be.
pub fn located(id: &str, catalog: &Catalog) -> Result<(String, ObjectKey), ToolError> {
    let none = || CatalogError::NotFound { what: "recording", id: id.chars().take(100).collect() };
    let bytes = URL_SAFE_NO_PAD.decode(id).map_err(|_| none())?;
    let name = String::from_utf8(bytes).map_err(|_| none())?;
    let (bucket, key) = name.split_once('/').ok_or_else(none)?;
    if catalog.buckets.role_of(bucket) != Some(BucketRole::Audio) {
        return Err(none().into());
    }
    let key = key.parse().map_err(|_| none())?;
    Ok((bucket.to_owned(), key))
}

/// What releases say of recordings.
struct Named<'r> {
    bucket: &'r str,
    tracks: HashMap<&'r str, (&'r Release, &'r Track)>,
    artists: HashMap<&'r ArtistId, &'r str>,
}

impl<'r> Named<'r> {
    fn of(
        bucket: &'r str,
        releases: &'r [Release],
        artists: impl Iterator<Item = (&'r ArtistId, &'r str)>,
    ) -> Self {
        let tracks = releases.iter().flat_map(|release| {
            let masters = release.tracks.iter();
            masters.filter_map(move |track| Some((track.audio.as_deref()?, (release, track))))
        });
        Self { bucket, tracks: tracks.collect(), artists: artists.collect() }
    }

    /// The release that names a recording, and the track. Releases name files of the default bucket.
    fn track(&self, kept: &KeptRecording) -> Option<(&'r Release, &'r Track)> {
        if kept.bucket == self.bucket { self.tracks.get(kept.key.as_str()).copied() } else { None }
    }

    fn row(&self, kept: &KeptRecording) -> RecordingRow {
        let track = self.track(kept);
        let artist = track.map(|(release, _)| artist_name(&self.artists, &release.artist_id).to_owned());
        RecordingRow {
            id: recording_id(&kept.bucket, &kept.key),
            bucket_name: kept.bucket.clone(),
            file_name: kept.key.clone(),
            title: track.map(|(_, track)| track.title.clone()).or_else(|| kept.line.title.clone()),
            artist: artist.or_else(|| kept.line.artist.clone()),
            release: track.map(|(release, track)| ReleaseOfRecording {
                release_id: release.release_id.to_string(),
                title: release.title.clone(),
                track_id: track.track_id.to_string(),
            }),
            state: kept.state,
            why: kept.why.clone(),
            progress: kept.progress,
            format: kept.line.format.clone(),
            seconds: kept.line.seconds,
            integrated: kept.line.integrated,
            true_peak: kept.line.true_peak,
            bytes: kept.bytes,
            uploaded_at: kept.stored_at.clone(),
            uploaded_by: kept.uploaded_by.clone(),
            sample: kept.sample,
        }
    }
}

/// Whether all owners of a recording are among those whose data may be shown.
fn is_covered(kept: &KeptRecording, scope: &Scope, releases: &[Release], default: &str) -> bool {
    let Some(own) = scope.artists() else { return true };
    if let Some(owner) = ownership::by_name(Some(BucketRole::Audio), &kept.key) {
        return own.iter().any(|artist| artist.as_str() == owner);
    }
    if kept.bucket != default {
        return false;
    }
    let owners = ownership::of_file(BucketRole::Audio, releases, &kept.key);
    !owners.is_empty() && owners.iter().all(|owner| own.contains(*owner))
}

/// A page of the list of recordings.
pub struct BrowseRecordings;

impl Operation for BrowseRecordings {
    const NAME: &'static str = "browse_recordings";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = RecordingQuery;
    type Output = RecordingList;

    fn resources(_: &RecordingQuery, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("Scan", RECORDINGS_TABLE),
            choices::dynamodb("Scan", catalog.table(TableRole::Releases)),
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
        ])
    }

    async fn run(query: RecordingQuery, context: Context) -> Result<RecordingList, ToolError> {
        let catalog = &context.catalog;
        let kept = catalog.recordings().await?;
        let (releases, artists) = (catalog.releases().await?, catalog.artists().await?);
        let default = catalog.buckets.default_of(BucketRole::Audio);
        let artist_names = artists.iter().map(|artist| (&artist.artist_id, artist.name.as_str()));
        let named = Named::of(default, &releases, artist_names);
        let shown = kept.iter().filter(|kept| is_covered(kept, &context.scope, &releases, default));
        let all: Vec<RecordingRow> = shown.map(|kept| named.row(kept)).collect();
        let formats: BTreeSet<String> = all.iter().filter_map(|row| row.format.clone()).collect();
        let open = all.iter().filter(|row| row.state.is_open()).count();
        let search = folded(&query.search);
        let mut rows: Vec<_> = all
            .into_iter()
            .filter(|row| {
                query.state.map_or(row.state != RecordingState::Deleted, |state| state == row.state)
            })
            .filter(|row| query.format.is_empty() || row.format.as_ref() == Some(&query.format))
            .filter(|row| matches(row, &search))
            .collect();
        sort(&mut rows, query.sort, query.descending);
        let (rows, total, page) = page_of(rows, query.page);
        Ok(RecordingList {
            rows,
            total,
            page,
            formats: formats.into_iter().collect(),
            open: u32::try_from(open).unwrap_or(u32::MAX),
            folder: folder(&context.scope),
            unreadable: context.scope.told(kept.unreadable),
        })
    }
}

/// Where uploads go unless another folder is named: those of somebody who has artists of their own to the first of
/// these.
fn folder(scope: &Scope) -> String {
    let own = scope.artists().and_then(|own| own.iter().next());
    own.map_or_else(|| "masters".to_owned(), |artist| format!("artists/{artist}"))
}

/// Whether a file lies where somebody may write: anywhere, or in the folders of their own artists.
fn is_in_reach(key: &str, scope: &Scope) -> bool {
    let below = |artist| {
        ownership::folders(BucketRole::Audio, artist).iter().any(|folder| key.starts_with(folder.as_str()))
    };
    scope.artists().is_none_or(|own| own.iter().any(below))
}

fn matches(row: &RecordingRow, search: &str) -> bool {
    let release = row.release.as_ref().map(|release| &release.title);
    let texts = [Some(&row.file_name), row.title.as_ref(), row.artist.as_ref(), release];
    texts.into_iter().flatten().any(|text| folded(text).contains(search))
}

fn sort(rows: &mut [RecordingRow], by: RecordingSort, descending: bool) {
    rows.sort_by(|a, b| (&a.uploaded_at, &a.file_name).cmp(&(&b.uploaded_at, &b.file_name)));
    let least = |value: Option<f64>| value.unwrap_or(f64::NEG_INFINITY);
    match by {
        RecordingSort::Uploaded => {}
        RecordingSort::Name => rows.sort_by_cached_key(|row| folded(row.name())),
        RecordingSort::Length => rows.sort_by(|a, b| least(a.seconds).total_cmp(&least(b.seconds))),
        RecordingSort::Loudness => rows.sort_by(|a, b| least(a.integrated).total_cmp(&least(b.integrated))),
        RecordingSort::State => rows.sort_by_key(|row| row.state),
    }
    if descending {
        rows.reverse();
    }
}

/// All that the page of a recording shows.
pub struct ViewRecording;

impl Operation for ViewRecording {
    const NAME: &'static str = "view_recording";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    // It looks for recordings with the same content, which may be of others.
    const SCOPED: bool = true;
    type Input = RecordingAsked;
    type Output = RecordingDetail;

    fn resources(asked: &RecordingAsked, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let mut resources = Vec::new();
        for id in [Some(&asked.id), asked.compare.as_ref()].into_iter().flatten() {
            let (bucket, key) = located(id, catalog)?;
            resources.push(choices::s3("GetObject", &bucket, key.as_str()));
        }
        let (bucket, key) = located(&asked.id, catalog)?;
        resources.push(choices::s3("ListBucketVersions", &bucket, key.as_str()));
        Ok(resources)
    }

    async fn run(asked: RecordingAsked, context: Context) -> Result<RecordingDetail, ToolError> {
        let catalog = &context.catalog;
        let all = catalog.recordings().await?;
        let (releases, artists) = (catalog.releases().await?, catalog.artists().await?);
        let default = catalog.buckets.default_of(BucketRole::Audio);
        let covered = |kept: &KeptRecording| is_covered(kept, &context.scope, &releases, default);
        let kept = known(catalog, &asked.id).await?;
        let other = match &asked.compare {
            Some(id) => Some(known(catalog, id).await?),
            None => None,
        };
        if !covered(&kept) || other.as_ref().is_some_and(|other| !covered(other)) {
            return Err(of_others());
        }
        let artist_names = artists.iter().map(|artist| (&artist.artist_id, artist.name.as_str()));
        let named = Named::of(default, &releases, artist_names);
        let versions = versions(catalog, &kept).await?;
        let version = match &asked.version {
            // While it is checked once more nothing is played, and nothing compared.
            Some(id) if kept.state.is_released() => Some(version_of(&kept, &versions, id)?),
            _ => None,
        };
        let compared = version.or_else(|| {
            other.map(|other| {
                let row = named.row(&other);
                ComparedRecording {
                    recording: NamedRecording { name: row.name().to_owned(), id: row.id },
                    media_url: media_url(&other.bucket, &other.key),
                    integrated: other.line.integrated,
                }
            })
        });
        let mut report = catalog.report(&kept.bucket, &kept.key, &kept.etag).await?;
        let digest = report.as_ref().map(|report| report.report.sha256.clone());
        if let Some(report) = &mut report
            && let Some(said) = kept.stated_of(&report.report.sha256)
        {
            put_stated(report, said);
        }
        let same = all.iter().find(|other| is_same(&kept, other) && covered(other));
        let alike = alike(&kept, all.iter().filter(|other| covered(other)), &named);
        let others = all.iter().filter(|other| is_beside(&kept, other, &named) && covered(other));
        let others = others.take(MOST_OTHERS);
        Ok(RecordingDetail {
            processed_at: report.is_some().then(|| kept.processed_at.clone()),
            statement: kept.statement_standing(digest.as_deref()),
            is_in_reach: is_in_reach(&kept.key, &context.scope),
            media_url: kept.state.is_released().then(|| media_url(&kept.bucket, &kept.key)),
            same_as: same.map(|other| reference(&named.row(other))),
            sounds_like: alike,
            others: others.map(|other| reference(&named.row(other))).collect(),
            versions,
            compared,
            report,
            row: named.row(&kept),
        })
    }
}

/// The versions of the file before the newest, the last of them first.
async fn versions(catalog: &Catalog, kept: &KeptRecording) -> Result<Vec<RecordingVersion>, ToolError> {
    if !kept.state.is_released() {
        return Ok(Vec::new());
    }
    // What was put into the bucket under a name that Patchline would not give has no page.
    let Ok(key) = kept.key.parse::<ObjectKey>() else { return Ok(Vec::new()) };
    let listed = catalog.object_versions(&kept.bucket, &key).await?.versions.into_iter();
    let before = listed.filter(|version| !version.is_newest).take(MOST_OTHERS);
    let versions = before.map(|version| {
        // What was stored once more is as loud as it was.
        let is_same = version.etag == kept.etag;
        let heard = kept.heard_before(&version.etag).map(|heard| heard.integrated);
        let heard = if is_same { Some(kept.line.integrated) } else { heard };
        RecordingVersion {
            version_id: version.version_id,
            stored_at: version.last_modified,
            was_heard: heard.is_some(),
            integrated: heard.flatten(),
        }
    });
    Ok(versions.collect())
}

/// A version of the file to compare with.
fn version_of(
    kept: &KeptRecording,
    versions: &[RecordingVersion],
    id: &str,
) -> Result<ComparedRecording, ToolError> {
    let found = versions.iter().find(|version| version.version_id == id);
    let version = found.ok_or_else(|| CatalogError::NotFound {
        what: "version of this recording",
        id: id.chars().take(100).collect(),
    })?;
    Ok(ComparedRecording {
        recording: NamedRecording { id: version.choice(), name: version.name() },
        media_url: version_url(&kept.bucket, &kept.key, &version.version_id),
        integrated: version.integrated,
    })
}

fn of_others() -> ToolError {
    ToolError::Refused(Box::new(Refusal {
        kind: RefusalKind::Forbidden,
        message: "This recording is not one of your artists'.".to_owned(),
        remedy: "Ask an admin for the permission.".to_owned(),
        fields: Vec::new(),
        retry_after: None,
    }))
}

fn reference(row: &RecordingRow) -> NamedRecording {
    NamedRecording { id: row.id.clone(), name: format!("{} ({})", row.name(), last_part(&row.file_name)) }
}

/// Whether another recording that was there before has the same content.
fn is_same(kept: &KeptRecording, other: &KeptRecording) -> bool {
    kept.line.sha256.is_some()
        && kept.line.sha256 == other.line.sha256
        && kept.id != other.id
        && other.state != RecordingState::Deleted
        && (&other.stored_at, &other.id) < (&kept.stored_at, &kept.id)
}

/// Those among others that sound like one, whichever of both was compared with the other. What was replaced since
/// does not count, nor what has the very same content.
fn alike<'k>(
    kept: &KeptRecording,
    others: impl Iterator<Item = &'k KeptRecording>,
    named: &Named<'_>,
) -> Vec<AlikeRecording> {
    let told = |of: &KeptRecording, by: &KeptRecording| {
        let found = by.line.sounds_like.iter().find(|found| found.id == of.id && found.etag == of.etag);
        found.map(|found| found.percent)
    };
    let alike = others.filter_map(|other| {
        let is_other = kept.id != other.id && other.state.is_released();
        let differs = kept.line.sha256 != other.line.sha256;
        let percent = told(other, kept).or_else(|| told(kept, other)).filter(|_| is_other && differs)?;
        Some(AlikeRecording { recording: reference(&named.row(other)), percent })
    });
    let mut alike: Vec<_> = alike.collect();
    alike.sort_by(|a, b| b.percent.cmp(&a.percent).then_with(|| a.recording.name.cmp(&b.recording.name)));
    alike.truncate(MOST_OTHERS);
    alike
}

/// Whether another recording can be heard, and is of the same release or lies in the same folder.
fn is_beside(kept: &KeptRecording, other: &KeptRecording, named: &Named<'_>) -> bool {
    let folder = |kept: &KeptRecording| kept.key.rsplit_once('/').map(|(folder, _)| folder.to_owned());
    let release = |kept: &KeptRecording| named.track(kept).map(|(release, _)| release.release_id.clone());
    let same_release = release(kept).is_some() && release(kept) == release(other);
    let same_folder = kept.bucket == other.bucket && folder(kept) == folder(other);
    kept.id != other.id && other.state.is_released() && (same_release || same_folder)
}

pub(super) async fn known(catalog: &Catalog, id: &str) -> Result<KeptRecording, ToolError> {
    let (bucket, key) = located(id, catalog)?;
    let found = catalog.recording(&bucket, key.as_str()).await?;
    let none = || CatalogError::NotFound { what: "recording", id: recordings::id(&bucket, key.as_str()) };
    Ok(found.ok_or_else(none)?)
}

/// Has a recording listened to once more.
pub struct ProcessRecording;

impl Operation for ProcessRecording {
    const NAME: &'static str = "process_recording";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Call;
    type Input = RecordingAsked;
    type Output = ();

    fn resources(asked: &RecordingAsked, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let (bucket, key) = located(&asked.id, catalog)?;
        Ok(vec![choices::s3("GetObject", &bucket, key.as_str())])
    }

    async fn run(asked: RecordingAsked, context: Context) -> Result<(), ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) = located(&asked.id, catalog)?;
        let info = catalog.object_info(&bucket, &key).await?;
        catalog.process_again(&info).await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_an_address_needs_no_encoding_whatever_the_file_is_called() {
        let id = recording_id("patchline-audio", "masters/2026/Ásta Lind – Høst?.wav");
        assert!(id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_'), "{id}");
    }
}
