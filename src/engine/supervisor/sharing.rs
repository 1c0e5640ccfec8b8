//! Sharing a task: its owner gives colleagues a link, and whoever may use every tool of its steps themselves reads
//! with it what was planned, found and answered. Nothing can be decided with it.

use super::arguments;
use super::decide::not_now;
use super::follow::{self, Followed};
use super::journal::{self, Entry, moment};
use super::operations::dynamodb;
use super::{Shared, Supervisor};
use crate::engine::catalog::schema::TASKS_TABLE;
use crate::engine::catalog::tasks::shares::SharedTask as Found;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::gateway::{CallError, CallErrorKind, Gateway, Origin, Principal, Sight};
use crate::engine::tools::{Class, Context, Effect, Operation, Refusal, RefusalKind, ToolError};
use crate::model::task::TaskView;
use crate::model::task_share::{NewTaskLink, SharedTaskView, TaskShare};
use crate::model::tool::AwsResource;
use futures::Stream;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::sync::Arc;

/// How long a link works.
const WORKS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The page on which a shared task is read.
const PAGE: &str = "/tasks/shared";

/// Tools that find the same for whoever may call them about what they name. What other tools find for somebody who
/// sees all artists is not for those who see some.
const SAME_FOR_ALL: [&str; 5] = [
    "analyze_artist_performance",
    "generate_release_insights",
    "plan_promotion",
    "query_artist_data",
    "query_release_data",
];

/// A task to be shared.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShareTaskInput {
    task: String,
    days: i64,
    #[serde(skip_serializing)]
    secret_sha256: String,
}

/// Shares a task of the caller. A former link of it works no more.
pub(super) struct ShareTask;

impl Operation for ShareTask {
    const NAME: &'static str = "share_task";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Signal;
    type Input = ShareTaskInput;
    /// Until when the link works.
    type Output = String;

    fn resources(_: &ShareTaskInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![dynamodb("PutItem", TASKS_TABLE)])
    }

    async fn run(input: ShareTaskInput, context: Context) -> Result<String, ToolError> {
        let (catalog, owner) = (&context.catalog, &context.owner);
        let entry = Entry::read(&catalog.task(owner, &input.task).await?)?;
        if entry.view.plan.is_none() {
            return Err(not_now(
                "The task has no plan, so it cannot be told who may read it.",
                "Share it when it has one.",
            ));
        }
        let ends = context.now.checked_add(WORKS).map_or(entry.expires_at, Timestamp::as_second);
        let ends = ends.min(entry.expires_at);
        catalog.share_task(owner, &input.task, &input.secret_sha256, ends).await?;
        Ok(in_words(ends))
    }
}

/// Ends the link of a task of the caller.
pub(super) struct StopSharingTask;

impl Operation for StopSharingTask {
    const NAME: &'static str = "stop_sharing_task";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Signal;
    type Input = String;
    type Output = ();

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![dynamodb("DeleteItem", TASKS_TABLE)])
    }

    async fn run(task: String, context: Context) -> Result<(), ToolError> {
        // Of a task that is there.
        let task = context.catalog.task(&context.owner, &task).await?.id;
        Ok(context.catalog.end_share(&context.owner, &task).await?)
    }
}

/// Whether a task of the caller is shared.
pub(super) struct ViewTaskSharing;

impl Operation for ViewTaskSharing {
    const NAME: &'static str = "view_task_sharing";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = String;
    type Output = Option<TaskShare>;

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![dynamodb("GetItem", TASKS_TABLE)])
    }

    async fn run(task: String, context: Context) -> Result<Option<TaskShare>, ToolError> {
        let share = context.catalog.share_of_task(&context.owner, &task).await?;
        Ok(share.map(|share| TaskShare { until: in_words(share.expires_at) }))
    }
}

