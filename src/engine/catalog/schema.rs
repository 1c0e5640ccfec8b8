//! The tables and buckets that Patchline needs, and making them in the embedded AWS.
//!
//! In a real account nothing is created: `patchline doctor` names what is missing.

use super::item::{bucket_resource, table_resource};
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::config::{TableRole, Tables};
use aws_sdk_dynamodb::types::{
    AttributeDefinition, AttributeValue, BillingMode, CreateGlobalSecondaryIndexAction, GlobalSecondaryIndex,
    GlobalSecondaryIndexUpdate, KeySchemaElement, KeyType, Projection, ProjectionType, ScalarAttributeType,
    TableDescription, TimeToLiveSpecification,
};
use aws_sdk_s3::types::{BucketVersioningStatus, VersioningConfiguration};

/// The index of releases by artist and date.
pub const RELEASES_BY_ARTIST: &str = "by-artist";

/// The table of audit records.
pub const AUDIT_TABLE: &str = "patchline-audit";

/// The index of audit records by who made the call.
pub const AUDIT_BY_PRINCIPAL: &str = "by-principal";

/// The table of what is known of audit records: checkpoints of each log, and which hours have records.
pub const AUDIT_CHECKPOINTS_TABLE: &str = "patchline-audit-checkpoints";

/// The table of what is added up of artists' figures, and of the marks that say whether it still holds.
pub const ROLLUPS_TABLE: &str = "patchline-rollups";

/// The table of small facts that all instances share.
pub const SETTINGS_TABLE: &str = "patchline-settings";

/// The table of calls with an idempotency key.
pub const IDEMPOTENCY_TABLE: &str = "patchline-idempotency";

/// The table of calls that go on after their client has been answered.
pub const LONG_CALLS_TABLE: &str = "patchline-long-calls";

/// The table of tasks, with the results of their steps, and of the runs that are open.
pub const TASKS_TABLE: &str = "patchline-tasks";

/// The table of automations, with what they ran and the positions of what is watched.
pub const AUTOMATION_TABLE: &str = "patchline-automation";

/// The index of what somebody has to look at, by what is looked for and from when on.
pub const AUTOMATION_BY_WATCH: &str = "by-watch";
/// The table of recordings: what became of each upload, and the work that is still to be done.
pub const RECORDINGS_TABLE: &str = "patchline-recordings";

/// The index of recordings by the day on which they were processed; those that are still to be are at `open`.
pub const RECORDINGS_BY_DAY: &str = "by_day";

/// The table of the reports on recordings.
pub const RECORDING_REPORTS_TABLE: &str = "patchline-recording-reports";

/// The table of uploads that come in parts.
pub const UPLOADS_TABLE: &str = "patchline-uploads";
/// The table of imports: what is known of each, the work that is open, and the lines of statements.
pub const IMPORTS_TABLE: &str = "patchline-imports";

/// The table of budgets of calls.
pub const LIMITS_TABLE: &str = "patchline-limits";

/// The table of the people who may sign in.
pub const USERS_TABLE: &str = "patchline-users";

/// The table of the sessions of signed-in people.
pub const SESSIONS_TABLE: &str = "patchline-sessions";

/// The index of sessions by the person they belong to.
pub const SESSIONS_BY_USER: &str = "by-user";

/// The table of API keys.
pub const KEYS_TABLE: &str = "patchline-keys";

/// The index of API keys by the person they belong to.
pub const KEYS_BY_OWNER: &str = "by-owner";

/// The table of findings that people have waived.
pub const WAIVERS_TABLE: &str = "patchline-waivers";

/// The table of who shares in what releases earn, as people have entered it.
pub const SPLITS_TABLE: &str = "patchline-splits";

/// The table of what contracts say, as people have entered it.
pub const CONTRACT_TERMS_TABLE: &str = "patchline-contracts-terms";

