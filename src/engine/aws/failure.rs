//! What went wrong at AWS, in the few kinds that decide what a person can do about it.

use crate::model::tool::AwsResource;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_runtime_api::http::Response;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::event_stream::RawMessage;
use std::fmt;

/// A request to AWS that failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} on {} {}: {kind} ({code}: {message})", resource.action, resource.service, resource.name)]
pub struct AwsFailure {
    /// The kind.
    pub kind: FailureKind,
    /// What was asked of whom.
    pub resource: AwsResource,
    /// AWS's code, or the SDK's word where no answer came.
    pub code: String,
    /// AWS's message.
    pub message: String,
}

/// The kinds of failure, by what can be done about them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The object or item is not there.
    NotFound,
    /// The table or bucket is not there: the account is not set up.
    NoResource,
    /// A condition did not hold: somebody else was first.
    Condition,
    /// A permission is missing.
    Denied,
    /// The request is wrong.
    Invalid,
    /// Too large for the service.
    TooLarge,
    /// The store has no room.
    StorageFull,
    /// More requests than the account may make, also after the SDK's retries.
    Throttled,
    /// Away or too slow, also after the SDK's retries.
    Unavailable,
    /// Anything else; a mistake of ours until shown otherwise.
    Unknown,
}

impl fmt::Display for FailureKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            FailureKind::NotFound => "not found",
            FailureKind::NoResource => "the resource does not exist",
            FailureKind::Condition => "a condition did not hold",
            FailureKind::Denied => "access denied",
            FailureKind::Invalid => "the request was refused",
            FailureKind::TooLarge => "too large",
            FailureKind::StorageFull => "no room left",
            FailureKind::Throttled => "throttled",
            FailureKind::Unavailable => "unavailable",
            FailureKind::Unknown => "failed",
        })
    }
}

impl AwsFailure {
    /// Reads the SDK's error.
    pub fn from_sdk<E>(resource: AwsResource, error: &SdkError<E, Response>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let (kind, code, message) = match error {
            SdkError::ServiceError(answer) => {
                let status = answer.raw().status().as_u16();
                let code = answer.err().code().map_or_else(|| status.to_string(), str::to_owned);
                let message = answer.err().message().unwrap_or_default().to_owned();
                (kind_of(&code, status), code, message)
            }
            SdkError::TimeoutError(_) => (FailureKind::Unavailable, "Timeout".to_owned(), String::new()),
            SdkError::DispatchFailure(failure) => {
                let detail = failure.as_connector_error().map(ToString::to_string).unwrap_or_default();
                (FailureKind::Unavailable, "DispatchFailure".to_owned(), detail)
            }
            SdkError::ConstructionFailure(_) => {
                (FailureKind::Invalid, "ConstructionFailure".to_owned(), whole_chain(error))
            }
            other => (FailureKind::Unknown, "ResponseError".to_owned(), whole_chain(other)),
        };
        Self { kind, resource, code, message }
    }

    /// Reads the SDK's error in the middle of a stream of events. What breaks there is away, unless AWS
    /// says what it is.
    pub fn from_event<E>(resource: AwsResource, error: &SdkError<E, RawMessage>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let (kind, code, message) = match error {
            SdkError::ServiceError(event) => {
                let code = event.err().code().unwrap_or("StreamError").to_owned();
                let message = event.err().message().unwrap_or_default().to_owned();
                let kind = match kind_of(&code, NO_STATUS) {
                    FailureKind::Unknown => FailureKind::Unavailable,
                    known => known,
                };
                (kind, code, message)
            }
            other => (FailureKind::Unavailable, "StreamBroken".to_owned(), whole_chain(other)),
        };
        Self { kind, resource, code, message }
    }
}

/// No status: an error in the middle of a stream has none of its own.
const NO_STATUS: u16 = 0;

fn kind_of(code: &str, status: u16) -> FailureKind {
    match code {
        "NoSuchKey" | "NoSuchVersion" | "NoSuchUpload" | "NotFound" => FailureKind::NotFound,
        "NoSuchBucket"
        | "ResourceNotFoundException"
        | "DBInstanceNotFound"
        | "DBInstanceNotFoundFault"
        | "DBClusterNotFoundFault"
        | "DatabaseNotFoundException" => FailureKind::NoResource,
        "ConditionalCheckFailedException"
        | "PreconditionFailed"
        | "ConditionalRequestConflict"
        | "TransactionCanceledException"
        | "TransactionConflictException"
        | "ConflictException" => FailureKind::Condition,
        "AccessDenied"
        | "AccessDeniedException"
        | "ForbiddenException"
        | "UnrecognizedClientException"
        | "InvalidSignatureException"
        | "InvalidAccessKeyId"
        | "SignatureDoesNotMatch"
        | "ExpiredToken"
        | "ExpiredTokenException" => FailureKind::Denied,
        "EntityTooLarge" | "MaxMessageLengthExceeded" => FailureKind::TooLarge,
        "InsufficientStorage" | "StorageFull" => FailureKind::StorageFull,
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "TooManyRequestsException"
        | "LimitExceededException"
        | "ProvisionedThroughputExceededException"
        | "RequestLimitExceeded"
        | "SlowDown" => FailureKind::Throttled,
        "ServiceUnavailable"
        | "ServiceUnavailableException"
        | "ServiceQuotaExceededException"
        | "BadGatewayException"
        | "InternalServerException"
        | "DatabaseResumingException"
        | "InternalServerError"
        | "InternalError"
        | "TransactionInProgressException"
        | "DependencyFailedException"
        | "ModelErrorException"
        | "ModelStreamErrorException"
        | "ModelTimeoutException"
        | "ModelNotReadyException" => FailureKind::Unavailable,
        _ => match status {
            404 => FailureKind::NotFound,
            403 => FailureKind::Denied,
            409 | 412 => FailureKind::Condition,
            413 => FailureKind::TooLarge,
            507 => FailureKind::StorageFull,
            400..500 => FailureKind::Invalid,
            500.. => FailureKind::Unavailable,
            _ => FailureKind::Unknown,
        },
    }
}

fn whole_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
