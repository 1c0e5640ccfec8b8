//! Adding documents: picked or dropped files, each with its progress, a way to cancel, and the reason when
//! it is refused. Without JavaScript a plain form does the same for one file.

use super::address::Address;
use super::browser::{self, Picked};
use super::words::file_name;
use crate::api::error::{AppError, ErrorKind};
use crate::components::icon::{Glyph, Icon};
use crate::pages::query_string;
use crate::pages::tools::form::base64::readable_size;
use leptos::prelude::*;

/// The largest document, in bytes; the server has the same limit.
const LARGEST: u64 = 50 * 1024 * 1024;
/// What the picker offers first. The server looks at the content.
const ACCEPTED: &str = ".pdf,.docx,.md,.markdown,.txt,application/pdf,text/plain,text/markdown,application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// The fields of the form without JavaScript, which the web layer reads.
pub const INTENT: &str = "intent";
/// The intent of adding.
pub const ADD: &str = "add";
/// The intent of removing.
pub const REMOVE: &str = "remove";
/// The field of the file.
pub const FILE: &str = "document";
/// The field that says that a document of the same name is replaced.
pub const OVERWRITE: &str = "overwrite";
/// The field of the name of the document that is removed.
pub const NAME: &str = "fileName";

/// The id of the field in which files are picked.
const FIELD: &str = "document-field";

/// The files on their way. Copies share it.
#[derive(Debug, Clone, Copy)]
pub struct Uploads {
    items: RwSignal<Vec<Upload>>,
    /// Called when a document was added.
    added: Callback<()>,
}

#[derive(Debug, Clone)]
struct Upload {
    file: Picked,
    progress: RwSignal<f64>,
    state: RwSignal<State>,
}

#[derive(Debug, Clone, PartialEq)]
enum State {
    Sending,
    Added,
    Cancelled,
    Refused(AppError),
}

impl Uploads {
    /// No files yet.
    pub fn new(added: Callback<()>) -> Self {
        Self { items: RwSignal::new(Vec::new()), added }
    }

    fn start(self, files: Vec<Picked>) {
        for file in files {
            let upload = Upload { file, progress: RwSignal::new(0.0), state: RwSignal::new(State::Sending) };
            self.items.update(|items| items.insert(0, upload.clone()));
            self.send(&upload, false);
        }
    }

    fn send(self, upload: &Upload, overwrite: bool) {
        let (progress, state) = (upload.progress, upload.state);
        if let Some(error) = refused_at_once(&upload.file) {
            state.set(State::Refused(error));
            return;
        }
        progress.set(0.0);
        state.set(State::Sending);
        let overwrite = if overwrite { "true" } else { "" };
        let address = query_string::address(
            "/upload/document",
            &[("fileName", upload.file.name.as_str()), ("overwrite", overwrite)],
        );
        let done = move |outcome: Result<(), AppError>| match outcome {
            Ok(()) => {
                state.set(State::Added);
                self.added.run(());
            }
            Err(error) => state.set(State::Refused(error)),
        };
        browser::send(upload.file.id, &address, move |part| progress.set(part), done);
    }

    fn cancel(upload: &Upload) {
        browser::abort(upload.file.id);
        upload.state.set(State::Cancelled);
    }

    fn dismiss(self, id: u32) {
        browser::forget(id);
        self.items.update(|items| items.retain(|item| item.file.id != id));
    }

    /// Ends what is under way.
    pub fn abort_all(self) {
        self.items.with_untracked(|items| {
            for item in items {
                browser::abort(item.file.id);
                browser::forget(item.file.id);
            }
        });
    }
}

/// What need not be sent to be refused.
fn refused_at_once(file: &Picked) -> Option<AppError> {
    if file.bytes > LARGEST {
        let size = readable_size(file.bytes);
        let message = format!("The file has {size}; at most 50 MB are read.");
        return Some(AppError::new(ErrorKind::TooLarge, message, "Split it, or save it without pictures."));
    }
    (file.bytes == 0)
        .then(|| AppError::new(ErrorKind::Invalid, "The file is empty.", "Pick the file that has the text."))
}

/// The place where documents are added.
#[component]
pub fn AddDocument(
    /// The files on their way.
    uploads: Uploads,
) -> impl IntoView {
    Effect::new(move |_| uploads.start(browser::picked_before(FIELD)));
    let over = RwSignal::new(false);
    let drag = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let drop = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        uploads.start(browser::dropped(&event));
    };
    view! {
        <section class="panel add-document" aria-labelledby="add-title">
            <h2 id="add-title">"Add documents"</h2>
            <form
                class="drop-zone"
                class:is-over=over
                method="post"
                enctype="multipart/form-data"
                action=Address::of_documents().write()
                on:dragover=drag
                on:dragleave=move |_| over.set(false)
                on:drop=drop
                on:submit=move |event| event.prevent_default()
            >
                <input type="hidden" name=INTENT value=ADD />
                <label class="file-field">
                    <span>"Pick a file, or drop it here"</span>
                    <input
                        type="file"
                        id=FIELD
                        name=FILE
                        accept=ACCEPTED
                        multiple
                        required
                        on:change=move |event| uploads.start(browser::picked(&event))
                    />
                </label>
                <p class="field-help">
                    "PDF, Word (.docx), Markdown or plain text, up to 50 MB. A scan needs text recognition first."
                </p>
                <label class="without-script">
                    <input type="checkbox" name=OVERWRITE value="true" />
                    " Replace a document of the same name"
                </label>
                <button type="submit" class="button without-script">
                    "Add"
                </button>
            </form>
            <ul class="uploads" aria-label="Files on their way">
                <For each=move || uploads.items.get() key=|item| item.file.id let:item>
                    <Line uploads=uploads upload=item />
                </For>
            </ul>
        </section>
    }
}

