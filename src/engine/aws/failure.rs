//! What went wrong at AWS, in the few kinds that decide what a person can do about it.

use super::arrival::NothingSent;
use crate::model::tool::AwsResource;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
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

/// The code where not even a connection was made.
const NOTHING_SENT: &str = "ConnectionRefused";

/// The code where the connection failed before an answer came: while it was made or later.
const CONNECTION_FAILED: &str = "DispatchFailure";

/// The code where no answer came in time.
const TIMEOUT: &str = "Timeout";

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
    /// Whether AWS may have seen the request. If it may, and gave no answer, nobody knows whether it was done.
    pub fn may_have_arrived(&self) -> bool {
        self.code != NOTHING_SENT
    }

    /// Why there is no result, for messages: in words where no answer came, else AWS's code.
    pub fn reason(&self) -> &str {
        match self.code.as_str() {
            NOTHING_SENT => "no connection could be made",
            CONNECTION_FAILED => "the connection failed",
            TIMEOUT => "no answer came in time",
            code => code,
        }
    }

    /// The answer was good, and cannot be used.
    pub(in crate::engine) fn unusable(resource: AwsResource, message: String) -> Self {
        Self { kind: FailureKind::Unknown, resource, code: "UnusableAnswer".to_owned(), message }
    }

    /// The same failure of what comes before the request itself: the request was never sent.
    pub(super) fn before_sending(self) -> Self {
        match self.kind {
            FailureKind::Unavailable => Self { code: NOTHING_SENT.to_owned(), ..self },
            _ => self,
        }
    }

    /// Reads the SDK's error.
    pub fn from_sdk<E>(resource: AwsResource, error: &SdkError<E, Response>) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        if let Some(failure) = earlier(error) {
            return failure.clone();
        }
        let (kind, code, message) = match error {
            SdkError::ServiceError(answer) => {
                let status = answer.raw().status().as_u16();
                let code = answer.err().code().map_or_else(|| status.to_string(), str::to_owned);
                let message = answer.err().message().unwrap_or_default().to_owned();
                (kind_of(&code, status), code, message)
            }
            SdkError::TimeoutError(_) => (FailureKind::Unavailable, TIMEOUT.to_owned(), String::new()),
            SdkError::DispatchFailure(failure) => {
                let cause = failure.as_connector_error();
                let nothing_sent = cause
                    .and_then(std::error::Error::source)
                    .and_then(<dyn std::error::Error>::downcast_ref::<NothingSent>)
                    .is_some();
                let code = if nothing_sent { NOTHING_SENT } else { CONNECTION_FAILED };
                let detail = cause.map(ToString::to_string).unwrap_or_default();
                (FailureKind::Unavailable, code.to_owned(), detail)
            }
            SdkError::ConstructionFailure(_) => {
                (FailureKind::Invalid, "ConstructionFailure".to_owned(), whole_chain(error))
            }
            other => (FailureKind::Unknown, "ResponseError".to_owned(), whole_chain(other)),
        };
        Self { kind, resource, code, message }
    }

    /// Reads the SDK's error of a transaction, whose own code does not tell why it was cancelled: the first
    /// item that was refused does.
    pub fn from_transaction(
        resource: AwsResource,
        error: &SdkError<TransactWriteItemsError, Response>,
    ) -> Self {
        let failure = Self::from_sdk(resource, error);
        let Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) = error.as_service_error()
        else {
            return failure;
        };
        let refused = |code: &&str| !matches!(*code, "None" | "");
        let mut reasons = cancelled.cancellation_reasons().iter();
        let reason = reasons.find_map(|reason| Some((reason.code().filter(refused)?, reason.message())));
        match reason {
            Some((code, message)) => Self {
                kind: kind_of(code, 400),
                code: code.to_owned(),
                message: message.map_or(failure.message, str::to_owned),
                resource: failure.resource,
            },
            None => failure,
        }
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

/// The kind of a code; of a code that is not listed, by the HTTP status.
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
        | "ConditionalCheckFailed"
        | "ConditionalRequestConflict"
        | "TransactionConflict"
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
        | "ExpiredTokenException"
        | "InvalidClientTokenId" => FailureKind::Denied,
        "EntityTooLarge" | "MaxMessageLengthExceeded" | "ItemCollectionSizeLimitExceeded" => {
            FailureKind::TooLarge
        }
        "InsufficientStorage" | "StorageFull" => FailureKind::StorageFull,
        "Throttling"
        | "ThrottlingException"
        | "ThrottledException"
        | "ThrottlingError"
        | "TooManyRequestsException"
        | "LimitExceededException"
        | "ProvisionedThroughputExceeded"
        | "ProvisionedThroughputExceededException"
        | "ServiceQuotaExceededException"
        | "RequestLimitExceeded"
        | "SlowDown" => FailureKind::Throttled,
        "ServiceUnavailable"
        | "ServiceUnavailableException"
        | "RequestTimeout"
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
        // Says that, not why; the reasons of its items do.
        "TransactionCanceledException" => FailureKind::Unknown,
        _ => match status {
            404 => FailureKind::NotFound,
            403 => FailureKind::Denied,
            408 => FailureKind::Unavailable,
            409 | 412 => FailureKind::Condition,
            413 => FailureKind::TooLarge,
            429 => FailureKind::Throttled,
            507 => FailureKind::StorageFull,
            400..500 => FailureKind::Invalid,
            500.. => FailureKind::Unavailable,
            _ => FailureKind::Unknown,
        },
    }
}

