//! The call to take elsewhere: as a link, as a command, as an MCP message; and how an MCP client is
//! connected.

use super::browser::origin;
use super::form::state::FormState;
use super::share::{curl, mcp_call, mcp_command, mcp_settings};
use crate::components::copy_button::CopyButton;
use leptos::html;
use leptos::prelude::*;

/// The most characters of a command that are shown. The copy always is the whole.
const SHOWN: usize = 4_000;

/// Follows the form while the person types.
#[component]
pub fn SharePanel(
    /// The tool's name.
    tool: String,
    /// Its form.
    form: FormState,
) -> impl IntoView {
    let origin_known = RwSignal::new(None::<String>);
    // Not in the first rendering: the server does not know under which name the browser reached it.
    Effect::new(move |_| origin_known.set(origin()));
    // Nothing is written while the panel is closed: with a file in the form it is megabytes for each key
    // that is pressed. The first rendering has it all the same, for browsers without JavaScript.
    let details = NodeRef::<html::Details>::new();
    let is_wanted = RwSignal::new(true);
    let look = move || is_wanted.set(details.get_untracked().is_none_or(|details| details.open()));
    Effect::new(move |_| look());
    let tool = StoredValue::new(tool);
    let draft = Memo::new(move |_| form.draft());
    let command = move || {
        let origin = origin_known.get();
        draft.with(|arguments| tool.with_value(|tool| curl(origin.as_deref(), tool, arguments)))
    };
    let message = move || draft.with(|arguments| tool.with_value(|tool| mcp_call(tool, arguments)));
    let connect = move || mcp_command(origin_known.get().as_deref());
    let settings = move || mcp_settings(origin_known.get().as_deref());
    let link = move || {
        let address = draft.with(|arguments| tool.with_value(|tool| form.address(tool, arguments)));
        format!("{}{address}", origin_known.get().unwrap_or_default())
    };
    view! {
        <details class="share" node_ref=details on:toggle=move |_| look()>
            <summary>"Use this call elsewhere"</summary>
            {move || {
                is_wanted
                    .get()
                    .then(|| {
                        view! {
                            <Snippet title="Link to this form" text=Signal::derive(link) />
                            <Snippet title="curl" text=Signal::derive(command) />
                            <Snippet title="MCP call" text=Signal::derive(message) />
                            <Snippet title="Connect Claude Code" text=Signal::derive(connect) />
                            <Snippet title="Connect Cursor (mcp.json)" text=Signal::derive(settings) />
                        }
                    })
            }}
        </details>
    }
}

#[component]
fn Snippet(title: &'static str, #[prop(into)] text: Signal<String>) -> impl IntoView {
    view! {
        <section class="snippet">
            <h4>
                {title} " "
                {move || view! { <CopyButton text=text.get() what=title /> }}
            </h4>
            <pre role="region" tabindex="0" aria-label=title>
                <code>{move || shortened(&text.read())}</code>
            </pre>
        </section>
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} …", &text[..end]),
        None => text.to_owned(),
    }
}
