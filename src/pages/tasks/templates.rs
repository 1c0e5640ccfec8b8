//! The page of one's own templates: tasks that are kept under a name, to be used, renamed and removed.

use super::address::{self, Address, FIELD};
use super::history::beginning;
use super::prompt::Details;
use super::role;
use crate::api::error::AppError;
use crate::api::task_templates::own_templates;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::icon::{Glyph, Icon};
use crate::components::page_heading::PageHeading;
use crate::components::state::{EmptyState, ErrorState, Skeleton, answer_with_status};
use crate::components::text_area::as_content;
use crate::model::task::LONGEST_TASK;
use crate::model::task_form::TaskForm;
use crate::model::task_template::{MAX_TEMPLATE_NAME, TaskTemplate};
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};

/// Given by the web layer as context when a form was sent that could not be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TemplatesOutcome {
    /// The name and the task that were typed.
    pub typed: TaskTemplate,
    /// Why it could not be done.
    pub error: AppError,
}

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    outcome: Option<TemplatesOutcome>,
    templates: Vec<TaskTemplate>,
}

async fn open(outcome: Option<TemplatesOutcome>) -> Result<Opening, AppError> {
    Ok(Opening { outcome, templates: own_templates().await? })
}

/// The page `/tasks/templates`.
#[component]
pub fn TemplatesPage() -> impl IntoView {
    let outcome = use_context::<TemplatesOutcome>();
    if let Some(outcome) = &outcome {
        answer_with_status(&outcome.error);
    }
    let search = use_location().search;
    let form = Memo::new(move |_| search.with(|search| Address::read(search).form));
    let opening = Resource::new(|| (), move |()| open(outcome.clone()));
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <Breadcrumbs above=vec![("Tasks", address::PATH)] here="Your templates".to_owned() />
        <PageHeading title="Your templates" />
        <Transition fallback=|| view! { <Skeleton what="your templates" lines=8 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(opening) => view! { <Shown opening=opening form=form.get_untracked() /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(opening: Opening, form: TaskForm) -> impl IntoView {
    let Opening { outcome, templates } = opening;
    let (typed, failed) = outcome.map(|outcome| (outcome.typed, outcome.error)).unzip();
    let typed = typed.unwrap_or_else(|| TaskTemplate { name: String::new(), form });
    view! {
        {failed.map(|error| view! { <ErrorState error=error /> })}
        <div class="columns">
            <div class="column">
                <Kept templates=templates />
            </div>
            <div class="column">
                <New typed=typed />
            </div>
        </div>
    }
}

/// The templates, each with what can be done with it.
#[component]
fn Kept(templates: Vec<TaskTemplate>) -> impl IntoView {
    if templates.is_empty() {
        return view! {
            <EmptyState title="No templates yet">
                <p>"Keep a task under a name, and begin it again from the page of tasks."</p>
            </EmptyState>
        }
        .into_any();
    }
    let rows = templates.into_iter().enumerate().map(|(place, template)| one(place, template));
    view! {
        <section class="panel" aria-labelledby="kept-templates">
            <h2 id="kept-templates">"Kept"</h2>
            <ul class="task-templates" aria-labelledby="kept-templates">
                {rows.collect_view()}
            </ul>
        </section>
    }
    .into_any()
}

fn one(place: usize, template: TaskTemplate) -> impl IntoView {
    let TaskTemplate { name, form } = template;
    let use_it = format!("{}#{FIELD}", address::with_form(&form));
    let field = format!("template-name-{place}");
    let (of_field, new_name) = (field.clone(), format!("New name of {name}"));
    let (rename, remove) = (format!("Rename {name}"), format!("Remove {name}"));
    let (title, kept, about) = (name.clone(), name.clone(), format!("Template {name}"));
    view! {
        <li>
            <a href=use_it>
                <strong>{title}</strong>
            </a>
            <p class="task-quiet">{beginning(&form.task)}</p>
            <form class="task-actions" method="post" action=address::TEMPLATES aria-label=about>
                <input type="hidden" name="name" value=kept />
                <label for=of_field class="visually-hidden">
                    {new_name}
                </label>
                <input
                    id=field
                    type="text"
                    name="newName"
                    value=name
                    required
                    maxlength=MAX_TEMPLATE_NAME.to_string()
                    autocomplete="off"
                />
                <button type="submit" class="button" name="change" value="rename" aria-label=rename>
                    <Icon glyph=Glyph::Pencil />
                    "Rename"
                </button>
                <button
                    type="submit"
                    class="button"
                    name="change"
                    value="remove"
                    aria-label=remove
                    formnovalidate=""
                >
                    <Icon glyph=Glyph::Remove />
                    "Remove"
                </button>
            </form>
        </li>
    }
}

/// The form that keeps another one.
#[component]
fn New(
    /// What stands in it.
    typed: TaskTemplate,
) -> impl IntoView {
    let TaskTemplate { name, form } = typed;
    let content = as_content(&form.task);
    view! {
        <form
            class="panel task-prompt"
            method="post"
            action=address::TEMPLATES
            aria-labelledby="new-template"
        >
            <h2 id="new-template">"Keep a task as a template"</h2>
            <div class="field">
                <label for="template-name">"Name"</label>
                <input
                    id="template-name"
                    type="text"
                    name="name"
                    value=name
                    required
                    maxlength=MAX_TEMPLATE_NAME.to_string()
                    autocomplete="off"
                    aria-describedby="template-help"
                />
                <p class="field-help" id="template-help">
                    "One of the same name is replaced."
                </p>
            </div>
            <div class="field">
                <label for="template-task">"Task"</label>
                <textarea
                    id="template-task"
                    name="task"
                    rows="3"
                    required
                    maxlength=LONGEST_TASK.to_string()
                    inner_html=content
                ></textarea>
            </div>
            <Details form=form role=role() wrong=Vec::new() />
            <p class="task-actions">
                <button type="submit" class="button is-primary" name="change" value="save">
                    "Keep"
                </button>
            </p>
        </form>
    }
}
