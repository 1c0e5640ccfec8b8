//! The repository of the people who may sign in.
//!
//! Each is an item; beside it stands one under the e-mail address, so that two people never have the same, one
//! under who they are at a provider of sign-in, and one that says that the first admin has been made.

use super::item::{self, Item, table_resource};
use super::schema::USERS_TABLE;
use super::{Catalog, CatalogError};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::model::identifier::ArtistId;
use crate::model::role::Role;
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{AttributeValue, Put, TransactWriteItem};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// What one is called in messages.
const WHAT: &str = "account";

/// How the ids of people begin.
pub(crate) const USER_PREFIX: &str = "usr_";

/// How the ids of the accounts begin that everybody of the demo shares.
pub(crate) const SHARED_PREFIX: &str = "usr_demo_";

/// The item that says that the first admin has been made.
const FIRST_ADMIN: &str = "first-admin";

/// The id of nobody: what is read where an e-mail address is not known, so that asking takes as long.
const NOBODY: &str = "usr_nobody";

/// How often a change is tried when somebody else changes the item at the same moment.
const TRIES: u32 = 8;

/// Somebody who may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The id, in the audit log, too.
    pub id: String,
    /// The e-mail address, as it is compared.
    pub email: String,
    /// The name that people read.
    pub name: String,
    /// What they are to the label.
    pub role: Role,
    /// The ids of the artists that are their own: whom they are, or look after. Each once, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub artists: Vec<ArtistId>,
    /// The hash of the password; none while there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<PasswordHash>,
    /// Who they are at the provider at which they sign in; none where they have a password only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openid: Option<OpenIdSubject>,
    /// Counts what ends all sessions: another role, other artists, another password, a sign-out everywhere.
    pub generation: u32,
    /// Whether they may not sign in.
    pub disabled: bool,
    /// Whether it was made in the demo, and exists in the demo only.
    pub demo: bool,
    /// When it was made, RFC 3339 in UTC.
    pub created_at: String,
    /// When they signed in last, RFC 3339 in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signed_in_at: Option<String>,
    /// Counts the changes of the record.
    pub version: u32,
}

impl User {
    /// Whether it is one of the accounts that the demo offers to everybody, which need no password.
    pub fn is_shared(&self) -> bool {
        self.demo && self.id.starts_with(SHARED_PREFIX)
    }

    /// Whether there is a way to sign in to it: somebody who is only invited has none yet.
    pub fn has_way_in(&self) -> bool {
        self.password.is_some() || self.openid.is_some() || self.is_shared()
    }
}

/// Somebody at a provider of OpenID Connect: the subject is theirs for ever, whatever their e-mail address is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenIdSubject {
    /// The provider.
    pub issuer: String,
    /// The person there.
    pub subject: String,
}

/// The hash of a password, with salt and parameters. Never shown.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// A hash in the PHC format.
    pub(crate) fn new(phc: String) -> Self {
        Self(phc)
    }

    /// The text, for the comparison with a password.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("PasswordHash(hidden)")
    }
}

/// What stands under an e-mail address, and under the word for the first admin.
#[derive(Serialize, Deserialize)]
struct Pointer {
    id: String,
    user: String,
}

