//! Where figures of limits and budgets are kept, as versions: shown and changed; and what is left to somebody.

use super::versions::{self, Versioned};
use crate::engine::catalog::schema::{LIMITS_TABLE, SETTINGS_TABLE};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::settings::{LimitsVersion, OwnLimits, SettingsView};
use crate::model::tool::AwsResource;
use serde::Serialize;
use std::collections::BTreeMap;
use std::time::Duration;

impl Versioned for LimitsVersion {
    const KEPT_AS: &'static str = "limits";
    const WHAT: &'static str = "version of the limits";

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
pub async fn stored_limits(catalog: &Catalog) -> Result<Option<LimitsVersion>, CatalogError> {
    versions::holding(catalog).await
}

/// Shows the figures with their history, and the configuration. The input is what the instance knows of them.
pub struct ViewSettings;

impl Operation for ViewSettings {
    const NAME: &'static str = "view_settings";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ViewSettingsInput;
    type Output = SettingsView;

    fn resources(_: &ViewSettingsInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("GetItem", SETTINGS_TABLE)])
    }

    async fn run(input: ViewSettingsInput, context: Context) -> Result<SettingsView, ToolError> {
        let history = versions::history(&context.catalog, input.seen.current.version).await?;
        Ok(SettingsView { history, ..input.seen })
    }
}

/// What the instance knows of the settings.
#[derive(Debug, Clone, Serialize)]
pub struct ViewSettingsInput {
    /// The settings without their history.
    #[serde(skip)]
    pub seen: SettingsView,
}

/// Puts other figures in the place of those that hold.
pub struct ChangeLimits;

impl Operation for ChangeLimits {
    const NAME: &'static str = "change_limits";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = ChangeLimitsInput;
    type Output = LimitsVersion;

    fn resources(_: &ChangeLimitsInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("PutItem", SETTINGS_TABLE)])
    }

    async fn run(input: ChangeLimitsInput, context: Context) -> Result<LimitsVersion, ToolError> {
        let ChangeLimitsInput { expected_version, note, set } = input;
        let next = LimitsVersion { note, set, ..LimitsVersion::default() };
        versions::replace(expected_version, next, &context).await
    }
}

/// The version that a change was made from, and what is to hold.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ChangeLimitsInput {
    /// The version that was read.
    pub expected_version: u32,
    /// Why.
    pub note: String,
    /// What is to hold in place of the environment, by the name of the variable.
    pub set: BTreeMap<String, String>,
}

/// Shows what is left to the caller.
pub struct ViewOwnLimits;

impl Operation for ViewOwnLimits {
    const NAME: &'static str = "view_own_limits";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ViewOwnLimitsInput;
    type Output = OwnLimits;

    fn resources(_: &ViewOwnLimitsInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("GetItem", LIMITS_TABLE)])
    }

    async fn run(input: ViewOwnLimitsInput, context: Context) -> Result<OwnLimits, ToolError> {
        let CallBudget { id, interval, per_minute, burst } = input.calls;
        let calls_left = context.catalog.left_of_budget(&id, interval, burst, context.now).await?;
        let left = context.purse.left(context.now).await?;
        Ok(OwnLimits { calls_left, calls_a_minute: per_minute, calls_at_once: burst, ..left })
    }
}

/// Whose budget of calls it is.
#[derive(Debug, Clone, Serialize)]
pub struct ViewOwnLimitsInput {
    /// The budget.
    #[serde(skip)]
    pub calls: CallBudget,
}

/// A budget of calls, as the door counts them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallBudget {
    /// The item that counts it.
    pub id: String,
    /// The time in which one more call becomes allowed.
    pub interval: Duration,
    /// How many that are a minute.
    pub per_minute: u32,
    /// How many there may be at once.
    pub burst: u32,
}
