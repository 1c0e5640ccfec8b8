//! The pages of automations: one's own with the form for another, and the page of each.
//!
//! They are made and changed by plain forms, which are sent to the page's own address and work without JavaScript.

pub mod address;
pub mod form;
pub mod history;
pub mod ideas;
pub mod one;
pub mod repeat;
pub mod table;
pub mod unread;

use crate::api::automation::{all_automations, own_automations};
use crate::api::error::AppError;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::confirm::ConfirmNotice;
use crate::components::copy_button::CopyButton;
use crate::components::page_heading::PageHeading;
use crate::components::preferences::Preferences;
use crate::components::state::{EmptyState, ErrorState, Skeleton, answer_with_status};
use crate::model::automation::{AutomationForm, AutomationList, AutomationView, MadeAutomation};
use crate::model::role::Role;
use crate::pages::{query_string, tasks};
use form::Fields;
use ideas::Ideas;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use serde::{Deserialize, Serialize};
use table::Table;

/// Given by the web layer as context when a form was sent that leads to no other page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum AutomationOutcome {
    /// An automation was kept. What signs its webhook is shown with this answer and never again.
    Made(Box<MadeAutomation>),
    /// It could not be done.
    Failed {
        /// Why not.
        error: AppError,
        /// What was typed.
        form: Box<AutomationForm>,
    },
}

impl AutomationOutcome {
    /// What the request that is being answered came to; the answer gets its status.
    fn of_request() -> Option<Self> {
        let outcome = use_context::<Self>();
        if let Some(Self::Failed { error, .. }) = &outcome {
            answer_with_status(error);
        }
        outcome
    }
}

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
enum Opening {
    Own { outcome: Option<AutomationOutcome>, list: AutomationList },
    Everybody { outcome: Option<AutomationOutcome>, automations: Vec<AutomationView> },
}

async fn open(everybody: bool, outcome: Option<AutomationOutcome>) -> Result<Opening, AppError> {
    if everybody {
        Ok(Opening::Everybody { outcome, automations: all_automations().await? })
    } else {
        Ok(Opening::Own { outcome, list: own_automations().await? })
    }
}

/// The page `/tasks/automation`.
#[component]
pub fn AutomationsPage() -> impl IntoView {
    let outcome = AutomationOutcome::of_request();
    let search = use_location().search;
    let everybody = Memo::new(move |_| search.with(|search| address::asks_for_everybody(search)));
    let opening = Resource::new(move || everybody.get(), move |everybody| open(everybody, outcome.clone()));
    let again = Callback::new(move |()| opening.refetch());
    let asked = search.with_untracked(|search| AutomationForm::read(query_string::fields(search)));
    let role = use_context::<Preferences>().and_then(|preferences| preferences.viewer);
    let role = role.map_or(Role::Artist, |viewer| viewer.role);
    view! {
        <Breadcrumbs above=vec![("Tasks", tasks::address::PATH)] here="Automation" />
        <PageHeading title="Automation" />
        <Transition fallback=|| view! { <Skeleton what="your automations" lines=10 /> }>
            {
                let asked = asked.clone();
                move || {
                    let asked = asked.clone();
                    Suspend::new(async move {
                        match opening.await {
                            Ok(Opening::Own { outcome, list }) => {
                                view! { <Own outcome=outcome list=list asked=asked role=role /> }.into_any()
                            }
                            Ok(Opening::Everybody { outcome, automations }) => {
                                view! { <Everybody outcome=outcome automations=automations /> }.into_any()
                            }
                            Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                        }
                    })
                }
            }
        </Transition>
    }
}

/// What a form came to: the secret that is shown once, or why it could not be done; beside it what was typed.
fn told(
    outcome: Option<AutomationOutcome>,
) -> (Option<MadeAutomation>, Option<AppError>, Option<AutomationForm>) {
    match outcome {
        None => (None, None, None),
        Some(AutomationOutcome::Made(made)) => (Some(*made), None, None),
        Some(AutomationOutcome::Failed { error, form }) => (None, Some(error), Some(*form)),
    }
}

#[component]
fn Own(
    outcome: Option<AutomationOutcome>,
    list: AutomationList,
    asked: AutomationForm,
    role: Role,
) -> impl IntoView {
    let (made, failed, typed) = told(outcome);
    let wrong = failed.as_ref().map(|error| error.fields.clone()).unwrap_or_default();
    let AutomationList { automations, offer, sees_all, .. } = list;
    view! {
        <p>
            "A task that runs by itself, at its time or when something happens: in your name, with what you may do at that moment."
        </p>
        {sees_all.then(|| view! { <p><a href=address::EVERYBODY>"The automations of everybody"</a></p> })}
        {made.map(|made| view! { <Secret made=made /> })}
        {failed.map(|error| view! { <ErrorState error=error /> })}
        {if automations.is_empty() {
            view! {
                <EmptyState title="No automations yet">
                    <p>
                        "Say below what is to be done and when. Or open a task that was worth it, and choose “Repeat this”."
                    </p>
                </EmptyState>
            }
                .into_any()
        } else {
            view! { <Table automations=automations of_everybody=false /> }.into_any()
        }}
        <div class="columns">
            <section class="panel column" aria-labelledby="automation-new">
                <h2 id="automation-new">"A new automation"</h2>
                <form
                    id=address::FORM
                    class="automation-form"
                    method="post"
                    action=address::PATH
                    aria-label="New automation"
                >
                    <input type="hidden" name="change" value="create" />
                    <Fields form=typed.unwrap_or(asked) wrong=wrong offer=offer />
                    <p class="task-actions">
                        <button type="submit" class="button is-primary">
                            "Set it up"
                        </button>
                    </p>
                </form>
            </section>
            <div class="column">
                <Ideas role=role />
            </div>
        </div>
    }
}

#[component]
fn Everybody(outcome: Option<AutomationOutcome>, automations: Vec<AutomationView>) -> impl IntoView {
    let (_, failed, _) = told(outcome);
    view! {
        <p>
            <a href=address::PATH>"Your own automations"</a>
        </p>
        {failed.map(|error| view! { <ErrorState error=error /> })}
        {if automations.is_empty() {
            view! {
                <EmptyState title="No automations">
                    <p>"Nobody has set one up."</p>
                </EmptyState>
            }
                .into_any()
        } else {
            view! {
                <ConfirmNotice />
                <Table automations=automations of_everybody=true />
            }
                .into_any()
        }}
    }
}

/// What signs a webhook.
#[component]
fn Secret(made: MadeAutomation) -> impl IntoView {
    let MadeAutomation { automation, secret } = made;
    secret.map(|secret| {
        view! {
            <section class="panel keys-made" aria-labelledby="automation-secret">
                <h2 id="automation-secret">{format!("The secret of “{}”", automation.wish.name)}</h2>
                <p role="status">
                    "It is shown this once. Give it to whoever receives the webhook: each call is signed with it, in the form of Standard Webhooks."
                </p>
                <p class="keys-text">
                    <code data-testid="secret">{secret.clone()}</code>
                    <CopyButton text=secret what="the secret" />
                </p>
                <p>
                    <a class="button" href=address::of(&automation.id)>
                        "To the automation"
                    </a>
                </p>
            </section>
        }
    })
}
