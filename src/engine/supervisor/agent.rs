//! In whose name steps are done: the person's agent, with what the person may have done at that moment.

use super::Shared;
use super::journal::RunState;
use crate::engine::gateway::{CallError, CallErrorKind, OnBehalfOfTask, Origin, Principal};
use crate::model::role::Role;
use crate::model::task::StepId;
use jiff::Timestamp;
use std::net::IpAddr;

impl Shared {
    /// The agent of whoever asked for a task, as they are now.
    ///
    /// # Errors
    /// `Forbidden` where they may do nothing any more; `Unavailable` where that cannot be found out.
    pub(super) async fn agent(&self, run: &RunState, role: Option<Role>) -> Result<Principal, CallError> {
        let has_ended = run.ends_at.is_some_and(|ends| ends <= Timestamp::now().as_second());
        let without_bootstrap = run.principal == Principal::bootstrap_key() && !self.has_bootstrap_key;
        if has_ended || without_bootstrap {
            return Err(gone(run));
        }
        let now = self.again(&run.principal, run.address).await?;
        Ok(agent_of(&now.ok_or_else(|| gone(run))?, role))
    }
}

impl Shared {
    /// Somebody with what they may now; none where they may do nothing any more.
    ///
    /// # Errors
    /// `Unavailable` where that cannot be found out.
    pub(super) async fn again(
        &self,
        former: &Principal,
        address: Option<IpAddr>,
    ) -> Result<Option<Principal>, CallError> {
        if former.time_left().is_some_and(|left| left.is_zero()) {
            return Ok(None);
        }
        match self.identity.get() {
            Some(identity) => Ok(identity.again(former, address).await?),
            None => Ok(Some(former.clone())),
        }
    }
}

/// The agent of somebody, in their role, or with what their role and another one both have: a producer may hear
/// what a manager may not.
pub(super) fn agent_of(person: &Principal, role: Option<Role>) -> Principal {
    let in_role = role.filter(|role| *role != person.role);
    Principal { by_supervisor: true, in_role, ..person.clone() }
}

/// How much a role may do beside the others.
pub(super) fn rank(role: Role) -> usize {
    Role::ALL.iter().position(|other| *other == role).unwrap_or_default()
}

/// Where a step comes from: from where its task was asked for, as one of that task.
pub(super) fn origin_of(run: &RunState, task: &str) -> Origin {
    Origin { session: Some(name_of(task)), ..Origin::new(run.channel, run.address) }
}

/// The same for one step.
pub(super) fn origin_of_step(run: &RunState, task: &str, step: &StepId) -> Origin {
    let step = OnBehalfOfTask { task: task.to_owned(), step: step.0.clone() };
    Origin { task: Some(step), ..origin_of(run, task) }
}

/// The name of a task in records, and of what a model is asked for it.
pub(super) fn name_of(task: &str) -> String {
    format!("task_{task}")
}

fn gone(run: &RunState) -> CallError {
    CallError::new(
        CallErrorKind::Forbidden,
        format!("{} may do nothing here any more.", run.principal.name),
        "Sign in again, or ask an admin; then run the task again.",
    )
}
