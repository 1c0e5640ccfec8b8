//! `check_release`: the check of a whole release before delivery, from its data, its cover and its masters.

mod address;
mod around;
mod compared;
mod contract;
mod elsewhere;
mod files;
mod waived;

use super::figures::today;
use super::rules::{Shelf, missing};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::{CONTRACT_TERMS_TABLE, RECORDINGS_TABLE, SPLITS_TABLE};
use crate::engine::catalog::waivers::KeptWaiver;
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::findings;
use crate::engine::tools::music::check_artwork::CheckedCover;
use crate::engine::tools::music::process_audio::StoreProfile;
use crate::engine::tools::views::recording_id;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::audio::{AudioFinding, FindingSeverity, ProfileVerdict};
use crate::model::checks::{CheckFinding, CheckGroup, CheckQuestion, ReleaseCheck};
use crate::model::identifier::ReleaseId;
use crate::model::recording::RecordingReport;
use crate::model::release::{Release, ReleaseStatus};
use crate::model::release_file::COVER;
use crate::model::splits::{ReleaseSplits, total};
use crate::model::tool::AwsResource;
use crate::music::identifier::{Grid, Gtin};
use crate::music::quality::PROFILES;
use crate::music::quality::artwork::to_be_seen;
use crate::music::quality::release::{ReleaseSubject, check};
use around::{Around, Credited, known, roster, track_subject};
use elsewhere::{Other, is_same};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use waived::{About, lapsed, verdict};

/// What the release itself is called among the things that are checked.
const RELEASE: &str = "release";

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
            choices::dynamodb("GetItem", CONTRACT_TERMS_TABLE),
            choices::dynamodb("Scan", RECORDINGS_TABLE),
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
        let cover = files::cover(&release, profile, &context).await?;
        let masters = files::masters(&release, &context).await?;
        let splits = splits.map(|kept| kept.splits).unwrap_or_default();
        let bucket = catalog.buckets.default_of(BucketRole::Audio);
        let looked = Looked { release: &release, splits, cover, masters, bucket };
        looked.report(profile, &waivers, &context).await
    }
}

impl Tool for CheckRelease {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Check a release";
    const DESCRIPTION: &'static str = "Checks a whole release before delivery: identifiers, missing data, the style \
        of titles, order, loudness from track to track, dates, rights and its contract, its cover and every master, \
        with limits, remedies and what somebody has waived. It changes nothing.";
}

fn id(input: &CheckReleaseInput) -> Result<ReleaseId, ToolError> {
    input.release_id.parse().map_err(|error| ToolError::field("releaseId", format!("{error}")))
}

