//! Why a key was not made, or not let in.

use crate::engine::catalog::CatalogError;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::model::field::FieldError;

/// Why a key was not made, or not let in.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum KeyError {
    /// The check digits are not those of the rest. Says nothing of which keys there are.
    #[error("this key is mistyped or cut off")]
    Mistyped,
    /// There is no such key, or its secret is another one. Which, nobody is told.
    #[error("this key is not known")]
    Unknown,
    /// Its holder is told the truth about it, as in the next three.
    #[error("the key {0:?} was revoked")]
    Revoked(String),
    /// Its time is over.
    #[error("the key {name:?} has expired at {at}")]
    Expired {
        /// What it is called.
        name: String,
        /// When.
        at: String,
    },
    /// It may be used from elsewhere only.
    #[error("the key {name:?} may not be used from {from}")]
    WrongAddress {
        /// What it is called.
        name: String,
        /// Where the request came from.
        from: String,
    },
    /// Whoever made it may do nothing any more.
    #[error("the owner of the key {0:?} may not sign in any more")]
    OwnerAway(String),
    /// What was typed cannot be taken.
    #[error("{}", in_words(.0))]
    Unsuitable(Vec<FieldError>),
    /// The system gave no random bytes.
    #[error("there are no random numbers: {0}")]
    NoRandomness(String),
    /// The store did not do what was asked.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

impl From<KeyError> for CallError {
    fn from(error: KeyError) -> Self {
        let stranger =
            |message: &str, remedy: &str| Self::new(CallErrorKind::Unauthenticated, message, remedy);
        let holder =
            |message: String, remedy: &str| Self::new(CallErrorKind::Unauthenticated, message, remedy);
        match error {
            KeyError::Mistyped => stranger(
                "This key is mistyped or cut off: its check digits do not fit.",
                "Copy all of it and try again.",
            ),
            KeyError::Unknown => stranger(
                "This key is not known.",
                "Send one that you have made on the page /keys, or that an admin has given you, as a bearer token.",
            ),
            KeyError::Revoked(name) => {
                holder(format!("The key {name:?} was revoked."), "Make another one on the page /keys.")
            }
            KeyError::Expired { name, at } => holder(
                format!("The key {name:?} has expired at {at}."),
                "Make another one on the page /keys.",
            ),
            KeyError::WrongAddress { name, from } => holder(
                format!("The key {name:?} may not be used from {from}."),
                "Use it where it was made for, or make another one on the page /keys.",
            ),
            KeyError::OwnerAway(name) => holder(
                format!("The owner of the key {name:?} may not sign in any more, so their keys do not work."),
                "Ask an admin to let them sign in again, or use a key of somebody else.",
            ),
            KeyError::Unsuitable(fields) => {
                let message = format!("The key was not made: {}.", in_words(&fields));
                Self { fields, ..Self::new(CallErrorKind::Invalid, message, "Correct it and try again.") }
            }
            KeyError::NoRandomness(detail) => {
                tracing::error!(detail, "the system gives no random numbers, so no key was made");
                Self::new(
                    CallErrorKind::Internal,
                    "The key could not be made.",
                    "Tell an admin the request id.",
                )
            }
            KeyError::Catalog(error) => error.into(),
        }
    }
}

fn in_words(wrong: &[FieldError]) -> String {
    let each = wrong.iter().map(|wrong| format!("{} {}", wrong.field, wrong.message));
    each.collect::<Vec<_>>().join("; ")
}
