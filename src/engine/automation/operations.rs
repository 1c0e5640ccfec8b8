//! What the door lets people do with automations. Each finds those of its caller only, but for what admins see and
//! pause.

use super::kept::{ASKED, Automation, Run, Secret, WATCHES, answer};
use super::webhook;
use crate::engine::catalog::automation::due;
use crate::engine::catalog::schema::AUTOMATION_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::automation::{AutomationView, AutomationWish, Notice, Paused, RunView};
use crate::model::task::TaskRequest;
use crate::model::tool::AwsResource;
use jiff::Timestamp;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;

/// How many automations somebody may have.
const MOST: usize = 50;

/// How many automations are listed, how many of each kind for admins, and how many runs of one.
const LISTED: i32 = 200;
const LISTED_OF_EVERYBODY: i32 = 1_000;
const RUNS: i32 = 50;

/// How often a change is tried when the automation changes at the same moment.
const TRIES: u32 = 10;

const WHAT: &str = "automation";

/// What is done to the table.
fn resources(action: &str) -> Vec<AwsResource> {
    let action = format!("dynamodb:{action}");
    vec![AwsResource { service: "dynamodb".to_owned(), action, name: AUTOMATION_TABLE.to_owned() }]
}

/// An automation of an owner.
async fn found(catalog: &Catalog, owner: &str, id: &str) -> Result<Automation, CatalogError> {
    match catalog.automation_record(owner, id).await? {
        Some(record) => Automation::read(&record),
        None => Err(CatalogError::NotFound { what: WHAT, id: id.to_owned() }),
    }
}

/// The newest runs of an automation.
async fn runs(catalog: &Catalog, id: &str, most: i32) -> Result<Vec<Run>, CatalogError> {
    let records = catalog.automation_records_of(id, most).await?;
    records.iter().map(Run::read).collect()
}

/// A wish with the host of its webhook alone: the rest of an address may open something.
fn without_address(wish: &AutomationWish) -> AutomationWish {
    let webhook = wish.notice.webhook.as_deref().map(webhook::host);
    AutomationWish { notice: Notice { webhook, ..wish.notice.clone() }, ..wish.clone() }
}

/// Writes a wish down for the record.
fn for_the_record<S: Serializer>(wish: &AutomationWish, serializer: S) -> Result<S::Ok, S::Error> {
    without_address(wish).serialize(serializer)
}

/// What others may know of an automation: what it is called, whose it is, when it runs and how that went. What it
/// asks and what came of it is its owner's.
fn for_others(view: AutomationView) -> AutomationView {
    let request = TaskRequest { task: String::new(), parameters: BTreeMap::new(), music_industry_role: None };
    let state_of = |run: RunView| RunView {
        cause: String::new(),
        task: None,
        outcome: None,
        remark: None,
        deliveries: Vec::new(),
        ..run
    };
    AutomationView {
        wish: AutomationWish { request, ..without_address(&view.wish) },
        runs: view.runs.into_iter().map(state_of).collect(),
        ..view
    }
}

async fn with_last_run(catalog: &Catalog, automation: &Automation) -> Result<AutomationView, CatalogError> {
    let last = runs(catalog, &automation.id, 1).await?;
    Ok(automation.view(last.into_iter().map(|run| run.view).collect()))
}

/// Changes an automation of an owner, again and again until nobody else was faster.
async fn changed(
    catalog: &Catalog,
    owner: &str,
    id: &str,
    change: impl Fn(&mut Automation),
) -> Result<Automation, CatalogError> {
    for _ in 0..TRIES {
        let mut automation = found(catalog, owner, id).await?;
        let from = automation.version;
        change(&mut automation);
        automation.version = from + 1;
        if catalog.change_automation_record(&automation.record()?, from).await? {
            return Ok(automation);
        }
    }
    Err(CatalogError::Conflict { what: WHAT, id: id.to_owned(), current: None })
}

/// The automations of the caller, the oldest first, each with its last run.
pub(super) struct ListAutomations;

impl Operation for ListAutomations {
    const NAME: &'static str = "list_automations";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ();
    type Output = Vec<AutomationView>;

