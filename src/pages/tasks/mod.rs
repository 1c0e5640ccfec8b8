//! The pages of tasks: the box in which one is said with one's own history, and the page of each.
//!
//! Tasks are begun and decided about by plain forms, which are sent to the page's own address and work without
//! JavaScript. With it, the page of a task follows what happens.

pub mod address;
pub mod answer;
mod arguments;
pub mod change;
pub mod closing;
mod differences;
pub mod follow;
mod graph;
pub mod history;
pub mod plan;
pub mod prompt;
pub mod share;
pub mod shared;
pub mod stale;
pub mod state;
pub mod step;
pub mod suggestions;
pub mod task;
pub mod templates;
pub mod timeline;
mod times;
pub mod waiting;

use crate::api::error::AppError;
use crate::api::task_templates::own_templates;
use crate::api::tasks::own_tasks;
use crate::components::page_heading::PageHeading;
use crate::components::preferences::Preferences;
use crate::components::state::{ErrorState, Skeleton, answer_with_status};
use crate::model::role::Role;
use crate::model::task::{TaskList, TaskQuery};
use crate::model::task_form::TaskForm;
use crate::model::task_template::TaskTemplate;
use crate::pages::automation::unread::Unread;
use address::Address;
use history::History;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use prompt::Prompt;
use serde::{Deserialize, Serialize};
use suggestions::Suggestions;

/// Given by the web layer as context when a form was sent that could not be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TasksOutcome {
    /// What was typed.
    pub form: TaskForm,
    /// Why it could not be done.
    pub error: AppError,
}

impl TasksOutcome {
    /// What the request that is being answered came to; the answer gets its status.
    fn of_request() -> Option<Self> {
        let outcome = use_context::<Self>();
        if let Some(outcome) = &outcome {
            answer_with_status(&outcome.error);
        }
        outcome
    }
}

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    outcome: Option<TasksOutcome>,
    tasks: TaskList,
    templates: Vec<TaskTemplate>,
}

async fn open(query: TaskQuery, outcome: Option<TasksOutcome>) -> Result<Opening, AppError> {
    let tasks = own_tasks(query).await?;
    let templates = own_templates().await?;
    Ok(Opening { outcome, tasks, templates })
}

/// The page `/tasks`.
#[component]
pub fn TasksPage() -> impl IntoView {
    let outcome = TasksOutcome::of_request();
    let search = use_location().search;
    let address = Memo::new(move |_| search.with(|search| Address::read(search)));
    let query = Memo::new(move |_| address.with(|address| address.query.clone()));
    let opening = Resource::new(move || query.get(), move |query| open(query, outcome.clone()));
    let again = Callback::new(move |()| opening.refetch());
    let role = role();
    view! {
        <PageHeading title="Tasks">
            <Unread />
        </PageHeading>
        <Transition fallback=|| view! { <Skeleton what="your tasks" lines=12 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(opening) => view! { <Shown opening=opening address=address role=role /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// What the viewer is to the label; the least where nobody is known.
fn role() -> Role {
    let viewer = use_context::<Preferences>().and_then(|preferences| preferences.viewer);
    viewer.map_or(Role::Artist, |viewer| viewer.role)
}

#[component]
fn Shown(opening: Opening, address: Memo<Address>, role: Role) -> impl IntoView {
    let Opening { outcome, tasks, templates } = opening;
    let (typed, failed) = outcome.map(|outcome| (outcome.form, outcome.error)).unzip();
    let wrong = failed.as_ref().map(|error: &AppError| error.fields.clone()).unwrap_or_default();
    let query = address.with_untracked(|address| address.query.clone());
    let newest = tasks.tasks.first().map(|task| task.id.clone()).unwrap_or_default();
    view! {
        {failed.map(|error| view! { <ErrorState error=error /> })}
        <div class="columns">
            <div class="column">
                <Prompt address=address typed=typed wrong=wrong role=role newest=newest />
                <History tasks=tasks query=query />
            </div>
            <div class="column">
                <Suggestions role=role templates=templates />
            </div>
        </div>
    }
}
