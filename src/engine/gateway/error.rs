//! Why a call was not done, in words for the person who made it.

use super::{Origin, Registry, redaction};
use crate::engine::aws::{AwsFailure, FailureKind};
use crate::engine::catalog::CatalogError;
pub use crate::engine::tools::LimitReached;
use crate::engine::tools::{OverLimit, Refusal, RefusalKind, ToolError};
use crate::model::confirmation::AskedBefore;
use crate::model::field::FieldError;
use crate::model::tool::{AwsResource, Choice};
use std::time::Duration;

/// A call that was not done.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message} {remedy}")]
pub struct CallError {
    /// The kind.
    pub kind: CallErrorKind,
    /// What happened, to what. A full sentence.
    pub message: String,
    /// What can be done about it. A full sentence, or empty.
    pub remedy: String,
    /// What is wrong with single arguments.
    pub fields: Vec<FieldError>,
    /// What the caller may choose from, where the arguments mean several things.
    pub choice: Option<Box<Choice>>,
    /// After how long another try makes sense, where that is known.
    pub retry_after: Option<Duration>,
    /// Which limit was reached, where one was.
    pub limit: Option<LimitReached>,
    /// The size in bytes of the file in which the range that was asked for does not lie.
    pub outside_file_of: Option<u64>,
    /// What a client of OAuth is told beside the words, where it calls with an access token.
    pub challenge: Option<Box<Challenge>>,
    /// Before which change the person has to show once more who they are, where they have to.
    pub confirm: Option<&'static AskedBefore>,
    /// Whether it is certain that nothing was begun, so that another instance may try whatever it is.
    pub nothing_was_done: bool,
    /// Whether it is refused only at this time or from this address, so that it may be allowed later.
    pub not_now: bool,
    /// Names the call in the audit log.
    pub request_id: String,
}

/// Why an access token does not reach, as clients of OAuth are told (RFC 6750).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Challenge {
    /// The request brings a token in a way that is not taken.
    InvalidRequest,
    /// The token is not accepted.
    InvalidToken,
    /// It is not for this, and one with all of these scopes would be.
    InsufficientScope(Vec<String>),
}

impl Challenge {
    /// The word of the standard.
    pub fn id(&self) -> &'static str {
        match self {
            Challenge::InvalidRequest => "invalid_request",
            Challenge::InvalidToken => "invalid_token",
            Challenge::InsufficientScope(_) => "insufficient_scope",
        }
    }
}

/// The kinds of errors at the door.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum CallErrorKind {
    /// Arguments are wrong.
    Invalid,
    /// Nobody is known by these credentials.
    Unauthenticated,
    /// The caller may not.
    Forbidden,
    /// The caller may, once they have shown again who they are.
    ConfirmIdentity,
    /// The thing is not there.
    NotFound,
    /// It does not fit what is stored, mostly because somebody changed that meanwhile.
    Conflict,
    /// What was to be made is there already.
    Exists,
    /// The arguments mean several things, and the caller has to choose.
    Choose,
    /// An idempotency key was used for something else.
    KeyReused,
    /// Larger than allowed.
    TooLarge,
    /// Too many calls.
    TooManyRequests,
    /// A service behind the operation is away or full.
    Unavailable,
    /// A mistake of ours.
    Internal,
}

impl CallErrorKind {
    /// The word in records and answers.
    pub fn id(self) -> &'static str {
        match self {
            CallErrorKind::Invalid => "invalid",
            CallErrorKind::Unauthenticated => "unauthenticated",
            CallErrorKind::Forbidden => "forbidden",
            CallErrorKind::ConfirmIdentity => "confirmIdentity",
            CallErrorKind::NotFound => "notFound",
            CallErrorKind::Conflict => "conflict",
            CallErrorKind::Exists => "exists",
            CallErrorKind::Choose => "choose",
            CallErrorKind::KeyReused => "keyReused",
            CallErrorKind::TooLarge => "tooLarge",
            CallErrorKind::TooManyRequests => "tooManyRequests",
            CallErrorKind::Unavailable => "unavailable",
            CallErrorKind::Internal => "internal",
        }
    }
}

