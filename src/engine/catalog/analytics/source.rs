//! Reading an artist's newest rows from the store.

use super::latest_day;
use super::newest::Newest;
use crate::engine::aws::AwsFailure;
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::item::{self, table_resource};
use crate::model::identifier::ArtistId;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::{Timestamp, ToSpan};
use serde::Deserialize;

/// Where rows are read. It can be taken along by what reads them in the background.
#[derive(Debug, Clone)]
pub(super) struct Source {
    pub(super) dynamodb: aws_sdk_dynamodb::Client,
    pub(super) table: String,
}

impl Source {
    /// The sort keys of an artist's newest rows, newest first.
    pub(super) async fn newest_keys(
        &self,
        artist: &ArtistId,
        most: usize,
    ) -> Result<Vec<String>, CatalogError> {
        let limit = i32::try_from(most).unwrap_or(i32::MAX);
        let answer = self.newest_first(artist).limit(limit).projection_expression("dayPlatform").send().await;
        let answer = answer.map_err(|e| AwsFailure::from_sdk(table_resource("Query", &self.table), &e))?;
        let found = answer.items.unwrap_or_default();
        Ok(found.iter().map(|found| item::text(found, "dayPlatform").to_owned()).collect())
    }

    fn newest_first(&self, artist: &ArtistId) -> QueryFluentBuilder {
        let tomorrow = latest_day(Timestamp::now()).saturating_add(1.day());
        self.dynamodb
            .query()
            .table_name(&self.table)
            // Rows of days to come, mistyped by whoever wrote them, would take the place of the newest.
            .key_condition_expression("artistId = :artist AND dayPlatform < :tomorrow")
            .expression_attribute_values(":artist", AttributeValue::S(artist.to_string()))
            .expression_attribute_values(":tomorrow", AttributeValue::S(tomorrow.to_string()))
            .scan_index_forward(false)
    }

    /// Reads the newest rows whole, newest first, until they cover `days` days. Anchored at the newest row
    /// instead of today, because platforms report days late.
    pub(super) async fn newest_rows<T>(&self, artist: &ArtistId, days: usize) -> Result<Vec<T>, CatalogError>
    where
        T: for<'de> Deserialize<'de>,
    {
        self.rows(artist, days, self.newest_first(artist)).await
    }

    /// Some attributes of the same rows, with `#date` for the day, as they are at this moment: what is made of them is
    /// kept for longer than a store takes until all of its copies have a change.
    pub(super) async fn newest_rows_now<T>(
        &self,
        artist: &ArtistId,
        days: usize,
        attributes: &str,
    ) -> Result<Vec<T>, CatalogError>
    where
        T: for<'de> Deserialize<'de>,
    {
        let request = self.newest_first(artist).consistent_read(true);
        let request = request.projection_expression(attributes).expression_attribute_names("#date", "date");
        self.rows(artist, days, request).await
    }

    async fn rows<T>(
        &self,
        artist: &ArtistId,
        days: usize,
        request: QueryFluentBuilder,
    ) -> Result<Vec<T>, CatalogError>
    where
        T: for<'de> Deserialize<'de>,
    {
        let mut newest = Newest::of(days);
        let usual = newest.usual();
        let request = request.limit(i32::try_from(usual).unwrap_or(i32::MAX));
        let mut pages = request.into_paginator().send();
        let mut rows = Vec::with_capacity(usual);
        while let Some(page) = pages.next().await {
            let page = page.map_err(|e| AwsFailure::from_sdk(table_resource("Query", &self.table), &e))?;
            for found in page.items.unwrap_or_default() {
                if !newest.takes(&found) {
                    return Ok(rows);
                }
                rows.push(item::read("row of figures", artist.as_str(), found)?);
            }
            if newest.is_full() {
                break;
            }
        }
        Ok(rows)
    }
}
