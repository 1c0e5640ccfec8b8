//! For whom AWS is asked: what sessions of roles are tagged with, so that CloudTrail shows the person.

use super::Principal;
use crate::engine::aws::OnBehalf;

/// The tags: who makes the call, with which role, and what they are.
pub const TAG_KEYS: [&str; 3] = ["PatchlinePrincipal", "PatchlineRole", "PatchlineKind"];

/// The name under which AWS is asked for what somebody wants. The person stands behind their keys.
pub(super) fn of(principal: &Principal) -> OnBehalf {
    let values = [principal.id.as_str(), principal.effective_role().id(), principal.kind().id()];
    OnBehalf::new(principal.person(), TAG_KEYS.into_iter().zip(values))
}
