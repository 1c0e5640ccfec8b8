//! Why an account was not changed, as the door tells it.

use crate::engine::catalog::CatalogError;
use crate::engine::gateway::CallError;
use crate::engine::identity::IdentityError;
use crate::engine::identity::openid::OpenIdError;
use crate::engine::tools::{Refusal, RefusalKind, ToolError};
use crate::model::field::FieldError;

/// Why it was not changed. The words are those of the error itself.
pub(super) fn refusal(error: IdentityError) -> ToolError {
    let kind = match &error {
        IdentityError::WrongCredentials | IdentityError::Unsuitable { .. } => RefusalKind::Invalid,
        IdentityError::LinkNotValid | IdentityError::NoDemo => RefusalKind::Forbidden,
        IdentityError::LastAdmin(_) => RefusalKind::Conflict,
        IdentityError::Taken(_) => RefusalKind::Exists,
        IdentityError::TooManyAttempts(_) => RefusalKind::TooManyRequests,
        IdentityError::Busy | IdentityError::Sessions(_) => RefusalKind::Unavailable,
        IdentityError::Hashing(_) => RefusalKind::Internal,
        IdentityError::NoAccount(id) => {
            return CatalogError::NotFound { what: "account", id: id.clone() }.into();
        }
        IdentityError::Catalog(error) => return error.clone().into(),
    };
    let CallError { message, remedy, fields, retry_after, .. } = CallError::from(error);
    ToolError::Refused(Box::new(Refusal { kind, message, remedy, fields, retry_after }))
}

/// The same for a change of one's own password, where there are two.
pub(super) fn of_password(error: IdentityError) -> ToolError {
    let (message, field, reason) = match error {
        IdentityError::WrongCredentials => (
            "This is not the password that you have now.".to_owned(),
            "old",
            "has to be the one that you have now".to_owned(),
        ),
        IdentityError::Unsuitable { reason, .. } => (format!("The new password {reason}."), "new", reason),
        IdentityError::TooManyAttempts(wait) => {
            return ToolError::Refused(Box::new(Refusal {
                kind: RefusalKind::TooManyRequests,
                message: "There were too many attempts with a wrong password.".to_owned(),
                remedy: format!("Wait {} s, then try again.", wait.as_secs().max(1)),
                fields: Vec::new(),
                retry_after: Some(wait),
            }));
        }
        other => return refusal(other),
    };
    let fields = vec![FieldError::new(field, reason)];
    let remedy = "Correct it and try again. Nothing was changed.".to_owned();
    let kind = RefusalKind::Invalid;
    ToolError::Refused(Box::new(Refusal { kind, message, remedy, fields, retry_after: None }))
}

/// The same for a change that a sign-in at the provider makes.
pub(super) fn of_sign_in(error: OpenIdError) -> ToolError {
    match error {
        OpenIdError::Identity(error) => refusal(error),
        // Somebody else has the address meanwhile; what else stops a sign-in is found before the door.
        error => {
            let CallError { message, remedy, fields, retry_after, .. } = CallError::from(error);
            let kind = RefusalKind::Conflict;
            ToolError::Refused(Box::new(Refusal { kind, message, remedy, fields, retry_after }))
        }
    }
}

/// An account that everybody of the demo shares.
pub(super) fn of_demo(name: &str) -> ToolError {
    let message = format!("{name} is an account of the sample label, which stays as it is.");
    without_fields(RefusalKind::Forbidden, message, "Invite somebody, and change their account.")
}

/// A link for somebody who may not sign in would be of no use.
pub(super) fn of_disabled(name: &str) -> ToolError {
    let message = format!("{name} may not sign in, so a link would be of no use.");
    without_fields(RefusalKind::Conflict, message, "Let them sign in again first.")
}

fn without_fields(kind: RefusalKind, message: String, remedy: &str) -> ToolError {
    let (fields, retry_after) = (Vec::new(), None);
    ToolError::Refused(Box::new(Refusal { kind, message, remedy: remedy.to_owned(), fields, retry_after }))
}
