//! Starting a task with a key once, however often it is sent: a second click, or a program that got no answer.

use super::Shared;
use super::journal::Entry;
use crate::engine::catalog::tasks::starts::Start;
use crate::engine::gateway::{CallError, CallErrorKind, Channel, IdempotencyKey, Origin, Principal};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};
use std::time::Duration;

/// For how long a key of a program is known, and one of a form: there it tells a second click from another wish.
const KEPT: SignedDuration = SignedDuration::from_hours(24);
const KEPT_OF_FORMS: SignedDuration = SignedDuration::from_mins(1);

/// How long the first of two is waited for; then its process has died.
const LONGEST_START: SignedDuration = SignedDuration::from_secs(30);

/// How often it is looked whether the first has come to a task.
const LOOK: Duration = Duration::from_millis(200);

/// What becomes of a start with a key.
pub(super) enum Begun {
    /// It is the first.
    First(Start),
    /// There is a task already, of this id.
    Before(String),
}

impl Shared {
    /// Begins to start a task, or finds the one that was started with the key.
    ///
    /// # Errors
    /// `KeyReused` where the key was used for another request; also when the store cannot be reached.
    pub(super) async fn begin_start(
        &self,
        principal: &Principal,
        origin: &Origin,
        key: &IdempotencyKey,
        entry: &Entry,
    ) -> Result<Begun, CallError> {
        let kept = if origin.channel == Channel::Page { KEPT_OF_FORMS } else { KEPT };
        // A request always becomes JSON.
        let request = serde_json::to_vec(&entry.view.request).unwrap_or_default();
        let request = hex::encode(Sha256::digest(request));
        loop {
            let now = Timestamp::now();
            let expires_at = now.checked_add(kept).map_or(i64::MAX, Timestamp::as_second);
            let task = entry.view.id.clone();
            let start = Start::new(&principal.id, key.digest(), task, request.clone(), now, expires_at);
            let Some(known) = self.catalog.begin_start(&start, now).await? else {
                return Ok(Begun::First(start));
            };
            if known.request_sha256 != request {
                return Err(other_request());
            }
            if self.catalog.revision_of_task(&principal.id, &known.task).await?.is_some() {
                return Ok(Begun::Before(known.task));
            }
            let waited = now.as_millisecond().saturating_sub(known.begun_at);
            if i128::from(waited) > LONGEST_START.as_millis() {
                self.catalog.forget_start(&known).await?;
            } else {
                tokio::time::sleep(LOOK).await;
            }
        }
    }

    /// Gives the key of a start free that came to nothing.
    pub(super) async fn forget_start(&self, start: &Start) {
        if let Err(error) = self.catalog.forget_start(start).await {
            tracing::warn!(%error, "the key of a task that was not started is free only in some time");
        }
    }
}

fn other_request() -> CallError {
    CallError::new(
        CallErrorKind::KeyReused,
        "This idempotency key was used for another task. Nothing was started.",
        "Use a new key for a new task.",
    )
}
