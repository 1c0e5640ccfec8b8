//! Whose fault a failed call is: a wrong argument is no failure of the server.

use crate::engine::aws::FailureKind;
use crate::engine::catalog::CatalogError;
use crate::engine::gateway::CallError;
use crate::engine::tools::ToolError;

/// Why the server failed, in words; none where the caller was wrong or simply too early.
pub(crate) fn of_server(error: &ToolError) -> Option<String> {
    let ours = match error {
        ToolError::Catalog(CatalogError::Aws(failure)) => match failure.kind {
            FailureKind::NotFound | FailureKind::Condition | FailureKind::Invalid | FailureKind::TooLarge => {
                false
            }
            FailureKind::NoResource
            | FailureKind::Denied
            | FailureKind::StorageFull
            | FailureKind::Throttled
            | FailureKind::Unavailable
            | FailureKind::Unknown => true,
        },
        ToolError::Catalog(CatalogError::Unreadable { .. }) => true,
        ToolError::Catalog(
            CatalogError::NotFound { .. }
            | CatalogError::Conflict { .. }
            | CatalogError::WithoutVersion { .. }
            | CatalogError::OutsideFile { .. }
            | CatalogError::BrokenOff { .. }
            | CatalogError::TooLarge { .. },
        )
        | ToolError::Invalid(_)
        | ToolError::Ambiguous { .. }
        | ToolError::Refused(_)
        | ToolError::Unwritable { .. }
        | ToolError::NotConfigured { .. }
        | ToolError::TooLarge { .. }
        | ToolError::NotAvailable(_) => false,
    };
    ours.then(|| in_words(error))
}

/// What happened and what to do.
pub(super) fn in_words(error: &ToolError) -> String {
    let error = CallError::from(error.clone());
    format!("{} {}", error.message, error.remedy).trim_end().to_owned()
}
