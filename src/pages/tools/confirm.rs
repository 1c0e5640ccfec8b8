//! The question before a tool runs that may overwrite or remove something.

use leptos::html;
use leptos::prelude::*;

/// A native dialog that names what is at stake. Opened with `show_modal` on its node.
#[component]
pub fn ConfirmDialog(
    /// The dialog, for the one who opens it.
    node: NodeRef<html::Dialog>,
    /// The tool's title.
    title: String,
    /// What the call is about: labels with texts.
    #[prop(into)]
    subject: Signal<Vec<(String, String)>>,
    /// Called when the person wants it.
    confirmed: Callback<()>,
) -> impl IntoView {
    let close = move || {
        if let Some(dialog) = node.get_untracked() {
            dialog.close();
        }
    };
    let confirm = move |_| {
        close();
        confirmed.run(());
    };
    view! {
        <dialog class="confirm" node_ref=node aria-labelledby="confirm-title" aria-describedby="confirm-words">
            <h3 id="confirm-title">{format!("Run “{title}”?")}</h3>
            <div id="confirm-words">
                <p>"It may overwrite or remove what is there:"</p>
                <dl class="fact-list">
                    {move || {
                        subject
                            .get()
                            .into_iter()
                            .map(|(label, text)| view! { <div><dt>{label}</dt><dd>{text}</dd></div> })
                            .collect_view()
                    }}
                </dl>
            </div>
            <div class="confirm-actions">
                <button type="button" class="button" autofocus on:click=move |_| close()>
                    "Leave it as it is"
                </button>
                <button type="button" class="button is-primary" on:click=confirm>
                    "Run it"
                </button>
            </div>
        </dialog>
    }
}
