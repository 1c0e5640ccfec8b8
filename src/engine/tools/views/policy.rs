//! Where rules and mode are kept, as versions: shown, asked and changed.

use super::versions::{self, Versioned};
use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::policy::{PolicyAnswer, PolicyMode, PolicyQuestion, PolicyVersion, PolicyView};
use crate::model::tool::AwsResource;
use serde::Serialize;

impl Versioned for PolicyVersion {
    const KEPT_AS: &'static str = "policy";
    const WHAT: &'static str = "policy";

    fn version(&self) -> u32 {
        self.version
    }

    fn stamped(self, version: u32, by: String, since: String) -> Self {
        Self { version, by, since, ..self }
    }
}

/// The version that holds; none while nobody has changed anything.
///
/// # Errors
/// What AWS says.
pub async fn stored_policy(catalog: &Catalog) -> Result<Option<PolicyVersion>, CatalogError> {
    versions::holding(catalog).await
}

/// A version by its number; none where there is none.
///
/// # Errors
/// What AWS says.
pub async fn former_policy(catalog: &Catalog, version: u32) -> Result<Option<PolicyVersion>, CatalogError> {
    versions::former(catalog, version).await
}

fn resources(action: &str) -> Vec<AwsResource> {
    vec![choices::dynamodb(action, SETTINGS_TABLE)]
}

/// Shows the policy with its history. The input is what the instance knows of it.
pub struct ViewPolicy;

impl Operation for ViewPolicy {
    const NAME: &'static str = "view_policy";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ViewPolicyInput;
    type Output = PolicyView;

    fn resources(_: &ViewPolicyInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("GetItem"))
    }

    async fn run(input: ViewPolicyInput, context: Context) -> Result<PolicyView, ToolError> {
        let catalog = &context.catalog;
        let current = stored_policy(catalog).await?.unwrap_or_default();
        let history = versions::history(catalog, current.version).await?;
        Ok(PolicyView { current, history, ..input.seen })
    }
}

/// What the instance knows of the policy.
#[derive(Debug, Clone, Serialize)]
pub struct ViewPolicyInput {
    /// The policy without its history.
    #[serde(skip)]
    pub seen: PolicyView,
}

/// Answers a question to the policies. The answer has been found before, since asking changes nothing.
pub struct TryPolicy;

impl Operation for TryPolicy {
    const NAME: &'static str = "try_policy";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = TryPolicyInput;
    type Output = PolicyAnswer;

    fn resources(_: &TryPolicyInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(Vec::new())
    }

    async fn run(input: TryPolicyInput, _: Context) -> Result<PolicyAnswer, ToolError> {
        Ok(input.answer)
    }
}

/// A question with its answer.
#[derive(Debug, Clone, Serialize)]
pub struct TryPolicyInput {
    /// What was asked.
    pub question: PolicyQuestion,
    /// The answer.
    #[serde(skip)]
    pub answer: PolicyAnswer,
}

/// Puts other rules in the place of those that hold.
pub struct ChangePolicy;

impl Operation for ChangePolicy {
    const NAME: &'static str = "change_policy";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = ChangePolicyInput;
    type Output = PolicyVersion;

    fn resources(_: &ChangePolicyInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("PutItem"))
    }

    async fn run(input: ChangePolicyInput, context: Context) -> Result<PolicyVersion, ToolError> {
        versions::replace(input.expected_version, input.next, &context).await
    }
}

/// The version that a change was made from, and what it leads to.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangePolicyInput {
    /// The version that was read.
    pub expected_version: u32,
    /// What is to hold from now on.
    pub next: PolicyVersion,
}

/// Sets what violations of rules come to.
pub struct ChangeSecurityMode;

impl Operation for ChangeSecurityMode {
    const NAME: &'static str = "change_security_mode";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = ChangeModeInput;
    type Output = PolicyVersion;

    fn resources(_: &ChangeModeInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("PutItem"))
    }

    async fn run(input: ChangeModeInput, context: Context) -> Result<PolicyVersion, ToolError> {
        let held = stored_policy(&context.catalog).await?.unwrap_or_default();
        let next = PolicyVersion { mode: input.mode, note: input.note, ..held };
        versions::replace(input.expected_version, next, &context).await
    }
}

/// Which mode.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeModeInput {
    /// The version that was read.
    pub expected_version: u32,
    /// The mode; none for that of the environment.
    pub mode: Option<PolicyMode>,
    /// Why.
    pub note: String,
}