/// One file on its way.
#[component]
fn Line(uploads: Uploads, upload: Upload) -> impl IntoView {
    let Upload { file, progress, state } = upload.clone();
    let id = file.id;
    let name = file.name.clone();
    let item = StoredValue::new(upload);
    let percent = move || (progress.get() * 100.0).round();
    let words = move || match state.get() {
        // Everything is sent, and the server reads it.
        State::Sending if progress.get() >= 1.0 => view! { <p role="status">"Reading it"</p> }.into_any(),
        State::Sending => view! { <p role="status">"Sending"</p> }.into_any(),
        State::Added => view! {
            <p class="tone-good upload-state" role="status">
                <Icon glyph=Glyph::Check />
                "Added. It can be searched within seconds."
            </p>
        }
        .into_any(),
        State::Cancelled => view! { <p role="status">"Cancelled. Nothing was added."</p> }.into_any(),
        State::Refused(error) => view! { <Refusal error=error /> }.into_any(),
    };
    let button = move || {
        match state.get() {
        State::Sending => view! {
            <button type="button" class="button" on:click=move |_| item.with_value(Uploads::cancel)>
                "Cancel"
            </button>
        }
        .into_any(),
        State::Refused(error) if error.kind == ErrorKind::Exists => view! {
            <button type="button" class="button" on:click=move |_| item.with_value(|item| uploads.send(item, true))>
                "Replace it"
            </button>
            <Dismiss uploads=uploads id=id />
        }
        .into_any(),
        State::Refused(_) | State::Added | State::Cancelled => {
            view! { <Dismiss uploads=uploads id=id /> }.into_any()
        }
    }
    };
    let size = readable_size(file.bytes);
    view! {
        <li class="upload">
            <p class="upload-name">
                <strong>{name.clone()}</strong>
                " "
                <span class="muted">{size}</span>
            </p>
            {move || {
                (state.get() == State::Sending)
                    .then(|| view! { <progress max="100" prop:value=percent aria-label=format!("Progress of {name}")></progress> })
            }}
            {words}
            <div class="upload-actions">{button}</div>
        </li>
    }
}

#[component]
fn Dismiss(uploads: Uploads, id: u32) -> impl IntoView {
    view! {
        <button type="button" class="button" on:click=move |_| uploads.dismiss(id)>
            "Dismiss"
        </button>
    }
}

/// Why a document was refused: the reasons, and what to do.
#[component]
pub fn Refusal(
    /// What the server says.
    error: AppError,
) -> impl IntoView {
    let reasons = reasons(&error);
    view! {
        <div class="upload-state tone-bad" role="alert">
            <Icon glyph=Glyph::Warning />
            <p>{reasons}</p>
        </div>
    }
}

/// The reasons in sentences. What is wrong with the file says more than that something is wrong.
fn reasons(error: &AppError) -> String {
    if error.kind == ErrorKind::Exists {
        return "A document of this name is there already.".to_owned();
    }
    if error.fields.is_empty() {
        return format!("{} {}", error.message, error.remedy).trim().to_owned();
    }
    let sentences = error.fields.iter().map(|field| sentence(&field.message));
    format!("Not added: {}", sentences.collect::<Vec<_>>().join(" "))
}

fn sentence(text: &str) -> String {
    let end = if text.ends_with(['.', '!', '?']) { "" } else { "." };
    format!("{text}{end}")
}

/// The words after something was done by the form without JavaScript.
pub fn added_words(key: &str) -> String {
    format!("“{}” was added. It can be searched within seconds.", file_name(key))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::field::FieldError;

    #[test]
    fn the_reason_of_the_file_is_said() {
        let mut error = AppError::new(ErrorKind::Invalid, "The arguments are wrong.", "Correct them.");
        error.fields = vec![FieldError::new("file", "the file is encrypted; save it without a password")];
        assert_eq!(reasons(&error), "Not added: the file is encrypted; save it without a password.");
        error.fields.clear();
        assert_eq!(reasons(&error), "The arguments are wrong. Correct them.");
    }

    #[test]
    fn what_is_too_large_or_empty_is_not_sent() {
        let file = |bytes| Picked { id: 1, name: "a.pdf".to_owned(), bytes };
        assert_eq!(refused_at_once(&file(LARGEST + 1)).map(|error| error.kind), Some(ErrorKind::TooLarge));
        assert_eq!(refused_at_once(&file(0)).map(|error| error.kind), Some(ErrorKind::Invalid));
        assert_eq!(refused_at_once(&file(LARGEST)), None);
    }
}
