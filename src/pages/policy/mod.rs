//! The page of the policy: what violations come to, the rules in words and the forms that change them, who may
//! use what, a test bench, and what became of the rules over time.
//!
//! The forms are plain forms, sent to the page's own address, and work without JavaScript. A change is looked
//! at before it is saved, and what is saved is exactly what was looked at.

pub mod address;
pub mod bench;
pub mod cedar;
pub mod fields;
pub mod history;
pub mod mode;
pub mod permissions;
pub mod preview;
pub mod review;
pub mod rule_fields;
pub mod rules;

pub use address::{OUTCOME, PATH};

use crate::api::error::{AppError, ErrorKind};
use crate::api::policy::{policy_report, try_policy, view_policy};
use crate::api::users::list_users;
use crate::components::confirm::ConfirmNotice;
use crate::components::icon::{Glyph, Icon};
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, Skeleton, answer_with_status};
use crate::model::policy::{PolicyAnswer, PolicyQuestion, PolicyView};
use crate::model::policy_form::{PolicyChange, PolicyForm};
use crate::model::policy_review::{PolicyPreview, PolicyReview};
use crate::model::rule_form::RuleForm;
use crate::model::user::UserView;
use address::Open;
use bench::{Bench, Verdict};
use cedar::Cedar;
use fields::Wrong;
use history::History;
use leptos::prelude::*;
use leptos_router::hooks::use_location;
use mode::Mode;
use permissions::Permissions;
use preview::Preview;
use review::Report;
use rule_fields::{RuleFields, Surroundings};
use rules::Rules;
use serde::{Deserialize, Serialize};

/// Given by the web layer as context when a form was sent and nothing was saved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PolicyOutcome {
    /// What was typed; none where it could not be read.
    pub form: Option<PolicyForm>,
    /// What it would come to, or why it could not be done.
    pub result: Result<PolicyPreview, AppError>,
}

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    view: PolicyView,
    /// Who can be asked about; nobody where the viewer may not see the people.
    people: Result<Vec<UserView>, AppError>,
    outcome: Option<PolicyOutcome>,
    report: Option<Result<PolicyReview, AppError>>,
}

async fn open(outcome: Option<PolicyOutcome>, wants_report: bool) -> Result<Opening, AppError> {
    if let Some(PolicyOutcome { result: Err(error), .. }) = &outcome {
        answer_with_status(error);
    }
    let view = view_policy().await?;
    let people = match list_users().await {
        Err(error) if error.kind == ErrorKind::Forbidden => Ok(Vec::new()),
        people => people,
    };
    let report = if wants_report { Some(policy_report().await) } else { None };
    Ok(Opening { view, people, outcome, report })
}

/// The page `/admin/policy`.
#[component]
pub fn PolicyPage() -> impl IntoView {
    let outcome = use_context::<PolicyOutcome>();
    let search = use_location().search;
    let question = Memo::new(move |_| search.with(|search| address::read(search)));
    let read = move |search: String| open(outcome.clone(), Open::read(&search).report);
    let opening = Resource::new(move || search.get(), read);
    let answer = Resource::new(move || question.get(), ask);
    let again = Callback::new(move |()| opening.refetch());
    view! {
        <PageHeading title="Policy" />
        <ConfirmNotice />
        <Transition fallback=|| view! { <Skeleton what="the policy" lines=12 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(opening) => {
                        view! { <Shown opening=opening question=question.get_untracked() answer=answer /> }
                            .into_any()
                    }
                    Err(error) => {
                        answer_with_status(&error);
                        view! { <ErrorState error=error retry=again /> }.into_any()
                    }
                }
            })}
        </Transition>
    }
}

/// What the address asks; none where it asks nothing.
async fn ask(question: Option<PolicyQuestion>) -> Option<Result<PolicyAnswer, AppError>> {
    match question {
        Some(question) => Some(try_policy(question).await),
        None => None,
    }
}

#[component]
fn Shown(
    opening: Opening,
    question: Option<PolicyQuestion>,
    answer: Resource<Option<Result<PolicyAnswer, AppError>>>,
) -> impl IntoView {
    let Opening { view, people, outcome, report } = opening;
    let (people, unread) = match people {
        Ok(people) => (people, None),
        Err(error) => (Vec::new(), Some(error.message)),
    };
    let open = use_location().search.with_untracked(|search| Open::read(search));
    let surroundings = Surroundings {
        version: view.current.version,
        tools: view.tools.clone(),
        time_zone: view.time_zone.clone(),
        clock: view.clock.clone(),
        viewer_address: view.viewer_address.clone(),
    };
    let address = unless_said(&view);
    let (typed, wrong) = typed(outcome.as_ref());
    let form = rule_form(&view, typed.as_ref(), &open).map(|form| {
        let wrong = if typed.as_ref().is_some_and(|typed| typed.rule().is_some()) {
            wrong.clone()
        } else {
            Wrong::default()
        };
        view! { <RuleFields form=form wrong=wrong surroundings=surroundings /> }
    });
    let mode_typed = typed.as_ref().and_then(|typed| match &typed.change {
        PolicyChange::Mode(mode) => Some(mode.clone()),
        _ => None,
    });
    let mode_wrong = if mode_typed.is_some() { wrong } else { Wrong::default() };
    let PolicyView { mode, current, rules, permissions, cedar, history, may_change, may_change_mode, .. } =
        view;
    let version = current.version;
    view! {
        <Told outcome=outcome done=open.done />
        {form}
        <Mode mode=mode current=current.clone() may_change=may_change_mode typed=mode_typed wrong=mode_wrong />
        {unread.map(|reason| view! { <Unread reason=reason /> })}
        <Bench question=question permissions=permissions.clone() people=people unless_said=address />
        <Transition>
            {move || Suspend::new(async move {
                match answer.await {
                    None => ().into_any(),
                    Some(Ok(answer)) => view! { <Verdict answer=answer /> }.into_any(),
                    Some(Err(error)) => view! { <ErrorState error=error /> }.into_any(),
                }
            })}
        </Transition>
        <Rules rules=rules version=version may_change=may_change />
        <Report report=report />
        <Permissions permissions=permissions />
        <History current=current history=history may_change=may_change />
        <Cedar policies=cedar />
    }
}

