//! The stage *do* of a call: which replica takes it, how that one is reached, and another try elsewhere.

use super::fleet::{Admission, Kind, fault};
use super::{CallError, Gateway, Visit};
use crate::engine::tools::{Class, Context, Operation, ToolError};
use serde_json::Value;

/// What is to be done: the input, and how to make it once more for another replica.
pub(super) struct Work<O: Operation> {
    first: Option<O::Input>,
    again: Option<Again<O>>,
}

struct Again<O: Operation> {
    arguments: Value,
    read: fn(Value) -> Option<O::Input>,
}

impl<O: Operation> Work<O> {
    /// Work that is done once.
    pub(super) fn once(input: O::Input) -> Self {
        Self { first: Some(input), again: None }
    }

    /// Work that may be done once more, from its arguments.
    pub(super) fn repeatable(input: O::Input, arguments: Value, read: fn(Value) -> Option<O::Input>) -> Self {
        Self { first: Some(input), again: Some(Again { arguments, read }) }
    }

    /// The input, as long as nothing was begun.
    pub(super) fn input(&self) -> Option<&O::Input> {
        self.first.as_ref()
    }

    /// The input for the next try.
    fn take(&mut self) -> Option<O::Input> {
        self.first.take().or_else(|| {
            let Again { arguments, read } = self.again.as_ref()?;
            read(arguments.clone())
        })
    }
}

impl Gateway {
    /// Lets a call in to its server; none for what belongs to no server, such as parts of pages.
    pub(super) async fn admission<O: Operation>(&self) -> Result<Option<Admission>, CallError> {
        match self.registry.serving(O::NAME) {
            Some(server) => {
                let admission = self.fleet.admit(server, O::CLASS == Class::Call).await?;
                self.telemetry.busy(server.id(), admission.busy());
                Ok(Some(admission))
            }
            None => Ok(None),
        }
    }

    /// Does the work at a replica. Where the replica fails and the work may be done twice, another tries.
    pub(super) async fn route<O: Operation>(
        &self,
        visit: &Visit,
        admission: Option<Admission>,
        mut work: Work<O>,
        context: Context,
    ) -> Result<O::Output, ToolError> {
        let mut failed = ToolError::NotAvailable("No replica takes the call.".to_owned());
        let Some(mut admission) = admission else {
            return match work.take() {
                Some(input) => in_process::<O>(input, context).await,
                None => Err(failed),
            };
        };
        let mut again = false;
        loop {
            let Some(input) = work.take() else { return Err(failed) };
            let lease = if again { admission.begin_again() } else { admission.begin() };
            let Some(lease) = lease else { return Err(failed) };
            let result = match lease.kind() {
                Kind::InProcess => in_process::<O>(input, context.clone()).await,
            };
            let fault = result.as_ref().err().and_then(fault::of_server);
            let may_repeat = fault.is_some() && work.again.is_some();
            lease.end(O::NAME, &visit.origin.request_id, fault);
            match result {
                Err(error) if may_repeat => failed = error,
                result => return result,
            }
            again = true;
        }
    }
}

/// A replica that is this process.
async fn in_process<O: Operation>(input: O::Input, context: Context) -> Result<O::Output, ToolError> {
    O::run(input, context).await
}
