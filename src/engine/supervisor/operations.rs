//! What the door lets people do with tasks: begin one, see one, list them, decide about one. Each finds the tasks
//! of its caller only.

use super::decide::{Prepared, apply};
use super::journal::{self, By, Entry};
use crate::engine::catalog::schema::TASKS_TABLE;
use crate::engine::catalog::tasks::open::OpenTask;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::task::{TaskDecision, TaskList, TaskQuery, TaskRequest, TaskRow, TaskState, TaskView};
use crate::model::tool::AwsResource;
use serde::Serialize;

/// How many tasks a page of the list has.
const PAGE: usize = 25;

/// How many are read for it at once, and how often at most: a search that finds little goes on with the next page.
const AT_ONCE: i32 = 100;
const READS: usize = 10;

/// How often a decision is tried when the task changes at the same moment.
const TRIES: u32 = 10;

/// A table that an operation touches.
pub(super) fn dynamodb(action: &str, table: &str) -> AwsResource {
    let action = format!("dynamodb:{action}");
    AwsResource { service: "dynamodb".to_owned(), action, name: table.to_owned() }
}

/// A new task.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StartTaskInput {
    /// What is asked.
    pub(super) request: TaskRequest,
    /// The task as it is kept. The record has what was asked.
    #[serde(skip_serializing)]
    pub(super) entry: Box<Entry>,
}

/// Begins a task: keeps it, and that it waits to be run.
pub(super) struct StartTask;

impl Operation for StartTask {
    const NAME: &'static str = "start_task";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Signal;
    type Input = StartTaskInput;
    type Output = TaskView;

    fn resources(_: &StartTaskInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![dynamodb("PutItem", TASKS_TABLE)])
    }

    async fn run(input: StartTaskInput, context: Context) -> Result<TaskView, ToolError> {
        let entry = Entry { owner: context.owner, ..*input.entry };
        let open = waiting(&entry);
        context.catalog.add_task(&entry.kept()?, open.as_ref()).await?;
        Ok(entry.view)
    }
}

/// That a task waits to be run, where it does.
fn waiting(entry: &Entry) -> Option<OpenTask> {
    let waits = entry.view.state == TaskState::Waiting;
    waits.then(|| OpenTask::waiting(&entry.owner, &entry.view.id, entry.epoch, entry.expires_at))
}

/// How far a task is.
pub(super) struct ViewTask;

impl Operation for ViewTask {
    const NAME: &'static str = "view_task";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = String;
    type Output = TaskView;

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![dynamodb("GetItem", TASKS_TABLE)])
    }

    async fn run(id: String, context: Context) -> Result<TaskView, ToolError> {
        Ok(journal::view(&context.catalog, &context.owner, &id).await?)
    }
}

/// The tasks of somebody, the newest first.
pub(super) struct ListTasks;

impl Operation for ListTasks {
    const NAME: &'static str = "list_tasks";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = TaskQuery;
    type Output = TaskList;

    fn resources(_: &TaskQuery, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![dynamodb("Query", TASKS_TABLE)])
    }

    async fn run(query: TaskQuery, context: Context) -> Result<TaskList, ToolError> {
        let text = query.text.trim().to_lowercase();
        let fits = |row: &TaskRow| {
            query.state.is_none_or(|state| row.state == state) && row.task.to_lowercase().contains(&text)
        };
        let mut before = query.before.clone();
        let mut tasks = Vec::new();
        for _ in 0..READS {
            let (rows, more) = context.catalog.tasks_of(&context.owner, before.as_deref(), AT_ONCE).await?;
            for kept in rows {
                let row: TaskRow = serde_json::from_str(&kept.row).map_err(|error| {
                    let detail = error.to_string();
                    CatalogError::Unreadable { what: "task", id: kept.id.clone(), detail }
                })?;
                before = Some(kept.id);
                if fits(&row) {
                    tasks.push(row);
                }
                if tasks.len() == PAGE {
                    return Ok(TaskList { tasks, next: before });
                }
            }
            if !more {
                return Ok(TaskList { tasks, next: None });
            }
        }
        Ok(TaskList { tasks, next: before })
    }
}

/// A decision.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct DecideTaskInput {
    /// The task.
    pub(super) id: String,
    /// What is decided.
    pub(super) decision: TaskDecision,
    /// Who decides, with what they may now.
    #[serde(skip_serializing)]
    pub(super) by: Box<By>,
    /// What the request means with the answer that was given, or the plan with the arguments.
    #[serde(skip_serializing)]
    pub(super) prepared: Option<Box<Prepared>>,
}

/// What was stored of a decision.
pub(super) struct Decided {
    pub(super) entry: Entry,
}

/// Decides about a task.
pub(super) struct DecideTask;

impl Operation for DecideTask {
    const NAME: &'static str = "decide_task";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Signal;
    type Input = DecideTaskInput;
    type Output = Decided;

    fn resources(_: &DecideTaskInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![dynamodb("PutItem", TASKS_TABLE)])
    }

    async fn run(input: DecideTaskInput, context: Context) -> Result<Decided, ToolError> {
        let catalog = &context.catalog;
        for _ in 0..TRIES {
            let mut entry = Entry::read(&catalog.task(&context.owner, &input.id).await?)?;
            let from = entry.revision();
            apply(&mut entry, &input.decision, &input.by, input.prepared.as_deref(), context.now)?;
            entry.touch(context.now);
            let open = waiting(&entry).filter(|_| entry.epoch != from.epoch);
            if catalog.change_task(&entry.kept()?, from, open.as_ref()).await? {
                if entry.view.state.has_ended() && entry.epoch != from.epoch {
                    catalog.close_runs_of(&input.id, entry.epoch).await?;
                }
                return Ok(Decided { entry });
            }
        }
        Err(CatalogError::Conflict { what: "task", id: input.id, current: None }.into())
    }
}