/// A shared task that somebody opens, and what they may see of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ViewSharedTaskInput {
    task: String,
    /// Whose it is.
    owner: String,
    #[serde(skip_serializing)]
    seen: Result<Box<SharedTaskView>, Refusal>,
}

/// Reads a task with its link. The record says who has opened whose.
pub(super) struct ViewSharedTask;

impl Operation for ViewSharedTask {
    const NAME: &'static str = "view_shared_task";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ViewSharedTaskInput;
    type Output = SharedTaskView;

    fn resources(input: &ViewSharedTaskInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        match &input.seen {
            Ok(_) => Ok(vec![dynamodb("GetItem", TASKS_TABLE)]),
            Err(refusal) => Err(ToolError::Refused(Box::new(refusal.clone()))),
        }
    }

    async fn run(input: ViewSharedTaskInput, _: Context) -> Result<SharedTaskView, ToolError> {
        input.seen.map(|seen| *seen).map_err(|refusal| ToolError::Refused(Box::new(refusal)))
    }
}

impl Supervisor {
    /// Shares a task of one's own with a new link.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `NotFound` where there is none, `Conflict` where it has no plan.
    pub async fn share(
        &self,
        principal: &Principal,
        origin: &Origin,
        id: &str,
    ) -> Result<NewTaskLink, CallError> {
        let gateway = &self.shared.gateway;
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| {
            let message = format!("No secret could be made for the link: {error}.");
            let error = CallError::new(CallErrorKind::Internal, message, "Try again; else tell an admin.");
            gateway.refused(principal, origin, ShareTask::NAME, error)
        })?;
        let secret = hex::encode(bytes);
        let days = WORKS.as_hours() / 24;
        let input = ShareTaskInput { task: id.to_owned(), days, secret_sha256: digest(&secret) };
        let until = gateway.call::<ShareTask>(principal, origin, input).await?.output;
        Ok(NewTaskLink { address: format!("{PAGE}?link={secret}"), until })
    }

    /// Ends the link of a task of one's own.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `NotFound` where there is no such task.
    pub async fn stop_sharing(
        &self,
        principal: &Principal,
        origin: &Origin,
        id: &str,
    ) -> Result<(), CallError> {
        self.shared.gateway.call::<StopSharingTask>(principal, origin, id.to_owned()).await.map(drop)
    }

    /// Whether a task of one's own is shared.
    ///
    /// # Errors
    /// As [`Gateway::call`].
    pub async fn sharing(
        &self,
        principal: &Principal,
        origin: &Origin,
        id: &str,
    ) -> Result<Option<TaskShare>, CallError> {
        let answer = self.shared.gateway.call::<ViewTaskSharing>(principal, origin, id.to_owned()).await?;
        Ok(answer.output)
    }

    /// The task of a link, for whoever may use every tool of its steps themselves.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `NotFound` where the link leads to none, `Forbidden` with what is missing.
    pub async fn shared_task(
        &self,
        reader: &Principal,
        origin: &Origin,
        secret: &str,
    ) -> Result<SharedTaskView, CallError> {
        self.shared.shared_task(reader, origin, secret).await
    }

    /// The task of a link as it is, then each change of it, as its reader may read it at that moment; until it has
    /// ended, the link or the permission has, or the process does.
    pub fn follow_shared(
        &self,
        reader: &Principal,
        origin: &Origin,
        secret: &str,
    ) -> impl Stream<Item = Result<TaskView, CallError>> + Send + 'static + use<> {
        let (shared, followed) = (Arc::clone(&self.shared), Followed::Shared(secret.to_owned()));
        follow::follow(shared, reader.clone(), origin.clone(), followed)
    }
}

impl Shared {
    /// The task of a link for its reader, with a record of who has opened it.
    pub(super) async fn shared_task(
        &self,
        reader: &Principal,
        origin: &Origin,
        secret: &str,
    ) -> Result<SharedTaskView, CallError> {
        let refused = |error| self.gateway.refused(reader, origin, ViewSharedTask::NAME, error);
        let found = self.shared_by(secret).await.map_err(refused)?;
        let seen = self.seen(reader, origin, &found).await.map_err(refused)?;
        let input = ViewSharedTaskInput { task: found.id, owner: found.owner, seen };
        Ok(self.gateway.call::<ViewSharedTask>(reader, origin, input).await?.output)
    }

