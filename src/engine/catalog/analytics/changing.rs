//! Marks on the figures of artists: which state of them something was made from, and whether they are being changed.

use crate::engine::aws::AwsFailure;
use crate::engine::catalog::item::table_resource;
use crate::engine::catalog::schema::ROLLUPS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use aws_sdk_dynamodb::types::AttributeValue;
use futures::{StreamExt, TryStreamExt, stream};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use ulid::Ulid;

/// What a mark is kept as, beside what is rolled up of the artist's figures.
pub(super) const MARK: &str = "change";

/// A change that was begun longer ago has been ended in it, or has been begun anew since.
const LONGEST_CHANGE: SignedDuration = SignedDuration::from_hours(1);

/// A change that goes on for longer is begun anew before more is written, so that it is never taken for ended meanwhile.
const BEGUN_ANEW_AFTER: SignedDuration = SignedDuration::from_mins(30);

/// How many marks are set side by side.
const SIDE_BY_SIDE: usize = 8;

const BEGIN: &str = "SET #token = :token ADD #changing :changes";
const END: &str = "SET #token = :token DELETE #changing :changes";

/// A state of an artist's figures. Nobody has changed those that have none yet.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Mark {
    /// Another one after each beginning and each end of a change.
    pub(super) token: String,
    /// The changes that nobody has ended, by names that tell when they were begun.
    #[serde(default)]
    changing: BTreeSet<String>,
}

impl Mark {
    /// Whether nobody is changing the figures.
    pub(super) fn is_settled(&self) -> bool {
        let now = Timestamp::now();
        self.changing.iter().all(|change| age(change, now) > LONGEST_CHANGE)
    }
}

/// How long ago a change was begun.
fn age(change: &str, now: Timestamp) -> SignedDuration {
    let begun = Ulid::from_string(change).ok().and_then(|name| i64::try_from(name.timestamp_ms()).ok());
    let begun = begun.and_then(|begun| Timestamp::from_millisecond(begun).ok());
    begun.map_or(SignedDuration::MAX, |begun| now.duration_since(begun))
}

/// The artists whose figures a piece of work is changing, each with the names that the change has in their mark.
#[derive(Debug, Default)]
pub(crate) struct ChangingFigures(BTreeMap<String, Vec<String>>);

impl ChangingFigures {
    /// Whether it has to be said, or said again, that an artist's figures are being changed.
    fn is_due(&self, artist: &str, now: Timestamp) -> bool {
        let last = self.0.get(artist).and_then(|changes| changes.last());
        last.is_none_or(|change| age(change, now) > BEGUN_ANEW_AFTER)
    }
}

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
        let now = Timestamp::now();
        let due: BTreeSet<&str> = artists.filter(|artist| changing.is_due(artist, now)).collect();
        let begun: Vec<(String, Vec<String>)> =
            due.into_iter().map(|artist| (artist.to_owned(), vec![Ulid::new().to_string()])).collect();
        self.set_marks(BEGIN, begun.clone()).await?;
        for (artist, changes) in begun {
            changing.0.entry(artist).or_default().extend(changes);
        }
        Ok(())
    }

    /// After they were written. Where they could not be, this is left out: nobody knows then what the store still does.
    pub(crate) async fn end_change(&self, changing: ChangingFigures) {
        // What the beginning has said stays, and keeps everybody from rolling them up for an hour.
        if let Err(error) = self.set_marks(END, changing.0.into_iter().collect()).await {
            tracing::warn!(%error, "that a change of figures is over could not be marked");
        }
    }

    async fn set_marks(
        &self,
        update: &'static str,
        changes: Vec<(String, Vec<String>)>,
    ) -> Result<(), CatalogError> {
        stream::iter(changes)
            .map(|(artist, changes)| self.set_mark(update, artist, changes))
            .buffer_unordered(SIDE_BY_SIDE)
            .try_collect()
            .await
    }

    /// Others may be changing the same figures: what they have said stays.
    async fn set_mark(
        &self,
        update: &'static str,
        artist: String,
        changes: Vec<String>,
    ) -> Result<(), CatalogError> {
        let text = |text: &str| AttributeValue::S(text.to_owned());
        let request = self
            .aws
            .dynamodb_bulk
            .update_item()
            .table_name(ROLLUPS_TABLE)
            .key("artistId", text(&artist))
            .key("name", text(MARK))
            .update_expression(update)
            .expression_attribute_names("#token", "token")
            .expression_attribute_names("#changing", "changing")
            .expression_attribute_values(":token", text(&Ulid::new().to_string()))
            .expression_attribute_values(":changes", AttributeValue::Ss(changes));
        let sent = request.send().await;
        sent.map(drop)
            .map_err(|e| AwsFailure::from_sdk(table_resource("UpdateItem", ROLLUPS_TABLE), &e).into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn begun(minutes: i64) -> String {
        let moment = (Timestamp::now() - SignedDuration::from_mins(minutes)).as_millisecond();
        Ulid::from_parts(u64::try_from(moment).expect("after 1970"), 1).to_string()
    }

    #[test]
    fn figures_are_settled_when_each_change_has_ended_or_was_begun_an_hour_ago() {
        let is_settled = |minutes: &[i64]| {
            let changing = minutes.iter().map(|minutes| begun(*minutes)).collect();
            Mark { token: String::new(), changing }.is_settled()
        };
        assert!(is_settled(&[]) && is_settled(&[61, 600]));
        assert!(!is_settled(&[59]) && !is_settled(&[61, 0]));
    }

    #[test]
    fn a_change_that_goes_on_is_begun_anew_before_it_counts_as_ended() {
        let of = |changes: &[i64]| {
            let changes = changes.iter().map(|minutes| begun(*minutes)).collect();
            ChangingFigures(BTreeMap::from([("art_1".to_owned(), changes)]))
        };
        let now = Timestamp::now();
        assert!(ChangingFigures::default().is_due("art_1", now) && of(&[0]).is_due("art_2", now));
        assert!(of(&[31]).is_due("art_1", now));
        assert!(!of(&[29]).is_due("art_1", now) && !of(&[31, 1]).is_due("art_1", now));
    }
}
