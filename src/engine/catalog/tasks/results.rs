//! What the steps of tasks have found: an item for each step, apart from the tasks, so that lists and changes of
//! tasks do not carry them.

use super::{WHAT, number, packed, resource};
use crate::engine::aws::AwsFailure;
use crate::engine::catalog::item::{self, Item};
use crate::engine::catalog::schema::TASKS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// What a step has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeptResult {
    /// The step.
    pub(crate) step: String,
    /// For which time it was done: a step that is done again has one more.
    pub(crate) generation: u32,
    /// The result with what is known of its call, as JSON.
    pub(crate) content: String,
    /// When it is forgotten, in seconds since 1970.
    pub(crate) expires_at: i64,
}

impl KeptResult {
    fn item(&self, owner: &str, task: &str) -> Result<Item, CatalogError> {
        let number = |number: i64| AttributeValue::N(number.to_string());
        Ok(HashMap::from([
            ("owner".to_owned(), AttributeValue::S(of_task(owner, task))),
            ("id".to_owned(), AttributeValue::S(self.step.clone())),
            ("generation".to_owned(), number(self.generation.into())),
            ("content".to_owned(), packed::pack(WHAT, task, &self.content)?),
            ("expiresAt".to_owned(), number(self.expires_at)),
        ]))
    }

    fn read(task: &str, found: &Item) -> Result<Self, CatalogError> {
        Ok(Self {
            step: item::text(found, "id").to_owned(),
            generation: number(task, found, "generation")?,
            content: packed::unpack(WHAT, task, found.get("content"))?,
            expires_at: number(task, found, "expiresAt")?,
        })
    }
}

/// The partition of the results of a task.
fn of_task(owner: &str, task: &str) -> String {
    format!("{owner}#{task}")
}

impl Catalog {
    /// Keeps what a step has found; what it found before is replaced. `TooLarge` where no item holds it.
    pub(crate) async fn keep_result(
        &self,
        owner: &str,
        task: &str,
        result: &KeptResult,
    ) -> Result<(), CatalogError> {
        let put = self.aws.dynamodb.put_item().table_name(TASKS_TABLE);
        let put = put.set_item(Some(result.item(owner, task)?));
        put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error))?;
        Ok(())
    }

    /// What one step of a task has found; none where nothing is kept.
    pub(crate) async fn result_of(
        &self,
        owner: &str,
        task: &str,
        step: &str,
    ) -> Result<Option<KeptResult>, CatalogError> {
        let get = self.aws.dynamodb.get_item().table_name(TASKS_TABLE).consistent_read(true);
        let get = get.key("owner", AttributeValue::S(of_task(owner, task)));
        let answer = get.key("id", AttributeValue::S(step.to_owned())).send().await;
        let answer = answer.map_err(|error| AwsFailure::from_sdk(resource("GetItem"), &error))?;
        answer.item.map(|found| KeptResult::read(task, &found)).transpose()
    }

    /// What the steps of a task have found so far.
    pub(crate) async fn results_of(&self, owner: &str, task: &str) -> Result<Vec<KeptResult>, CatalogError> {
        let mut pages = self
            .aws
            .dynamodb
            .query()
            .table_name(TASKS_TABLE)
            .key_condition_expression("#owner = :owner")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(":owner", AttributeValue::S(of_task(owner, task)))
            .consistent_read(true)
            .into_paginator()
            .send();
        let mut results = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| AwsFailure::from_sdk(resource("Query"), &error))?;
            for found in page.items() {
                results.push(KeptResult::read(task, found)?);
            }
        }
        Ok(results)
    }
}
