//! What somebody may see or do at this moment, without a call: asked before they are told that others changed it, and
//! before anything of a plan is done.

use super::owners::Matter;
use super::policy::{self, PERMISSIONS};
use super::{CallError, CallErrorKind, Gateway, Origin, Principal, Visit, redaction};
use crate::engine::tools::{Class, Effect, Operation, Scope, Subject};
use crate::model::tool::AwsResource;
use serde_json::Value;

/// How much of the label somebody would see with a call of a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// All that the call is about.
    Whole,
    /// Their own artists only, and the call names whose data it is about: theirs.
    Named,
    /// Their own artists only, and the call is about as many as its caller sees.
    Own,
}

impl Gateway {
    /// Whether a tool is Patchline's own, and its server is switched off.
    pub fn is_switched_off(&self, tool: &str) -> bool {
        self.registry.find(tool).is_none() && PERMISSIONS.iter().any(|row| row.operation == tool)
    }

    /// How much somebody would see with a call of a tool, or of a tool at all where no call is known. Nothing is
    /// done, and nothing is on record.
    ///
    /// # Errors
    /// `Forbidden` where they may not, and where the tool is switched off; `Invalid` where the tool does not take such
    /// arguments any more; also when it cannot be found out.
    pub async fn sight_of_tool(
        &self,
        principal: &Principal,
        origin: &Origin,
        tool: &str,
        arguments: Option<&Value>,
    ) -> Result<Sight, CallError> {
        if self.is_switched_off(tool) {
            return Err(switched_off(tool));
        }
        let mut visit = self.visit_of_tool(principal, origin, tool, Value::Null);
        self.check_scope(&mut visit).and_then(|()| self.rules.check(&mut visit))?;
        let Some(arguments) = arguments else { return Ok(Sight::Whole) };
        let (resources, matter) = self.regarded(tool, arguments)?;
        let is_told = matter.subject.artists.is_some() || matter.subject.release.is_some();
        Ok(match self.rules.check_places(&mut visit, &self.catalog, &resources, &matter).await? {
            Scope::Everything => Sight::Whole,
            Scope::Only(_) if is_told => Sight::Named,
            Scope::Only(_) => Sight::Own,
        })
    }

    /// What the policy forbids of a call that a plan has, asked before anything of the plan is done: on record as the
    /// door would put it, and done as little. None where it is allowed, where it is forbidden only at this moment or
    /// from there, and where only the door can say.
    pub async fn denial_of_tool(
        &self,
        principal: &Principal,
        origin: &Origin,
        tool: &str,
        arguments: &Value,
    ) -> Option<CallError> {
        // Of a tool that is switched off the policy knows nothing.
        if self.is_switched_off(tool) {
            return None;
        }
        let mut visit = self.visit_of_tool(principal, origin, tool, redaction::arguments(arguments));
        let allowed = self.check_scope(&mut visit).and_then(|()| self.rules.check(&mut visit));
        let (resources, allowed) = match allowed {
            Ok(()) => {
                let (resources, matter) = self.regarded(tool, arguments).ok()?;
                visit.only_reads = matter.reads_only && !policy::is_administration(tool);
                let places = self.rules.check_places(&mut visit, &self.catalog, &resources, &matter);
                let allowed = places.await.map(drop);
                (resources, allowed)
            }
            Err(error) => (Vec::new(), Err(error)),
        };
        let denial =
            allowed.err().filter(|error| error.kind == CallErrorKind::Forbidden && !error.not_now)?;
        // Whoever tries again and again what is not allowed has less left for what is, as at the door.
        let _ = self.limiter.check_here(principal, tool);
        Some(self.refuse_at(&visit, &resources, denial))
    }

    fn visit_of_tool(&self, principal: &Principal, origin: &Origin, tool: &str, arguments: Value) -> Visit {
        let visit = Visit::new(principal, origin, tool, Class::Call, arguments);
        Visit { foreign: self.registry.find(tool).is_none(), ..visit }
    }

    /// What a call of a tool would touch, and what it is about.
    fn regarded(&self, tool: &str, arguments: &Value) -> Result<(Vec<AwsResource>, Matter), CallError> {
        if let Some(own) = self.registry.find(tool) {
            return Ok(own.regards(arguments, &self.catalog)?);
        }
        let matter = Matter { subject: Subject::default(), is_scoped: false, reads_only: true };
        Ok((Vec::new(), matter))
    }

    /// Whether an operation would be allowed to somebody for an input. Nothing is done, and nothing is
    /// on record: nobody has asked for anything. What cannot be decided is not allowed.
    pub async fn may_see<O: Operation>(
        &self,
        principal: &Principal,
        origin: &Origin,
        input: &O::Input,
    ) -> bool {
        let mut visit = Visit::new(principal, origin, O::NAME, O::CLASS, Value::Null);
        let allowed = self.check_scope(&mut visit).and_then(|()| self.rules.check(&mut visit));
        let (Ok(()), Ok(resources)) = (allowed, O::resources(input, &self.catalog)) else { return false };
        let matter = Matter {
            subject: O::subject(input),
            is_scoped: O::SCOPED,
            reads_only: O::EFFECT == Effect::Reads,
        };
        self.rules.check_places(&mut visit, &self.catalog, &resources, &matter).await.is_ok()
    }
}

/// The error for a tool of ours that is not there, so that nobody knows what its calls are about.
fn switched_off(tool: &str) -> CallError {
    let message = format!("{tool} is switched off, so it cannot be told who may see what it found.");
    CallError::new(CallErrorKind::Forbidden, message, "Ask whoever shared it.")
}