/// What was typed, and what was wrong with it.
fn typed(outcome: Option<&PolicyOutcome>) -> (Option<PolicyForm>, Wrong) {
    let Some(outcome) = outcome else { return (None, Wrong::default()) };
    let wrong = outcome.result.as_ref().err().map(|error| error.fields.clone()).unwrap_or_default();
    (outcome.form.clone(), Wrong::of(wrong))
}

/// The form of a rule that is open: with what was typed, else as the address says.
fn rule_form(view: &PolicyView, typed: Option<&PolicyForm>, open: &Open) -> Option<RuleForm> {
    if !view.may_change {
        return None;
    }
    if let Some(typed) = typed {
        return typed.rule().cloned();
    }
    match (&open.rule, open.new) {
        (Some(id), _) => view.current.rules.iter().find(|rule| rule.id == *id).map(RuleForm::of),
        (None, Some(about)) => Some(RuleForm::about(about)),
        (None, None) => None,
    }
}

/// That nobody can be asked about by name.
#[component]
fn Unread(reason: String) -> impl IntoView {
    view! {
        <div class="notice tone-warning" role="status">
            <Icon glyph=Glyph::Warning />
            <p>{format!("The people could not be read, so only roles can be asked about: {reason}")}</p>
        </div>
    }
}

/// The same error with the field of a rule's name called as the form calls it.
fn as_labelled(mut error: AppError) -> AppError {
    for wrong in error.fields.iter_mut().filter(|wrong| wrong.field == "id") {
        "Name".clone_into(&mut wrong.field);
    }
    error
}

/// What came of a form.
#[component]
fn Told(outcome: Option<PolicyOutcome>, done: Option<(String, u32)>) -> impl IntoView {
    let told = match (outcome, done) {
        (Some(PolicyOutcome { form: Some(form), result: Ok(preview) }), _) => {
            view! { <Preview preview=preview form=form /> }.into_any()
        }
        (Some(PolicyOutcome { result: Err(error), .. }), _) => {
            view! { <ErrorState error=as_labelled(error) /> }.into_any()
        }
        (_, Some((what, version))) => {
            let words = done_in_words(&what, version);
            view! {
                <div class="notice tone-good" role="status">
                    <Icon glyph=Glyph::Check />
                    <p>{words}</p>
                </div>
            }
            .into_any()
        }
        (_, None) => ().into_any(),
    };
    view! {
        <div id=OUTCOME tabindex="-1">
            {told}
        </div>
    }
}

fn done_in_words(what: &str, version: u32) -> String {
    let done = match what {
        "remove" => "The rule is removed.",
        "back" => "The older rules are in place again.",
        "mode" => "The mode is changed.",
        _ => "The rule is saved.",
    };
    format!("{done} Version {version} holds from now on, and every instance follows within 2 seconds.")
}

/// From where and by which clock the test bench asks, unless it says otherwise.
fn unless_said(view: &PolicyView) -> String {
    let from = view.viewer_address.as_deref().unwrap_or("an unknown address");
    format!("Where nothing is said: now, by the clock of {}, and from {from}.", view.time_zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::rule_form::About;

    #[test]
    fn what_was_done_is_told_with_the_version_that_holds() {
        assert!(done_in_words("remove", 4).starts_with("The rule is removed. Version 4 holds"));
        assert!(done_in_words("rule", 5).starts_with("The rule is saved. Version 5"));
    }

    #[test]
    fn what_is_wrong_belongs_to_the_form_that_was_sent() {
        let rule = PolicyChange::Rule(Box::new(RuleForm::about(About::Hours)));
        let form = PolicyForm { expected: 1, note: String::new(), change: rule };
        let mut error = AppError::new(crate::api::error::ErrorKind::Invalid, "Wrong.", "");
        error.fields = vec![crate::model::field::FieldError::new("hours", "are missing")];
        let outcome = PolicyOutcome { form: Some(form.clone()), result: Err(error) };
        let (typed, wrong) = typed(Some(&outcome));
        assert_eq!((typed, wrong.flag("hours")), (Some(form), Some("true")));
    }

    #[test]
    fn what_is_wrong_with_a_name_is_told_of_the_name() {
        let mut error = AppError::new(crate::api::error::ErrorKind::Invalid, "Wrong.", "");
        error.fields = vec![crate::model::field::FieldError::new("id", "there is another rule of this name")];
        assert_eq!(as_labelled(error).fields[0].field, "Name");
    }
}
