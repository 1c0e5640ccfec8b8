//! The page of an automation: when it runs next, what it ran, and what can be done with it.

use super::form::Fields;
use super::history::History;
use super::{AutomationOutcome, Secret, address, told};
use crate::api::automation::own_automation;
use crate::api::error::AppError;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::icon::{Glyph, Icon};
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, FailedPage, Skeleton};
use crate::model::automation::{AutomationForm, AutomationOffer, AutomationPage as Page, AutomationView};
use crate::model::field::FieldError;
use crate::pages::tasks;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    outcome: Option<AutomationOutcome>,
    page: Page,
}

async fn open(id: String, outcome: Option<AutomationOutcome>) -> Result<Opening, AppError> {
    let page = own_automation(id).await?;
    Ok(Opening { outcome, page })
}

/// The page `/tasks/automation/{id}`.
#[component]
pub fn AutomationPage() -> impl IntoView {
    let outcome = AutomationOutcome::of_request();
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let opening = Resource::new(move || id.get(), move |id| open(id, outcome.clone()));
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the automation" lines=12 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(Opening { outcome, page }) => view! { <Shown outcome=outcome page=page /> }.into_any(),
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Shown(outcome: Option<AutomationOutcome>, page: Page) -> impl IntoView {
    let (made, failed, typed) = told(outcome);
    let wrong = failed.as_ref().map(|error| error.fields.clone()).unwrap_or_default();
    let Page { automation, offer } = page;
    // A form of this page that says nothing of a task was none of a change.
    let typed = typed.filter(|typed| !typed.version.is_empty());
    let name = automation.wish.name.clone();
    view! {
        <Breadcrumbs
            above=vec![("Tasks", tasks::address::PATH), ("Automation", address::PATH)]
            here=name.clone()
        />
        <PageHeading title=name />
        {failed.map(|error| view! { <ErrorState error=error /> })}
        {made.map(|made| view! { <Secret made=made /> })}
        <Summary automation=automation.clone() />
        <Actions automation=automation.clone() />
        <History runs=automation.runs.clone() />
        <Change automation=automation.clone() typed=typed wrong=wrong offer=offer />
        <Delete automation=automation />
    }
}

/// What it does, and when.
#[component]
fn Summary(automation: AutomationView) -> impl IntoView {
    let AutomationView { wish, paused, next, .. } = automation;
    let next = match (paused, next) {
        (Some(paused), _) => ("Paused", paused.reason),
        (None, Some(next)) => ("Runs next", next),
        (None, None) => ("Runs next", "When it happens".to_owned()),
    };
    let mut told = vec!["this page".to_owned()];
    told.extend(wish.notice.mail.then(|| "an e-mail to you".to_owned()));
    told.extend(wish.notice.webhook.map(|address| format!("a webhook to {address}")));
    let parameters = wish.request.parameters.into_iter().map(|(name, value)| {
        let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        fact(crate::components::name::humanise(&name), value)
    });
    let parameters = parameters.collect_view();
    view! {
        <section class="panel task-summary" aria-label="The automation">
            <p class="task-asked">{wish.request.task}</p>
            <dl class="task-facts">
                {fact("Runs".to_owned(), wish.when.in_words())}
                {fact(next.0.to_owned(), next.1)}
                {fact("Told by".to_owned(), told.join(", "))}
                {parameters}
            </dl>
        </section>
    }
}

fn fact(name: String, value: String) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
}

/// Run now, pause, resume.
#[component]
fn Actions(automation: AutomationView) -> impl IntoView {
    let (change, words) = if automation.paused.is_some() { ("resume", "Resume") } else { ("pause", "Pause") };
    view! {
        <form class="task-actions" method="post" action=address::of(&automation.id) aria-label="This automation">
            <button type="submit" class="button is-primary" name="change" value="run">
                <Icon glyph=Glyph::Forward />
                "Run now"
            </button>
            <button type="submit" class="button" name="change" value=change>
                {words}
            </button>
        </form>
    }
}

/// The form in which it is changed.
#[component]
fn Change(
    automation: AutomationView,
    typed: Option<AutomationForm>,
    wrong: Vec<FieldError>,
    offer: AutomationOffer,
) -> impl IntoView {
    let is_open = typed.is_some();
    let version = automation.version.to_string();
    let form = typed.unwrap_or_else(|| AutomationForm::of(&automation.wish, automation.version));
    view! {
        <details class="panel automation-change" open=is_open>
            <summary>"Change it"</summary>
            <form
                class="automation-form"
                method="post"
                action=address::of(&automation.id)
                aria-label="Change the automation"
            >
                <input type="hidden" name="change" value="change" />
                <input type="hidden" name="version" value=version />
                <Fields form=form wrong=wrong offer=offer />
                <p class="task-actions">
                    <button type="submit" class="button is-primary">
                        "Save"
                    </button>
                </p>
            </form>
        </details>
    }
}

/// The button that deletes it, after a word of what that does: there is no way back.
#[component]
fn Delete(automation: AutomationView) -> impl IntoView {
    view! {
        <details class="panel automation-change">
            <summary>"Delete it …"</summary>
            <form method="post" action=address::of(&automation.id) aria-label="Delete the automation">
                <input type="hidden" name="change" value="delete" />
                <p>"It runs no more, and is gone from this list. The tasks that it ran stay."</p>
                <button type="submit" class="button">
                    {format!("Delete {}", automation.wish.name)}
                </button>
            </form>
        </details>
    }
}
