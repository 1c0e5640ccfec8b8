//! Where figures of limits and budgets are kept, the version that holds and a copy of each that held before it;
//! and what is left to somebody.

use crate::engine::catalog::schema::{LIMITS_TABLE, SETTINGS_TABLE};
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::settings::{LimitsVersion, OwnLimits, SettingsView};
use crate::model::tool::AwsResource;
use futures::future::try_join_all;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::time::Duration;

/// The name of the version that holds.
const NAME: &str = "limits";

/// What it is called in messages.
const WHAT: &str = "version of the limits";

/// How many former versions are shown.
const SHOWN: u32 = 20;

/// A version as it is stored: whole, as JSON.
#[derive(Debug, Serialize, Deserialize)]
struct Stored {
    version: u32,
    document: String,
}

impl Stored {
    fn of(limits: &LimitsVersion) -> Result<Self, CatalogError> {
        let document = serde_json::to_string(limits).map_err(|error| unreadable(&error))?;
        Ok(Self { version: limits.version, document })
    }

    fn read(self) -> Result<LimitsVersion, CatalogError> {
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
pub async fn stored_limits(catalog: &Catalog) -> Result<Option<LimitsVersion>, CatalogError> {
    catalog.setting::<Stored>(NAME).await?.map(Stored::read).transpose()
}

async fn former_limits(catalog: &Catalog, version: u32) -> Result<Option<LimitsVersion>, CatalogError> {
    catalog.setting::<Stored>(&former(version)).await?.map(Stored::read).transpose()
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
        let newest = input.seen.current.version.saturating_sub(1);
        let numbers = (1..=newest).rev().take(usize::try_from(SHOWN).unwrap_or(usize::MAX));
        let read = try_join_all(numbers.map(|number| former_limits(&context.catalog, number))).await?;
        Ok(SettingsView { history: read.into_iter().flatten().collect(), ..input.seen })
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

    /// The version that held is copied first, so that none is ever lost.
    async fn run(input: ChangeLimitsInput, context: Context) -> Result<LimitsVersion, ToolError> {
        let ChangeLimitsInput { expected_version, note, set } = input;
        let catalog = &context.catalog;
        let held = stored_limits(catalog).await?;
        let version = held.as_ref().map_or(0, |held| held.version);
        if version != expected_version {
            let current = Some(version);
            return Err(CatalogError::Conflict { what: WHAT, id: NAME.to_owned(), current }.into());
        }
        if let Some(held) = &held {
            catalog.set_setting(&former(version), &Stored::of(held)?).await?;
        }
        let since = context.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let next = LimitsVersion { version: version + 1, by: context.actor.clone(), since, note, set };
        let read = held.map(|held| held.version);
        catalog.replace_setting(WHAT, NAME, &Stored::of(&next)?, read).await?;
        Ok(next)
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
