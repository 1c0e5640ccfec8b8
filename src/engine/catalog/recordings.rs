//! The repository of recordings: what became of each upload, and the reports.
//!
//! A recording is one item, named by bucket and key. Each change of it names the version that it was made from, so
//! whoever processes a file that was replaced or taken over meanwhile can write nothing any more.

pub(crate) mod reports;
pub(crate) mod stated;

use super::item::{self, table_resource};
use super::records::Records;
use super::schema::{RECORDINGS_BY_DAY, RECORDINGS_TABLE};
use super::{Catalog, CatalogError, ObjectInfo, ObjectKey};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::model::audio::DeliveryVerdict;
use crate::model::recording::RecordingState;
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use stated::KeptStatement;

/// What one is called in messages.
const WHAT: &str = "recording";

/// The day of the index at which stands what is still to be processed.
const OPEN: &str = "open";

/// How many contents before the newest are remembered.
const MOST_EARLIER: usize = 20;

/// A recording as it is kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptRecording {
    /// Bucket and key, with a slash between them.
    pub(crate) id: String,
    /// The bucket.
    pub(crate) bucket: String,
    /// The key.
    pub(crate) key: String,
    /// Counts the changes of this record.
    pub(crate) version: u32,
    /// The `ETag` of the content that this is about, with its quotes.
    pub(crate) etag: String,
    /// Size in bytes.
    pub(crate) bytes: u64,
    /// When the content was stored, RFC 3339 in UTC.
    pub(crate) stored_at: Option<String>,
    /// Who brought it, as people read it.
    pub(crate) uploaded_by: Option<String>,
    /// The id of who brought it.
    pub(crate) uploader: Option<String>,
    /// Whether it belongs to the sample label.
    pub(crate) sample: bool,
    /// How far it is.
    pub(crate) state: RecordingState,
    /// Why it is so, where there is more to say.
    pub(crate) why: Option<String>,
    /// What usual distributors would say.
    pub(crate) verdict: Option<DeliveryVerdict>,
    /// What lists show of it.
    pub(crate) line: RecordingLine,
    /// Contents that were stored under its name before, and were listened to; the newest first.
    #[serde(default)]
    pub(crate) earlier: Vec<EarlierContent>,
    /// What people have stated of its tempo and key, and of which content.
    #[serde(default)]
    pub(crate) stated: Option<KeptStatement>,
    /// The day on which it was processed, `YYYY-MM-DD`; `open` while it is still to be.
    pub(crate) day: String,
    /// When it was processed, RFC 3339 in UTC; while it is still to be, since when.
    pub(crate) processed_at: String,
    /// Counts the tries at this content: each instance that takes it has one more. A try that was given back does
    /// not count.
    pub(crate) epoch: u32,
    /// Who processes it; empty where nobody does.
    pub(crate) holder: String,
    /// Until when its holder counts as alive, in milliseconds since 1970.
    pub(crate) alive_until: i64,
    /// How far its holder is, in percent.
    pub(crate) progress: u32,
}

/// What lists show of a recording that was listened to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RecordingLine {
    /// The SHA-256 of the content, in hex.
    pub(crate) sha256: Option<String>,
    /// The format.
    pub(crate) format: Option<String>,
    /// The length, in seconds.
    pub(crate) seconds: Option<f64>,
    /// The integrated loudness, in LUFS.
    pub(crate) integrated: Option<f64>,
    /// The highest true peak, in dBTP.
    pub(crate) true_peak: Option<f64>,
    /// The title by its tags.
    pub(crate) title: Option<String>,
    /// The artist by its tags.
    pub(crate) artist: Option<String>,
    /// Recordings that were there when it was processed and sound the same, those most alike first.
    #[serde(default)]
    pub(crate) sounds_like: Vec<SoundsLike>,
}

/// What is remembered of a content in whose place another one was stored.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EarlierContent {
    /// Its `ETag`, with its quotes.
    pub(crate) etag: String,
    /// Its integrated loudness, in LUFS; none for silence.
    pub(crate) integrated: Option<f64>,
}

/// Another recording that sounds the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SoundsLike {
    /// Its [`KeptRecording::id`].
    pub(crate) id: String,
    /// The `ETag` of the content that was compared.
    pub(crate) etag: String,
    /// How much of both prints is equal, in percent.
    pub(crate) percent: u32,
}

