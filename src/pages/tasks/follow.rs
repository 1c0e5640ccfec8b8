//! Follows a task live, as long as it goes on and its page is open.

use super::address;
use crate::components::browser;
use crate::model::task::TaskView;
use leptos::prelude::*;

/// What is known now, and whether it is still being told.
#[derive(Debug, Clone, Copy)]
pub struct Live {
    /// The task.
    pub task: RwSignal<TaskView>,
    /// Whether it is the viewer's own, so that they decide about it.
    pub own: bool,
    connected: RwSignal<bool>,
}

impl Live {
    /// A part of the task, which is shown anew only when it has changed.
    pub(super) fn part<T>(self, read: fn(&TaskView) -> T) -> Memo<T>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Memo::new(move |_| self.task.with(read))
    }
}

/// Begins with what the server rendered of one's own task and takes over what it tells from then on.
pub(super) fn follow(task: TaskView) -> Live {
    let events = address::events_of(&task.id);
    listen(Live { task: RwSignal::new(task), own: true, connected: RwSignal::new(false) }, events)
}

/// The same of somebody else's task, which its link leads to.
pub(super) fn follow_shared(task: TaskView, link: &str) -> Live {
    let live = Live { task: RwSignal::new(task), own: false, connected: RwSignal::new(false) };
    listen(live, address::events_of_shared(link))
}

/// Takes over what an address tells.
fn listen(live: Live, events: String) -> Live {
    let ended = live.part(|task| task.state.has_ended());
    Effect::new(move |_| {
        // Once it has ended the stream is closed: this runs again, and cleans up what the run before has opened.
        if ended.get() {
            return;
        }
        let heard = move |text: String| {
            // An instance of another version may tell in another form: then the page stays as it is.
            let Ok(told) = serde_json::from_str::<TaskView>(&text) else { return };
            live.connected.set(true);
            if live.task.with_untracked(|shown| is_newer(&told, shown)) {
                live.task.set(told);
            }
        };
        browser::listen(&events, "task", heard, move || live.connected.set(false));
    });
    live
}

/// Whether what was told comes after what is shown.
fn is_newer(told: &TaskView, shown: &TaskView) -> bool {
    told.id == shown.id && told.revision > shown.revision
}

/// Says whether the page follows by itself.
#[component]
pub fn Freshness(
    /// What is followed.
    live: Live,
) -> impl IntoView {
    let ended = live.part(|task| task.state.has_ended());
    let words = move || if live.connected.get() { "Live" } else { "Not live" };
    view! {
        {move || {
            (!ended.get())
                .then(|| {
                    view! {
                        <span class="freshness">
                            <span>{words}</span>
                            <a href="" rel="external" class="without-script">
                                "Look again"
                            </a>
                        </span>
                    }
                })
        }}
    }
}
