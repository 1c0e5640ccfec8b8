//! `update_track_data`: changes a track of a release, if nobody else has changed the release meanwhile.

use super::canonical::{canonical, in_one_line, named_values, needed, update};
use super::rows::{self, Rows};
use super::update_release::{told, whose};
use crate::engine::catalog::{Catalog, CatalogError, ObjectKey, ownership};
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::names::folded;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::contributor::Contributor;
use crate::model::field::FieldError;
use crate::model::identifier::{ReleaseId, TrackId};
use crate::model::release::{AiUse, Release, Track, UsedSample};
use crate::model::tool::AwsResource;
use crate::music::identifier::{Isrc, Iswc};
use crate::music::language::Language;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The most names, or samples, of a track.
const MOST: usize = 40;

/// What to change.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateTrackInput {
    /// The table.
    #[schemars(title = "Table")]
    pub table_name: Option<String>,
    /// The release's id.
    #[schemars(title = "Release", length(min = 1, max = 64))]
    pub release_id: String,
    /// The track's id (`trackId` of `query_release_data`).
    #[schemars(title = "Track", length(min = 1, max = 64))]
    pub track_id: String,
    /// The version of the release that you have seen (`version` of `query_release_data`). If it has another one by
    /// now, nothing is changed.
    #[schemars(title = "Version you have seen", range(min = 1))]
    pub expected_version: u32,
    /// The new values. What is not named stays as it is.
    #[schemars(title = "New values")]
    pub update_data: TrackChange,
}

/// New values of a track.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(inline)]
pub struct TrackChange {
    /// The title.
    #[schemars(title = "Title", length(min = 1, max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Which version it is: `Live`, `Radio Edit`. An empty text takes it away.
    #[schemars(title = "Version", length(max = 100))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version_title: Option<String>,
    /// The ISRC, with or without hyphens.
    #[schemars(title = "ISRC", length(min = 12, max = 15))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub isrc: Option<String>,
    /// The length in seconds.
    #[schemars(title = "Length in seconds", range(min = 1, max = 86_400))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duration_seconds: Option<u32>,
    /// Whether it carries the explicit mark.
    #[schemars(title = "Explicit")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explicit: Option<bool>,
    /// The language of the vocals, a code of ISO 639 such as `en`, or `instrumental`.
    #[schemars(title = "Language", length(min = 2, max = 12))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Composers by legal name.
    #[schemars(title = "Composers", length(max = 40))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub composers: Option<Vec<String>>,
    /// Who wrote the lyrics, by legal name.
    #[schemars(title = "Lyricists", length(max = 40))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lyricists: Option<Vec<String>>,
    /// Who else made the recording, all of them: producers, engineers, featured artists, musicians with their
    /// instrument. Roles are those of DDEX.
    #[schemars(title = "Contributors", length(max = 40))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contributors: Option<Vec<Contributor>>,
    /// ISWC of the work, such as T-034.524.680-1. An empty text takes it away.
    #[schemars(title = "ISWC", length(max = 15))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub iswc: Option<String>,
    /// Whether it is a new recording of somebody else's song.
    #[schemars(title = "Cover version")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cover_version: Option<bool>,
    /// Who licensed the song to a cover version, and under which number. An empty text takes it away.
    #[schemars(title = "Mechanical licence", length(max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mechanical_licence: Option<String>,
    /// Parts of other recordings in it, all of them.
    #[schemars(title = "Samples", length(max = 40))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub samples: Option<Vec<UsedSample>>,
    /// What was made by artificial intelligence: the answer for all three parts.
    #[schemars(title = "Use of AI")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ai_use: Option<AiUse>,
    /// Name of the master in the bucket for audio. An empty text takes it away.
    #[schemars(title = "Master", length(max = 1024))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
}