/// The keys of a table, all of them texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableDefinition {
    /// The table's name.
    pub name: String,
    /// Partition key and sort key.
    pub key: Key,
    /// Global secondary indexes with all attributes.
    pub indexes: Vec<(&'static str, Key)>,
    /// The attribute with the time of expiry (epoch seconds), if items expire.
    pub expiry: Option<&'static str>,
}

/// A partition key and, where there is one, a sort key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// The partition key's attribute.
    pub partition: &'static str,
    /// The sort key's attribute.
    pub sort: Option<&'static str>,
}

impl Catalog {
    /// Every table that must exist.
    pub fn table_definitions(&self) -> Vec<TableDefinition> {
        Self::definitions_for(&self.tables)
    }

    /// Every table that must exist where the label's are these.
    pub fn definitions_for(tables: &Tables) -> Vec<TableDefinition> {
        let table = |name: &str, partition, sort, indexes| TableDefinition {
            name: name.to_owned(),
            key: Key { partition, sort },
            indexes,
            expiry: None,
        };
        let by_artist = (RELEASES_BY_ARTIST, Key { partition: "artistId", sort: Some("releaseDate") });
        let mut definitions = Vec::new();
        for name in tables.of(TableRole::Artists) {
            definitions.push(table(name, "artistId", None, vec![]));
        }
        for name in tables.of(TableRole::Releases) {
            definitions.push(table(name, "releaseId", None, vec![by_artist]));
        }
        for name in tables.of(TableRole::Analytics) {
            definitions.push(table(name, "artistId", Some("dayPlatform"), vec![]));
        }
        definitions.push(table(USERS_TABLE, "id", None, vec![]));
        definitions.push(table(WAIVERS_TABLE, "release", Some("finding"), vec![]));
        definitions.push(table(SPLITS_TABLE, "release", None, vec![]));
        definitions.push(table(CONTRACT_TERMS_TABLE, "contract", None, vec![]));
        let by_day = (RECORDINGS_BY_DAY, Key { partition: "day", sort: Some("processedAt") });
        definitions.push(table(RECORDINGS_TABLE, "id", None, vec![by_day]));
        definitions.push(table(RECORDING_REPORTS_TABLE, "id", None, vec![]));
        definitions.push(table(IMPORTS_TABLE, "kind", Some("id"), vec![]));
        definitions.push(table(ROLLUPS_TABLE, "artistId", Some("name"), vec![]));
        let by_owner = (KEYS_BY_OWNER, Key { partition: "owner", sort: Some("id") });
        definitions.push(table(KEYS_TABLE, "id", None, vec![by_owner]));
        let by_watch = (AUTOMATION_BY_WATCH, Key { partition: "watch", sort: Some("dueAt") });
        let by_user = (SESSIONS_BY_USER, Key { partition: "user", sort: Some("id") });
        let by_principal = (AUDIT_BY_PRINCIPAL, Key { partition: "principal", sort: Some("id") });
        for own in [
            table(SETTINGS_TABLE, "name", None, vec![]),
            table(AUDIT_TABLE, "logHour", Some("id"), vec![by_principal]),
            table(AUDIT_CHECKPOINTS_TABLE, "log", Some("id"), vec![]),
            table(IDEMPOTENCY_TABLE, "id", None, vec![]),
            table(LONG_CALLS_TABLE, "owner", Some("id"), vec![]),
            table(TASKS_TABLE, "owner", Some("id"), vec![]),
            table(AUTOMATION_TABLE, "owner", Some("id"), vec![by_watch]),
            table(UPLOADS_TABLE, "id", None, vec![]),
            table(LIMITS_TABLE, "id", None, vec![]),
            table(SESSIONS_TABLE, "id", None, vec![by_user]),
        ] {
            definitions.push(TableDefinition { expiry: Some("expiresAt"), ..own });
        }
        definitions
    }

