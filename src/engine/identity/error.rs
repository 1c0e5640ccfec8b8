//! Why somebody was not let in, or an account not changed.

use crate::engine::catalog::CatalogError;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::model::field::FieldError;
use std::time::Duration;

/// Why somebody was not let in, or an account not changed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum IdentityError {
    /// There is no account of this address, or it has another password, or none, or may not be used. Which,
    /// nobody is told.
    #[error("the e-mail address or the password is wrong")]
    WrongCredentials,
    /// Too much was tried, for one account or from one address.
    #[error("there were too many attempts to sign in; the next one is possible in {} s", .0.as_secs())]
    TooManyAttempts(Duration),
    /// More people sign in at this moment than can be checked.
    #[error("too many people sign in at this moment")]
    Busy,
    /// The link was used, is too old, or never was one.
    #[error("this link is not valid any more")]
    LinkNotValid,
    /// What was typed cannot be taken.
    #[error("{field} {reason}")]
    Unsuitable {
        /// Where it was typed.
        field: &'static str,
        /// What is wrong with it.
        reason: String,
    },
    /// Somebody has this e-mail address.
    #[error("there is already an account with the e-mail address {0}")]
    Taken(String),
    /// Nobody has it.
    #[error("there is no account {0:?}")]
    NoAccount(String),
    /// Nobody else could change anything back.
    #[error("{0} is the only admin who may sign in")]
    LastAdmin(String),
    /// The demo is off.
    #[error("there are no demo accounts here")]
    NoDemo,
    /// Sessions can be neither read nor written.
    #[error("the table of sessions cannot be reached: {0}")]
    Sessions(String),
    /// A mistake of ours.
    #[error("a password could not be worked on: {0}")]
    Hashing(String),
    /// The store did not do what was asked.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl From<IdentityError> for CallError {
    fn from(error: IdentityError) -> Self {
        match error {
            IdentityError::WrongCredentials => Self::new(
                CallErrorKind::Unauthenticated,
                "The e-mail address or the password is wrong.",
                "Try again, or ask an admin for a new link.",
            ),
            IdentityError::TooManyAttempts(wait) => Self {
                retry_after: Some(wait),
                ..Self::new(
                    CallErrorKind::TooManyRequests,
                    "There were too many attempts to sign in.",
                    format!("Wait {} s, then try again.", wait.as_secs().max(1)),
                )
            },
            IdentityError::Busy => Self {
                retry_after: Some(Duration::from_secs(5)),
                ..Self::new(
                    CallErrorKind::Unavailable,
                    "Too many people sign in at this moment.",
                    "Try again in some seconds.",
                )
            },
            IdentityError::LinkNotValid => Self::new(
                CallErrorKind::Forbidden,
                "This link is not valid any more. Each works once, and for a day.",
                "Ask an admin for a new one.",
            ),
            IdentityError::Unsuitable { field, reason } => {
                let message = format!("The {} {reason}.", in_words(field));
                let fields = vec![FieldError::new(field, reason)];
                Self { fields, ..Self::new(CallErrorKind::Invalid, message, "Correct it and try again.") }
            }
            IdentityError::Taken(email) => Self::new(
                CallErrorKind::Exists,
                format!("There is already an account with the e-mail address {email}."),
                "Choose another address, or change that account.",
            ),
            IdentityError::NoAccount(who) => Self::new(
                CallErrorKind::NotFound,
                format!("There is no account {who:?}."),
                "Check the e-mail address.",
            ),
            IdentityError::LastAdmin(name) => Self::new(
                CallErrorKind::Conflict,
                format!(
                    "{name} is the only admin who may sign in; without them nobody could change anything."
                ),
                "Make somebody else an admin first.",
            ),
            IdentityError::NoDemo => Self::new(
                CallErrorKind::Forbidden,
                "There are no demo accounts here.",
                "Sign in with your e-mail address and password.",
            ),
            IdentityError::Sessions(detail) => {
                tracing::warn!(detail, "sessions can be neither read nor written");
                Self {
                    retry_after: Some(Duration::from_secs(5)),
                    ..Self::new(
                        CallErrorKind::Unavailable,
                        "Who you are cannot be looked up, because the table patchline-sessions cannot be reached at the moment.",
                        "Try again in some seconds. Nothing was lost.",
                    )
                }
            }
            IdentityError::Hashing(detail) => {
                tracing::error!(detail, "a password could not be worked on");
                Self::new(
                    CallErrorKind::Internal,
                    "The password could not be checked.",
                    "Tell an admin the request id.",
                )
            }
            IdentityError::Catalog(error) => error.into(),
        }
    }
}

/// The name of a field in a sentence.
fn in_words(field: &str) -> &str {
    match field {
        "email" => "e-mail address",
        other => other,
    }
}