impl TrackChange {
    /// Checks what the schema cannot say, and what a form of a page says without one, and answers with the attributes
    /// as they are stored.
    fn check(&self) -> Result<Map<String, Value>, ToolError> {
        let mut stored = self.clone();
        let mut wrong = Vec::new();
        canonical::<Isrc>("isrc", &mut stored.isrc, &mut wrong);
        canonical::<Iswc>("iswc", &mut stored.iswc, &mut wrong);
        canonical::<Language>("language", &mut stored.language, &mut wrong);
        canonical::<ObjectKey>("audio", &mut stored.audio, &mut wrong);
        needed("title", self.title.as_deref(), 200, &mut wrong);
        needed("isrc", self.isrc.as_deref(), 15, &mut wrong);
        let version = self.version_title.as_deref().filter(|text| !text.is_empty());
        needed("versionTitle", version, 100, &mut wrong);
        let licence = self.mechanical_licence.as_deref().filter(|text| !text.is_empty());
        needed("mechanicalLicence", licence, 200, &mut wrong);
        if self.duration_seconds.is_some_and(|seconds| !(1..=86_400).contains(&seconds)) {
            wrong
                .push(FieldError::new("updateData.durationSeconds", "a length from 0:01 to a day is needed"));
        }
        let texts = [
            ("title", &self.title),
            ("versionTitle", &self.version_title),
            ("mechanicalLicence", &self.mechanical_licence),
        ];
        for (field, text) in texts {
            if let Some(text) = text {
                in_one_line(field, text, &mut wrong);
            }
        }
        let counts = [
            ("composers", self.composers.as_ref().map(Vec::len)),
            ("lyricists", self.lyricists.as_ref().map(Vec::len)),
            ("contributors", self.contributors.as_ref().map(Vec::len)),
            ("samples", self.samples.as_ref().map(Vec::len)),
        ];
        for (field, _) in counts.into_iter().filter(|(_, count)| count.is_some_and(|count| count > MOST)) {
            let message = format!("at most {MOST} of them are kept");
            wrong.push(FieldError::new(format!("updateData.{field}"), message));
        }
        for (field, names) in [("composers", &self.composers), ("lyricists", &self.lyricists)] {
            names_of(field, names.iter().flatten().map(String::as_str), &mut wrong);
        }
        contributors(self.contributors.as_deref().unwrap_or_default(), &mut wrong);
        let samples = self.samples.iter().flatten();
        let texts = samples.flat_map(|sample| {
            std::iter::once(sample.recording.as_str()).chain(sample.cleared_by.as_deref())
        });
        names_of("samples", texts, &mut wrong);
        named_values(&stored, wrong)
    }
}

/// Says where one of several contributors is none. What is kept can be written as a line of credits and read again.
fn contributors(contributors: &[Contributor], wrong: &mut Vec<FieldError>) {
    let names = contributors.iter().map(|known| known.name.as_str());
    let instruments = contributors.iter().filter_map(|known| known.instrument.as_deref());
    names_of("contributors", names.chain(instruments), wrong);
    let is_read =
        |known: &&Contributor| known.to_string().parse::<Contributor>().is_ok_and(|read| read == **known);
    if let Some(other) = contributors.iter().find(|known| !is_read(known)) {
        let message = match other.to_string().parse::<Contributor>() {
            Err(error) => error.to_string(),
            Ok(_) => format!(
                "write {:?} without blanks around it, and no parenthesis in an instrument",
                other.name
            ),
        };
        wrong.push(FieldError::new("updateData.contributors", message));
    }
}

/// Says where one of several names is none.
fn names_of<'a>(field: &str, mut names: impl Iterator<Item = &'a str>, wrong: &mut Vec<FieldError>) {
    const LONGEST: usize = 200;
    let is_wrong = |name: &str| {
        name.trim().is_empty() || name.chars().count() > LONGEST || name.chars().any(char::is_control)
    };
    if names.any(is_wrong) {
        let message = format!("each of them is a text of 1 to {LONGEST} characters in one line");
        wrong.push(FieldError::new(format!("updateData.{field}"), message));
    }
}

/// Changes a track.
pub struct UpdateTrackData;

impl Operation for UpdateTrackData {
    const NAME: &'static str = "update_track_data";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    /// What it tells of another release, it tells of artists in scope only.
    const SCOPED: bool = true;
    type Input = UpdateTrackInput;
    type Output = Rows;

