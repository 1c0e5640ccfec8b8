//! A key that was made just now: shown once, with how it is used.

use super::NewKey;
use crate::components::copy_button::CopyButton;
use leptos::prelude::*;
use serde_json::json;

/// The key, and what an AI client needs.
#[component]
pub fn NewKeyPanel(
    /// What was made.
    made: NewKey,
) -> impl IntoView {
    let settings = settings(&made);
    let text = made.made.text;
    view! {
        <section class="panel keys-made" aria-labelledby="keys-made">
            <h2 id="keys-made">{format!("The key “{}”", made.made.key.name)}</h2>
            <p role="status">
                "It is shown this once and kept nowhere. Copy it now, and keep it where secrets are kept."
            </p>
            <p class="keys-text">
                <code data-testid="key">{text.clone()}</code>
                <CopyButton text=text what="the key" />
            </p>
            <p>"Programs send it as a bearer token. An AI client is set up with this:"</p>
            <div class="keys-settings">
                <pre tabindex="0">{settings.clone()}</pre>
                <CopyButton text=settings what="the settings" />
            </div>
        </section>
    }
}

/// The settings that MCP clients read.
fn settings(key: &NewKey) -> String {
    let authorization = format!("Bearer {}", key.made.text);
    let server = json!({ "type": "http", "url": key.mcp, "headers": { "Authorization": authorization } });
    format!("{:#}", json!({ "mcpServers": { "patchline": server } }))
}
