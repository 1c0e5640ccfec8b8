//! The audit log as admins read it.

use super::error::AppError;
use crate::model::audit::{AuditPage, AuditQuestion, RecordProof};
use leptos::prelude::*;

/// A page of records, and one of them whole.
///
/// # Errors
/// `Invalid` for times that cannot be read; `Forbidden` for whoever may not see the log.
#[server(prefix = "/fn", endpoint = "audit", input = leptos::server_fn::codec::Json)]
pub async fn view_audit(question: AuditQuestion) -> Result<AuditPage, AppError> {
    super::caller::caller()?.call::<crate::engine::tools::views::ViewAudit>(question).await
}

/// What it takes to check that a record stands in its log.
///
/// # Errors
/// `NotFound` for a record that there is not; `Unavailable` while nothing covers it.
#[server(prefix = "/fn", endpoint = "verify-record", input = leptos::server_fn::codec::Json)]
pub async fn verify_record(record: String) -> Result<RecordProof, AppError> {
    use crate::engine::tools::views::{VerifyRecord, VerifyRecordInput};
    super::caller::caller()?.call::<VerifyRecord>(VerifyRecordInput { record }).await
}
