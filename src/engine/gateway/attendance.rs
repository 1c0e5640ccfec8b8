//! Records of coming and going, which are no calls: nobody is known before they have signed in.

use super::audit::{Decision, Phase};
use super::redaction;
use super::{Gateway, Origin, Principal, Visit};
use crate::engine::telemetry::Outcome;
use crate::engine::tools::Class;
use serde::Serialize;

impl Gateway {
    /// Records something that somebody did about who they are: a sign-in, a sign-out.
    pub fn noted(&self, principal: &Principal, origin: &Origin, operation: &str, arguments: &impl Serialize) {
        let visit = Visit::new(principal, origin, operation, Class::Page, redaction::arguments(arguments));
        let line = self.report(&visit, Outcome::Ok, None);
        self.audit.note(self.record(&visit, Phase::Outcome, Decision::Allowed, &[], None), line);
    }
}