    /// Makes the tables and buckets that are missing. Only for the embedded AWS.
    ///
    /// # Errors
    /// When the embedded AWS refuses, for instance because the disk is full.
    pub async fn create_missing(&self) -> Result<(), CatalogError> {
        for definition in self.table_definitions() {
            self.create_table(&definition).await?;
        }
        let others = self.knowledge.embedded_buckets().chain(self.audit_bucket.clone());
        for bucket in self.buckets.all().map(str::to_owned).chain(others) {
            self.create_bucket(&bucket).await?;
        }
        Ok(())
    }

    /// Whether a table can be reached.
    ///
    /// # Errors
    /// What AWS says of it.
    pub async fn check_table(&self, name: &str) -> Result<(), AwsFailure> {
        let answer = self.aws.dynamodb.describe_table().table_name(name).send().await;
        answer.map(drop).map_err(|e| AwsFailure::from_sdk(table_resource("DescribeTable", name), &e))
    }

    /// The indexes of a definition that its table has not.
    ///
    /// # Errors
    /// What AWS says of the table.
    pub async fn missing_indexes(
        &self,
        definition: &TableDefinition,
    ) -> Result<Vec<(&'static str, Key)>, AwsFailure> {
        let name = &definition.name;
        let described = self.aws.dynamodb.describe_table().table_name(name).send().await;
        let described =
            described.map_err(|e| AwsFailure::from_sdk(table_resource("DescribeTable", name), &e))?;
        let known = described.table().map(TableDescription::global_secondary_indexes).unwrap_or_default();
        let is_there = |index: &str| known.iter().any(|known| known.index_name() == Some(index));
        Ok(definition.indexes.iter().filter(|(index, _)| !is_there(index)).copied().collect())
    }

    /// Whether a table can be read: takes one item, whichever comes first.
    ///
    /// # Errors
    /// What AWS says of it.
    pub async fn try_table(&self, name: &str) -> Result<(), AwsFailure> {
        let answer = self.aws.dynamodb.scan().table_name(name).limit(1).send().await;
        answer.map(drop).map_err(|e| AwsFailure::from_sdk(table_resource("Scan", name), &e))
    }

    /// Whether the audit log can be read: asks for a record that nobody has written. `DescribeTable` would tell that its
    /// table is there, too, but the embedded AWS counts all items for it.
    ///
    /// # Errors
    /// What AWS says of it.
    pub(crate) async fn check_audit_log(&self) -> Result<(), AwsFailure> {
        let nobody = AttributeValue::S("readiness".to_owned());
        let get = self.aws.dynamodb.get_item().table_name(AUDIT_TABLE);
        let answer = get.key("logHour", nobody.clone()).key("id", nobody).send().await;
        answer.map(drop).map_err(|e| AwsFailure::from_sdk(table_resource("GetItem", AUDIT_TABLE), &e))
    }

    /// Whether a bucket can be reached.
    ///
    /// # Errors
    /// What AWS says of it.
    pub async fn check_bucket(&self, name: &str) -> Result<(), AwsFailure> {
        let answer = self.aws.s3.head_bucket().bucket(name).send().await;
        answer.map(drop).map_err(|e| AwsFailure::from_sdk(bucket_resource("ListBucket", name, ""), &e))
    }

    /// Whether a bucket keeps the versions of its files.
    ///
    /// # Errors
    /// What AWS says of it.
    pub async fn keeps_versions(&self, bucket: &str) -> Result<bool, AwsFailure> {
        let answer = self.aws.s3.get_bucket_versioning().bucket(bucket).send().await;
        let answer = answer
            .map_err(|e| AwsFailure::from_sdk(bucket_resource("GetBucketVersioning", bucket, ""), &e))?;
        Ok(answer.status == Some(BucketVersioningStatus::Enabled))
    }

