//! Calls that end before they are done.

use super::audit::{Decision, Phase};
use super::{Gateway, Visit};
use crate::engine::telemetry::Outcome;
use crate::model::tool::AwsResource;

/// A call that is being done. If it is dropped in the middle, because its caller goes away or the
/// program ends, that is reported and recorded.
pub(super) struct Unfinished<'a> {
    gateway: &'a Gateway,
    visit: &'a Visit,
    resources: &'a [AwsResource],
    ended: bool,
}

impl<'a> Unfinished<'a> {
    pub(super) fn new(gateway: &'a Gateway, visit: &'a Visit, resources: &'a [AwsResource]) -> Self {
        Self { gateway, visit, resources, ended: false }
    }

    /// The call has ended by itself.
    pub(super) fn end(mut self) {
        self.ended = true;
    }
}

impl Drop for Unfinished<'_> {
    fn drop(&mut self) {
        if self.ended {
            return;
        }
        let Self { gateway, visit, resources, .. } = self;
        let line = gateway.report(visit, Outcome::Cancelled, None);
        let mut outcome = gateway.record(visit, Phase::Outcome, Decision::Allowed, resources, None);
        outcome.error = Some("abandoned: It was stopped before it was done.".to_owned());
        gateway.audit.note(outcome, line);
    }
}