/// The failure for which a request could not even be signed: the role for it could not be taken.
fn earlier<'e>(error: &'e (dyn std::error::Error + 'static)) -> Option<&'e AwsFailure> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(failure) = error.downcast_ref::<AwsFailure>() {
            return Some(failure);
        }
        cause = error.source();
    }
    None
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

#[cfg(test)]
mod tests {
    use super::*;
    use aws_sdk_dynamodb::error::ErrorMetadata;
    use aws_sdk_dynamodb::types::CancellationReason;
    use aws_sdk_dynamodb::types::error::TransactionCanceledException;
    use aws_smithy_types::body::SdkBody;

    #[test]
    fn a_code_decides_whatever_the_status() {
        for (code, status, kind) in [
            ("NoSuchKey", 404, FailureKind::NotFound),
            ("NoSuchBucket", 404, FailureKind::NoResource),
            ("ResourceNotFoundException", 400, FailureKind::NoResource),
            ("ConditionalCheckFailedException", 400, FailureKind::Condition),
            ("PreconditionFailed", 412, FailureKind::Condition),
            ("TransactionConflictException", 400, FailureKind::Condition),
            ("AccessDeniedException", 400, FailureKind::Denied),
            ("ExpiredTokenException", 400, FailureKind::Denied),
            ("EntityTooLarge", 400, FailureKind::TooLarge),
            ("InsufficientStorage", 507, FailureKind::StorageFull),
            ("ThrottlingException", 400, FailureKind::Throttled),
            ("ProvisionedThroughputExceededException", 400, FailureKind::Throttled),
            ("ServiceQuotaExceededException", 402, FailureKind::Throttled),
            ("SlowDown", 503, FailureKind::Throttled),
            ("RequestTimeout", 400, FailureKind::Unavailable),
            ("ServiceUnavailable", 503, FailureKind::Unavailable),
            ("InternalServerError", 500, FailureKind::Unavailable),
            ("TransactionCanceledException", 400, FailureKind::Unknown),
            ("ValidationException", 400, FailureKind::Invalid),
        ] {
            assert_eq!(kind_of(code, status), kind, "{code} {status}");
        }
    }

    #[test]
    fn a_code_that_is_not_known_is_read_by_its_status() {
        for (status, kind) in [
            (400, FailureKind::Invalid),
            (403, FailureKind::Denied),
            (404, FailureKind::NotFound),
            (408, FailureKind::Unavailable),
            (409, FailureKind::Condition),
            (412, FailureKind::Condition),
            (413, FailureKind::TooLarge),
            (416, FailureKind::Invalid),
            (429, FailureKind::Throttled),
            (500, FailureKind::Unavailable),
            (503, FailureKind::Unavailable),
            (507, FailureKind::StorageFull),
            (302, FailureKind::Unknown),
        ] {
            assert_eq!(kind_of("SomethingNew", status), kind, "{status}");
        }
    }

    /// A transaction of which each item was answered with one of these codes.
    fn cancelled(codes: &[&str]) -> AwsFailure {
        let meta =
            ErrorMetadata::builder().code("TransactionCanceledException").message("Transaction cancelled");
        let mut error = TransactionCanceledException::builder().meta(meta.build());
        for code in codes {
            let reason = CancellationReason::builder().code(*code).message(format!("about {code}"));
            error = error.cancellation_reasons(reason.build());
        }
        let answer = Response::new(400.try_into().expect("a status"), SdkBody::empty());
        let error = TransactWriteItemsError::TransactionCanceledException(error.build());
        let resource = AwsResource {
            service: "dynamodb".to_owned(),
            name: "analytics".to_owned(),
            action: "dynamodb:PutItem".to_owned(),
        };
        AwsFailure::from_transaction(resource, &SdkError::service_error(error, answer))
    }

    #[test]
    fn a_cancelled_transaction_is_told_by_the_item_that_was_refused() {
        for (code, kind) in [
            ("ConditionalCheckFailed", FailureKind::Condition),
            ("TransactionConflict", FailureKind::Condition),
            ("ThrottlingError", FailureKind::Throttled),
            ("ProvisionedThroughputExceeded", FailureKind::Throttled),
            ("ItemCollectionSizeLimitExceeded", FailureKind::TooLarge),
            ("ValidationError", FailureKind::Invalid),
        ] {
            let failure = cancelled(&["None", code, "None"]);
            assert_eq!((failure.kind, failure.code.as_str()), (kind, code));
            assert_eq!(failure.message, format!("about {code}"));
        }
    }

    #[test]
    fn a_cancelled_transaction_without_reasons_is_not_guessed_at() {
        let failure = cancelled(&["None"]);
        assert_eq!((failure.kind, failure.message.as_str()), (FailureKind::Unknown, "Transaction cancelled"));
    }
}