/// Who brought a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Uploader<'a> {
    /// As people read it.
    pub(crate) name: &'a str,
    /// The id.
    pub(crate) id: &'a str,
}

impl KeptRecording {
    /// A file that nobody has listened to yet.
    fn waiting(info: &ObjectInfo, uploader: Option<Uploader<'_>>) -> Self {
        let state = RecordingState::Waiting;
        Self {
            etag: info.etag.clone(),
            bytes: info.bytes,
            stored_at: info.last_modified.clone(),
            sample: info.is_sample(),
            ..Self::new(&info.bucket, &info.key, state, uploader)
        }
    }

    fn new(bucket: &str, key: &str, state: RecordingState, uploader: Option<Uploader<'_>>) -> Self {
        Self {
            id: id(bucket, key),
            bucket: bucket.to_owned(),
            key: key.to_owned(),
            version: 1,
            etag: String::new(),
            bytes: 0,
            stored_at: None,
            uploaded_by: uploader.map(|uploader| uploader.name.to_owned()),
            uploader: uploader.map(|uploader| uploader.id.to_owned()),
            sample: false,
            state,
            why: None,
            verdict: None,
            line: RecordingLine::default(),
            earlier: Vec::new(),
            stated: None,
            day: OPEN.to_owned(),
            processed_at: Timestamp::now().to_string(),
            epoch: 0,
            holder: String::new(),
            alive_until: 0,
            progress: 0,
        }
    }

    /// What is remembered when a content of this `ETag` is stored.
    fn before(&self, etag: &str) -> Vec<EarlierContent> {
        let own = self
            .state
            .is_released()
            .then(|| EarlierContent { etag: self.etag.clone(), integrated: self.line.integrated });
        let all = own.into_iter().chain(self.earlier.iter().cloned());
        all.filter(|content| content.etag != etag).take(MOST_EARLIER).collect()
    }

    /// What is remembered of a content that was listened to before.
    pub(crate) fn heard_before(&self, etag: &str) -> Option<&EarlierContent> {
        self.earlier.iter().find(|content| content.etag == etag)
    }

    /// Whether it is to be processed, and nobody is known to be at it.
    pub(crate) fn is_free(&self, now: Timestamp) -> bool {
        self.state.is_open() && self.alive_until < now.as_millisecond()
    }

    /// The same in the hands of a holder.
    pub(crate) fn claimed(&self, holder: &str, alive_until: i64) -> Self {
        Self {
            state: RecordingState::Processing,
            epoch: self.epoch + 1,
            holder: holder.to_owned(),
            alive_until,
            progress: 0,
            ..self.clone()
        }
    }

    /// The same, given back by its holder.
    pub(crate) fn given_back(&self) -> Self {
        Self {
            state: RecordingState::Waiting,
            epoch: self.epoch.saturating_sub(1),
            holder: String::new(),
            alive_until: 0,
            progress: 0,
            ..self.clone()
        }
    }

    /// The same with what came of it.
    pub(crate) fn ended(&self, state: RecordingState, why: Option<String>) -> Self {
        let now = Timestamp::now().to_string();
        Self {
            state,
            why,
            day: now.get(..10).unwrap_or_default().to_owned(),
            processed_at: now,
            holder: String::new(),
            alive_until: 0,
            progress: 100,
            ..self.clone()
        }
    }
}

/// The name of a recording in the table.
pub(crate) fn id(bucket: &str, key: &str) -> String {
    format!("{bucket}/{key}")
}

impl Catalog {
    /// A recording, if there is a record of it.
    pub(crate) async fn recording(
        &self,
        bucket: &str,
        key: &str,
    ) -> Result<Option<KeptRecording>, CatalogError> {
        let id = id(bucket, key);
        self.keyed_record(WHAT, RECORDINGS_TABLE, "id", &id).await
    }

    /// All recordings. What cannot be read as one is logged and left out.
    pub(crate) async fn recordings(&self) -> Result<Records<KeptRecording>, CatalogError> {
        Ok(Records::read(WHAT, "id", self.scan_all(RECORDINGS_TABLE).await?))
    }

