//! Small facts that all instances share, one item each.

use super::condition::held;
use super::item::{self, table_resource};
use super::schema::SETTINGS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use aws_sdk_dynamodb::types::{AttributeValue, ReturnValue};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How often a change of a fact is tried when somebody else changes it at the same moment.
const TRIES: u32 = 4;

/// A fact that several may change at once, and that counts its changes.
pub(crate) trait Counted: Default + Serialize + DeserializeOwned {
    /// What it is called in messages.
    const WHAT: &'static str;

    /// How often it was changed: its attribute `version`.
    fn version(&mut self) -> &mut u32;
}

impl Catalog {
    /// A fact, or none where it has not been set.
    ///
    /// # Errors
    /// What AWS says.
    pub(crate) async fn setting<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, CatalogError> {
        self.keyed_record("setting", SETTINGS_TABLE, "name", name).await
    }

    /// Sets a fact.
    ///
    /// # Errors
    /// What AWS says.
    pub(crate) async fn set_setting<T: Serialize>(&self, name: &str, value: &T) -> Result<(), CatalogError> {
        let mut found = item::write("setting", name, value)?;
        found.insert("name".to_owned(), AttributeValue::S(name.to_owned()));
        self.aws
            .dynamodb
            .put_item()
            .table_name(SETTINGS_TABLE)
            .set_item(Some(found))
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(table_resource("PutItem", SETTINGS_TABLE), &e))?;
        Ok(())
    }

    /// Sets a fact that several may change at once: only if it still has the version that was read, or is
    /// still missing where `read` is none. The fact itself has the new version as its attribute `version`.
    ///
    /// # Errors
    /// `Conflict` when somebody else was faster; else what AWS says.
    pub(crate) async fn replace_setting<T: Serialize>(
        &self,
        what: &'static str,
        name: &str,
        value: &T,
        read: Option<u32>,
    ) -> Result<(), CatalogError> {
        let mut found = item::write(what, name, value)?;
        found.insert("name".to_owned(), AttributeValue::S(name.to_owned()));
        let request = self.aws.dynamodb.put_item().table_name(SETTINGS_TABLE).set_item(Some(found));
        let request = match read {
            None => request
                .condition_expression("attribute_not_exists(#name)")
                .expression_attribute_names("#name", "name"),
            Some(version) => request
                .condition_expression("#version = :version")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":version", AttributeValue::N(version.to_string())),
        };
        let sent = request.send().await;
        sent.map(drop).map_err(|e| {
            let failure = AwsFailure::from_sdk(table_resource("PutItem", SETTINGS_TABLE), &e);
            match failure.kind {
                FailureKind::Condition => CatalogError::Conflict { what, id: name.to_owned(), current: read },
                _ => failure.into(),
            }
        })
    }

    /// Changes a fact, also when somebody else changes it at the same moment. What is missing begins as its
    /// default.
    ///
    /// # Errors
    /// What `change` refuses; `Conflict` when somebody else was faster each time; else what AWS says.
    pub(crate) async fn change_setting<T: Counted, E: From<CatalogError>>(
        &self,
        name: &str,
        change: impl Fn(&mut T) -> Result<(), E>,
    ) -> Result<T, E> {
        let mut tries = 0;
        loop {
            let mut read = self.setting::<T>(name).await?;
            let version = read.as_mut().map(|fact| *fact.version());
            let mut fact = read.unwrap_or_default();
            change(&mut fact)?;
            *fact.version() += 1;
            tries += 1;
            match self.replace_setting(T::WHAT, name, &fact, version).await {
                Ok(()) => {
                    self.shelves.forget();
                    return Ok(fact);
                }
                Err(CatalogError::Conflict { .. }) if tries < TRIES => {}
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Sets a fact only while a text of it is still this one, or still missing where `still` is none. False
    /// when it is another one by now.
    ///
    /// # Errors
    /// What AWS says.
    pub(crate) async fn set_setting_while<T: Serialize>(
        &self,
        name: &str,
        value: &T,
        attribute: &str,
        still: Option<&str>,
    ) -> Result<bool, CatalogError> {
        let mut found = item::write("setting", name, value)?;
        found.insert("name".to_owned(), AttributeValue::S(name.to_owned()));
        let request = self.aws.dynamodb.put_item().table_name(SETTINGS_TABLE).set_item(Some(found));
        let request = request.expression_attribute_names("#text", attribute);
        let request = match still {
            None => request.condition_expression("attribute_not_exists(#text)"),
            Some(text) => request
                .condition_expression("#text = :text")
                .expression_attribute_values(":text", AttributeValue::S(text.to_owned())),
        };
        let answer = request.send().await;
        held(answer.map_err(|error| AwsFailure::from_sdk(table_resource("PutItem", SETTINGS_TABLE), &error)))
    }

    /// Takes a fact away: of several who do that at once, one gets it.
    ///
    /// # Errors
    /// What AWS says.
    pub(crate) async fn take_setting<T: DeserializeOwned>(
        &self,
        name: &str,
    ) -> Result<Option<T>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .delete_item()
            .table_name(SETTINGS_TABLE)
            .key("name", AttributeValue::S(name.to_owned()))
            .return_values(ReturnValue::AllOld)
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(table_resource("DeleteItem", SETTINGS_TABLE), &e))?;
        answer.attributes.map(|found| item::read("setting", name, found)).transpose()
    }

    /// Adds to numbers of a fact and sets texts of it, also while others do the same. What is missing
    /// begins at 0.
    pub(crate) async fn add_to_setting(
        &self,
        name: &str,
        numbers: &[(String, u64)],
        texts: &[(String, String)],
        removed: &[String],
    ) -> Result<(), CatalogError> {
        let mut request = self
            .aws
            .dynamodb
            .update_item()
            .table_name(SETTINGS_TABLE)
            .key("name", AttributeValue::S(name.to_owned()));
        let (mut add, mut set, mut remove) = (Vec::new(), Vec::new(), Vec::new());
        for (index, (attribute, number)) in numbers.iter().enumerate() {
            add.push(format!("#n{index} :n{index}"));
            request = request
                .expression_attribute_names(format!("#n{index}"), attribute)
                .expression_attribute_values(format!(":n{index}"), AttributeValue::N(number.to_string()));
        }
        for (index, (attribute, text)) in texts.iter().enumerate() {
            set.push(format!("#t{index} = :t{index}"));
            request = request
                .expression_attribute_names(format!("#t{index}"), attribute)
                .expression_attribute_values(format!(":t{index}"), AttributeValue::S(text.clone()));
        }
        for (index, attribute) in removed.iter().enumerate() {
            remove.push(format!("#r{index}"));
            request = request.expression_attribute_names(format!("#r{index}"), attribute);
        }
        let parts = [("ADD", add), ("SET", set), ("REMOVE", remove)];
        let parts = parts.iter().filter(|(_, clauses)| !clauses.is_empty());
        let expression: Vec<_> =
            parts.map(|(word, clauses)| format!("{word} {}", clauses.join(", "))).collect();
        if expression.is_empty() {
            return Ok(());
        }
        let answer = request.update_expression(expression.join(" ")).send().await;
        answer
            .map(drop)
            .map_err(|e| AwsFailure::from_sdk(table_resource("UpdateItem", SETTINGS_TABLE), &e).into())
    }

    /// Adds records that are not there yet, by their key attribute; those that are stay as they are.
    pub(crate) async fn add_missing<T: Serialize>(
        &self,
        table: &str,
        what: &'static str,
        key: &str,
        records: &[T],
    ) -> Result<(), CatalogError> {
        for record in records {
            let request = self
                .aws
                .dynamodb_bulk
                .put_item()
                .table_name(table)
                .set_item(Some(item::write(what, "?", record)?))
                .condition_expression("attribute_not_exists(#key)")
                .expression_attribute_names("#key", key);
            if let Err(error) = request.send().await {
                let failure = AwsFailure::from_sdk(table_resource("PutItem", table), &error);
                if failure.kind != FailureKind::Condition {
                    return Err(failure.into());
                }
            }
        }
        Ok(())
    }
}
