//! Tasks that are begun under a name that was chosen before, so that asking for one twice begins it once.

use super::agent::name_of;
use super::journal::{self, Entry};
use super::{Supervisor, draft, new_entry};
use crate::engine::catalog::CatalogError;
use crate::engine::gateway::{CallError, CallErrorKind, Origin, Principal};
use crate::engine::supervisor::operations::{StartTask, StartTaskInput};
use crate::engine::tools::Operation;
use crate::model::task::{TaskRequest, TaskState, TaskView};

impl Supervisor {
    /// Begins a task of this id; where it was begun already, that is the answer.
    ///
    /// # Errors
    /// As [`Supervisor::start`].
    pub(in crate::engine) async fn start_once(
        &self,
        principal: &Principal,
        origin: &Origin,
        id: &str,
        request: TaskRequest,
    ) -> Result<TaskView, CallError> {
        let shared = &self.shared;
        if let Some(begun) = self.seen(&principal.id, id).await? {
            return Ok(begun);
        }
        let allowed = draft::check(&request).and_then(|()| shared.room_for_task(&principal.id));
        allowed.map_err(|error| shared.gateway.refused(principal, origin, StartTask::NAME, error))?;
        let mut entry = new_entry(principal, origin, request);
        id.clone_into(&mut entry.view.id);
        shared.draft(principal, origin, &entry.view.request, &name_of(id)).await?.note(&mut entry.view);
        let input = StartTaskInput { request: entry.view.request.clone(), entry: Box::new(entry) };
        let view = match shared.gateway.call::<StartTask>(principal, origin, input).await {
            Ok(answer) => answer.output,
            // Another instance was faster, or the answer to an earlier try got lost.
            Err(error) if error.kind == CallErrorKind::Conflict => {
                return self.seen(&principal.id, id).await?.ok_or(error);
            }
            Err(error) => return Err(error),
        };
        if view.state == TaskState::Waiting {
            *shared.open().entry(principal.id.clone()).or_default() += 1;
            shared.wake.notify_one();
        }
        Ok(view)
    }

    /// How far a task is, without what its steps have found: for whoever waits for its end. What it came to is
    /// asked for at the door.
    pub(in crate::engine) async fn seen(
        &self,
        owner: &str,
        id: &str,
    ) -> Result<Option<TaskView>, CatalogError> {
        match self.shared.catalog.task(owner, id).await {
            Ok(kept) => Ok(Some(Entry::read(&kept)?.view)),
            Err(CatalogError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// The line that answers, without its sources.
pub(in crate::engine) fn headline(view: &TaskView) -> Option<String> {
    view.answer.as_ref().map(|answer| journal::plain(&answer.headline))
}