impl CallError {
    /// An error without details.
    pub fn new(kind: CallErrorKind, message: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            remedy: remedy.into(),
            fields: Vec::new(),
            choice: None,
            retry_after: None,
            limit: None,
            outside_file_of: None,
            challenge: None,
            confirm: None,
            nothing_was_done: false,
            not_now: false,
            request_id: String::new(),
        }
    }

    /// After how many whole seconds another try makes sense, as HTTP's `Retry-After` says it.
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after.map(|wait| wait.as_secs() + 1)
    }

    /// The limit that was reached and what is left of it, as the headers `RateLimit-Policy` and `RateLimit`
    /// say it (draft-ietf-httpapi-ratelimit-headers).
    pub fn limit_headers(&self) -> Option<[(&'static str, String); 2]> {
        let LimitReached { name, most, left, window, unit } = self.limit?;
        let seconds = self.retry_after_seconds().unwrap_or(1);
        let unit = unit.map(|unit| format!(";qu=\"{unit}\"")).unwrap_or_default();
        Some([
            ("ratelimit-policy", format!("\"{name}\";q={most};w={window}{unit}")),
            ("ratelimit", format!("\"{name}\";r={left};t={seconds}")),
        ])
    }

    /// The same error, belonging to a call.
    pub(super) fn at(mut self, origin: &Origin) -> Self {
        self.request_id.clone_from(&origin.request_id);
        self
    }

    pub(super) fn unknown_tool(name: &str, registry: &Registry) -> Self {
        let nearest = registry.nearest(name).map_or_else(
            || "GET /api/tools lists the tools that there are.".to_owned(),
            |near| format!("Did you mean {near:?}? GET /api/tools lists the tools that there are."),
        );
        Self::new(CallErrorKind::NotFound, format!("There is no tool {name:?}."), nearest)
    }

    pub(super) fn unrecorded(error: CatalogError, origin: &Origin) -> Self {
        tracing::error!(%error, request_id = origin.request_id, "intent not recorded; nothing was changed");
        Self::without_record("changed", error, origin)
    }

    /// What may only be shown on record is not shown.
    pub(super) fn undisclosed(error: CatalogError, origin: &Origin) -> Self {
        tracing::error!(%error, request_id = origin.request_id, "not recorded; nothing is shown");
        Self::without_record("shown", error, origin)
    }

    fn without_record(done: &str, error: CatalogError, origin: &Origin) -> Self {
        let cause = Self::from(error);
        let message =
            format!("Nothing was {done}, because the audit log cannot be written. {}", cause.message);
        Self {
            retry_after: cause.retry_after,
            ..Self::new(CallErrorKind::Unavailable, message, cause.remedy)
        }
        .at(origin)
    }
}

