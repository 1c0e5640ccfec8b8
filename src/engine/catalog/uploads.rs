//! The repository of uploads that come in parts: what was said of the file, and which parts are there. Whoever comes
//! back, at any instance, goes on from here.

use super::condition::held;
use super::item::{self, table_resource};
use super::records::Records;
use super::schema::UPLOADS_TABLE;
use super::{Catalog, CatalogError, NewObject};
use crate::engine::aws::AwsFailure;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What one is called in messages.
const WHAT: &str = "upload";

/// An upload as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptUpload {
    /// Its name: the same for the same file of the same person.
    pub(crate) id: String,
    /// Whose it is. Nobody else may send parts of it.
    pub(crate) owner: String,
    /// The bucket.
    pub(crate) bucket: String,
    /// The key.
    pub(crate) key: String,
    /// The name that S3 gave it.
    pub(crate) upload: String,
    /// The media type, by the first bytes.
    pub(crate) content_type: String,
    /// How large the file is.
    pub(crate) bytes: u64,
    /// Whether a file of the same name is replaced.
    pub(crate) overwrite: bool,
    /// The name of the change.
    pub(crate) change: String,
    /// The parts that are there, by their numbers from 1.
    pub(crate) parts: BTreeMap<String, KeptPart>,
    /// When it is forgotten, in seconds since 1970.
    pub(crate) expires_at: i64,
    /// The `ETag` of the file that was made of the parts; none while there is no such file.
    #[serde(default)]
    pub(crate) finished: Option<String>,
}

/// A part that is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptPart {
    /// What S3 calls it.
    pub(crate) etag: String,
    /// The SHA-256 of its content, in base64.
    pub(crate) sha256: String,
    /// Its size.
    pub(crate) bytes: u64,
}

impl KeptUpload {
    /// The file that it will be.
    ///
    /// # Errors
    /// `Unreadable` where the key is none.
    pub(crate) fn object(&self) -> Result<NewObject, CatalogError> {
        let key = self.key.parse().map_err(|error| CatalogError::Unreadable {
            what: WHAT,
            id: self.id.clone(),
            detail: format!("{error}"),
        })?;
        Ok(NewObject {
            bucket: self.bucket.clone(),
            key,
            content_type: self.content_type.clone(),
            metadata: BTreeMap::new(),
            overwrite: self.overwrite,
            change: self.change.clone(),
        })
    }

    /// The parts by their numbers.
    pub(crate) fn numbered(&self) -> BTreeMap<u32, KeptPart> {
        self.parts.iter().filter_map(|(number, part)| Some((number.parse().ok()?, part.clone()))).collect()
    }
}

impl Catalog {
    /// The upload of a name, if there is one that is not forgotten.
    pub(crate) async fn upload(&self, id: &str) -> Result<Option<KeptUpload>, CatalogError> {
        let found = self.keyed_record::<KeptUpload>(WHAT, UPLOADS_TABLE, "id", id).await?;
        Ok(found.filter(|upload| upload.expires_at > Timestamp::now().as_second()))
    }

    /// What S3 calls the uploads that can be taken up again.
    pub(super) async fn kept_uploads(&self) -> Result<BTreeSet<String>, CatalogError> {
        let now = Timestamp::now().as_second();
        let kept = Records::<KeptUpload>::read(WHAT, "id", self.scan_all(UPLOADS_TABLE).await?);
        Ok(kept.iter().filter(|kept| kept.expires_at > now).map(|kept| kept.upload.clone()).collect())
    }

    /// Keeps an upload that has begun, or has ended as a file.
    pub(crate) async fn keep_upload(&self, upload: &KeptUpload) -> Result<(), CatalogError> {
        self.aws
            .dynamodb
            .put_item()
            .table_name(UPLOADS_TABLE)
            .set_item(Some(item::write(WHAT, &upload.id, upload)?))
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(table_resource("PutItem", UPLOADS_TABLE), &error))?;
        Ok(())
    }

    /// Says that a part is there. False where the upload is not any more.
    pub(crate) async fn keep_part(
        &self,
        upload: &KeptUpload,
        number: u32,
        part: &KeptPart,
    ) -> Result<bool, CatalogError> {
        let part: HashMap<String, AttributeValue> = item::write(WHAT, &upload.id, part)?;
        let sent = self
            .aws
            .dynamodb
            .update_item()
            .table_name(UPLOADS_TABLE)
            .key("id", AttributeValue::S(upload.id.clone()))
            .update_expression("SET #parts.#number = :part")
            .condition_expression("#upload = :upload")
            .expression_attribute_names("#parts", "parts")
            .expression_attribute_names("#number", number.to_string())
            .expression_attribute_names("#upload", "upload")
            .expression_attribute_values(":part", AttributeValue::M(part))
            .expression_attribute_values(":upload", AttributeValue::S(upload.upload.clone()))
            .send()
            .await;
        held(sent.map_err(|error| AwsFailure::from_sdk(table_resource("UpdateItem", UPLOADS_TABLE), &error)))
    }

    /// Forgets an upload that has ended.
    pub(crate) async fn forget_upload(&self, id: &str) -> Result<(), CatalogError> {
        self.aws
            .dynamodb
            .delete_item()
            .table_name(UPLOADS_TABLE)
            .key("id", AttributeValue::S(id.to_owned()))
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(table_resource("DeleteItem", UPLOADS_TABLE), &error))?;
        Ok(())
    }
}