    async fn create_table(&self, definition: &TableDefinition) -> Result<(), CatalogError> {
        if self.is_made(&definition.name).await? {
            // A start that was cut off may have made the table and no more.
            self.add_missing_indexes(definition).await?;
            return self.set_expiry(definition).await;
        }
        let invalid = |error: aws_sdk_dynamodb::error::BuildError| CatalogError::Unreadable {
            what: "table definition",
            id: definition.name.clone(),
            detail: error.to_string(),
        };
        let mut request = self
            .aws
            .dynamodb
            .create_table()
            .table_name(&definition.name)
            .billing_mode(BillingMode::PayPerRequest)
            .set_key_schema(Some(key_schema(definition.key).map_err(invalid)?));
        for attribute in attributes(definition) {
            request = request.attribute_definitions(text_attribute(attribute).map_err(invalid)?);
        }
        for (name, key) in &definition.indexes {
            let index = GlobalSecondaryIndex::builder()
                .index_name(*name)
                .set_key_schema(Some(key_schema(*key).map_err(invalid)?))
                .projection(Projection::builder().projection_type(ProjectionType::All).build())
                .build()
                .map_err(invalid)?;
            request = request.global_secondary_indexes(index);
        }
        let resource = || table_resource("CreateTable", &definition.name);
        request.send().await.map_err(|e| AwsFailure::from_sdk(resource(), &e))?;
        self.set_expiry(definition).await
    }

    /// Whether a table of the embedded AWS is there. `DescribeTable` would tell, too, but counts all items for it.
    async fn is_made(&self, name: &str) -> Result<bool, CatalogError> {
        let asked = self.aws.dynamodb.describe_time_to_live().table_name(name).send().await;
        match asked.map_err(|e| AwsFailure::from_sdk(table_resource("DescribeTimeToLive", name), &e)) {
            Ok(_) => Ok(true),
            Err(failure) if failure.kind == FailureKind::NoResource => Ok(false),
            Err(failure) => Err(failure.into()),
        }
    }

    /// Gives a table that an older version has made the indexes that it had not.
    async fn add_missing_indexes(&self, definition: &TableDefinition) -> Result<(), CatalogError> {
        if definition.indexes.is_empty() {
            return Ok(());
        }
        let name = &definition.name;
        let invalid = |error: aws_sdk_dynamodb::error::BuildError| CatalogError::Unreadable {
            what: "table definition",
            id: name.clone(),
            detail: error.to_string(),
        };
        for (index, key) in self.missing_indexes(definition).await? {
            let create = CreateGlobalSecondaryIndexAction::builder()
                .index_name(index)
                .set_key_schema(Some(key_schema(key).map_err(invalid)?))
                .projection(Projection::builder().projection_type(ProjectionType::All).build())
                .build()
                .map_err(invalid)?;
            let mut request = self.aws.dynamodb.update_table().table_name(name);
            for attribute in attributes(definition) {
                request = request.attribute_definitions(text_attribute(attribute).map_err(invalid)?);
            }
            let update = GlobalSecondaryIndexUpdate::builder().create(create).build();
            let sent = request.global_secondary_index_updates(update).send().await;
            sent.map_err(|e| AwsFailure::from_sdk(table_resource("UpdateTable", name), &e))?;
        }
        Ok(())
    }