impl From<ToolError> for CallError {
    fn from(error: ToolError) -> Self {
        match error {
            ToolError::Invalid(fields) => {
                let message = match fields.as_slice() {
                    [only] if only.field.is_empty() => format!("The arguments are wrong: {}.", only.message),
                    // What spans several lines, such as a place in a query, is whole in the field's message.
                    [only] => {
                        let first = only.message.lines().next().unwrap_or_default();
                        format!("The argument {} is wrong: {}.", only.field, first.trim_end_matches(':'))
                    }
                    several => format!("{} arguments are wrong.", several.len()),
                };
                let error = Self::new(CallErrorKind::Invalid, message, "Correct it and try again.");
                Self { fields, ..error }
            }
            ToolError::NotConfigured { what, field, name, allowed } => {
                let message = format!("The {what} {name:?} is not configured for this.");
                let remedy = format!("Allowed: {}.", allowed.join(", "));
                let fields = vec![FieldError::new(field, remedy.clone())];
                Self { fields, ..Self::new(CallErrorKind::Forbidden, message, remedy) }
            }
            ToolError::TooLarge { field, detail } => {
                let message = format!("The argument {field} is too large: {detail}.");
                let fields = vec![FieldError::new(field, detail)];
                Self { fields, ..Self::new(CallErrorKind::TooLarge, message, "") }
            }
            ToolError::Ambiguous { message, choice } => {
                let options =
                    choice.options.iter().map(|option| format!("{} ({})", option.value, option.title));
                let remedy = format!(
                    "Call it again with {} instead of {}: {}.",
                    choice.argument,
                    choice.replaces,
                    options.collect::<Vec<_>>().join(", ")
                );
                Self { choice: Some(choice), ..Self::new(CallErrorKind::Choose, message, remedy) }
            }
            ToolError::Unwritable { tool, detail } => {
                tracing::error!(tool, detail, "a result cannot be written as JSON");
                let message = format!("The result of {tool} cannot be written as JSON.");
                Self::new(CallErrorKind::Internal, message, "Tell an admin the request id.")
            }
            ToolError::Refused(refusal) => (*refusal).into(),
            ToolError::OverLimit(over) => {
                let OverLimit { message, remedy, retry_after, limit } = *over;
                Self {
                    retry_after: Some(retry_after),
                    limit,
                    ..Self::new(CallErrorKind::TooManyRequests, message, remedy)
                }
            }
            ToolError::NotAvailable(message) => Self::new(CallErrorKind::Unavailable, message, ""),
            ToolError::Catalog(error) => error.into(),
        }
    }
}

impl From<Refusal> for CallError {
    fn from(refusal: Refusal) -> Self {
        let Refusal { kind, message, remedy, fields, retry_after } = refusal;
        let kind = match kind {
            RefusalKind::Invalid => CallErrorKind::Invalid,
            RefusalKind::Forbidden => CallErrorKind::Forbidden,
            RefusalKind::Conflict => CallErrorKind::Conflict,
            RefusalKind::Exists => CallErrorKind::Exists,
            RefusalKind::TooManyRequests => CallErrorKind::TooManyRequests,
            RefusalKind::Unavailable => CallErrorKind::Unavailable,
            RefusalKind::Internal => CallErrorKind::Internal,
        };
        Self { fields, retry_after, ..Self::new(kind, message, remedy) }
    }
}

impl From<CatalogError> for CallError {
    fn from(error: CatalogError) -> Self {
        match error {
            CatalogError::NotFound { what, id } => Self::new(
                CallErrorKind::NotFound,
                format!("There is no {what} {id:?}."),
                "Check the name or id; it may have been removed.",
            ),
            CatalogError::Conflict { what, id, current: Some(version) } => Self::new(
                CallErrorKind::Conflict,
                format!(
                    "The {what} {id:?} has been changed since you read it; it now has version {version}."
                ),
                "Read it again, look at what changed, then repeat your change with the new version.",
            ),
            CatalogError::Conflict { what, id, current: None } => Self::new(
                CallErrorKind::Exists,
                format!("There is already a {what}: {id:?}."),
                "Choose another name, or set overwrite to true; the older version is kept.",
            ),
            CatalogError::WithoutVersion { what, id } => Self::new(
                CallErrorKind::Conflict,
                format!(
                    "The {what} {id:?} has no version, so nobody can tell whether it was changed in the meantime."
                ),
                "Ask an admin to give its record the number 1 as its attribute `version`, then repeat your change.",
            ),
            CatalogError::OutsideFile { id, bytes } => Self {
                outside_file_of: Some(bytes),
                ..Self::new(
                    CallErrorKind::Invalid,
                    format!("The file {id:?} has {bytes} bytes; the range that was asked for is not in it."),
                    "Ask for a range within the file.",
                )
            },
            CatalogError::Unreadable { what, id, detail } => {
                tracing::error!(what, id, detail, "a stored record cannot be read");
                Self::new(
                    CallErrorKind::Internal,
                    format!("The {what} {id:?} is stored in a form that Patchline cannot read: {detail}."),
                    "Tell an admin; the log has the details.",
                )
            }
            CatalogError::BrokenOff { detail } => {
                let message = format!("The upload broke off before its end ({detail}). Nothing was stored.");
                let fields = vec![FieldError::new("file", format!("the upload broke off: {detail}"))];
                Self { fields, ..Self::new(CallErrorKind::Invalid, message, "Send it again.") }
            }
            CatalogError::TooLarge { most_bytes } => {
                let limit = format!("at most {} are allowed", in_words(most_bytes));
                let message = format!("The file is too large: {limit}. Nothing was stored.");
                let fields = vec![FieldError::new("file", limit)];
                let remedy = "Send it at a lower resolution, or as one file for each track.";
                Self { fields, ..Self::new(CallErrorKind::TooLarge, message, remedy) }
            }
            CatalogError::Aws(failure) => failure.into(),
        }
    }
}