    fn resources(input: &UpdateTrackInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let table = choices::table(input.table_name.as_deref(), TableRole::Releases, catalog)?;
        input.update_data.check()?;
        let mut touched = vec![choices::dynamodb("GetItem", table), choices::dynamodb("UpdateItem", table)];
        if input.update_data.isrc.is_some() || input.update_data.audio.is_some() {
            touched.push(choices::dynamodb("Scan", catalog.table(TableRole::Releases)));
        }
        Ok(touched)
    }

    fn subject(input: &UpdateTrackInput) -> Subject {
        Subject::release(input.table_name.as_deref(), Some(&input.release_id))
    }

    async fn run(input: UpdateTrackInput, context: Context) -> Result<Rows, ToolError> {
        let catalog = &context.catalog;
        let table = choices::table(input.table_name.as_deref(), TableRole::Releases, catalog)?;
        let release_id: ReleaseId = rows::id("releaseId", &input.release_id)?;
        let track_id: TrackId = rows::id("trackId", &input.track_id)?;
        let change = input.update_data.check()?;
        let page = catalog.stored_release(table, &release_id).await?;
        let stored = page.items.into_iter().next().unwrap_or_default();
        if let Some(master) = change.get("audio").and_then(Value::as_str).filter(|key| !key.is_empty()) {
            of_artist(master, &context).await?;
        }
        let tracks = changed(stored, &track_id, change)?;
        if input.update_data.isrc.is_some() {
            unused(&tracks, &track_id, &release_id, &context).await?;
        }
        let values = Map::from_iter([("tracks".to_owned(), Value::Array(tracks))]);
        // Whoever was faster has another version by now, so that the tracks that were read here are not written.
        let update = update(input.expected_version, values, &context);
        let answer = catalog.update_release(table, &release_id, update).await?;
        Ok(told(table, &input.release_id, answer))
    }
}

/// The tracks of a release as they are stored, one of them with new values.
pub(super) fn changed(
    mut release: Map<String, Value>,
    track_id: &TrackId,
    change: Map<String, Value>,
) -> Result<Vec<Value>, CatalogError> {
    let mut tracks = match release.remove("tracks") {
        Some(Value::Array(tracks)) => tracks,
        _ => Vec::new(),
    };
    let named = tracks.iter_mut().find(|track| track["trackId"] == track_id.as_str());
    let Some(Value::Object(track)) = named else {
        return Err(CatalogError::NotFound { what: "track", id: track_id.to_string() });
    };
    for (attribute, value) in change {
        if value == "" {
            track.remove(&attribute);
        } else {
            track.insert(attribute, value);
        }
    }
    Ok(tracks)
}

/// Refuses a master of artists whose data the caller may not see: whoever may change a track would hear it.
async fn of_artist(master: &str, context: &Context) -> Result<(), ToolError> {
    let Some(own) = context.scope.artists() else { return Ok(()) };
    let is_theirs = if let Some(owner) = ownership::by_name(Some(BucketRole::Audio), master) {
        own.iter().any(|artist| artist.as_str() == owner)
    } else {
        let releases = context.catalog.releases().await?;
        let owners = ownership::of_file(BucketRole::Audio, &releases, master);
        !owners.is_empty() && owners.iter().all(|owner| own.contains(*owner))
    };
    if is_theirs {
        return Ok(());
    }
    Err(ToolError::field("updateData.audio", "name a master of the artist of this release"))
}

