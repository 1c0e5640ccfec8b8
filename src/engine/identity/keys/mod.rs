//! Keys of people, with which programs call in their name.
//!
//! A key never has more than its owner has: who they are is looked up at each use, or was a moment ago at most.

mod error;
mod owners;
mod request;
mod text;

pub use error::KeyError;
pub(super) use owners::Owners;
pub use text::KeyText;

use super::recent::{Asked, Known};
use super::{Identity, User, principal_of};
use crate::engine::catalog::keys::ApiKey;
use crate::engine::gateway::{KeyUse, Principal};
use crate::model::key::KeyRequest;
use crate::model::role::Role;
use jiff::Timestamp;
use request::{WantedKey, is_from};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

/// How often it is written down at most that a key is used.
const STEP: Duration = Duration::from_mins(1);

const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// A key that was let in, and the caller that it makes.
#[derive(Debug)]
pub(super) struct LetIn {
    key: ApiKey,
    caller: Principal,
}

/// A key that was not let in, and whose it is, as far as that is known.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnedAway {
    /// Who is on record.
    pub principal: Principal,
    /// Why.
    pub error: KeyError,
}

impl From<KeyError> for TurnedAway {
    fn from(error: KeyError) -> Self {
        Self { principal: Principal::unknown(), error }
    }
}

/// What is to be kept of a new key of somebody, and the key itself, which is kept nowhere. `servers` are
/// those that have tools.
///
/// # Errors
/// `Unsuitable` with what is wrong in the wish.
pub fn draft(
    owner: &str,
    role: Role,
    wish: &KeyRequest,
    servers: &[String],
) -> Result<(ApiKey, KeyText), KeyError> {
    let wanted = WantedKey::read(wish, servers)?;
    let text = KeyText::generate()?;
    let now = Timestamp::now().as_second();
    let kept = ApiKey {
        id: text.id().to_owned(),
        owner: owner.to_owned(),
        name: wanted.name,
        hash: text.hash(),
        role: wanted.role.unwrap_or(role),
        scope: wanted.scope,
        addresses: wanted.addresses.iter().map(ToString::to_string).collect(),
        created_at: now,
        ends_at: now + i64::from(wanted.days) * SECONDS_OF_A_DAY,
        used_at: None,
        revoked_at: None,
    };
    Ok((kept, text))
}

