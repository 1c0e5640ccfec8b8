//! The page of a task that a colleague shares: to be read, followed and taken along, and nothing else.

use super::address;
use super::answer::Answer;
use super::closing::TakeAlong;
use super::follow::{Freshness, follow_shared};
use super::history::beginning;
use super::plan::PlanPanel;
use super::task::Summary;
use super::timeline::Timeline;
use super::waiting::Refused;
use crate::api::tasks::shared_task;
use crate::components::date::Moment;
use crate::components::page_heading::PageHeading;
use crate::components::state::{FailedPage, Skeleton};
use crate::model::task_share::SharedTaskView;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

/// The field of the address that has the secret.
const LINK: &str = "link";

/// The page `/tasks/shared`.
#[component]
pub fn SharedTaskPage() -> impl IntoView {
    let query = use_query_map();
    let link = Memo::new(move |_| query.with(|query| query.get(LINK).unwrap_or_default()));
    let opening = Resource::new(move || link.get(), shared_task);
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the task" lines=12 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(shared) => view! { <Shown shared=shared link=link.get_untracked() /> }.into_any(),
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(shared: SharedTaskView, link: String) -> impl IntoView {
    let SharedTaskView { task, until } = shared;
    let (title, owner) = (beginning(&task.request.task), task.owner.clone());
    let live = follow_shared(task, &link);
    let (markdown, json) = (address::export_of_shared(&link, "md"), address::export_of_shared(&link, "json"));
    view! {
        <PageHeading title=title>
            <Freshness live=live />
        </PageHeading>
        <p class="task-quiet">
            {format!("A task of {owner}, shared with you to read. The link works until ")}
            <Moment rfc3339=until /> "."
        </p>
        <Summary live=live />
        <Answer live=live />
        <Refused live=live />
        <PlanPanel live=live />
        <Timeline live=live />
        <div class="task-actions task-closing" role="group" aria-label="This task">
            <TakeAlong markdown=markdown json=json />
        </div>
    }
}
