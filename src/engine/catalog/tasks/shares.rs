//! Links with which colleagues read a task: at most one of each task. Of its secret only a digest is kept.

use super::{can_be_id, resource};
use crate::engine::aws::AwsFailure;
use crate::engine::catalog::item::{self, Item};
use crate::engine::catalog::schema::TASKS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// What one is called in messages.
const WHAT: &str = "shared task";

/// The partition in which a task is found by the digest of a secret.
const BY_SECRET: &str = "shared tasks";

/// That a task is shared. It decides: a link whose share is gone opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Share {
    owner: String,
    id: String,
    /// The SHA-256 of the secret, in hexadecimal.
    secret_sha256: String,
    /// Until when the link works, in seconds since 1970.
    pub(crate) expires_at: i64,
}

/// Where the task of a link is.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Pointer {
    owner: String,
    id: String,
    of: String,
    task: String,
    expires_at: i64,
}

/// A task that a link leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SharedTask {
    /// Whose it is.
    pub(crate) owner: String,
    /// The task.
    pub(crate) id: String,
    /// Until when the link works, in seconds since 1970.
    pub(crate) expires_at: i64,
}

/// The partition of the shares of an owner's tasks.
fn of_owner(owner: &str) -> String {
    format!("{owner}#shares")
}

impl Catalog {
    /// Shares a task with whoever knows the secret of this digest. A former link of it works no more.
    pub(crate) async fn share_task(
        &self,
        owner: &str,
        task: &str,
        secret_sha256: &str,
        expires_at: i64,
    ) -> Result<(), CatalogError> {
        let pointer = Pointer {
            owner: BY_SECRET.to_owned(),
            id: secret_sha256.to_owned(),
            of: owner.to_owned(),
            task: task.to_owned(),
            expires_at,
        };
        // First: alone it opens nothing.
        self.put_share(item::write(WHAT, task, &pointer)?).await?;
        let share = Share {
            owner: of_owner(owner),
            id: task.to_owned(),
            secret_sha256: secret_sha256.to_owned(),
            expires_at,
        };
        self.put_share(item::write(WHAT, task, &share)?).await
    }

    /// Ends the link of a task. One that is not shared is as good as that.
    pub(crate) async fn end_share(&self, owner: &str, task: &str) -> Result<(), CatalogError> {
        let delete = self.aws.dynamodb.delete_item().table_name(TASKS_TABLE);
        let delete = delete
            .key("owner", AttributeValue::S(of_owner(owner)))
            .key("id", AttributeValue::S(task.to_owned()));
        delete.send().await.map_err(|error| AwsFailure::from_sdk(resource("DeleteItem"), &error))?;
        Ok(())
    }

    /// How a task is shared; none where it is not, or not any more.
    pub(crate) async fn share_of_task(&self, owner: &str, task: &str) -> Result<Option<Share>, CatalogError> {
        if !can_be_id(task) {
            return Ok(None);
        }
        let share: Option<Share> = self.share_at(of_owner(owner), task).await?;
        // AWS removes what has expired some hours later.
        Ok(share.filter(|share| share.expires_at > Timestamp::now().as_second()))
    }

    /// The task that is shared with whoever knows the secret of this digest; none where none is.
    pub(crate) async fn task_shared_by(
        &self,
        secret_sha256: &str,
    ) -> Result<Option<SharedTask>, CatalogError> {
        let Some(found) = self.share_at::<Pointer>(BY_SECRET.to_owned(), secret_sha256).await? else {
            return Ok(None);
        };
        let share = self.share_of_task(&found.of, &found.task).await?;
        let share = share.filter(|share| share.secret_sha256 == secret_sha256);
        Ok(share.map(|share| SharedTask { owner: found.of, id: found.task, expires_at: share.expires_at }))
    }

    async fn put_share(&self, found: Item) -> Result<(), CatalogError> {
        let put = self.aws.dynamodb.put_item().table_name(TASKS_TABLE).set_item(Some(found));
        put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error))?;
        Ok(())
    }

    async fn share_at<T: DeserializeOwned>(
        &self,
        owner: String,
        id: &str,
    ) -> Result<Option<T>, CatalogError> {
        let get = self.aws.dynamodb.get_item().table_name(TASKS_TABLE).consistent_read(true);
        let get = get.key("owner", AttributeValue::S(owner)).key("id", AttributeValue::S(id.to_owned()));
        let answer = get.send().await;
        let answer = answer.map_err(|error| AwsFailure::from_sdk(resource("GetItem"), &error))?;
        answer.item.map(|found| item::read(WHAT, id, found)).transpose()
    }
}