impl Identity {
    /// Keeps a new key.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn keep_key(&self, key: &ApiKey) -> Result<(), KeyError> {
        Ok(self.catalog.add_key(key).await?)
    }

    /// The keys of somebody, or of everybody, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn keys(&self, owner: Option<&str>) -> Result<Vec<ApiKey>, KeyError> {
        Ok(match owner {
            Some(owner) => self.catalog.keys_of(owner).await?,
            None => self.catalog.keys().await?,
        })
    }

    /// Revokes a key, whoever it belongs to.
    ///
    /// # Errors
    /// `Catalog` when there is no such key, or the store cannot be written.
    pub async fn revoke_key(&self, id: &str) -> Result<ApiKey, KeyError> {
        Ok(self.catalog.revoke_key(id, None, Timestamp::now()).await?)
    }

    /// Who calls with a key, from an address.
    ///
    /// # Errors
    /// Why it is not let in. Only who has the secret is told more than that the key is not known.
    pub async fn recognise_key(&self, text: &str, address: Option<IpAddr>) -> Result<Principal, TurnedAway> {
        if !KeyText::is_meant(text) {
            return Err(KeyError::Unknown.into());
        }
        let given = KeyText::parse(text)?;
        let (asked, now) = (self.asking(), Timestamp::now());
        if let Some(Known { caller: let_in, ask_anew }) = self.recent_keys.of(given.id(), asked)
            && let_in.key.hash.is_that_of(&given.hash())
        {
            if ask_anew {
                let (identity, let_in) = (self.clone(), Arc::clone(&let_in));
                tokio::spawn(async move { identity.ask_anew_of_key(&let_in.key, asked).await });
            }
            let LetIn { key, caller } = &*let_in;
            return match obstacle(key, true, address, now) {
                None => Ok(caller.clone()),
                Some(error) => Err(TurnedAway { principal: caller.clone(), error }),
            };
        }
        let (known, owner) = self.key_with_owner(&given).await?;
        let principal = caller(&known, owner.as_ref());
        let may_sign_in = owner.is_some_and(|owner| self.may_sign_in(&owner));
        if let Some(error) = obstacle(&known, may_sign_in, address, now) {
            return Err(TurnedAway { principal, error });
        }
        self.let_in(&known, principal.clone(), asked).await;
        Ok(principal)
    }

    /// Keeps that a key was let in, and writes down that it is used.
    async fn let_in(&self, key: &ApiKey, caller: Principal, asked: Asked) {
        self.recent_keys.keep(&key.id, LetIn { key: key.clone(), caller }, asked);
        self.note_use(key, Timestamp::now()).await;
    }

    /// Asks the store anew of a key that goes on being used, while what it said last still holds. A key that is not
    /// let in any more is forgotten, and whoever brings it next is told why; a store that does not answer changes
    /// nothing of when the last answer ends.
    async fn ask_anew_of_key(&self, key: &ApiKey, asked: Asked) {
        let (known, owner) = tokio::join!(self.catalog.key(&key.id), self.catalog.user(&key.owner));
        let (Ok(known), Ok(owner)) = (known, owner) else { return };
        let known = known.filter(|known| known.hash.is_that_of(&key.hash) && known.revoked_at.is_none());
        let owner = owner.filter(|owner| self.may_sign_in(owner));
        match (known, owner) {
            (Some(known), Some(owner)) => {
                let caller = caller(&known, Some(&owner));
                self.let_in(&known, caller, asked).await;
            }
            _ => self.recent_keys.forget(&key.id),
        }
    }

    /// The key of a text, and its owner, both as they are now. Where it is known whose it is, they are read at the
    /// same time.
    async fn key_with_owner(&self, given: &KeyText) -> Result<(ApiKey, Option<User>), KeyError> {
        let is_right = |known: &ApiKey| known.hash.is_that_of(&given.hash());
        if let Some(owner) = self.owners_of_keys.of(given.id()) {
            let (known, owner) = tokio::join!(self.catalog.key(given.id()), self.catalog.user(&owner));
            let known = known?.filter(is_right).ok_or(KeyError::Unknown)?;
            return Ok((known, owner?));
        }
        let known = self.catalog.key(given.id()).await?.filter(is_right).ok_or(KeyError::Unknown)?;
        self.owners_of_keys.keep(&known);
        let owner = self.catalog.user(&known.owner).await?;
        Ok((known, owner))
    }

    /// Writes down that a key is used. A store that cannot be written keeps nobody out.
    async fn note_use(&self, key: &ApiKey, now: Timestamp) {
        let earlier = now.as_second() - i64::try_from(STEP.as_secs()).unwrap_or(i64::MAX);
        if key.used_at.is_some_and(|used| used > earlier) {
            return;
        }
        if let Err(error) = self.catalog.note_use_of_key(&key.id, now, earlier).await {
            tracing::warn!(%error, key = key.id, "it could not be written down that a key is used");
        }
    }
}

/// Why a key of somebody who has its secret is not let in; none where it is.
fn obstacle(key: &ApiKey, may_sign_in: bool, address: Option<IpAddr>, now: Timestamp) -> Option<KeyError> {
    let name = || key.name.clone();
    if key.revoked_at.is_some() {
        return Some(KeyError::Revoked(name()));
    }
    if key.has_ended(now) {
        return Some(KeyError::Expired { name: name(), at: key.view(now).expires_at });
    }
    if !is_from(&key.addresses, address) {
        let from = address.map_or_else(|| "an unknown address".to_owned(), |a| a.to_canonical().to_string());
        return Some(KeyError::WrongAddress { name: name(), from });
    }
    (!may_sign_in).then(|| KeyError::OwnerAway(name()))
}

/// The caller that a key makes of an owner who may sign in; none where the key is not let in any more.
pub(super) fn caller_again(
    key: &ApiKey,
    owner: &User,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Option<Principal> {
    obstacle(key, true, address, now).is_none().then(|| caller(key, Some(owner)))
}

/// The id under which a key calls, as the audit log has it.
pub(in crate::engine) fn id_of_caller(key: &ApiKey) -> String {
    format!("key:{}", key.id)
}

/// The caller that a key makes: one of its own, with what its owner is now.
fn caller(key: &ApiKey, owner: Option<&User>) -> Principal {
    let owner = owner.map_or_else(Principal::unknown, principal_of);
    let name = format!("{} (key “{}”)", owner.name, key.name);
    let in_use =
        KeyUse { owner: key.owner.clone(), scope: key.scope.clone(), ceiling: key.role, token: None };
    Principal { id: id_of_caller(key), name, key: Some(Arc::new(in_use)), ..owner }
}