    /// Where the task of a link is.
    pub(super) async fn shared_by(&self, secret: &str) -> Result<Found, CallError> {
        self.catalog.task_shared_by(&digest(secret)).await?.ok_or_else(no_such_link)
    }

    /// A shared task as somebody may read it, or why they may not.
    pub(super) async fn seen(
        &self,
        reader: &Principal,
        origin: &Origin,
        found: &Found,
    ) -> Result<Result<Box<SharedTaskView>, Refusal>, CallError> {
        let task = match journal::view(&self.catalog, &found.owner, &found.id).await {
            Ok(task) => task,
            Err(CatalogError::NotFound { .. }) => return Err(no_such_link()),
            Err(error) => return Err(error.into()),
        };
        if let Some(missing) = missing(&self.gateway, reader, origin, &task).await? {
            return Ok(Err(not_for(&task.owner, &missing)));
        }
        let until = in_words(found.expires_at);
        Ok(Ok(Box::new(SharedTaskView { task: without_decisions(task), until })))
    }
}

/// What somebody may not of what the steps of a task have done; none where they may all of it.
async fn missing(
    gateway: &Gateway,
    reader: &Principal,
    origin: &Origin,
    task: &TaskView,
) -> Result<Option<String>, CallError> {
    let Some(plan) = &task.plan else {
        return Ok(Some("It has no plan by which that could be told.".to_owned()));
    };
    for step in &plan.steps {
        let done = task.steps.iter().find(|done| done.id == step.id);
        let arguments = done.and_then(|done| done.arguments.clone()).or_else(|| arguments::known(step));
        let (name, tool) = (&reader.name, &step.tool);
        match gateway.sight_of_tool(reader, origin, tool, arguments.as_ref()).await {
            Ok(Sight::Whole) => {}
            Ok(Sight::Named) if SAME_FOR_ALL.contains(&tool.as_str()) => {}
            Ok(Sight::Named | Sight::Own) => {
                return Ok(Some(format!(
                    "{name} sees artists of their own only, and what {tool} has found may be of others, too."
                )));
            }
            Err(error) if gateway.is_switched_off(tool) => return Ok(Some(error.message)),
            Err(error) if error.kind == CallErrorKind::Forbidden && gateway.tool(reader, tool).is_none() => {
                return Ok(Some(format!("{name} may not use {tool}.")));
            }
            // What it was called with is content of the task, and is not told.
            Err(error) if matches!(error.kind, CallErrorKind::Forbidden | CallErrorKind::Invalid) => {
                return Ok(Some(format!(
                    "{name} may use {tool}, but not for all that the task has used it for."
                )));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

/// The task without what only its owner decides, and without what they thought of it.
fn without_decisions(task: TaskView) -> TaskView {
    TaskView { question: None, approval: None, awaiting: Vec::new(), feedback: None, ..task }
}

fn not_for(owner: &str, missing: &str) -> Refusal {
    Refusal {
        kind: RefusalKind::Forbidden,
        message: format!("This task of {owner} is not for you. {missing}"),
        remedy: format!("Ask an admin for the permission, or {owner} for what you need of it."),
        fields: Vec::new(),
        retry_after: None,
    }
}

fn no_such_link() -> CallError {
    CallError::new(
        CallErrorKind::NotFound,
        "This link leads to no task: it has ended, was taken back, or was not copied whole.",
        "Ask whoever gave it to you for a new one.",
    )
}

fn digest(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}

/// A moment in seconds since 1970 as tasks show it.
fn in_words(seconds: i64) -> String {
    moment(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX))
}
