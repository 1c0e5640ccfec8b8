//! `check_release`: the check of a whole release before delivery, from its data, its cover and its masters.

use super::figures::today;
use super::rules::{Shelf, missing};
use crate::engine::catalog::schema::SPLITS_TABLE;
use crate::engine::catalog::waivers::KeptWaiver;
use crate::engine::catalog::{Catalog, CatalogError, ObjectKey};
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::findings;
use crate::engine::tools::music::check_artwork::{self, CheckedCover};
use crate::engine::tools::music::heard::heard;
use crate::engine::tools::music::process_audio::StoreProfile;
use crate::engine::tools::{Class, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices};
use crate::model::audio::{AudioFinding, DeliveryVerdict, FindingSeverity, ProfileVerdict};
use crate::model::checks::{CheckFinding, CheckGroup, CheckQuestion, ReleaseCheck, Waiver};
use crate::model::identifier::ReleaseId;
use crate::model::recording::RecordingReport;
use crate::model::release::{Release, ReleaseStatus, Track};
use crate::model::splits::{ReleaseSplits, total};
use crate::model::tool::AwsResource;
use crate::music::quality::PROFILES;
use crate::music::quality::release::{ReleaseSubject, Sound, TrackSubject, check};
use crate::music::release::rules::Rules;
use futures::{StreamExt, stream};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How many masters are fetched at the same time.
const SIDE_BY_SIDE: usize = 2;
/// What the release itself is called among the things that are checked.
const RELEASE: &str = "release";
/// What its cover is called.
const COVER: &str = "cover";

/// Names a release, and the store for which it is checked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckReleaseInput {
    /// The id of the release.
    #[schemars(title = "Release", length(min = 1, max = 64))]
    pub release_id: String,
    /// Whose rules are applied to the findings; those of usual distributors unless given.
    #[schemars(title = "Profile")]
    pub profile: Option<StoreProfile>,
}

/// Checks a whole release.
pub struct CheckRelease;

impl Operation for CheckRelease {
    const NAME: &'static str = "check_release";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Transfer;
    const SCOPED: bool = true;
    type Input = CheckReleaseInput;
    type Output = ReleaseCheck;

    fn resources(input: &CheckReleaseInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        id(input)?;
        Ok(vec![
            choices::dynamodb("GetItem", catalog.table(TableRole::Releases)),
            choices::dynamodb("Scan", catalog.table(TableRole::Releases)),
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
            choices::dynamodb("GetItem", SPLITS_TABLE),
            choices::s3("GetObject", catalog.buckets.default_of(BucketRole::Audio), ""),
            choices::s3("GetObject", catalog.buckets.default_of(BucketRole::Artwork), ""),
        ])
    }

    fn subject(input: &CheckReleaseInput) -> Subject {
        Subject::release(None, Some(&input.release_id))
    }

    async fn run(input: CheckReleaseInput, context: Context) -> Result<ReleaseCheck, ToolError> {
        let profile = input.profile.unwrap_or(StoreProfile::Distributor).id();
        let catalog = &context.catalog;
        let release = catalog.release(catalog.table(TableRole::Releases), &id(&input)?).await?;
        let waivers = catalog.waivers(release.release_id.as_str()).await?;
        let splits = catalog.splits(release.release_id.as_str()).await?;
        let cover = cover(&release, profile, &context).await?;
        let masters = masters(&release, &context).await?;
        let splits = splits.map(|kept| kept.splits).unwrap_or_default();
        let looked = Looked { release: &release, splits, cover, masters };
        looked.report(profile, &waivers, &context).await
    }
}

impl Tool for CheckRelease {
    const SERVER: Server = Server::Music;
    const TITLE: &'static str = "Check a release";
    const DESCRIPTION: &'static str = "Checks a whole release before delivery: identifiers, missing data, the style \
        of titles, order, loudness from track to track, dates, its cover and every master, with limits, remedies and \
        what somebody has waived. It changes nothing.";
}

fn id(input: &CheckReleaseInput) -> Result<ReleaseId, ToolError> {
    input.release_id.parse().map_err(|error| ToolError::field("releaseId", format!("{error}")))
}

/// The cover; none where none is named, or the file is not there.
async fn cover(
    release: &Release,
    profile: &str,
    context: &Context,
) -> Result<Option<CheckedCover>, ToolError> {
    let Some(key) = release.artwork.as_deref().and_then(|key| key.parse::<ObjectKey>().ok()) else {
        return Ok(None);
    };
    let bucket = context.catalog.buckets.default_of(BucketRole::Artwork);
    present(check_artwork::checked(bucket, &key, profile, context).await)
}