impl From<AwsFailure> for CallError {
    fn from(failure: AwsFailure) -> Self {
        let may_be_done = changes(&failure.resource) && failure.may_have_arrived();
        let reason = failure.reason().to_owned();
        let AwsFailure { kind, resource, message, .. } = failure;
        // AWS repeats what it was sent, and may name the key that it does not know.
        let message = redaction::without_keys(&message);
        let is_query = resource.action == "logs:GetQueryResults" || resource.action == "logs:StopQuery";
        let kind_of_thing = match (resource.service.as_str(), resource.name.contains('/')) {
            ("s3", true) => "file",
            ("s3", false) => "bucket",
            ("logs", _) if is_query => "log query",
            ("logs", _) => "log group",
            ("cloudwatch", _) => "metrics of",
            ("rds" | "rds-data", _) => "database",
            ("bedrock", _) if resource.action == "bedrock:InvokeModel" => "model",
            ("bedrock", _) => "knowledge base",
            ("sts", _) => "role",
            _ => "table",
        };
        let what = format!("{kind_of_thing} {}", resource.name);
        let new = |kind, text: String, remedy: &str| Self::new(kind, text, remedy);
        match kind {
            FailureKind::NotFound => {
                new(CallErrorKind::NotFound, format!("There is no {what}."), "Check the name.")
            }
            FailureKind::Denied if is_without_access(&resource, &message) => new(
                CallErrorKind::Forbidden,
                format!("The AWS account has no access to the {what} ({reason})."),
                "Ask an AWS administrator to request access to this model in Bedrock (Model access), or \
                 choose another model of BEDROCK_MODELS.",
            ),
            FailureKind::NoResource => new(
                CallErrorKind::Unavailable,
                format!("The {what} does not exist."),
                "Tell an admin: `patchline doctor` says what is missing and how to make it.",
            ),
            FailureKind::Condition => new(
                CallErrorKind::Conflict,
                format!("Somebody else changed the {what} at the same moment ({reason})."),
                "Read it again, then repeat your change.",
            ),
            FailureKind::Denied => new(
                CallErrorKind::Forbidden,
                format!("AWS does not allow Patchline {} on {what} ({reason}).", resource.action),
                &format!("Ask an AWS administrator for the permission {}.", resource.action),
            ),
            FailureKind::Invalid => new(
                CallErrorKind::Invalid,
                format!("AWS refused {} on {what}: {message} ({reason}).", resource.action),
                "Correct the arguments and try again.",
            ),
            FailureKind::TooLarge => new(
                CallErrorKind::TooLarge,
                format!("This is too large for the {what}: {message}."),
                "Send less.",
            ),
            FailureKind::StorageFull => new(
                CallErrorKind::Unavailable,
                format!("The {what} could not be written, because the disk is full. Nothing was stored."),
                "Free some space in the data folder, then try again.",
            ),
            FailureKind::Throttled => Self {
                retry_after: Some(Duration::from_secs(10)),
                ..new(
                    CallErrorKind::Unavailable,
                    format!(
                        "AWS takes no more of {} on {what} at the moment, because the account's limit is \
                         reached ({reason}).",
                        resource.action
                    ),
                    "Try again in some seconds. If it happens often, ask AWS to raise the limit.",
                )
            },
            FailureKind::Unavailable if may_be_done => Self {
                retry_after: Some(Duration::from_secs(5)),
                ..new(
                    CallErrorKind::Unavailable,
                    format!(
                        "The {what} was asked, but without success ({reason}). The change may have been made, or not."
                    ),
                    "Look at what is stored before you make the change again.",
                )
            },
            FailureKind::Unavailable => Self {
                retry_after: Some(Duration::from_secs(5)),
                ..new(
                    CallErrorKind::Unavailable,
                    format!("The {what} cannot be reached at the moment ({reason})."),
                    "Try again in some seconds. Nothing was lost.",
                )
            },
            FailureKind::Unknown => new(
                CallErrorKind::Internal,
                format!("{} on {what} failed ({reason}).", resource.action),
                "Tell an admin the request id; the log has the details.",
            ),
        }
    }
}