    fn resources((): &(), _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("Query"))
    }

    async fn run((): (), context: Context) -> Result<Vec<AutomationView>, ToolError> {
        let catalog = &context.catalog;
        let records = catalog.automation_records_of(&context.owner, LISTED).await?;
        let mut views = Vec::new();
        for record in records.iter().rev() {
            views.push(with_last_run(catalog, &Automation::read(record)?).await?);
        }
        Ok(views)
    }
}

/// The automations of everybody, with what others may know of them.
pub(super) struct ListAllAutomations;

impl Operation for ListAllAutomations {
    const NAME: &'static str = "list_all_automations";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ();
    type Output = Vec<AutomationView>;

    fn resources((): &(), _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("Query"))
    }

    async fn run((): (), context: Context) -> Result<Vec<AutomationView>, ToolError> {
        let catalog = &context.catalog;
        let mut views = Vec::new();
        for watch in WATCHES {
            for record in catalog.watched_automations(watch, None, LISTED_OF_EVERYBODY).await?.iter() {
                views.push(for_others(with_last_run(catalog, &Automation::read(record)?).await?));
            }
        }
        views.sort_by(|one, other| one.id.cmp(&other.id));
        Ok(views)
    }
}

/// An automation of the caller, with what it ran.
pub(super) struct ViewAutomation;

impl Operation for ViewAutomation {
    const NAME: &'static str = "view_automation";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = String;
    type Output = AutomationView;

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("Query"))
    }

    async fn run(id: String, context: Context) -> Result<AutomationView, ToolError> {
        let automation = found(&context.catalog, &context.owner, &id).await?;
        let ran = runs(&context.catalog, &id, RUNS).await?;
        Ok(automation.view(ran.into_iter().map(|run| run.view).collect()))
    }
}

/// An automation that is to be kept. The record has what it does and when.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CreateAutomationInput {
    #[serde(serialize_with = "for_the_record")]
    pub(super) wish: AutomationWish,
    #[serde(skip_serializing)]
    pub(super) automation: Box<Automation>,
}

/// Keeps a new automation of the caller.
pub(super) struct CreateAutomation;

impl Operation for CreateAutomation {
    const NAME: &'static str = "create_automation";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Page;
    type Input = CreateAutomationInput;
    type Output = AutomationView;

    fn resources(_: &CreateAutomationInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("PutItem"))
    }

    async fn run(input: CreateAutomationInput, context: Context) -> Result<AutomationView, ToolError> {
        let automation = Automation { owner: context.owner, ..*input.automation };
        let known = context.catalog.automation_records_of(&automation.owner, LISTED).await?;
        if known.len() >= MOST {
            let message = format!("you have {MOST} automations already; delete one first");
            return Err(ToolError::field("name", message));
        }
        // Where the id is taken already, an answer to an earlier try got lost.
        context.catalog.add_automation_record(&automation.record()?).await?;
        Ok(automation.view(Vec::new()))
    }
}

/// A change of an automation.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeAutomationInput {
    pub(super) id: String,
    #[serde(serialize_with = "for_the_record")]
    pub(super) wish: AutomationWish,
    /// The version that it was made from.
    pub(super) version: u32,
    /// What signs the webhook, where its address is a new one.
    #[serde(skip_serializing)]
    pub(super) secret: Secret,
    /// Who changes it: from now on it runs as them, as they are then.
    #[serde(skip_serializing)]
    pub(super) setter: super::kept::Setter,
}

/// What became of a change.
pub(super) struct ChangedAutomation {
    pub(super) view: AutomationView,
    /// Whether its webhook is signed with the new secret.
    pub(super) has_new_secret: bool,
}

/// Changes an automation of the caller.
pub(super) struct ChangeAutomation;

impl Operation for ChangeAutomation {
    const NAME: &'static str = "change_automation";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = ChangeAutomationInput;
    type Output = ChangedAutomation;

