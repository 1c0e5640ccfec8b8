//! Whoever has signed in shows once more who they are, before they change what others rely on: a browser that was
//! left open, or a cookie that was stolen, is not enough for that.

use super::{CallError, CallErrorKind, Visit};
use crate::model::confirmation::asked_before;

/// Whether the person of a session has shown lately who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Confirmation {
    /// There is no session, and nobody is asked: programs show their key with each call.
    #[default]
    NotAsked,
    /// They have, by signing in or by confirming it.
    Recent,
    /// It was too long ago for some changes.
    Due,
}

/// Refuses a change before which the person has to show once more who they are.
pub(super) fn check(visit: &mut Visit) -> Result<(), CallError> {
    if visit.origin.confirmation != Confirmation::Due {
        return Ok(());
    }
    let Some(change) = asked_before(&visit.name) else { return Ok(()) };
    // What denies is what is told, not what let it through before.
    visit.verdict.policies.clear();
    visit.verdict.reason = Some("who it is was not confirmed lately");
    let message = format!(
        "Nothing was changed: you were about to {}, and it is a while ago that you showed who you are.",
        change.words
    );
    let remedy = "Confirm that it is you, then do it once more.";
    let error = CallError::new(CallErrorKind::ConfirmIdentity, message, remedy);
    Err(CallError { confirm: Some(change), ..error })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::gateway::policy::PERMISSIONS;
    use crate::engine::gateway::{Channel, Origin, Principal, Role};
    use crate::engine::tools::Class;
    use crate::model::confirmation::ASKED_BEFORE;
    use serde_json::Value;

    fn refusal(operation: &str, confirmation: Confirmation) -> Option<CallError> {
        let origin = Origin { confirmation, ..Origin::new(Channel::Page, None) };
        let ada = Principal::new("usr_ada", "Ada", Role::Admin);
        check(&mut Visit::new(&ada, &origin, operation, Class::Page, Value::Null)).err()
    }

    #[test]
    fn each_change_that_is_asked_before_is_an_operation() {
        for change in ASKED_BEFORE {
            let has_row = PERMISSIONS.iter().any(|row| row.operation == change.operation);
            assert!(has_row, "{}", change.operation);
        }
    }

    #[test]
    fn only_a_session_that_was_confirmed_too_long_ago_is_asked_and_only_before_such_a_change() {
        for change in ASKED_BEFORE {
            let refused = refusal(change.operation, Confirmation::Due).expect("it is refused");
            assert_eq!(refused.kind, CallErrorKind::ConfirmIdentity, "{refused}");
            assert_eq!(refused.confirm.map(|asked| asked.operation), Some(change.operation));
            assert_eq!(refusal(change.operation, Confirmation::Recent), None);
            assert_eq!(refusal(change.operation, Confirmation::NotAsked), None);
        }
        assert_eq!(refusal("view_policy", Confirmation::Due), None);
        assert_eq!(
            refusal("change_own_password", Confirmation::Due),
            None,
            "it asks for the password itself"
        );
    }
}
