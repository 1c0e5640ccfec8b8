//! What a page shows when it has nothing to show: loading, empty, no result, failed.

use super::confirm;
use super::icon::{Glyph, Icon};
use super::name::field_in_words;
use super::page_heading::PageHeading;
use super::permitted::may;
use super::rail::{first_page, place};
use crate::model::error::{AppError, ErrorKind};
use crate::model::field::FieldError;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

/// Gives the answer the HTTP status that says the same as the error. Silent in the browser.
pub fn answer_with_status(error: &AppError) {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>()
        && let Ok(status) = http::StatusCode::from_u16(error.status_code())
    {
        response.set_status(status);
    }
    #[cfg(not(feature = "ssr"))]
    let _ = error;
}

fn headline(kind: ErrorKind) -> (Glyph, &'static str) {
    match kind {
        ErrorKind::Invalid => (Glyph::Warning, "That request is not valid"),
        ErrorKind::Unauthenticated => (Glyph::Lock, "Sign in to see this"),
        ErrorKind::Forbidden => (Glyph::Lock, "This is not allowed"),
        ErrorKind::ConfirmIdentity => (Glyph::Lock, "Confirm that it is you"),
        ErrorKind::NotFound => (Glyph::Question, "Not found"),
        // Changed by somebody else, without a version, a key of another call: the message says which.
        ErrorKind::Conflict => (Glyph::Warning, "This does not fit what is stored"),
        ErrorKind::Exists => (Glyph::Warning, "There is already one of this name"),
        ErrorKind::Choose => (Glyph::Question, "Which one do you mean?"),
        ErrorKind::TooLarge => (Glyph::Warning, "That is too large"),
        ErrorKind::TooManyRequests => (Glyph::Warning, "Too many requests"),
        ErrorKind::Unavailable => (Glyph::Warning, "Not available right now"),
        ErrorKind::Internal => (Glyph::Warning, "Something went wrong here"),
    }
}