    fn resources(_: &ChangeAutomationInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("PutItem"))
    }

    async fn run(input: ChangeAutomationInput, context: Context) -> Result<ChangedAutomation, ToolError> {
        let catalog = &context.catalog;
        let mut automation = found(catalog, &context.owner, &input.id).await?;
        let conflict =
            |current: Option<u32>| CatalogError::Conflict { what: WHAT, id: input.id.clone(), current };
        if automation.version != input.version {
            return Err(conflict(Some(automation.version)).into());
        }
        let address = &input.wish.notice.webhook;
        let has_new_secret = address.is_some() && *address != automation.wish.notice.webhook;
        if has_new_secret || address.is_none() {
            automation.secret = address.is_some().then(|| input.secret.clone());
        }
        let when_changes = automation.wish.when != input.wish.when;
        automation.wish = input.wish.clone();
        automation.setter = input.setter.clone();
        if when_changes {
            automation.begin_anew(context.now);
        }
        automation.version += 1;
        if !catalog.change_automation_record(&automation.record()?, input.version).await? {
            return Err(conflict(None).into());
        }
        Ok(ChangedAutomation { view: automation.view(Vec::new()), has_new_secret })
    }
}

/// Whether an automation is to rest.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PauseAutomationInput {
    pub(super) id: String,
    pub(super) paused: bool,
    /// Who says so, in words.
    pub(super) reason: String,
}

async fn pause(
    catalog: &Catalog,
    owner: &str,
    input: &PauseAutomationInput,
    now: Timestamp,
) -> Result<(), ToolError> {
    let change = |automation: &mut Automation| {
        if automation.paused.is_some() == input.paused {
            return;
        }
        automation.paused = input.paused.then(|| Paused { reason: input.reason.clone(), at: due(now) });
        if !input.paused {
            automation.begin_anew(now);
        }
    };
    changed(catalog, owner, &input.id, change).await?;
    Ok(())
}

/// Pauses an automation of the caller, or lets it run again.
pub(super) struct PauseAutomation;

impl Operation for PauseAutomation {
    const NAME: &'static str = "pause_automation";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = PauseAutomationInput;
    type Output = ();

    fn resources(_: &PauseAutomationInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("PutItem"))
    }

    async fn run(input: PauseAutomationInput, context: Context) -> Result<(), ToolError> {
        pause(&context.catalog, &context.owner, &input, context.now).await
    }
}

/// Whose automation is to rest.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PauseAnyAutomationInput {
    pub(super) owner: String,
    #[serde(flatten)]
    pub(super) pause: PauseAutomationInput,
}

/// Pauses an automation of anybody. Only its owner lets it run again.
pub(super) struct PauseAnyAutomation;

impl Operation for PauseAnyAutomation {
    const NAME: &'static str = "pause_any_automation";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = PauseAnyAutomationInput;
    type Output = ();

    fn resources(_: &PauseAnyAutomationInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("PutItem"))
    }

    async fn run(input: PauseAnyAutomationInput, context: Context) -> Result<(), ToolError> {
        pause(&context.catalog, &input.owner, &input.pause, context.now).await
    }
}

/// Deletes an automation of the caller. What it ran stays for as long as it would have.
pub(super) struct DeleteAutomation;

impl Operation for DeleteAutomation {
    const NAME: &'static str = "delete_automation";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = String;
    type Output = ();

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("DeleteItem"))
    }

    async fn run(id: String, context: Context) -> Result<(), ToolError> {
        let catalog = &context.catalog;
        found(catalog, &context.owner, &id).await?;
        let unread: Vec<_> = catalog.inbox(&context.owner).await?;
        let prefix = answer(&id, "");
        let own: Vec<_> = unread.into_iter().filter(|answer| answer.starts_with(&prefix)).collect();
        catalog.take_from_inbox(&context.owner, &own).await?;
        Ok(catalog.remove_automation_record(&context.owner, &id).await?)
    }
}

/// Runs an automation of the caller now, whether it is paused or not.
pub(super) struct RunAutomationNow;

impl Operation for RunAutomationNow {
    const NAME: &'static str = "run_automation_now";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Signal;
    type Input = String;
    type Output = ();

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources("PutItem"))
    }

    async fn run(id: String, context: Context) -> Result<(), ToolError> {
        let now = context.now;
        let automation = found(&context.catalog, &context.owner, &id).await?;
        let key = format!("{}{ASKED}{}", due(now), short(&context.change));
        let run = Run::new(&automation, key, "because you asked for it".to_owned(), now, now);
        context.catalog.add_automation_record(&run.record()?).await?;
        Ok(())
    }
}

/// As much of a name as tells it from others.
fn short(name: &str) -> &str {
    let start = name.len().saturating_sub(12);
    name.get(start..).unwrap_or(name)
}
