//! The page of a task: what was asked, what came of it, and how.

use super::TasksOutcome;
use super::address;
use super::answer::Answer;
use super::change::{Change, ChangeOutcome, STEP, ToChange, to_change};
use super::closing::{Closing, Judging, Stop};
use super::follow::{Freshness, follow};
use super::history::beginning;
use super::plan::PlanPanel;
use super::share::Share;
use super::stale::{Stale, StaleLink};
use super::state::TaskBadge;
use super::timeline::Timeline;
use super::times;
use super::waiting::{Approval, Open, Refused};
use crate::api::error::AppError;
use crate::api::tasks::{own_task, task_sharing};
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::date::Moment;
use crate::components::format::counted;
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, FailedPage, Skeleton};
use crate::model::task::TaskView;
use crate::model::task_share::{NewTaskLink, TaskShare};
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    failed: Option<AppError>,
    task: TaskView,
    /// The step whose arguments are to be changed.
    change: Option<ToChange>,
    /// Why they cannot be, where the address asks for that.
    stale: Option<StaleLink>,
    /// Whether colleagues may read it by a link.
    share: Option<TaskShare>,
    /// The link, where it was just made.
    link: Option<NewTaskLink>,
}

async fn open(
    id: String,
    step: String,
    failed: Option<AppError>,
    refused: Option<ChangeOutcome>,
    link: Option<NewTaskLink>,
) -> Result<Opening, AppError> {
    let task = own_task(id.clone()).await?;
    let share = task_sharing(id).await?;
    let change = if step.is_empty() { None } else { to_change(&task, &step, refused.as_ref()).await? };
    // Where the step waits no more there is no form that could say it.
    let failed = failed.or_else(|| refused.filter(|_| change.is_none()).map(|refused| refused.error));
    let is_stale = !step.is_empty() && change.is_none() && failed.is_none();
    let stale = is_stale.then(|| StaleLink::of(&task, &step));
    Ok(Opening { failed, task, change, stale, share, link })
}

/// The page `/tasks/{id}`.
#[component]
pub fn TaskPage() -> impl IntoView {
    let failed = TasksOutcome::of_request().map(|outcome| outcome.error);
    let refused = ChangeOutcome::of_request();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let query = use_query_map();
    let step = Memo::new(move |_| query.with(|query| query.get(STEP).unwrap_or_default()));
    let link = use_context::<NewTaskLink>();
    let opening = Resource::new(
        move || (id.get(), step.get()),
        move |(id, step)| open(id, step, failed.clone(), refused.clone(), link.clone()),
    );
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the task" lines=12 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(opening) => view! { <Shown opening=opening /> }.into_any(),
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(opening: Opening) -> impl IntoView {
    let Opening { failed, task, change, stale, share, link } = opening;
    let (id, sharable) = (task.id.clone(), task.plan.is_some());
    let (shared, asked) = (id.clone(), id.clone());
    let title = beginning(&task.request.task);
    let live = follow(task);
    view! {
        <Breadcrumbs above=vec![("Tasks", address::PATH)] here=title.clone() />
        <PageHeading title=title>
            <Freshness live=live />
            <Stop live=live />
        </PageHeading>
        {failed.map(|error| view! { <ErrorState error=error /> })}
        <Summary live=live />
        <Answer live=live />
        <Open live=live />
        {stale.map(|stale| view! { <Stale task=asked link=stale /> })}
        {change.map(|changed| view! { <Change task=id changed=changed /> })}
        <Approval live=live />
        <Refused live=live />
        <Judging live=live />
        <PlanPanel live=live />
        <Timeline live=live />
        <Closing live=live />
        {sharable.then(|| view! { <Share task=shared share=share link=link /> })}
    }
}

/// How far it is, and what was asked and understood.
#[component]
pub fn Summary(
    /// The task.
    live: super::follow::Live,
) -> impl IntoView {
    let state = live.part(|task| task.state);
    let understood = live.part(|task| task.understood.clone());
    let time = live.part(|task| (task.created_at.clone(), task.ended_at.clone()));
    let done = live.part(steps_done);
    let request = live.task.with_untracked(|task| task.request.clone());
    let is_long = beginning(&request.task) != request.task;
    let spent = live.part(|task| task.spent.or_none());
    let parameters = request.parameters.into_iter().map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        fact(crate::components::name::humanise(&name), value)
    });
    let parameters = parameters.collect_view();
    let role = request.music_industry_role.map(|role| fact("Work as".to_owned(), role.title().to_owned()));
    view! {
        <section class="panel task-summary" aria-label="The task">
            <p class="task-state" role="status">
                {move || view! { <TaskBadge state=state.get() /> }}
                <span class="task-quiet">{move || view! { <Times time=time.get() /> }}</span>
                {move || done.get().map(|words| view! { <span class="task-quiet number">{words}</span> })}
            </p>
            {is_long.then(|| view! { <p class="task-asked">{request.task}</p> })}
            {move || {
                understood
                    .get()
                    .map(|line| view! { <p><span class="task-quiet">"Understood: "</span>{line}</p> })
            }}
            <dl class="task-facts">
                {role}
                {parameters}
                {move || spent.get().map(|spent| fact("Models took".to_owned(), spent.in_words()))}
            </dl>
        </section>
    }
}

/// How many of the steps have ended, while others have not: `1 of 3 steps done`.
fn steps_done(task: &TaskView) -> Option<String> {
    let all = task.steps.len();
    let done = task.steps.iter().filter(|step| step.state.has_ended()).count();
    let steps = counted(u64::try_from(all).unwrap_or(u64::MAX), "step");
    (all > 0 && !task.state.has_ended()).then(|| format!("{done} of {steps} done"))
}

fn fact(name: String, value: String) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
}

/// When it was begun, and for how long it went on.
#[component]
fn Times(time: (String, Option<String>)) -> impl IntoView {
    let (began, ended) = time;
    let took = ended.and_then(|ended| {
        let millis = times::millis(&ended)? - times::millis(&began)?;
        u64::try_from(millis).ok().map(times::in_words)
    });
    view! {
        "Begun "
        <Moment rfc3339=began />
        {took.map(|took| format!(", took {took}"))}
    }
}
