//! `check_artwork`: what can be found out about a stored cover, with the quality check.

use super::process_audio::StoreProfile;
use crate::engine::catalog::{Catalog, ObjectInfo, ObjectKey};
use crate::engine::config::BucketRole;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::engine::tools::{findings, pictures};
use crate::model::artwork::ArtworkReport;
use crate::model::audio::AudioFinding;
use crate::model::tool::AwsResource;
use crate::music::artwork::{Likeness, Picture, Profile, likeness, look};
use crate::music::quality::artwork::{Neighbour, check, unreadable};
use crate::music::quality::{Finding, PROFILES, Verdict, verdict};
use futures::{StreamExt, stream};
use moka::future::Cache;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How many covers are read at the same time to be compared.
const SIDE_BY_SIDE: usize = 4;
/// The most covers that are looked at in one call; those that were looked at are remembered.
const MOST_LOOKED_AT: usize = 300;
/// The most files that are listed to find them.
const MOST_LISTED: usize = 20_000;

/// How covers look, by place and fingerprint.
static LOOKS: LazyLock<Cache<String, Likeness>> = LazyLock::new(|| Cache::new(50_000));

/// Names a cover, and the store for which it is checked.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CheckArtworkInput {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: Option<String>,
    /// The file's name in the bucket, for instance `covers/night-drive.png`.
    #[schemars(title = "File name", length(min = 1, max = 1024))]
    pub file_name: String,
    /// Whose rules are applied to the findings; those of usual distributors unless given.
    #[schemars(title = "Profile")]
    pub profile: Option<StoreProfile>,
}

/// Finds out everything about a cover.
pub struct CheckArtwork;

impl Operation for CheckArtwork {
    const NAME: &'static str = "check_artwork";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = CheckArtworkInput;
    type Output = ArtworkReport;

    fn resources(input: &CheckArtworkInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let (bucket, key) = locate(input, catalog)?;
        Ok(vec![choices::s3("GetObject", bucket, key.as_str())])
    }

    async fn run(input: CheckArtworkInput, context: Context) -> Result<ArtworkReport, ToolError> {
        let (bucket, key) = locate(&input, &context.catalog)?;
        let profile = input.profile.unwrap_or(StoreProfile::Distributor).id();
        Ok(checked(bucket, &key, profile, &context).await?.report)
    }
}

impl Tool for CheckArtwork {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Check a cover";
    const DESCRIPTION: &'static str = "Looks at a stored cover: size, ratio, colours and their profile, whether it \
        was enlarged or blurred, borders, what a camera wrote into it, and other covers that look like it, with \
        limits and remedies for a store. It changes nothing. Text and logos only a person can judge.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_buckets(schema, BucketRole::Artwork, catalog);
    }
}

fn locate<'a>(input: &'a CheckArtworkInput, catalog: &'a Catalog) -> Result<(&'a str, ObjectKey), ToolError> {
    let bucket = choices::bucket(input.bucket_name.as_deref(), BucketRole::Artwork, catalog)?;
    let key = input.file_name.parse().map_err(|error| ToolError::field("fileName", format!("{error}")))?;
    Ok((bucket, key))
}

/// What is known of a cover.
pub(super) struct CheckedCover {
    /// The `ETag` of the content that was looked at.
    pub(super) etag: String,
    /// The report for one profile.
    pub(super) report: ArtworkReport,
    /// What was found for each profile.
    pub(super) findings: BTreeMap<&'static str, Vec<AudioFinding>>,
}

