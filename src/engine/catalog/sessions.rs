//! The repository of the sessions of signed-in people, by the digest of what their cookie says.

use super::item::{self, table_resource};
use super::schema::{SESSIONS_BY_USER, SESSIONS_TABLE};
use super::{Catalog, CatalogError, condition};
use crate::engine::aws::AwsFailure;
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::types::AttributeValue;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What one is called in messages.
const WHAT: &str = "session";

/// A session as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct KeptSession {
    /// The digest of the id that the cookie has: whoever reads the table can open no session.
    pub id: String,
    /// Whose it is; none while nobody is signed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// What is known of it, as a JSON object.
    pub data: String,
    /// When it ends unless it is used, in seconds since 1970.
    pub expires_at: i64,
}

impl Catalog {
    /// Keeps a new one. False when there is one of this id already.
    pub(crate) async fn add_session(&self, session: &KeptSession) -> Result<bool, CatalogError> {
        held(self.put_session(session)?.condition_expression("attribute_not_exists(#id)")).await
    }

    /// Keeps what is known of one now. False when it has been ended meanwhile: it stays ended.
    pub(crate) async fn save_session(&self, session: &KeptSession) -> Result<bool, CatalogError> {
        let _change = self.account_changes.making();
        self.note_session(session).await
    }

    /// Keeps when one was used, where nothing else of it is new to this process: whoever knows it need not ask again.
    /// False when it has been ended meanwhile: it stays ended.
    pub(crate) async fn note_session(&self, session: &KeptSession) -> Result<bool, CatalogError> {
        held(self.put_session(session)?.condition_expression("attribute_exists(#id)")).await
    }

    /// One that has not ended.
    pub(crate) async fn session(&self, id: &str) -> Result<Option<KeptSession>, CatalogError> {
        Ok(self.keyed_record::<KeptSession>(WHAT, SESSIONS_TABLE, "id", id).await?.filter(is_alive))
    }

    /// Ends one.
    pub(crate) async fn remove_session(&self, id: &str) -> Result<(), CatalogError> {
        let _change = self.account_changes.making();
        let answer = self
            .aws
            .dynamodb
            .delete_item()
            .table_name(SESSIONS_TABLE)
            .key("id", AttributeValue::S(id.to_owned()))
            .send()
            .await;
        answer.map(drop).map_err(|error| AwsFailure::from_sdk(resource("DeleteItem"), &error).into())
    }

    /// Those of a person that have not ended.
    pub(crate) async fn sessions_of(&self, user: &str) -> Result<Vec<KeptSession>, CatalogError> {
        let mut sessions = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .aws
                .dynamodb
                .query()
                .table_name(SESSIONS_TABLE)
                .index_name(SESSIONS_BY_USER)
                .key_condition_expression("#user = :user")
                .expression_attribute_names("#user", "user")
                .expression_attribute_values(":user", AttributeValue::S(user.to_owned()))
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| AwsFailure::from_sdk(resource("Query"), &error))?;
            for found in page.items.unwrap_or_default() {
                let id = item::text(&found, "id").to_owned();
                sessions.push(item::read::<KeptSession>(WHAT, &id, found)?);
            }
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                break;
            }
        }
        sessions.retain(is_alive);
        Ok(sessions)
    }

    fn put_session(&self, session: &KeptSession) -> Result<PutItemFluentBuilder, CatalogError> {
        let found = item::write(WHAT, "?", session)?;
        let put = self.aws.dynamodb.put_item().table_name(SESSIONS_TABLE).set_item(Some(found));
        Ok(put.expression_attribute_names("#id", "id"))
    }
}

/// AWS removes what has expired some hours later.
fn is_alive(session: &KeptSession) -> bool {
    session.expires_at > Timestamp::now().as_second()
}

/// Whether the condition of a write held.
async fn held(put: PutItemFluentBuilder) -> Result<bool, CatalogError> {
    let answer = put.send().await;
    condition::held(answer.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error)))
}

fn resource(action: &str) -> AwsResource {
    table_resource(action, SESSIONS_TABLE)
}
