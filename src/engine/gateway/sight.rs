//! What somebody may see at this moment, without a call: asked before they are told that others changed it.

use super::owners::Matter;
use super::{Gateway, Origin, Principal, Visit};
use crate::engine::tools::{Effect, Operation};
use serde_json::Value;

impl Gateway {
    /// Whether an operation that reads would be allowed to somebody for an input. Nothing is done, and nothing is
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
