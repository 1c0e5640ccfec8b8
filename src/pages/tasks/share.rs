//! Sharing a task: the owner turns it on, gets a link once, and takes it back.

use super::address::{self, SHARING};
use crate::components::copy_button::CopyButton;
use crate::components::date::Moment;
use crate::components::icon::{Glyph, Icon};
use crate::model::task_share::{NewTaskLink, TaskShare};
use leptos::prelude::*;

/// Whether colleagues may read the task, and the buttons that turn it on and off.
#[component]
pub fn Share(
    /// The task.
    task: String,
    /// How it is shared.
    share: Option<TaskShare>,
    /// The link that was just made.
    link: Option<NewTaskLink>,
) -> impl IntoView {
    let action = address::of_task(&task);
    let is_shared = share.is_some();
    let words = if is_shared { "Make a new link" } else { "Share with colleagues" };
    let state = share.map(|share| {
        view! {
            <p>
                "People of the label with this link can read it. It works until " <Moment rfc3339=share.until />
                "."
            </p>
        }
    });
    view! {
        <section class="panel task-share" id=SHARING aria-labelledby="sharing-title">
            <h2 id="sharing-title">"Share"</h2>
            {link.map(|link| view! { <NewLink link=link /> })}
            {state}
            <p class="task-quiet">
                "People of the label with this link can read plan, answer and sources, if they may use every tool of its steps themselves. They can change nothing."
                {is_shared.then_some(" A new link ends the former one.")}
            </p>
            <form class="task-actions" method="post" action=action aria-labelledby="sharing-title">
                <button type="submit" class="button" name="decision" value="share">
                    <Icon glyph=Glyph::Forward />
                    {words}
                </button>
                {is_shared
                    .then(|| {
                        view! {
                            <button type="submit" class="button" name="decision" value="stopSharing">
                                <Icon glyph=Glyph::Remove />
                                "Stop sharing"
                            </button>
                        }
                    })}
            </form>
        </section>
    }
}

/// The link, which is shown this once.
#[component]
fn NewLink(link: NewTaskLink) -> impl IntoView {
    let NewTaskLink { address, .. } = link;
    view! {
        <div class="notice tone-good" role="status">
            <p>
                <strong>"The link is made. It is shown only now."</strong>
            </p>
            <p class="task-link">
                <code>{address.clone()}</code>
                <CopyButton text=address what="the link" />
            </p>
        </div>
    }
}