    /// The recordings that wait or are being processed, those that wait longest first. The index may not have the
    /// newest yet.
    pub(crate) async fn open_recordings(&self) -> Result<Records<KeptRecording>, CatalogError> {
        let mut pages = self
            .aws
            .dynamodb
            .query()
            .table_name(RECORDINGS_TABLE)
            .index_name(RECORDINGS_BY_DAY)
            .key_condition_expression("#day = :open")
            .expression_attribute_names("#day", "day")
            .expression_attribute_values(":open", AttributeValue::S(OPEN.to_owned()))
            .into_paginator()
            .send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| AwsFailure::from_sdk(resource("Query"), &error))?;
            found.extend(page.items.unwrap_or_default());
        }
        Ok(Records::read(WHAT, "id", found))
    }

    /// Writes a change of a recording that was made from `from`, or a new one. None where somebody else was
    /// faster; else what is stored now.
    pub(crate) async fn change_recording(
        &self,
        changed: KeptRecording,
        from: Option<&KeptRecording>,
    ) -> Result<Option<KeptRecording>, CatalogError> {
        let version = from.map_or(1, |from| from.version.saturating_add(1));
        let changed = KeptRecording { version, ..changed };
        let request = self.aws.dynamodb.put_item().table_name(RECORDINGS_TABLE).set_item(Some(item::write(
            WHAT,
            &changed.id,
            &changed,
        )?));
        let request = match from {
            None => request
                .condition_expression("attribute_not_exists(#id)")
                .expression_attribute_names("#id", "id"),
            Some(from) => request
                .condition_expression("#version = :version")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":version", AttributeValue::N(from.version.to_string())),
        };
        let Err(error) = request.send().await else { return Ok(Some(changed)) };
        let failure = AwsFailure::from_sdk(resource("PutItem"), &error);
        match failure.kind {
            FailureKind::Condition => Ok(None),
            _ => Err(failure.into()),
        }
    }

    /// Says that a file is stored and is to be processed. Of what was found out about an older content the loudness
    /// is remembered; what is known of this one stays. What people stated stays, too, with the content that they meant.
    pub(crate) async fn recording_stored(
        &self,
        info: &ObjectInfo,
        uploader: Option<Uploader<'_>>,
    ) -> Result<(), CatalogError> {
        loop {
            let known = self.recording(&info.bucket, &info.key).await?;
            if known
                .as_ref()
                .is_some_and(|known| known.etag == info.etag && known.state != RecordingState::Deleted)
            {
                return Ok(());
            }
            let mut new = KeptRecording::waiting(info, uploader);
            new.earlier = known.as_ref().map(|known| known.before(&info.etag)).unwrap_or_default();
            new.stated = known.as_ref().and_then(|known| known.stated.clone());
            if let Some(known) = known.as_ref().filter(|known| known.state == RecordingState::Announced) {
                // It came by the address that somebody was given.
                new.uploaded_by = new.uploaded_by.or_else(|| known.uploaded_by.clone());
                new.uploader = new.uploader.or_else(|| known.uploader.clone());
            }
            if self.change_recording(new, known.as_ref()).await?.is_some() {
                self.stored.notify_one();
                return Ok(());
            }
        }
    }

    /// Has a file processed once more, whatever is known of it.
    pub(crate) async fn process_again(&self, info: &ObjectInfo) -> Result<(), CatalogError> {
        loop {
            let known = self.recording(&info.bucket, &info.key).await?;
            let mut new = KeptRecording::waiting(info, None);
            if let Some(known) = &known {
                new.uploaded_by.clone_from(&known.uploaded_by);
                new.uploader.clone_from(&known.uploader);
                new.earlier = known.before(&info.etag);
                new.stated.clone_from(&known.stated);
            }
            if self.change_recording(new, known.as_ref()).await?.is_some() {
                self.stored.notify_one();
                return Ok(());
            }
        }
    }

    /// Says who was given an address to which a file may be sent. Whatever is known already stays.
    pub(crate) async fn recording_announced(
        &self,
        bucket: &str,
        key: &ObjectKey,
        uploader: Uploader<'_>,
    ) -> Result<(), CatalogError> {
        let announced = KeptRecording::new(bucket, key.as_str(), RecordingState::Announced, Some(uploader));
        // Not among what is to be processed: nothing is there yet.
        let announced = KeptRecording { day: "announced".to_owned(), ..announced };
        self.change_recording(announced, None).await.map(drop)
    }
}

fn resource(action: &str) -> AwsResource {
    table_resource(action, RECORDINGS_TABLE)
}