/// A release with what was looked at and heard.
struct Looked<'a> {
    release: &'a Release,
    splits: ReleaseSplits,
    cover: Option<CheckedCover>,
    masters: Vec<Option<Arc<RecordingReport>>>,
    /// The bucket in which the masters are.
    bucket: &'a str,
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
        let day = today(context.now, catalog);
        let rules = Shelf::of(day)?.rules(release.kind);
        let credited = Credited::of(release, &artists, context);
        let others: Vec<Other<'_>> = others
            .iter()
            .filter(|other| other.release_id != release.release_id)
            .map(|other| Other { release: other, is_told: context.scope.covers(&other.artist_id) })
            .collect();
        let compared = compared::masters(release, &others, context).await?;
        let around = Around {
            contract: contract::of(release, catalog).await?,
            unheard: compared.unheard,
            tracks: known(release, &others, compared),
            credited,
            others,
            is_scoped: context.scope.artists().is_some(),
            today: day,
            rules,
        };
        let own = self.own(&around);
        let groups = |profile: &str| self.groups(profile, &own, waivers);
        let found: Vec<CheckGroup> = PROFILES.iter().flat_map(|profile| groups(profile.id)).collect();
        let verdicts = PROFILES.iter().map(|profile| ProfileVerdict {
            profile: profile.id.to_owned(),
            verdict: verdict(&groups(profile.id)),
        });
        Ok(ReleaseCheck {
            release_id: release.release_id.to_string(),
            title: release.title.clone(),
            artist_name: around.credited.name.to_owned(),
            profile: profile.to_owned(),
            verdicts: verdicts.collect(),
            groups: groups(profile),
            as_of: day.to_string(),
            source: format!(
                "The record of {}, its cover, and every sample of its masters",
                release.release_id
            ),
            sample: release.sample,
            notes: [self.notes(&around), lapsed(&found, waivers)].concat(),
        })
    }

    /// What was found in the release itself, and where it is mended.
    fn own(&self, around: &Around<'_>) -> Vec<(AudioFinding, Option<String>)> {
        let release = self.release;
        let others = &around.others;
        let tracks = release.tracks.iter().zip(&self.masters).zip(&around.tracks);
        let subject = ReleaseSubject {
            title: &release.title,
            artist: around.credited.name,
            upc: &release.upc,
            p_line: &release.p_line,
            c_line: &release.c_line,
            genre: &release.genre,
            date: release.release_date,
            is_out: self.is_out(),
            has_cover: self.cover.is_some(),
            same_upc: others
                .iter()
                .find(|other| is_same::<Gtin>(&other.release.upc, &release.upc))
                .map(Other::title),
            grid: release.grid.as_deref(),
            same_grid: release.grid.as_deref().and_then(|grid| {
                let has_it = |other: &&Other<'_>| {
                    other.release.grid.as_deref().is_some_and(|known| is_same::<Grid>(known, grid))
                };
                others.iter().find(has_it).map(Other::title)
            }),
            isni: around.credited.isni,
            ipi: around.credited.ipi,
            same_isni: around.credited.same_isni,
            original_date: release.original_release_date,
            territory: around.contract.territory.clone(),
            contract: around.contract.contract.clone(),
            roster: roster(others),
            recording_parts: total(&self.splits.recordings),
            publishing_parts: total(&self.splits.publishing),
            tracks: tracks
                .map(|((track, master), known)| track_subject(track, master.as_deref(), known))
                .collect(),
            today: around.today,
            rules: &around.rules,
        };
        let found = check(&subject);
        found.iter().map(|found| (findings::view(found), address::of_finding(release, found))).collect()
    }

    fn is_out(&self) -> bool {
        matches!(self.release.status, ReleaseStatus::Released | ReleaseStatus::Withdrawn)
    }

    /// Everything that was found for a profile, with who has waived it.
    fn groups(
        &self,
        profile: &str,
        own: &[(AudioFinding, Option<String>)],
        waivers: &[KeptWaiver],
    ) -> Vec<CheckGroup> {
        let release = self.release;
        let about = About { subject: RELEASE, content: "", release };
        let mended = own.iter().map(|(finding, address)| CheckFinding {
            address: address.clone(),
            ..about.with_waiver(finding, waivers)
        });
        let in_file = |subject: &str, content: &str, found: &[AudioFinding]| {
            let about = About { subject, content, release };
            let with_place = |finding: &AudioFinding| {
                // What a person has to look at is answered, not mended.
                let is_mended = finding.severity != FindingSeverity::Information
                    && finding.code != to_be_seen().rule.code;
                let address = is_mended.then(|| address::of_file(release, subject));
                CheckFinding { address, ..about.with_waiver(finding, waivers) }
            };
            found.iter().map(with_place).collect::<Vec<_>>()
        };
        let mut groups = vec![CheckGroup {
            subject: RELEASE.to_owned(),
            name: "The release".to_owned(),
            address: Some(address::of_release(release)),
            findings: mended.collect(),
        }];
        let cover = self.cover.as_ref();
        if let Some((etag, found)) =
            cover.and_then(|cover| Some((cover.etag.as_str(), cover.findings.get(profile)?)))
        {
            let asked = (!self.is_out()).then(|| findings::view(&to_be_seen()));
            let found: Vec<AudioFinding> = found.iter().cloned().chain(asked).collect();
            groups.push(CheckGroup {
                subject: COVER.to_owned(),
                name: "The cover".to_owned(),
                address: Some(address::of_file(release, COVER)),
                findings: in_file(COVER, etag, &found),
            });
        }
        let bucket = self.bucket;
        for (track, master) in release.tracks.iter().zip(&self.masters) {
            let Some(master) = master else { continue };
            let Some(found) = findings_for(master, profile) else { continue };
            let subject = track.track_id.as_str();
            groups.push(CheckGroup {
                subject: subject.to_owned(),
                name: format!("Track {}: {}", track.number, track.title),
                address: track.audio.as_deref().map(|key| format!("/audio/{}", recording_id(bucket, key))),
                findings: in_file(subject, &master.report.sha256, found),
            });
        }
        groups
    }

    fn notes(&self, around: &Around<'_>) -> Vec<String> {
        let mut notes = missing(&around.rules);
        notes.extend(around.contract.notes.iter().cloned());
        if around.is_scoped {
            notes.push(
                "Only releases of your own artists were compared for dates that are too near.".to_owned(),
            );
        }
        if around.unheard > 0 {
            notes.push(format!(
                "{} of {} masters were not compared with other recordings, because nobody has listened to them yet.",
                around.unheard,
                self.masters.len()
            ));
        }
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

/// What a store says of a master.
fn findings_for<'a>(master: &'a RecordingReport, profile: &str) -> Option<&'a [AudioFinding]> {
    master.profiles.iter().find(|known| known.id == profile).map(|known| known.findings.as_slice())
}

/// What a store would say of a master, without what somebody has waived and what only informs; none where the report
/// does not know the store.
pub(super) fn open_findings(
    release: &Release,
    subject: &str,
    master: &RecordingReport,
    profile: &str,
    waivers: &[KeptWaiver],
) -> Option<Vec<AudioFinding>> {
    let about = About { subject, content: &master.report.sha256, release };
    let found = findings_for(master, profile)?.iter().map(|finding| about.with_waiver(finding, waivers));
    Some(found.filter(CheckFinding::is_open).map(|open| open.finding).collect())
}

impl From<CheckQuestion> for CheckReleaseInput {
    /// What a page asks. A profile that is not known is that of usual distributors.
    fn from(question: CheckQuestion) -> Self {
        let profile = StoreProfile::of_id(&question.profile);
        Self { release_id: question.release_id.to_string(), profile }
    }
}
