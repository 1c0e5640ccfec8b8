//! In whose name a run is done: whoever set the automation, with what they may by now.

use super::Shared;
use super::kept::{Automation, Setter};
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::automation::due;
use crate::engine::gateway::{CallError, CallErrorKind, Principal};
use crate::model::automation::Paused;
use jiff::Timestamp;

/// How often an automation is paused when it changes at the same moment.
const TRIES: u32 = 5;

impl Shared {
    /// Whoever set an automation, as they are now; none where they may do nothing here any more.
    pub(super) async fn person(&self, setter: &Setter) -> Result<Option<Principal>, CallError> {
        Ok(self.identity.again(&setter.principal, setter.address).await?)
    }

    /// Has an automation run no more until somebody says otherwise.
    pub(super) async fn pause(
        &self,
        owner: &str,
        id: &str,
        reason: &str,
        now: Timestamp,
    ) -> Result<(), CatalogError> {
        for _ in 0..TRIES {
            let Some(record) = self.catalog.automation_record(owner, id).await? else { return Ok(()) };
            let mut automation = Automation::read(&record)?;
            if automation.paused.is_some() {
                return Ok(());
            }
            automation.paused = Some(Paused { reason: reason.to_owned(), at: due(now) });
            automation.version += 1;
            if self.catalog.change_automation_record(&automation.record()?, record.version).await? {
                return Ok(());
            }
        }
        Err(CatalogError::Conflict { what: "automation", id: id.to_owned(), current: None })
    }
}

/// Why an automation does not run whose owner may do nothing any more.
pub(super) fn gone(name: &str) -> String {
    format!("{name} may do nothing here any more, so nothing runs in their name.")
}

/// Whether what stands against a call may be over later: also hours in which it is not allowed.
pub(super) fn may_pass(error: &CallError) -> bool {
    use CallErrorKind::{Conflict, Internal, TooManyRequests, Unavailable};
    error.not_now || matches!(error.kind, Conflict | Internal | TooManyRequests | Unavailable)
}
