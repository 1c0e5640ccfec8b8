//! The errors that Bedrock's services model.

use http::StatusCode;

use crate::embedded_aws::fault::Fault;

/// The request breaks a rule, or asks for something that is not implemented.
pub(super) fn invalid(message: impl Into<String>) -> Fault {
    Fault::sender("ValidationException", message)
}

/// There is no such knowledge base, data source, job or session.
pub(super) fn not_found(message: impl Into<String>) -> Fault {
    Fault::new(StatusCode::NOT_FOUND, "ResourceNotFoundException", message)
}

/// Something of the same is under way.
pub(super) fn conflict(message: impl Into<String>) -> Fault {
    Fault::new(StatusCode::CONFLICT, "ConflictException", message)
}

/// To be tried again a little later.
pub(super) fn throttled(message: impl Into<String>) -> Fault {
    Fault::new(StatusCode::TOO_MANY_REQUESTS, "ThrottlingException", message)
}

/// Something broke on this side.
pub(super) fn internal_error(message: impl Into<String>) -> Fault {
    let message = message.into();
    tracing::error!(message, "the embedded Bedrock failed");
    Fault::new(StatusCode::INTERNAL_SERVER_ERROR, "InternalServerException", message)
}

/// The account may not use this.
pub(super) fn access_denied(message: impl Into<String>) -> Fault {
    Fault::new(StatusCode::FORBIDDEN, "AccessDeniedException", message)
}

/// The language model is away; the Runtime's word for it.
pub(super) fn unavailable(message: impl Into<String>) -> Fault {
    Fault::new(StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailableException", message)
}

/// The language model is away; the Agent Runtime's word for it.
pub(super) fn dependency_failed(message: impl Into<String>) -> Fault {
    Fault::new(StatusCode::FAILED_DEPENDENCY, "DependencyFailedException", message)
}