/// What is known of each track's master, in order; none where none is named, or the file is not there.
async fn masters(
    release: &Release,
    context: &Context,
) -> Result<Vec<Option<Arc<RecordingReport>>>, ToolError> {
    let bucket = context.catalog.buckets.default_of(BucketRole::Audio);
    let keys: Vec<Option<ObjectKey>> =
        release.tracks.iter().map(|track| track.audio.as_deref().and_then(|key| key.parse().ok())).collect();
    let found: Vec<Result<Option<Arc<RecordingReport>>, ToolError>> = stream::iter(keys)
        .map(|key| async move {
            match key {
                Some(key) => present(heard(bucket, &key, context).await),
                None => Ok(None),
            }
        })
        .buffered(SIDE_BY_SIDE)
        .collect()
        .await;
    found.into_iter().collect()
}

/// What is there; a file that is not is no failure, but something to be told.
fn present<T>(found: Result<T, ToolError>) -> Result<Option<T>, ToolError> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(ToolError::Catalog(CatalogError::NotFound { .. })) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A release with what was looked at and heard.
struct Looked<'a> {
    release: &'a Release,
    splits: ReleaseSplits,
    cover: Option<CheckedCover>,
    masters: Vec<Option<Arc<RecordingReport>>>,
}

impl Looked<'_> {
    async fn report(
        &self,
        profile: &str,
        waivers: &[KeptWaiver],
        context: &Context,
    ) -> Result<ReleaseCheck, ToolError> {
        let catalog = &context.catalog;
        let release = self.release;
        let (artists, others) = (catalog.artists().await?, catalog.releases().await?);
        let artist = artists.iter().find(|artist| artist.artist_id == release.artist_id);
        let artist = artist.map_or(release.artist_id.as_str(), |artist| artist.name.as_str());
        let day = today(context.now, catalog);
        let rules = Shelf::of(day)?.rules(release.kind);
        let others: Vec<Other<'_>> = others
            .iter()
            .filter(|other| other.release_id != release.release_id)
            .map(|other| Other { release: other, is_told: context.scope.covers(&other.artist_id) })
            .collect();
        let own = self.own(artist, &others, day, &rules);
        let groups = |profile: &str| self.groups(profile, &own, waivers);
        let verdicts = PROFILES.iter().map(|profile| ProfileVerdict {
            profile: profile.id.to_owned(),
            verdict: verdict(&groups(profile.id)),
        });
        Ok(ReleaseCheck {
            release_id: release.release_id.to_string(),
            title: release.title.clone(),
            artist_name: artist.to_owned(),
            profile: profile.to_owned(),
            verdicts: verdicts.collect(),
            groups: groups(profile),
            as_of: day.to_string(),
            source: format!(
                "The record of {}, its cover, and every sample of its masters",
                release.release_id
            ),
            sample: release.sample,
            notes: self.notes(&rules),
        })
    }

    /// What was found in the release itself.
    fn own(&self, artist: &str, others: &[Other<'_>], today: Date, rules: &Rules) -> Vec<AudioFinding> {
        let release = self.release;
        let tracks = release.tracks.iter().zip(&self.masters);
        let subject = ReleaseSubject {
            title: &release.title,
            artist,
            upc: &release.upc,
            p_line: &release.p_line,
            c_line: &release.c_line,
            genre: &release.genre,
            date: release.release_date,
            is_out: matches!(release.status, ReleaseStatus::Released | ReleaseStatus::Withdrawn),
            has_cover: self.cover.is_some(),
            same_upc: others.iter().find(|other| other.release.upc == release.upc).map(Other::title),
            recording_parts: total(&self.splits.recordings),
            publishing_parts: total(&self.splits.publishing),
            tracks: tracks.map(|(track, master)| track_subject(track, master.as_deref(), others)).collect(),
            today,
            rules,
        };
        check(&subject).iter().map(findings::view).collect()
    }

    /// Everything that was found for a profile, with who has waived it.
    fn groups(&self, profile: &str, own: &[AudioFinding], waivers: &[KeptWaiver]) -> Vec<CheckGroup> {
        let release = self.release;
        let waived = |subject: &str, found: &[AudioFinding]| {
            found.iter().map(|finding| with_waiver(subject, finding, waivers)).collect::<Vec<_>>()
        };
        let mut groups = vec![CheckGroup {
            subject: RELEASE.to_owned(),
            name: "The release".to_owned(),
            address: Some(change_address(release)),
            findings: waived(RELEASE, own),
        }];
        if let Some(found) = self.cover.as_ref().and_then(|cover| cover.findings.get(profile)) {
            groups.push(CheckGroup {
                subject: COVER.to_owned(),
                name: "The cover".to_owned(),
                address: Some("/tools?tool=upload_artwork".to_owned()),
                findings: waived(COVER, found),
            });
        }
        for (track, master) in release.tracks.iter().zip(&self.masters) {
            let Some(found) = master.as_ref().and_then(|master| findings_for(master, profile)) else {
                continue;
            };
            let subject = track.track_id.as_str();
            groups.push(CheckGroup {
                subject: subject.to_owned(),
                name: format!("Track {}: {}", track.number, track.title),
                address: None,
                findings: waived(subject, found),
            });
        }
        groups
    }

    fn notes(&self, rules: &Rules) -> Vec<String> {
        let mut notes = missing(rules);
        let shares = [("recordings", &self.splits.recordings), ("works", &self.splits.publishing)];
        let unknown = shares.into_iter().filter(|(_, shares)| shares.is_empty());
        notes.extend(unknown.map(|(what, _)| {
            format!(
                "Who shares in what the {what} earn is not in the record, so that it is not known whether the parts \
                 add up."
            )
        }));
        if let Some(cover) = &self.cover {
            notes.extend(cover.report.notes.iter().cloned());
        }
        let silent = self.masters.iter().filter(|master| master.is_none()).count();
        if silent > 0 {
            notes.push(format!("{silent} of {} masters could not be listened to.", self.masters.len()));
        }
        notes
    }
}

