//! Why somebody who signs in at a provider is not let in.

use crate::engine::catalog::CatalogError;
use crate::engine::gateway::{CallError, CallErrorKind};
use crate::engine::identity::IdentityError;
use crate::engine::identity::issuers::{IssuerError, TokenError};
use std::time::Duration;

/// The longest word of a provider that is shown.
const LONGEST_WORD: usize = 60;

/// Why somebody who signs in at a provider is not let in.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OpenIdError {
    /// None is configured.
    #[error("there is no provider at which people sign in")]
    NoProvider,
    /// Another browser began it, or it was too long ago, or it is over.
    #[error("this sign-in was not begun in this browser, or is over")]
    NotBegunHere,
    /// The provider does not answer.
    #[error("{provider} is away: {detail}")]
    Away {
        /// What people call it.
        provider: String,
        /// What happened.
        detail: String,
    },
    /// What the provider says of itself or of others cannot be used.
    #[error("{provider} cannot be used: {detail}")]
    Unusable {
        /// What people call it.
        provider: String,
        /// Why not.
        detail: String,
    },
    /// The provider refuses.
    #[error("{provider} refuses: {why}")]
    Refused {
        /// What people call it.
        provider: String,
        /// In its own word.
        why: String,
    },
    /// What the provider says of somebody is not to be believed.
    #[error("what {provider} says is not believed: {why}")]
    NotTrusted {
        /// What people call it.
        provider: String,
        /// Why not.
        why: String,
    },
    /// It vouches for no e-mail address of theirs.
    #[error("{0} vouches for no e-mail address")]
    NoEmail(String),
    /// They are in no group that is anything here.
    #[error("somebody is in none of the groups of {0} that are let in")]
    NoGroup(String),
    /// An account with their e-mail address has a password, which they have not shown.
    #[error("the account with the e-mail address {email} has a password")]
    HasPassword {
        /// What people call the provider.
        provider: String,
        /// The address.
        email: String,
        /// The account.
        user: String,
    },
    /// An account with their e-mail address is somebody else's.
    #[error("the account with the e-mail address {0} is somebody else's")]
    HasAccount(String),
    /// Their account may not be used.
    #[error("the account with the e-mail address {0} may not be used")]
    SwitchedOff(String),
    /// A mistake of ours.
    #[error("a sign-in could not be begun: {0}")]
    Mistake(String),
    /// As with a password.
    #[error(transparent)]
    Identity(#[from] IdentityError),
}

impl From<CatalogError> for OpenIdError {
    fn from(error: CatalogError) -> Self {
        Self::Identity(error.into())
    }
}

impl OpenIdError {
    pub(super) fn of_issuer(provider: String, error: IssuerError) -> Self {
        match error {
            IssuerError::Away { .. } => Self::Away { provider, detail: error.to_string() },
            IssuerError::Unusable { .. } => Self::Unusable { provider, detail: error.to_string() },
        }
    }

    pub(super) fn of_token(provider: String, error: TokenError) -> Self {
        match error {
            TokenError::Keys(error) => Self::of_issuer(provider, error),
            error => Self::NotTrusted { provider, why: error.to_string() },
        }
    }

    pub(super) fn unusable(provider: String, detail: &str) -> Self {
        Self::Unusable { provider, detail: detail.to_owned() }
    }

    pub(super) fn not_trusted(provider: String, why: &str) -> Self {
        Self::NotTrusted { provider, why: why.to_owned() }
    }

    /// What came by way of the browser may be anything.
    pub(super) fn refused(provider: String, why: &str) -> Self {
        let is_word = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let why = if why.len() <= LONGEST_WORD && is_word(why) { why } else { "for a reason of its own" };
        Self::Refused { provider, why: why.to_owned() }
    }
}