impl Catalog {
    /// Somebody by the id.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn user(&self, id: &str) -> Result<Option<User>, CatalogError> {
        let found = self.item_of_users(id).await?;
        found.map(|found| item::read(WHAT, id, found)).transpose()
    }

    /// Somebody by the e-mail address. Takes as long for one that nobody has.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn user_of_email(&self, email: &str) -> Result<Option<User>, CatalogError> {
        let key = under(email);
        let pointer = self.item_of_users(&key).await?;
        let pointer = pointer.map(|found| item::read::<Pointer>(WHAT, &key, found)).transpose()?;
        self.user(pointer.as_ref().map_or(NOBODY, |pointer| pointer.user.as_str())).await
    }

    /// Somebody by who they are at a provider.
    ///
    /// # Errors
    /// What AWS says.
    pub(crate) async fn user_of_openid(&self, who: &OpenIdSubject) -> Result<Option<User>, CatalogError> {
        let key = at_provider(who);
        let Some(found) = self.item_of_users(&key).await? else { return Ok(None) };
        let pointer = item::read::<Pointer>(WHAT, &key, found)?;
        let user = self.user(&pointer.user).await?;
        Ok(user.filter(|user| user.openid.as_ref() == Some(who)))
    }

    /// Notes who somebody is at a provider, who was read before and is unchanged. Makes older links void.
    /// Answers with what is stored then.
    ///
    /// # Errors
    /// `Conflict` when they were changed meanwhile, or that person is somebody else here; else what AWS says.
    pub(crate) async fn join_openid(&self, read: &User, who: &OpenIdSubject) -> Result<User, CatalogError> {
        let joined = User {
            openid: Some(who.clone()),
            generation: read.generation + 1,
            version: read.version + 1,
            ..read.clone()
        };
        let pointer = Pointer { id: at_provider(who), user: read.id.clone() };
        let change = Put::builder()
            .table_name(USERS_TABLE)
            .set_item(Some(item::write(WHAT, &read.id, &joined)?))
            .condition_expression("#version = :version")
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":version", AttributeValue::N(read.version.to_string()));
        let request = self
            .aws
            .dynamodb
            .transact_write_items()
            .transact_items(new_item(item::write(WHAT, &read.id, &pointer)?)?)
            .transact_items(written(change.build())?);
        let _change = self.account_changes.making();
        match request.send().await {
            Ok(_) => Ok(joined),
            Err(error) => Err(conflict_or(AwsFailure::from_transaction(resource("PutItem"), &error), read)),
        }
    }

    /// Everybody, by e-mail address.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn users(&self) -> Result<Vec<User>, CatalogError> {
        let mut users = Vec::new();
        let mut start = None;
        loop {
            let page = self
                .aws
                .dynamodb
                .scan()
                .table_name(USERS_TABLE)
                .filter_expression("begins_with(#id, :prefix)")
                .expression_attribute_names("#id", "id")
                .expression_attribute_values(":prefix", AttributeValue::S(USER_PREFIX.to_owned()))
                .consistent_read(true)
                .set_exclusive_start_key(start)
                .send()
                .await
                .map_err(|error| AwsFailure::from_sdk(resource("Scan"), &error))?;
            for found in page.items.unwrap_or_default() {
                let id = item::text(&found, "id").to_owned();
                users.push(item::read::<User>(WHAT, &id, found)?);
            }
            start = page.last_evaluated_key.filter(|key| !key.is_empty());
            if start.is_none() {
                break;
            }
        }
        users.sort_by(|a, b| a.email.cmp(&b.email));
        Ok(users)
    }

    /// Keeps somebody new. As the first admin they are kept only if there has never been one.
    ///
    /// # Errors
    /// `Conflict` when the e-mail address or the place of the first admin is taken; else what AWS says.
    pub async fn add_user(&self, user: &User, as_first_admin: bool) -> Result<(), CatalogError> {
        let pointer = |id: String| item::write(WHAT, &user.id, &Pointer { id, user: user.id.clone() });
        let mut items = vec![item::write(WHAT, &user.id, user)?, pointer(under(&user.email))?];
        if let Some(who) = &user.openid {
            items.push(pointer(at_provider(who))?);
        }
        if as_first_admin {
            items.push(pointer(FIRST_ADMIN.to_owned())?);
        }
        let mut request = self.aws.dynamodb.transact_write_items();
        for found in items {
            request = request.transact_items(new_item(found)?);
        }
        let Err(error) = request.send().await else { return Ok(()) };
        Err(conflict_or(AwsFailure::from_transaction(resource("PutItem"), &error), user))
    }

    /// Whether the first admin has been made.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn has_first_admin(&self) -> Result<bool, CatalogError> {
        Ok(self.item_of_users(FIRST_ADMIN).await?.is_some())
    }

    /// Changes somebody, also while others do. Answers with what is stored then.
    ///
    /// # Errors
    /// `NotFound` when there is nobody of this id; else what AWS says.
    pub async fn change_user(&self, id: &str, change: impl Fn(&mut User)) -> Result<User, CatalogError> {
        let mut tries = 0;
        loop {
            let read = self.user(id).await?;
            let read = read.ok_or_else(|| CatalogError::NotFound { what: WHAT, id: id.to_owned() })?;
            let mut changed = read.clone();
            change(&mut changed);
            if changed == read {
                return Ok(read);
            }
            changed.version += 1;
            tries += 1;
            let _change = self.account_changes.making();
            let put = self
                .aws
                .dynamodb
                .put_item()
                .table_name(USERS_TABLE)
                .set_item(Some(item::write(WHAT, id, &changed)?))
                .condition_expression("#version = :version")
                .expression_attribute_names("#version", "version")
                .expression_attribute_values(":version", AttributeValue::N(read.version.to_string()));
            match put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error)) {
                Ok(_) => return Ok(changed),
                Err(failure) if failure.kind == FailureKind::Condition && tries < TRIES => {}
                Err(failure) => return Err(failure.into()),
            }
        }
    }

    async fn item_of_users(&self, id: &str) -> Result<Option<Item>, CatalogError> {
        let answer = self
            .aws
            .dynamodb
            .get_item()
            .table_name(USERS_TABLE)
            .key("id", AttributeValue::S(id.to_owned()))
            .consistent_read(true)
            .send()
            .await
            .map_err(|error| AwsFailure::from_sdk(resource("GetItem"), &error))?;
        Ok(answer.item)
    }
}

/// The key of the item that stands under an e-mail address.
fn under(email: &str) -> String {
    format!("email#{email}")
}

/// The key of the item that stands under who somebody is at a provider. Only the digest: subjects may be long.
fn at_provider(who: &OpenIdSubject) -> String {
    let mut digest = Sha256::new();
    // No issuer has a line break in its name.
    digest.update(who.issuer.as_bytes());
    digest.update(b"\n");
    digest.update(who.subject.as_bytes());
    format!("openid#{}", hex::encode(digest.finalize()))
}

/// What a transaction that was not done comes to.
fn conflict_or(failure: AwsFailure, user: &User) -> CatalogError {
    match failure.kind {
        FailureKind::Condition => {
            CatalogError::Conflict { what: WHAT, id: user.email.clone(), current: None }
        }
        _ => failure.into(),
    }
}

fn new_item(found: Item) -> Result<TransactWriteItem, CatalogError> {
    let put = Put::builder()
        .table_name(USERS_TABLE)
        .set_item(Some(found))
        .condition_expression("attribute_not_exists(#id)")
        .expression_attribute_names("#id", "id");
    written(put.build())
}

/// A write as a part of a transaction.
fn written(put: Result<Put, BuildError>) -> Result<TransactWriteItem, CatalogError> {
    let put = put.map_err(|error| CatalogError::Unreadable {
        what: WHAT,
        id: String::new(),
        detail: error.to_string(),
    })?;
    Ok(TransactWriteItem::builder().put(put).build())
}

fn resource(action: &str) -> AwsResource {
    table_resource(action, USERS_TABLE)
}
