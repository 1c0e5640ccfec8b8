//! What lists need of an artist's newest days, added up once and kept beside the rows: a page costs the same however
//! many rows there are, also right after a start.
//!
//! A rollup holds until the artist's figures change, which Patchline marks whenever it writes some (see `changing`).
//! Whoever writes rows past it leaves no mark. Therefore it is looked at, too, which rows of the newest days are there,
//! and now and then all of them.

use super::changing::{MARK, Mark};
use super::source::Source;
use crate::engine::aws::AwsFailure;
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::item::{self, Item, table_resource};
use crate::engine::catalog::schema::ROLLUPS_TABLE;
use crate::model::analytics::Platform;
use crate::model::identifier::ArtistId;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use flate2::Compression;
use flate2::read::DeflateDecoder;
use flate2::write::DeflateEncoder;
use jiff::{SignedDuration, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::Write;

/// Raised with each change of what is kept, or of how: what an older program has kept is made anew.
const FORM: u32 = 2;

/// An older one is made anew from all rows, in the background where it is shown meanwhile.
pub(super) const USUAL_AGE: SignedDuration = SignedDuration::from_hours(1);

/// An older one is not shown any more.
pub(super) const LONGEST_AGE: SignedDuration = SignedDuration::from_hours(24);

/// The newest rows of which it is looked at whether they are the same: those of a week, as platforms report days late.
const WATCHED_ROWS: usize = 7 * Platform::USUAL.len();

/// What is larger is not kept: `DynamoDB` takes items of 400 KB.
const MOST_BYTES: usize = 350_000;

const WHAT: &str = "rollup of figures";

/// Something that is made of an artist's newest rows.
pub(super) trait Rollup: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What it is kept as. Nothing but [`MARK`] may stand between it and the mark in the order of names.
    const KEPT_AS: &'static str;
    /// The days of which it is made.
    const DAYS: usize;
    /// The attributes of rows that it needs, with `#date` for the day.
    const ATTRIBUTES: &'static str;
    /// What it needs of a row.
    type Row: DeserializeOwned + Send;

    /// Makes it of the newest rows, which come newest first.
    fn of(rows: Vec<Self::Row>) -> Self;
}

/// Something that was read.
#[derive(Debug)]
pub(super) struct Reading<T> {
    pub(super) figures: T,
    /// Whether it was made so long ago that all rows are to be looked at again.
    pub(super) is_old: bool,
}

/// What is kept beside the figures themselves.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kept {
    form: u32,
    /// The mark of the figures of which it was made.
    token: String,
    /// The keys of the newest rows then.
    newest: Vec<String>,
    made_at: Timestamp,
}

impl Kept {
    fn age(&self) -> SignedDuration {
        Timestamp::now().duration_since(self.made_at)
    }
}

impl Source {
    /// Reads what is rolled up if it is not older than that, else makes it anew and keeps it.
    pub(super) async fn rolled_up<T: Rollup>(
        &self,
        artist: &ArtistId,
        oldest: SignedDuration,
    ) -> Result<Reading<T>, CatalogError> {
        // In this order: what is written meanwhile makes what is kept of it invalid.
        let (mark, kept) = self.kept::<T>(artist).await?;
        let newest = self.newest_keys(artist, WATCHED_ROWS).await?;
        let holds = |kept: &Kept| {
            kept.form == FORM && kept.token == mark.token && kept.newest == newest && kept.age() <= oldest
        };
        // Asked once: what was read while somebody changed it is not kept because their hour ended meanwhile.
        let is_settled = mark.is_settled();
        if is_settled && let Some((kept, content)) = kept.filter(|(kept, _)| holds(kept)) {
            match unpacked(artist, &content) {
                Ok(figures) => return Ok(Reading { figures, is_old: kept.age() > USUAL_AGE }),
                // The rows say the same.
                Err(error) => {
                    tracing::warn!(%error, name = T::KEPT_AS, "a rollup of figures is damaged and made anew");
                }
            }
        }
        let figures = T::of(self.newest_rows_now(artist, T::DAYS, T::ATTRIBUTES).await?);
        if is_settled {
            let kept = Kept { form: FORM, token: mark.token, newest, made_at: Timestamp::now() };
            // The figures are right without it, for instance where the disk is full.
            if let Err(error) = self.keep(artist, &kept, &figures).await {
                tracing::warn!(%error, artist = artist.as_str(), name = T::KEPT_AS, "a rollup of figures could not be kept");
            }
        }
        Ok(Reading { figures, is_old: false })
    }

