//! Where rules and mode are kept: the version that holds, and a copy of each that held before it.

use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::policy::{PolicyAnswer, PolicyMode, PolicyQuestion, PolicyVersion, PolicyView};
use crate::model::tool::AwsResource;
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};

/// The name of the version that holds.
const NAME: &str = "policy";

/// What it is called in messages.
const WHAT: &str = "policy";

/// How many former versions are shown.
const SHOWN: u32 = 20;

/// A version as it is stored: whole, as JSON, so that what a rule says has one form everywhere.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    version: u32,
    document: String,
}

impl Stored {
    fn of(policy: &PolicyVersion) -> Result<Self, CatalogError> {
        let document = serde_json::to_string(policy).map_err(|error| unreadable(&error))?;
        Ok(Self { version: policy.version, document })
    }

    fn read(self) -> Result<PolicyVersion, CatalogError> {
        serde_json::from_str(&self.document).map_err(|error| unreadable(&error))
    }
}

fn unreadable(error: &serde_json::Error) -> CatalogError {
    CatalogError::Unreadable { what: WHAT, id: NAME.to_owned(), detail: error.to_string() }
}

fn former(version: u32) -> String {
    format!("{NAME}#{version}")
}

/// The version that holds; none while nobody has changed anything.
///
/// # Errors
/// What AWS says.
pub async fn stored_policy(catalog: &Catalog) -> Result<Option<PolicyVersion>, CatalogError> {
    catalog.setting::<Stored>(NAME).await?.map(Stored::read).transpose()
}

/// A version by its number; none where there is none.
///
/// # Errors
/// What AWS says.
pub async fn former_policy(catalog: &Catalog, version: u32) -> Result<Option<PolicyVersion>, CatalogError> {
    catalog.setting::<Stored>(&former(version)).await?.map(Stored::read).transpose()
}

/// Stores a new version in the place of the one that the change was made from. That one is copied first, so
/// that no version is ever lost.
async fn replace(
    catalog: &Catalog,
    expected: u32,
    next: PolicyVersion,
    context: &Context,
) -> Result<PolicyVersion, ToolError> {
    let held = stored_policy(catalog).await?;
    let version = held.as_ref().map_or(0, |held| held.version);
    if version != expected {
        let current = Some(version);
        return Err(CatalogError::Conflict { what: WHAT, id: NAME.to_owned(), current }.into());
    }
    if let Some(held) = &held {
        catalog.set_setting(&former(version), &Stored::of(held)?).await?;
    }
    let since = context.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let next = PolicyVersion { version: expected + 1, by: context.actor.clone(), since, ..next };
    let read = held.map(|held| held.version);
    catalog.replace_setting(WHAT, NAME, &Stored::of(&next)?, read).await?;
    Ok(next)
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
        let newest = current.version.saturating_sub(1);
        let numbers = (1..=newest).rev().take(usize::try_from(SHOWN).unwrap_or(usize::MAX));
        let read = try_join_all(numbers.map(|number| former_policy(catalog, number))).await?;
        Ok(PolicyView { current, history: read.into_iter().flatten().collect(), ..input.seen })
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
        replace(&context.catalog, input.expected_version, input.next, &context).await
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
        let catalog = &context.catalog;
        let held = stored_policy(catalog).await?.unwrap_or_default();
        let next = PolicyVersion { mode: input.mode, note: input.note, ..held };
        replace(catalog, input.expected_version, next, &context).await
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