impl From<OpenIdError> for CallError {
    fn from(error: OpenIdError) -> Self {
        // What only admins can do something about stands in the log, and not on the page.
        if matches!(
            error,
            OpenIdError::Away { .. } | OpenIdError::Unusable { .. } | OpenIdError::NotTrusted { .. }
        ) {
            tracing::warn!(%error, "somebody could not sign in at the provider");
        }
        match error {
            OpenIdError::NoProvider => Self::new(
                CallErrorKind::NotFound,
                "There is no other service here at which you could sign in.",
                "Sign in with your e-mail address and password.",
            ),
            OpenIdError::NotBegunHere => Self::new(
                CallErrorKind::Forbidden,
                "This sign-in was not begun in this browser, or more than ten minutes ago, or it is over.",
                "Begin again.",
            ),
            OpenIdError::Away { provider, .. } => Self {
                retry_after: Some(Duration::from_secs(30)),
                ..Self::new(
                    CallErrorKind::Unavailable,
                    format!("{provider} cannot be reached at the moment."),
                    "Try again in a minute.",
                )
            },
            OpenIdError::Unusable { provider, .. } => Self {
                retry_after: Some(Duration::from_mins(1)),
                ..Self::new(
                    CallErrorKind::Unavailable,
                    format!("{provider} does not answer as it should."),
                    "Tell an admin the request id. The log says what is wrong.",
                )
            },
            OpenIdError::Refused { provider, why } if why == "access_denied" => Self::new(
                CallErrorKind::Forbidden,
                format!("{provider} did not let you in, or you went back."),
                "Begin again, or ask an admin whether you may use Patchline.",
            ),
            OpenIdError::Refused { provider, why } => Self::new(
                CallErrorKind::Forbidden,
                format!("{provider} refused the sign-in ({why})."),
                "Begin again. If that does not help, tell an admin the request id.",
            ),
            OpenIdError::NotTrusted { provider, why } => Self::new(
                CallErrorKind::Unauthenticated,
                format!("What {provider} says of you is not believed: {why}."),
                "Begin again. If that does not help, tell an admin the request id.",
            ),
            OpenIdError::NoEmail(provider) => Self::new(
                CallErrorKind::Forbidden,
                format!("{provider} does not say that you have an e-mail address which was verified."),
                "Verify your e-mail address there, then begin again.",
            ),
            OpenIdError::NoGroup(provider) => Self::new(
                CallErrorKind::Forbidden,
                format!("{provider} knows you, but you are in none of its groups that may use Patchline."),
                "Ask an admin to put you into one, then begin again.",
            ),
            OpenIdError::HasPassword { provider, email, .. } => Self::new(
                CallErrorKind::Conflict,
                format!("There is an account with the e-mail address {email} already, which has a password."),
                format!("Sign in with the password once, now; from then on {provider} opens it, too."),
            ),
            OpenIdError::HasAccount(email) => Self::new(
                CallErrorKind::Conflict,
                format!(
                    "There is an account with the e-mail address {email} already, which is somebody else's."
                ),
                "Ask an admin.",
            ),
            OpenIdError::SwitchedOff(_) => Self::new(
                CallErrorKind::Forbidden,
                "Your account is switched off.",
                "Ask an admin to switch it on again.",
            ),
            OpenIdError::Mistake(detail) => {
                tracing::error!(detail, "a sign-in could not be begun");
                Self::new(
                    CallErrorKind::Internal,
                    "The sign-in could not be begun.",
                    "Tell an admin the request id.",
                )
            }
            OpenIdError::Identity(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_provider_that_is_away_is_told_with_when_to_try_again() {
        let away = OpenIdError::Away { provider: "Northlight".to_owned(), detail: "no answer".to_owned() };
        let told = CallError::from(away);
        assert_eq!(told.kind, CallErrorKind::Unavailable);
        assert!(told.message.starts_with("Northlight cannot be reached"), "{told}");
        assert!(told.retry_after_seconds().is_some());
    }

    #[test]
    fn what_stands_in_an_address_is_never_shown_as_it_is() {
        let told = |why: &str| CallError::from(OpenIdError::refused("Northlight".to_owned(), why)).message;
        assert!(told("login_required").contains("login_required"));
        for text in ["<b>call 555</b>", "send us your password", "a\nb", &"a".repeat(61)] {
            assert!(!told(text).contains(text), "{text}");
        }
    }
}
