//! What can be wrong with a signature, and how each protocol of AWS puts it.

use http::StatusCode;

use crate::embedded_aws::fault::Fault;
use crate::embedded_aws::protocol::Protocol;

/// Why a request is not let through.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SignatureProblem {
    /// No signature at all.
    #[error("the request must contain a valid AWS access key id and signature")]
    Missing,
    /// A signature that cannot be read; the text says what is missing or wrong.
    #[error("{0}")]
    Incomplete(String),
    /// Signed with a key that does not exist here.
    #[error("the security token included in the request is invalid")]
    UnknownKey,
    /// Signed with the key of a session that has ended.
    #[error("the security token included in the request is expired")]
    ExpiredToken,
    /// Signed too long ago, or in the future.
    #[error(
        "the signature was made at {signed_at}, and the clock here says {now}: more than 15 minutes apart"
    )]
    Expired {
        /// The time of signing as the request states it.
        signed_at: jiff::Timestamp,
        /// The time here.
        now: jiff::Timestamp,
    },
    /// Not the signature that this key gives for this request.
    #[error(
        "the request signature we calculated does not match the signature you provided; check your AWS \
         secret access key and signing method"
    )]
    Mismatch,
}

impl SignatureProblem {
    /// The error with the code and status that this protocol's services use for it.
    pub(crate) fn fault(&self, protocol: Protocol) -> Fault {
        let query = protocol == Protocol::AwsQuery;
        let code = match (self, query) {
            (Self::Missing, true) => "MissingAuthenticationToken",
            (Self::Missing, false) => "MissingAuthenticationTokenException",
            (Self::Incomplete(_), true) => "IncompleteSignature",
            (Self::Incomplete(_), false) => "IncompleteSignatureException",
            (Self::UnknownKey, true) => "InvalidClientTokenId",
            (Self::UnknownKey, false) => "UnrecognizedClientException",
            (Self::ExpiredToken, true) => "ExpiredToken",
            (Self::ExpiredToken, false) => "ExpiredTokenException",
            (Self::Expired { .. } | Self::Mismatch, true) => "SignatureDoesNotMatch",
            (Self::Expired { .. } | Self::Mismatch, false) => "InvalidSignatureException",
        };
        let status = match (protocol, self) {
            (Protocol::AwsJson10 | Protocol::AwsJson11, _) | (_, Self::Incomplete(_)) => {
                StatusCode::BAD_REQUEST
            }
            _ => StatusCode::FORBIDDEN,
        };
        Fault::new(status, code, self.to_string())
    }
}
