//! What can be done with a task: stop it, do it again, take it along, say what one thought of it.

use super::address::{self, FEEDBACK};
use super::follow::Live;
use crate::components::browser;
use crate::components::icon::{Glyph, Icon};
use crate::model::task::Feedback;
use crate::pages::automation::repeat::Repeat;
use leptos::prelude::*;

/// Stops the task, as long as it goes on. It stands at the head of the page, where it is found at once.
#[component]
pub fn Stop(
    /// The task.
    live: Live,
) -> impl IntoView {
    let action = address::of_task(&live.task.with_untracked(|task| task.id.clone()));
    let ended = live.part(|task| task.state.has_ended());
    move || {
        (!ended.get()).then(|| {
            view! { <Decide action=action.clone() decision="cancel" glyph=Glyph::Remove words="Stop the task" /> }
        })
    }
}

/// A decision about the whole task, as a button that sends it to the task's page.
#[component]
fn Decide(action: String, decision: &'static str, glyph: Glyph, words: &'static str) -> impl IntoView {
    view! {
        <form method="post" action=action>
            <button type="submit" class="button" name="decision" value=decision>
                <Icon glyph=glyph />
                {words}
            </button>
        </form>
    }
}

/// Again, copy, export, print.
#[component]
pub fn Closing(
    /// The task.
    live: Live,
) -> impl IntoView {
    let id = live.task.with_untracked(|task| task.id.clone());
    let request = live.task.with_untracked(|task| task.request.clone());
    let action = address::of_task(&id);
    let ended = live.part(|task| task.state.has_ended());
    let again = move || {
        ended.get().then(|| {
            view! { <Decide action=action.clone() decision="again" glyph=Glyph::Again words="Run again" /> }
        })
    };
    view! {
        <div class="task-actions task-closing" role="group" aria-label="This task">
            {again}
            <TakeAlong markdown=address::export_of(&id, "md") json=address::export_of(&id, "json") />
            <Repeat request=request />
            <CopyLink path=address::of_task(&id) />
        </div>
    }
}

/// The task as a file, and on paper.
#[component]
pub fn TakeAlong(
    /// Where it is as Markdown.
    markdown: String,
    /// Where it is as JSON.
    json: String,
) -> impl IntoView {
    let print = |_| browser::print();
    view! {
        <a class="button" href=markdown rel="external" download="">
            "Markdown"
        </a>
        <a class="button" href=json rel="external" download="">
            "JSON"
        </a>
        <button type="button" class="button needs-script" on:click=print>
            "Print"
        </button>
    }
}

/// Copies the address of the page, which only its owner can open.
#[component]
fn CopyLink(path: String) -> impl IntoView {
    let said = RwSignal::new("");
    let copy = move |_| {
        let address = browser::absolute(&path);
        browser::copy(address, move |worked| {
            // The page may have been left meanwhile.
            let _ = said.try_set(if worked { "Copied" } else { "The browser did not allow it" });
        });
    };
    view! {
        <span class="task-copy needs-script">
            <button type="button" class="button" on:click=copy>
                <Icon glyph=Glyph::Copy />
                "Copy the link"
            </button>
            <span role="status">{said}</span>
        </span>
    }
}

/// Whether the answer helped, and why.
#[component]
pub fn Judging(
    /// The task.
    live: Live,
) -> impl IntoView {
    let action = address::of_task(&live.task.with_untracked(|task| task.id.clone()));
    let feedback = live.part(|task| {
        let can_be_judged = task.answer.is_some() && task.state.has_ended();
        can_be_judged.then(|| task.feedback.clone())
    });
    move || feedback.get().map(|given| form(given, action.clone()))
}

fn form(given: Option<Feedback>, action: String) -> impl IntoView {
    let said = given
        .as_ref()
        .map(|given| if given.helpful { "You found it helpful." } else { "You did not find it helpful." });
    let comment = given.as_ref().map(|given| given.comment.clone()).unwrap_or_default();
    let commented = (!comment.is_empty())
        .then(|| view! { <p class="task-comment">{format!("You wrote: “{comment}”")}</p> });
    let pressed = |helpful: bool| {
        let chosen = given.as_ref().is_some_and(|given| given.helpful == helpful);
        if chosen { "true" } else { "false" }
    };
    let (yes, no) = (pressed(true), pressed(false));
    view! {
        <section class="panel task-feedback" id=FEEDBACK aria-labelledby="feedback-title">
            <h2 id="feedback-title">"Did this help?"</h2>
            {said.map(|said| view! { <p role="status">{said}</p> })}
            {commented}
            <form method="post" action=action aria-labelledby="feedback-title">
                <input type="hidden" name="decision" value="judge" />
                <div class="field">
                    <label for="feedback-comment">"What was missing or wrong? (optional)"</label>
                    <input id="feedback-comment" type="text" name="comment" value=comment maxlength="500" autocomplete="off" />
                </div>
                <p class="task-actions">
                    <button type="submit" class="button" name="helpful" value="yes" aria-pressed=yes>
                        <Icon glyph=Glyph::Rise />
                        "It helped"
                    </button>
                    <button type="submit" class="button" name="helpful" value="no" aria-pressed=no>
                        <Icon glyph=Glyph::Fall />
                        "It did not"
                    </button>
                </p>
            </form>
        </section>
    }
}
