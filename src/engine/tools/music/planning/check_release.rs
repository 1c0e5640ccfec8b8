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
use crate::engine::tools::names::folded;
use crate::engine::tools::views::FINGERPRINT;
use crate::engine::tools::{Class, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices};
use crate::model::audio::{AudioFinding, DeliveryVerdict, FindingSeverity, ProfileVerdict};
use crate::model::checks::{CheckFinding, CheckGroup, CheckQuestion, ReleaseCheck, Waiver};
use crate::model::identifier::ReleaseId;
use crate::model::recording::RecordingReport;
use crate::model::release::{Release, ReleaseStatus, Track};
use crate::model::splits::{ReleaseSplits, total};
use crate::model::tool::AwsResource;
use crate::music::identifier::{Gtin, Isrc};
use crate::music::quality::PROFILES;
use crate::music::quality::release::{Elsewhere, ReleaseSubject, Sound, TrackSubject, check};
use crate::music::release::rules::Rules;
use futures::{StreamExt, stream};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How many masters are fetched at the same time.
const SIDE_BY_SIDE: usize = 2;
/// What the release itself is called among the things that are checked.
const RELEASE: &str = "release";
/// What its cover is called.
const COVER: &str = "cover";
/// Rules that measure in days from today: for them the date counts, so that a waiver lasts longer than a day.
const COUNT_DAYS: [&str; 2] = ["L01", "L02"];
/// The most that lengths of the same recording may differ, in seconds.
const LENGTH_SECONDS: u32 = 1;

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
        let elsewhere: Vec<Option<KnownElsewhere>> =
            release.tracks.iter().map(|track| elsewhere(track, &others)).collect();
        let own = self.own(artist, &others, &elsewhere, day, &rules);
        let groups = |profile: &str| self.groups(profile, &own, waivers);
        let found: Vec<CheckGroup> = PROFILES.iter().flat_map(|profile| groups(profile.id)).collect();
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
            notes: [self.notes(&rules), lapsed(&found, waivers)].concat(),
        })
    }

    /// What was found in the release itself.
    fn own(
        &self,
        artist: &str,
        others: &[Other<'_>],
        elsewhere: &[Option<KnownElsewhere>],
        today: Date,
        rules: &Rules,
    ) -> Vec<AudioFinding> {
        let release = self.release;
        let tracks = release.tracks.iter().zip(&self.masters).zip(elsewhere);
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
            same_upc: others
                .iter()
                .find(|other| is_same_product(&other.release.upc, &release.upc))
                .map(Other::title),
            recording_parts: total(&self.splits.recordings),
            publishing_parts: total(&self.splits.publishing),
            tracks: tracks
                .map(|((track, master), known)| track_subject(track, master.as_deref(), known.as_ref()))
                .collect(),
            today,
            rules,
        };
        check(&subject).iter().map(findings::view).collect()
    }

    /// Everything that was found for a profile, with who has waived it.
    fn groups(&self, profile: &str, own: &[AudioFinding], waivers: &[KeptWaiver]) -> Vec<CheckGroup> {
        let release = self.release;
        let waived = |subject: &str, content: &str, found: &[AudioFinding]| {
            let about = About { subject, content, release };
            found.iter().map(|finding| about.with_waiver(finding, waivers)).collect::<Vec<_>>()
        };
        let mut groups = vec![CheckGroup {
            subject: RELEASE.to_owned(),
            name: "The release".to_owned(),
            address: Some(change_address(release)),
            findings: waived(RELEASE, "", own),
        }];
        let cover = self.cover.as_ref();
        if let Some((etag, found)) =
            cover.and_then(|cover| Some((cover.etag.as_str(), cover.findings.get(profile)?)))
        {
            groups.push(CheckGroup {
                subject: COVER.to_owned(),
                name: "The cover".to_owned(),
                address: Some("/tools?tool=upload_artwork".to_owned()),
                findings: waived(COVER, etag, found),
            });
        }
        for (track, master) in release.tracks.iter().zip(&self.masters) {
            let Some(master) = master else { continue };
            let Some(found) = findings_for(master, profile) else { continue };
            let subject = track.track_id.as_str();
            groups.push(CheckGroup {
                subject: subject.to_owned(),
                name: format!("Track {}: {}", track.number, track.title),
                address: None,
                findings: waived(subject, &master.report.sha256, found),
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

/// A track of another release with the same ISRC, and what it is called.
struct KnownElsewhere {
    name: String,
    has_other_title: bool,
    seconds: u32,
}

/// The track of another release that has the ISRC of this one and is another recording by its title, or else by its
/// length. The same recording keeps its ISRC on every release.
fn elsewhere(track: &Track, others: &[Other<'_>]) -> Option<KnownElsewhere> {
    let all = others.iter().flat_map(|other| other.release.tracks.iter().map(move |track| (other, track)));
    let same: Vec<_> = all.filter(|(_, known)| is_same_recording(&known.isrc, &track.isrc)).collect();
    let has_other_title = |known: &Track| folded(&known.title) != folded(&track.title);
    let has_other_length =
        |known: &Track| known.duration_seconds.abs_diff(track.duration_seconds) > LENGTH_SECONDS;
    let by_title = same.iter().find(|(_, known)| has_other_title(known));
    let (other, found) = by_title.or_else(|| same.iter().find(|(_, known)| has_other_length(known)))?;
    let name = if other.is_told {
        format!("“{}” on {}", found.title, other.title())
    } else {
        "a recording of another artist".to_owned()
    };
    Some(KnownElsewhere { name, has_other_title: has_other_title(found), seconds: found.duration_seconds })
}

/// Whether two ISRCs are the same, however they are written.
fn is_same_recording(one: &str, other: &str) -> bool {
    match (one.parse::<Isrc>(), other.parse::<Isrc>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => !one.is_empty() && one == other,
    }
}

/// Whether two UPCs or EANs are the same, with or without the leading zero.
fn is_same_product(one: &str, other: &str) -> bool {
    match (one.parse::<Gtin>(), other.parse::<Gtin>()) {
        (Ok(one), Ok(other)) => one == other,
        _ => !one.is_empty() && one == other,
    }
}

fn track_subject<'a>(
    track: &'a Track,
    master: Option<&RecordingReport>,
    elsewhere: Option<&'a KnownElsewhere>,
) -> TrackSubject<'a> {
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
        elsewhere: elsewhere.map(|known| Elsewhere {
            name: &known.name,
            has_other_title: known.has_other_title,
            seconds: known.seconds,
        }),
    }
}

/// What findings are about.
struct About<'a> {
    subject: &'a str,
    /// Tells its content from any other; empty for the release itself.
    content: &'a str,
    release: &'a Release,
}

impl About<'_> {
    fn with_waiver(&self, finding: &AudioFinding, waivers: &[KeptWaiver]) -> CheckFinding {
        let fingerprint = self.fingerprint(finding);
        let name = KeptWaiver::name(self.subject, &finding.code, &fingerprint);
        let kept = waivers.iter().find(|waiver| waiver.finding == name);
        let waiver =
            kept.map(|kept| Waiver { by: kept.by.clone(), at: kept.at.clone(), reason: kept.reason.clone() });
        CheckFinding { finding: finding.clone(), fingerprint, waiver }
    }

    /// Who waives a finding has seen what was measured in this content, and waives nothing else.
    fn fingerprint(&self, finding: &AudioFinding) -> String {
        let date = self.release.release_date.to_string();
        let measured: &str =
            if COUNT_DAYS.contains(&finding.code.as_str()) { &date } else { &finding.measured };
        let mut digest = Sha256::new();
        for text in [self.content, finding.field.as_deref().unwrap_or_default(), measured] {
            digest.update(text.as_bytes());
            digest.update([0]);
        }
        let mut digits = hex::encode(digest.finalize());
        digits.truncate(FINGERPRINT);
        digits
    }
}

/// Says which waivers fit nothing that is found now: it was mended, or is another finding today.
fn lapsed(found: &[CheckGroup], waivers: &[KeptWaiver]) -> Vec<String> {
    let fits = |waiver: &KeptWaiver| {
        found.iter().any(|group| {
            let name = |finding: &CheckFinding| {
                KeptWaiver::name(&group.subject, &finding.finding.code, &finding.fingerprint)
            };
            group.findings.iter().any(|finding| name(finding) == waiver.finding)
        })
    };
    let without = waivers.iter().filter(|waiver| !fits(waiver));
    let told = without.map(|waiver| {
        let (subject, code) = waiver.subject_and_code();
        let group = found.iter().find(|group| group.subject == subject);
        let name = group.map_or(subject, |group| group.name.as_str());
        format!(
            "What {} waived ({code}, {name}: {}) is not what is found today, so that the waiver does not count.",
            waiver.by, waiver.reason
        )
    });
    told.collect()
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