/// Looks at a stored cover.
pub(super) async fn checked(
    bucket: &str,
    key: &ObjectKey,
    profile: &str,
    context: &Context,
) -> Result<CheckedCover, ToolError> {
    let catalog = &context.catalog;
    let info = catalog.object_info(bucket, key).await?;
    let place = pictures::place().await?;
    let bytes = pictures::whole(catalog, &info, key, None).await?;
    let picture = match pictures::work(place, move || look(&bytes)).await? {
        Ok(picture) => picture,
        Err(error) => {
            let all =
                PROFILES.iter().map(|profile| findings::of_profile(profile.id, Verdict::Fail)).collect();
            let found = vec![findings::view(&unreadable(&error))];
            let report = ArtworkReport {
                findings: found.clone(),
                verdicts: all,
                notes: vec!["Nothing could be measured, because the file could not be read.".to_owned()],
                ..empty(&info)
            };
            let findings = PROFILES.iter().map(|profile| (profile.id, found.clone())).collect();
            return Ok(CheckedCover { etag: info.etag, report, findings });
        }
    };
    let (neighbours, left_out) = match picture.likeness {
        Some(likeness) => neighbours(bucket, key, likeness, context).await?,
        None => (Vec::new(), 0),
    };
    let found: Vec<(&'static str, Vec<Finding>)> =
        PROFILES.iter().map(|profile| (profile.id, check(&picture, &neighbours, profile.id))).collect();
    let verdicts = found.iter().map(|(id, found)| findings::of_profile(id, verdict(found))).collect();
    let views = |found: &[Finding]| found.iter().map(findings::view).collect::<Vec<_>>();
    let findings: BTreeMap<_, _> = found.iter().map(|(id, found)| (*id, views(found))).collect();
    let report = ArtworkReport {
        format: Some(picture.header.format.name().to_owned()),
        width: Some(picture.header.width),
        height: Some(picture.header.height),
        colour: Some(picture.header.colour.name().to_owned()),
        bits: Some(picture.header.bits),
        is_srgb: match picture.header.profile {
            Profile::Absent => None,
            profile => Some(profile == Profile::Srgb),
        },
        findings: findings.get(profile).cloned().unwrap_or_default(),
        verdicts,
        notes: notes(&picture, left_out),
        ..empty(&info)
    };
    Ok(CheckedCover { etag: info.etag, report, findings })
}

fn empty(info: &ObjectInfo) -> ArtworkReport {
    let day = info.last_modified.as_deref().and_then(|time| time.get(..10));
    ArtworkReport {
        file_name: info.key.clone(),
        format: None,
        width: None,
        height: None,
        colour: None,
        bits: None,
        is_srgb: None,
        size_bytes: info.bytes,
        findings: Vec::new(),
        verdicts: Vec::new(),
        as_of: day.map(str::to_owned),
        source: format!("Every pixel of {}/{}", info.bucket, info.key),
        sample: info.is_sample(),
        notes: Vec::new(),
    }
}

fn notes(picture: &Picture, left_out: usize) -> Vec<String> {
    let mut notes = vec![
        "Text, addresses, prices and logos on the cover are not read: a person has to look for them."
            .to_owned(),
    ];
    if picture.detail.is_none() {
        notes.push("The pixels were not looked at, because the colours are those of print.".to_owned());
    }
    if left_out > 0 {
        notes.push(format!("{left_out} other covers could not be compared with it."));
    }
    notes
}

/// Other covers of releases, with how far they are from this one; and how many could not be compared. Of artists
/// outside the scope no title is told.
async fn neighbours(
    bucket: &str,
    key: &ObjectKey,
    this: Likeness,
    context: &Context,
) -> Result<(Vec<Neighbour>, usize), ToolError> {
    let catalog = &context.catalog;
    let own_bucket = catalog.buckets.default_of(BucketRole::Artwork);
    let releases = catalog.releases().await?;
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    for release in releases.iter() {
        let Some(cover) = release.artwork.as_deref() else { continue };
        if bucket == own_bucket && cover == key.as_str() {
            continue;
        }
        let is_told = context.scope.covers(&release.artist_id);
        named.entry(cover).or_insert(if is_told {
            release.title.as_str()
        } else {
            "a cover of another artist"
        });
    }
    let etags = etags(catalog, own_bucket).await?;
    let covers: Vec<(String, String, String)> = named
        .into_iter()
        .filter_map(|(cover, title)| Some((cover.to_owned(), title.to_owned(), etags.get(cover)?.clone())))
        .collect();
    let left_out = covers.len().saturating_sub(MOST_LOOKED_AT);
    let compared = stream::iter(covers.into_iter().take(MOST_LOOKED_AT))
        .map(|(cover, title, etag)| async move {
            let other = look_of(catalog, own_bucket, &cover, &etag).await?;
            Some(Neighbour { name: title, distance: this.distance(other) })
        })
        .buffered(SIDE_BY_SIDE)
        .collect::<Vec<Option<Neighbour>>>()
        .await;
    let unread = compared.iter().filter(|found| found.is_none()).count();
    Ok((compared.into_iter().flatten().collect(), left_out + unread))
}

/// The fingerprints of all files of a bucket by their names.
async fn etags(catalog: &Catalog, bucket: &str) -> Result<BTreeMap<String, String>, ToolError> {
    const PAGE: u32 = 1000;
    let mut found = BTreeMap::new();
    let mut token = None;
    loop {
        let (files, next) = catalog.list_objects(bucket, "", PAGE, token).await?;
        found.extend(files.into_iter().map(|file| (file.key, file.etag)));
        token = next;
        if token.is_none() || found.len() >= MOST_LISTED {
            return Ok(found);
        }
    }
}

/// How a cover looks; none where it cannot be read.
async fn look_of(catalog: &Catalog, bucket: &str, cover: &str, etag: &str) -> Option<Likeness> {
    let name = format!("{bucket}/{cover} {etag}");
    if let Some(known) = LOOKS.get(&name).await {
        return Some(known);
    }
    let key: ObjectKey = cover.parse().ok()?;
    let info = catalog.object_info(bucket, &key).await.ok()?;
    let place = pictures::place().await.ok()?;
    let bytes = pictures::whole(catalog, &info, &key, None).await.ok()?;
    let found = pictures::work(place, move || likeness(&bytes)).await.ok()?.ok()?;
    LOOKS.insert(name, found).await;
    Some(found)
}
