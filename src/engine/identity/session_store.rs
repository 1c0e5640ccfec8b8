//! Sessions in DynamoDB, for the library that looks after their cookies.

use super::recent::Recent;
use super::resume::{Kept, RecentSession, SIGNED_IN};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::sessions::KeptSession;
use async_trait::async_trait;
use sha2::{Digest, Sha256};
use std::sync::Arc;
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

/// The table of sessions.
#[derive(Debug, Clone)]
pub struct DynamoDbSessions {
    catalog: Arc<Catalog>,
    /// What this process knows of sessions, by the digests of their ids.
    recent: Arc<Recent<RecentSession>>,
}

impl DynamoDbSessions {
    pub(super) fn new(catalog: Arc<Catalog>, recent: Arc<Recent<RecentSession>>) -> Self {
        Self { catalog, recent }
    }

    /// Whether a session says nothing but what this process knows of it, and when it was used.
    fn is_known(&self, id: &str, signed_in: Option<&Kept>) -> bool {
        let known = self.recent.last(id);
        known.zip(signed_in).is_some_and(|(known, signed_in)| known.is_of(signed_in))
    }
}

/// The key of a session in the table.
pub(super) fn digest(id: &Id) -> String {
    hex::encode(Sha256::digest(id.to_string()))
}

#[async_trait]
impl SessionStore for DynamoDbSessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        while !self.catalog.add_session(&kept(record)?).await.map_err(|error| away(&error))? {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> Result<()> {
        let kept = kept(record)?;
        let saved = if self.is_known(&kept.id, signed_in(record)?.as_ref()) {
            self.catalog.note_session(&kept).await
        } else {
            self.catalog.save_session(&kept).await
        };
        if !saved.map_err(|error| away(&error))? {
            // One that was ended while this request was answered stays ended: its next request finds none.
            self.recent.forget(&kept.id);
        }
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = self.catalog.session(&digest(id)).await.map_err(|error| away(&error))?;
        found.map(|kept| record(*id, &kept)).transpose()
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.catalog.remove_session(&digest(id)).await.map_err(|error| away(&error))
    }
}

/// Who has signed in to a session.
fn signed_in(record: &Record) -> Result<Option<Kept>> {
    let signed_in = record.data.get(SIGNED_IN).cloned();
    signed_in.map(serde_json::from_value).transpose().map_err(unreadable)
}

fn kept(record: &Record) -> Result<KeptSession> {
    Ok(KeptSession {
        id: digest(&record.id),
        user: signed_in(record)?.map(|kept| kept.user),
        data: serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?,
        expires_at: record.expiry_date.unix_timestamp(),
    })
}

fn record(id: Id, kept: &KeptSession) -> Result<Record> {
    let expiry_date = OffsetDateTime::from_unix_timestamp(kept.expires_at)
        .map_err(|error| Error::Decode(error.to_string()))?;
    Ok(Record { id, data: serde_json::from_str(&kept.data).map_err(unreadable)?, expiry_date })
}

fn unreadable(error: serde_json::Error) -> Error {
    Error::Decode(error.to_string())
}

fn away(error: &crate::engine::catalog::CatalogError) -> Error {
    Error::Backend(error.to_string())
}