/// Refuses the ISRC of another recording: of another track of the release, or elsewhere of one with another title or of
/// an artist whose data the caller may not see. The same recording keeps its ISRC on every release. Two changes at the
/// same moment are not seen here, but by the check before delivery.
async fn unused(
    tracks: &[Value],
    track_id: &TrackId,
    release_id: &ReleaseId,
    context: &Context,
) -> Result<(), ToolError> {
    let refused = |whose: &str| {
        let message = format!("this is the ISRC of {whose}; each recording has one of its own");
        Err(ToolError::field("updateData.isrc", message))
    };
    let Some(own) = tracks.iter().find(|track| track["trackId"] == track_id.as_str()) else { return Ok(()) };
    let (Some(isrc), Some(title)) = (own["isrc"].as_str(), own["title"].as_str()) else { return Ok(()) };
    let Ok(isrc) = isrc.parse::<Isrc>() else { return Ok(()) };
    let is_it = |known: &str| known.parse::<Isrc>().is_ok_and(|known| known == isrc);
    let mut others = tracks.iter().filter(|track| track["trackId"] != track_id.as_str());
    if let Some(other) = others.find(|track| track["isrc"].as_str().is_some_and(is_it)) {
        return refused(&format!("track {}", other["number"]));
    }
    let is_other = |release: &Release, track: &Track| {
        is_it(&track.isrc)
            && (folded(&track.title) != folded(title) || !context.scope.covers(&release.artist_id))
    };
    let releases = context.catalog.releases().await?;
    let mut releases = releases.iter().filter(|release| release.release_id != *release_id);
    match releases.find(|release| release.tracks.iter().any(|track| is_other(release, track))) {
        Some(release) => refused(&format!("a track of {}", whose(release, context))),
        None => Ok(()),
    }
}

impl Tool for UpdateTrackData {
    const SERVER: Server = Server::DynamoDb;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Update a track";
    const DESCRIPTION: &'static str = "Changes attributes of one track of a release: title, ISRC, language, who \
        wrote and who made it, licences, samples, use of AI, master; and answers with the new record of the release. \
        Nothing is changed when somebody else has changed the release since the version you name.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_tables(schema, TableRole::Releases, catalog);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn check(change: Value) -> Result<Map<String, Value>, ToolError> {
        serde_json::from_value::<TrackChange>(change).expect("a change").check()
    }

    #[test]
    fn values_are_stored_in_one_form() {
        let change = json!({ "isrc": "no-x00-26-00001", "iswc": "T-034.524.680-1", "language": "NO" });
        let stored = Value::Object(check(change).expect("right"));
        assert_eq!(stored, json!({ "isrc": "NOX002600001", "iswc": "T0345246801", "language": "no" }));
    }

    #[test]
    fn what_is_wrong_is_told_at_its_field() {
        for (change, field) in [
            (json!({}), "updateData"),
            (json!({ "iswc": "T-034.524.680-2" }), "updateData.iswc"),
            (json!({ "language": "jp" }), "updateData.language"),
            (json!({ "title": " Night" }), "updateData.title"),
            (json!({ "lyricists": [""] }), "updateData.lyricists"),
            (
                json!({ "contributors": [{ "role": "MixingEngineer", "name": "Ida", "instrument": "cello" }] }),
                "updateData.contributors",
            ),
            (json!({ "contributors": [{ "role": "Remixer", "name": " Ida" }] }), "updateData.contributors"),
            (json!({ "samples": [{ "recording": "Dawn", "clearedBy": "\n" }] }), "updateData.samples"),
            (json!({ "audio": "../x.wav" }), "updateData.audio"),
        ] {
            match check(change) {
                Err(ToolError::Invalid(wrong)) => assert_eq!(wrong[0].field, field),
                other => panic!("{other:?}"),
            }
        }
    }

    #[test]
    fn one_track_is_changed_and_what_is_not_known_here_stays() {
        let track = |id: &str| json!({ "trackId": id, "number": 1, "iswc": "T0345246801", "mood": "calm" });
        let Value::Object(release) = json!({ "tracks": [track("trk_1"), track("trk_2")] }) else { return };
        let Value::Object(change) = json!({ "language": "no", "iswc": "" }) else { return };
        let id = |id: &str| id.parse::<TrackId>().expect("an id");
        let tracks = changed(release.clone(), &id("trk_2"), change.clone()).expect("it is there");
        let new = json!({ "trackId": "trk_2", "number": 1, "language": "no", "mood": "calm" });
        assert_eq!(tracks, [track("trk_1"), new]);
        assert!(matches!(changed(release, &id("trk_3"), change), Err(CatalogError::NotFound { .. })));
    }
}