/// Whether AWS was asked to change something, of which nobody knows whether it was done when no answer came.
fn changes(resource: &AwsResource) -> bool {
    const VERBS: [&str; 4] = ["Put", "Update", "Delete", "Transact"];
    let action = resource.action.split_once(':').map_or("", |(_, action)| action);
    VERBS.iter().any(|verb| action.starts_with(verb))
}

/// Whether a model is not enabled for the account, which is another thing than a missing permission.
fn is_without_access(resource: &AwsResource, message: &str) -> bool {
    resource.action == "bedrock:InvokeModel" && message.contains("have access to the model")
}

/// A size as people say it, where it is a whole number of GiB or MiB.
fn in_words(bytes: u64) -> String {
    const MEBIBYTE: u64 = 1024 * 1024;
    match bytes {
        bytes if bytes.is_multiple_of(1024 * MEBIBYTE) => format!("{} GiB", bytes / (1024 * MEBIBYTE)),
        bytes if bytes.is_multiple_of(MEBIBYTE) => format!("{} MiB", bytes / MEBIBYTE),
        bytes => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_beyond_the_limit_is_told_the_limit_at_the_file() {
        let error = CallError::from(CatalogError::TooLarge { most_bytes: 5 * 1024 * 1024 * 1024 });
        assert_eq!(error.kind, CallErrorKind::TooLarge);
        assert_eq!(error.message, "The file is too large: at most 5 GiB are allowed. Nothing was stored.");
        assert_eq!(error.fields, [FieldError::new("file", "at most 5 GiB are allowed")]);
    }

    #[test]
    fn a_change_is_uncertain_only_where_it_may_have_arrived() {
        let said = |action: &str, code: &str| {
            let resource = AwsResource {
                service: "dynamodb".to_owned(),
                action: format!("dynamodb:{action}"),
                name: "releases".to_owned(),
            };
            let message = String::new();
            let kind = FailureKind::Unavailable;
            CallError::from(AwsFailure { kind, resource, code: code.to_owned(), message }).message
        };
        let uncertain = "The change may have been made, or not.";
        assert!(said("UpdateItem", "Timeout").contains(uncertain));
        assert!(said("UpdateItem", "DispatchFailure").contains(uncertain));
        assert!(said("UpdateItem", "ConnectionRefused").contains("cannot be reached"));
        assert!(said("Query", "Timeout").contains("cannot be reached"));
    }

    #[test]
    fn sizes_are_said_in_the_largest_unit_that_fits() {
        let said = [9 * 1024 * 1024, 1024 * 1024 * 1024, 1000].map(in_words);
        assert_eq!(said, ["9 MiB", "1 GiB", "1000 bytes"]);
    }
}