    async fn set_expiry(&self, definition: &TableDefinition) -> Result<(), CatalogError> {
        let Some(attribute) = definition.expiry else { return Ok(()) };
        let known = self.aws.dynamodb.describe_time_to_live().table_name(&definition.name).send().await;
        let known = known
            .map_err(|e| AwsFailure::from_sdk(table_resource("DescribeTimeToLive", &definition.name), &e))?;
        if known.time_to_live_description().and_then(|d| d.attribute_name()) == Some(attribute) {
            return Ok(());
        }
        let invalid = |error: aws_sdk_dynamodb::error::BuildError| CatalogError::Unreadable {
            what: "table definition",
            id: definition.name.clone(),
            detail: error.to_string(),
        };
        let expiry = TimeToLiveSpecification::builder()
            .enabled(true)
            .attribute_name(attribute)
            .build()
            .map_err(invalid)?;
        let resource = || table_resource("UpdateTimeToLive", &definition.name);
        self.aws
            .dynamodb
            .update_time_to_live()
            .table_name(&definition.name)
            .time_to_live_specification(expiry)
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(resource(), &e))?;
        Ok(())
    }

    async fn create_bucket(&self, bucket: &str) -> Result<(), CatalogError> {
        let resource = |action| bucket_resource(action, bucket, "");
        match self.check_bucket(bucket).await {
            // A start that was cut off may have made the bucket without its versions.
            Ok(()) => self.abort_unfinished_uploads(bucket).await?,
            Err(failure) if matches!(failure.kind, FailureKind::NoResource | FailureKind::NotFound) => {
                let made = self.aws.s3.create_bucket().bucket(bucket).send().await;
                made.map_err(|e| AwsFailure::from_sdk(resource("CreateBucket"), &e))?;
            }
            Err(failure) => return Err(failure.into()),
        }
        let versions = VersioningConfiguration::builder().status(BucketVersioningStatus::Enabled).build();
        self.aws
            .s3
            .put_bucket_versioning()
            .bucket(bucket)
            .versioning_configuration(versions)
            .send()
            .await
            .map_err(|e| AwsFailure::from_sdk(resource("PutBucketVersioning"), &e))?;
        Ok(())
    }
}

impl Catalog {
    /// Removes the parts of uploads that a killed process left behind, but of those that can be taken up again. Right
    /// only where nobody else can be uploading: in the embedded AWS at its start.
    async fn abort_unfinished_uploads(&self, bucket: &str) -> Result<(), CatalogError> {
        let resource = || bucket_resource("AbortMultipartUpload", bucket, "");
        let kept = self.kept_uploads().await?;
        let (mut key, mut id) = (None, None);
        loop {
            let page = self
                .aws
                .s3
                .list_multipart_uploads()
                .bucket(bucket)
                .set_key_marker(key)
                .set_upload_id_marker(id)
                .send()
                .await
                .map_err(|e| AwsFailure::from_sdk(resource(), &e))?;
            let is_left = |id: Option<&str>| id.is_none_or(|id| !kept.contains(id));
            for upload in page.uploads().iter().filter(|upload| is_left(upload.upload_id())) {
                let aborted = self
                    .aws
                    .s3
                    .abort_multipart_upload()
                    .bucket(bucket)
                    .key(upload.key().unwrap_or_default())
                    .upload_id(upload.upload_id().unwrap_or_default())
                    .send()
                    .await;
                aborted.map_err(|e| AwsFailure::from_sdk(resource(), &e))?;
            }
            if page.is_truncated != Some(true) {
                return Ok(());
            }
            (key, id) = (page.next_key_marker, page.next_upload_id_marker);
        }
    }
}

fn key_schema(key: Key) -> Result<Vec<KeySchemaElement>, aws_sdk_dynamodb::error::BuildError> {
    let element = |name: &str, kind| KeySchemaElement::builder().attribute_name(name).key_type(kind).build();
    let mut elements = vec![element(key.partition, KeyType::Hash)?];
    if let Some(sort) = key.sort {
        elements.push(element(sort, KeyType::Range)?);
    }
    Ok(elements)
}

fn text_attribute(name: &str) -> Result<AttributeDefinition, aws_sdk_dynamodb::error::BuildError> {
    AttributeDefinition::builder().attribute_name(name).attribute_type(ScalarAttributeType::S).build()
}

fn attributes(definition: &TableDefinition) -> Vec<&'static str> {
    let keys = std::iter::once(definition.key).chain(definition.indexes.iter().map(|(_, key)| *key));
    let mut names: Vec<_> = keys.flat_map(|key| [Some(key.partition), key.sort]).flatten().collect();
    names.sort_unstable();
    names.dedup();
    names
}
