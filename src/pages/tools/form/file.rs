//! The control for a file that a tool takes as base64: pick a file, or give the text.

use super::super::browser::{self, FileError, PickedFile};
use super::super::stream::LargeFile;
use super::base64::{decoded_length, readable_size};
use super::fields::described_by;
use super::rules::FileRules;
use super::state::{FormState, control_id};
use crate::components::text_area::as_content;
use leptos::html;
use leptos::prelude::*;

/// Arguments that say of the file what the picked file says of itself, if the tool has them.
const NAME: &str = "fileName";
const MEDIA_TYPE: &str = "contentType";

/// A file field with a text field beside it. Both have the argument's name; the one that is filled in counts.
#[component]
pub fn FileField(
    /// Where the argument stands.
    path: String,
    /// What people call it.
    label: String,
    /// Its limits.
    rules: FileRules,
    /// The form that it belongs to.
    form: FormState,
) -> impl IntoView {
    let picked = RwSignal::new(None::<String>);
    let input = NodeRef::<html::Input>::new();
    let most = rules.max_bytes();
    let stored = StoredValue::new(path.clone());
    let take = move |file: PickedFile| {
        let path = stored.get_value();
        picked.set(Some(format!("“{}”, {}", file.name, readable_size(decoded_length(&file.base64)))));
        form.set(&path, file.base64);
        form.suggest_beside(&path, NAME, file.name);
        if !file.media_type.is_empty() {
            form.suggest_beside(&path, MEDIA_TYPE, file.media_type);
        }
    };
    let take_large = move |name: String, bytes: u64| {
        let path = stored.get_value();
        picked.set(Some(format!("“{name}”, {}, as a stream", readable_size(bytes))));
        form.set(&path, String::new());
        form.suggest_beside(&path, NAME, name);
        form.set_large_file(LargeFile { path, bytes });
    };
    let pick = move |event: leptos::ev::Event| {
        browser::read_picked_file(&event, most, move |result| match result {
            Ok(file) => take(file),
            Err(FileError::TooLarge { name, bytes, .. }) if form.streams() => take_large(name, bytes),
            Err(error) => form.set_error(&stored.get_value(), Some(error.to_string())),
        });
    };
    let remove = move |_| {
        picked.set(None);
        form.set(&stored.get_value(), String::new());
        if let Some(input) = input.get_untracked() {
            input.set_value("");
        }
    };
    let typed = move |event: leptos::ev::Event| {
        picked.set(None);
        form.set(&stored.get_value(), event_target_value(&event));
    };
    // A picked file is not shown as text: megabytes of base64 stall the browser and tell nobody anything.
    let text =
        move || if picked.with(Option::is_some) { String::new() } else { form.text(&stored.get_value()) };
    view! {
        <input
            type="file"
            id=control_id(&path)
            name=path.clone()
            accept=rules.media_type
            node_ref=input
            on:change=pick
            aria-describedby=described_by(&path)
            aria-invalid=move || form.error(&stored.get_value()).map(|_| "true")
        />
        {form
            .streams()
            .then(|| {
                view! {
                    <p class="field-help">
                        "A larger file is sent as a stream when you run the tool"
                        <span class="needs-script">", and you see how far it is"</span>
                        "."
                    </p>
                }
            })}
        <p class="file-picked" role="status">
            {move || picked.get().map(|file| format!("Ready to send: {file}."))}
        </p>
        {move || {
            form.holds(&stored.get_value())
                .then(|| {
                    view! {
                        <button type="button" class="button needs-script" on:click=remove>
                            "Remove the file"
                        </button>
                    }
                })
        }}
        <details class="file-text">
            <summary>"Give it as base64 text instead"</summary>
            <textarea
                class="code"
                rows="4"
                name=path.clone()
                aria-label=format!("{label}, as base64 text")
                aria-describedby=described_by(&path)
                spellcheck="false"
                prop:value=text
                on:input=typed
                on:change=move |_| form.check(&stored.get_value())
                inner_html=as_content(&form.first_text(&path))
            ></textarea>
        </details>
    }
}
