//! Who may do what, and the question whether somebody may.

use super::error::AppError;
use crate::model::policy::{PolicyAnswer, PolicyQuestion, PolicyView};
use crate::model::policy_review::PolicyReview;
use leptos::prelude::*;

/// The mode, the rules, and the table of permissions.
///
/// # Errors
/// `Forbidden` for whoever may not see them.
#[server(prefix = "/fn", endpoint = "policy", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_policy() -> Result<PolicyView, AppError> {
    super::caller::caller()?.view_policy().await
}

/// Whether somebody may do something under some circumstances. Nothing is done.
///
/// # Errors
/// `Invalid` for a question that cannot be asked; `Forbidden` for whoever may not ask.
#[server(prefix = "/fn", endpoint = "try-policy", input = leptos::server_fn::codec::Json)]
pub async fn try_policy(question: PolicyQuestion) -> Result<PolicyAnswer, AppError> {
    super::caller::caller()?.try_policy(question).await
}

/// The calls of the last days that were done although a rule would have denied them.
///
/// # Errors
/// `Forbidden` for whoever may not see them.
#[server(prefix = "/fn", endpoint = "policy-report", input = leptos::server_fn::codec::GetUrl)]
pub async fn policy_report() -> Result<PolicyReview, AppError> {
    super::caller::caller()?.policy_report().await
}