/// Another release of the catalogue.
struct Other<'a> {
    release: &'a Release,
    /// Whether its title may be told.
    is_told: bool,
}

impl Other<'_> {
    fn title(&self) -> &str {
        if self.is_told { &self.release.title } else { "a release of another artist" }
    }
}

/// What a store says of a master.
fn findings_for<'a>(master: &'a RecordingReport, profile: &str) -> Option<&'a [AudioFinding]> {
    master.profiles.iter().find(|known| known.id == profile).map(|known| known.findings.as_slice())
}

fn track_subject<'a>(
    track: &'a Track,
    master: Option<&RecordingReport>,
    others: &'a [Other<'_>],
) -> TrackSubject<'a> {
    let same = others.iter().flat_map(|other| other.release.tracks.iter().map(move |track| (other, track)));
    let mut same = same.filter(|(_, other)| !track.isrc.is_empty() && other.isrc == track.isrc);
    let another = same.find(|(_, other)| other.duration_seconds.abs_diff(track.duration_seconds) > 1);
    TrackSubject {
        number: track.number,
        title: &track.title,
        isrc: &track.isrc,
        seconds: track.duration_seconds,
        composers: &track.composers,
        has_master: master.is_some(),
        sound: master.map(|master| Sound {
            kind: (master.report.sample_rate, master.report.bits, master.report.channels),
            seconds: master.report.seconds,
            loudness: master.report.loudness.integrated,
            sha256: master.report.sha256.clone(),
        }),
        other_length: another.map(|(other, track)| {
            (if other.is_told { track.title.as_str() } else { other.title() }, track.duration_seconds)
        }),
    }
}

fn with_waiver(subject: &str, finding: &AudioFinding, waivers: &[KeptWaiver]) -> CheckFinding {
    let name = KeptWaiver::name(subject, &finding.code);
    let kept = waivers.iter().find(|waiver| waiver.finding == name);
    let waiver =
        kept.map(|kept| Waiver { by: kept.by.clone(), at: kept.at.clone(), reason: kept.reason.clone() });
    CheckFinding { finding: finding.clone(), waiver }
}

/// What the findings that nobody has waived come to.
fn verdict(groups: &[CheckGroup]) -> DeliveryVerdict {
    let open = || groups.iter().flat_map(|group| &group.findings).filter(|finding| finding.is_open());
    if open().any(|finding| finding.finding.severity == FindingSeverity::Error) {
        DeliveryVerdict::Fail
    } else if open().next().is_some() {
        DeliveryVerdict::Warn
    } else {
        DeliveryVerdict::Pass
    }
}

/// Where a person changes the release: the tool, with the release and its version filled in.
fn change_address(release: &Release) -> String {
    let arguments = serde_json::json!({
        "releaseId": release.release_id,
        "expectedVersion": release.version,
    });
    let arguments = arguments.to_string();
    let arguments =
        percent_encoding::utf8_percent_encode(&arguments, percent_encoding::NON_ALPHANUMERIC).to_string();
    format!("/tools?tool=update_release_data&arguments={arguments}")
}

impl From<CheckQuestion> for CheckReleaseInput {
    /// What a page asks. A profile that is not known is that of usual distributors.
    fn from(question: CheckQuestion) -> Self {
        let profile = StoreProfile::of_id(&question.profile);
        Self { release_id: question.release_id.to_string(), profile }
    }
}
