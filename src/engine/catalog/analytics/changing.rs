//! Marks on the figures of artists: which state of them something was made from, and whether they are being changed.

use crate::engine::aws::AwsFailure;
use crate::engine::catalog::item::{self, table_resource};
use crate::engine::catalog::schema::ROLLUPS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use aws_sdk_dynamodb::types::AttributeValue;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ulid::Ulid;

/// What a mark is kept as, beside what is rolled up of the artist's figures.
pub(super) const MARK: &str = "change";

/// Who has begun a change longer ago has been ended in it, or leaves another mark when it is done.
const LONGEST_CHANGE: SignedDuration = SignedDuration::from_hours(1);

/// How many marks are set side by side.
const SIDE_BY_SIDE: usize = 8;

/// A state of an artist's figures. Nobody has changed those that have none yet.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Mark {
    /// Another one after each change.
    pub(super) token: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    changing_since: Option<Timestamp>,
}

impl Mark {
    /// Whether nobody is changing the figures.
    pub(super) fn is_settled(&self) -> bool {
        self.changing_since.is_none_or(|since| Timestamp::now().duration_since(since) > LONGEST_CHANGE)
    }
}

/// The artists whose figures a piece of work is changing.
#[derive(Debug, Default)]
pub(crate) struct ChangingFigures(BTreeSet<String>);

impl Catalog {
    /// Before figures of artists are written: until the change is over nothing is rolled up of them.
    ///
    /// # Errors
    /// What AWS says. Then nothing may be written.
    pub(crate) async fn begin_change(
        &self,
        changing: &mut ChangingFigures,
        artists: impl Iterator<Item = &str>,
    ) -> Result<(), CatalogError> {
        let new: BTreeSet<&str> = artists.filter(|artist| !changing.0.contains(*artist)).collect();
        let since = Some(Timestamp::now());
        self.set_marks(new.iter().copied(), since).await?;
        changing.0.extend(new.into_iter().map(str::to_owned));
        Ok(())
    }

    /// After they were written, or could not be.
    pub(crate) async fn end_change(&self, changing: ChangingFigures) {
        // The marks of the beginning stay, and keep everybody from what was rolled up before.
        if let Err(error) = self.set_marks(changing.0.iter().map(String::as_str), None).await {
            tracing::warn!(%error, "that a change of figures is over could not be marked");
        }
    }

    async fn set_marks(
        &self,
        artists: impl Iterator<Item = &str>,
        changing_since: Option<Timestamp>,
    ) -> Result<(), CatalogError> {
        let marks = artists
            .map(|artist| (artist.to_owned(), Mark { token: Ulid::new().to_string(), changing_since }));
        let marks: Vec<_> = marks.collect();
        stream::iter(marks)
            .map(|(artist, mark)| self.set_mark(artist, mark))
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect()
            .await
    }

    async fn set_mark(&self, artist: String, mark: Mark) -> Result<(), CatalogError> {
        let mut written = item::write("mark on figures", &artist, &mark)?;
        written.insert("artistId".to_owned(), AttributeValue::S(artist));
        written.insert("name".to_owned(), AttributeValue::S(MARK.to_owned()));
        let request = self.aws.dynamodb_bulk.put_item().table_name(ROLLUPS_TABLE).set_item(Some(written));
        let sent = request.send().await;
        sent.map(drop).map_err(|e| AwsFailure::from_sdk(table_resource("PutItem", ROLLUPS_TABLE), &e).into())
    }
}