/// How the person asks once more.
#[derive(Debug, Clone)]
enum Again {
    /// Loads the page anew: it shows what is there by now.
    Page(Option<Callback<()>>),
    /// Sends the form of this id once more, with what stands in it.
    Form(&'static str, Option<Callback<()>>),
}

impl Again {
    /// Whether doing it again can help. A form with the version that somebody else has changed since
    /// would be refused again.
    fn can_help(&self, kind: ErrorKind) -> bool {
        match kind {
            ErrorKind::TooManyRequests | ErrorKind::Unavailable | ErrorKind::Internal => true,
            ErrorKind::Conflict => matches!(self, Self::Page(_)),
            _ => false,
        }
    }
}

/// A failure in place of what was asked for: what happened, what to do, the request id, once more.
#[component]
pub fn ErrorState(
    /// What happened.
    error: AppError,
    /// Asks again without leaving the page; without it the link loads the page anew.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    answer_with_status(&error);
    view! { <FailedPart error=error again=Again::Page(retry) choice=().into_any() /> }
}

/// A failure of what stands beside the matter of a page: the page is there, and answers so.
#[component]
pub fn FailedBeside(
    /// What happened.
    error: AppError,
    /// Asks again without leaving the page.
    #[prop(into)]
    retry: Callback<()>,
) -> impl IntoView {
    view! { <FailedPart error=error again=Again::Page(Some(retry)) choice=().into_any() /> }
}

/// A form that came to nothing: [`ErrorState`] that sends the form again, without JavaScript, too.
#[component]
pub fn FailedForm(
    /// What happened.
    error: AppError,
    /// The id of the form.
    form: &'static str,
    /// Asks again in place of the form.
    retry: Option<Callback<()>>,
    /// What there is to choose from.
    children: Children,
) -> impl IntoView {
    answer_with_status(&error);
    view! { <FailedPart error=error again=Again::Form(form, retry) choice=children().into_any() /> }
}

/// A failure in place of a part of the page, with what there is to choose from.
#[component]
fn FailedPart(error: AppError, again: Again, choice: AnyView) -> impl IntoView {
    let (glyph, words) = headline(error.kind);
    view! {
        <section class="state state-failed" role="alert">
            <Icon glyph=glyph />
            <h2>{words}</h2>
            <Failure error=error again=again />
            {choice}
        </section>
    }
}

/// A whole page that could not be shown: [`ErrorState`] with the page's heading.
#[component]
pub fn FailedPage(
    /// What happened.
    error: AppError,
    /// Asks again without leaving the page.
    #[prop(optional, into)]
    retry: Option<Callback<()>>,
) -> impl IntoView {
    answer_with_status(&error);
    let (glyph, words) = headline(error.kind);
    view! {
        <PageHeading title=words />
        <section class="state state-failed">
            <Icon glyph=glyph />
            <Failure error=error again=Again::Page(retry) />
        </section>
    }
}

#[component]
fn Failure(error: AppError, again: Again) -> impl IntoView {
    let path = use_location().pathname;
    view! {
        <p class="state-message">{error.message}</p>
        {(!error.remedy.is_empty()).then(|| view! { <p>{error.remedy}</p> })}
        {(!error.fields.is_empty())
            .then(|| {
                view! {
                    <ul>
                        {error
                            .fields
                            .into_iter()
                            .map(|wrong| view! { <li>{told(&wrong)}</li> })
                            .collect_view()}
                    </ul>
                }
            })}
        {error.request_id.map(|id| view! { <p class="state-request">"Request " <code>{id}</code></p> })}
        {(error.kind == ErrorKind::NotFound)
            .then(|| {
                let (name, address) = place(&path.get_untracked()).unwrap_or_else(|| first_page(may));
                view! {
                    <p>
                        <a class="button" href=address>
                            {format!("To {name}")}
                        </a>
                    </p>
                }
            })}
        {(error.kind == ErrorKind::Unauthenticated).then(|| view! { <SignInAgain /> })}
        {(error.kind == ErrorKind::ConfirmIdentity)
            .then(|| view! { <Confirm operation=error.confirm.unwrap_or_default() /> })}
        {again.can_help(error.kind).then(|| view! { <TryAgain again=again /> })}
    }
}

/// The way to the page of sign-in and back. Without a way back of its own, as that page leads home then.
#[component]
fn SignInAgain() -> impl IntoView {
    view! {
        <p>
            <a class="button" href="/sign-in" rel="external">
                "Sign in"
            </a>
        </p>
    }
}

/// The way to the page where somebody shows once more who they are, and back.
#[component]
fn Confirm(operation: String) -> impl IntoView {
    let location = use_location();
    let here = confirm::here(&location.pathname.get_untracked(), &location.search.get_untracked());
    view! {
        <p>
            <a class="button" href=confirm::address(confirm::PAGE, &operation, &here) rel="external">
                "Confirm that it is you"
            </a>
        </p>
    }
}

#[component]
fn TryAgain(again: Again) -> impl IntoView {
    let location = use_location();
    let (path, search) = (location.pathname, location.search);
    let here = move || format!("{}{}", path.get(), with_question_mark(&search.get()));
    let ask = |retry: Option<Callback<()>>| {
        move |event: leptos::ev::MouseEvent| {
            if let Some(retry) = retry {
                event.prevent_default();
                retry.run(());
            }
        }
    };
    let words = || view! { <Icon glyph=Glyph::Again />"Try again" };
    match again {
        Again::Page(retry) => view! {
            <p>
                <a class="button" href=here rel="external" on:click=ask(retry)>
                    {words()}
                </a>
            </p>
        }
        .into_any(),
        Again::Form(form, retry) => view! {
            <p>
                <button type="submit" class="button" form=form on:click=ask(retry)>
                    {words()}
                </button>
            </p>
        }
        .into_any(),
    }
}

/// What is wrong with a field, after its name.
fn told(wrong: &FieldError) -> String {
    let field = field_in_words(&wrong.field);
    if field.is_empty() { wrong.message.clone() } else { format!("{field}: {}", wrong.message) }
}

fn with_question_mark(search: &str) -> String {
    if search.is_empty() { String::new() } else { format!("?{}", search.trim_start_matches('?')) }
}

/// Nothing is there yet, and that is no fault.
#[component]
pub fn EmptyState(
    /// What is missing: `"No releases yet"`.
    #[prop(into)]
    title: String,
    /// What will fill the place, or what to do.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="state">
            <h2>{title}</h2>
            {children()}
        </section>
    }
}

/// The way for whoever wants to look around before the label's own data are there.
#[component]
pub fn WithoutOwnData() -> impl IntoView {
    view! {
        <p>
            "To look around first, start Patchline with the sample label: " <code>"MCP_DEMO_MODE=true"</code>
            "."
        </p>
    }
}

/// Things exist, but none fits what was asked for.
#[component]
pub fn NoResult(
    /// What was looked for: `"artists"`.
    #[prop(into)]
    noun: String,
    /// The search words; may be empty.
    #[prop(into)]
    search: String,
    /// The address of the list without search and filter.
    all: &'static str,
) -> impl IntoView {
    let title = if search.is_empty() {
        format!("No {noun} match the filter")
    } else {
        format!("No {noun} match “{search}”")
    };
    view! {
        <section class="state">
            <h2>{title}</h2>
            <p>
                <a class="button" href=all>
                    {format!("Show all {noun}")}
                </a>
            </p>
        </section>
    }
}

/// Stands in for a table or a panel while it loads, in about its final size. Shows itself only after a
/// moment, so that quick answers do not flicker.
#[component]
pub fn Skeleton(
    /// What is loading: `"artists"`.
    what: &'static str,
    /// Lines to draw.
    #[prop(default = 8)]
    lines: u8,
) -> impl IntoView {
    view! {
        <div class="skeleton" role="status">
            <span class="visually-hidden">{format!("Loading {what}")}</span>
            {(0..lines).map(|_| view! { <span class="skeleton-line" aria-hidden="true"></span> }).collect_view()}
        </div>
    }
}