    /// The mark of an artist's figures, and what is kept of them.
    async fn kept<T: Rollup>(
        &self,
        artist: &ArtistId,
    ) -> Result<(Mark, Option<(Kept, Vec<u8>)>), CatalogError> {
        let (from, to) = if T::KEPT_AS < MARK { (T::KEPT_AS, MARK) } else { (MARK, T::KEPT_AS) };
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let answer = self
            .dynamodb
            .query()
            .table_name(ROLLUPS_TABLE)
            .key_condition_expression("#artist = :artist AND #name BETWEEN :from AND :to")
            .expression_attribute_names("#artist", "artistId")
            .expression_attribute_names("#name", "name")
            .expression_attribute_values(":artist", text(artist.as_str()))
            .expression_attribute_values(":from", text(from))
            .expression_attribute_values(":to", text(to))
            .consistent_read(true)
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(table_resource("Query", ROLLUPS_TABLE), &e))?;
        let (mut mark, mut kept) = (Mark::default(), None);
        for mut found in answer.items.unwrap_or_default() {
            if item::text(&found, "name") == MARK {
                mark = item::read(WHAT, artist.as_str(), found)?;
            } else if let Some(AttributeValue::B(content)) = found.remove("content") {
                // What another version of the program has kept may have another form, and is made anew.
                let read = item::read(WHAT, artist.as_str(), found).ok();
                kept = read.map(|kept: Kept| (kept, content.into_inner()));
            }
        }
        Ok((mark, kept))
    }

    async fn keep<T: Rollup>(&self, artist: &ArtistId, kept: &Kept, figures: &T) -> Result<(), CatalogError> {
        let content = packed(artist, figures)?;
        if content.len() > MOST_BYTES {
            return Ok(());
        }
        let mut written: Item = item::write(WHAT, artist.as_str(), kept)?;
        written.insert("artistId".to_owned(), AttributeValue::S(artist.to_string()));
        written.insert("name".to_owned(), AttributeValue::S(T::KEPT_AS.to_owned()));
        written.insert("content".to_owned(), AttributeValue::B(Blob::new(content)));
        let sent = self.dynamodb.put_item().table_name(ROLLUPS_TABLE).set_item(Some(written)).send().await;
        sent.map(drop).map_err(|e| AwsFailure::from_sdk(table_resource("PutItem", ROLLUPS_TABLE), &e).into())
    }
}

/// As it is kept.
pub(super) fn packed<T: Rollup>(artist: &ArtistId, figures: &T) -> Result<Vec<u8>, CatalogError> {
    let json = serde_json::to_vec(figures).map_err(|error| unreadable(artist, &error))?;
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(&json).and_then(|()| encoder.finish()).map_err(|error| unreadable(artist, &error))
}

fn unpacked<T: Rollup>(artist: &ArtistId, content: &[u8]) -> Result<T, CatalogError> {
    let reader = std::io::BufReader::new(DeflateDecoder::new(content));
    serde_json::from_reader(reader).map_err(|error| unreadable(artist, &error))
}

fn unreadable(artist: &ArtistId, error: &dyn std::error::Error) -> CatalogError {
    CatalogError::Unreadable { what: WHAT, id: artist.to_string(), detail: error.to_string() }
}
