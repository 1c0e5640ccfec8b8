//! Where recordings are dropped: each file is sent in parts with its progress, can be paused, and goes on after a lost
//! connection or a closed tab, when the same file is picked again. Without JavaScript a plain form does the same for
//! whole files.

use super::AudioOutcome;
use super::address::{self, FILES, FOLDER, OVERWRITE};
#[cfg(feature = "hydrate")]
use super::{dropping, sending};
use crate::api::error::{AppError, ErrorKind};
use crate::components::icon::{Glyph, Icon};
use crate::pages::tools::form::base64::readable_size;
use crate::pages::tools::stream::Transfer;
use leptos::html;
use leptos::prelude::*;

/// What the picker offers first. The server looks at the content.
const ACCEPTED: &str = "audio/*,.wav,.wave,.bwf,.rf64,.aif,.aiff,.flac,.m4a,.mp4,.mp3,.aac,.ogg,.oga";

/// The largest file, in bytes; the server has the same limit.
const LARGEST: u64 = 5 * 1024 * 1024 * 1024;

/// Files that are sent at the same time.
const AT_ONCE: usize = 2;

/// A file that was picked or dropped. The browser keeps its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked {
    /// Its number on this page.
    pub id: u32,
    /// Its name, with its folders where a folder was picked.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// How far a file is.
#[derive(Debug, Clone, PartialEq)]
pub enum Sent {
    /// Others come first.
    Queued,
    /// It is being sent.
    Sending,
    /// The connection is lost; it is tried again.
    Waiting,
    /// Somebody has paused it.
    Paused,
    /// It is there, under this name in addresses.
    Stored,
    /// It was refused.
    Refused(AppError),
    /// Somebody has given it up.
    Cancelled,
}

impl Sent {
    /// Whether it takes one of the places of those that are sent.
    fn is_under_way(&self) -> bool {
        matches!(self, Sent::Sending | Sent::Waiting)
    }
}

/// A file on its way. Copies share it.
#[derive(Debug, Clone)]
pub struct Item {
    /// Which file.
    pub file: Picked,
    /// The name that it gets in the bucket.
    pub file_name: String,
    /// Whether a file of the same name is replaced.
    pub overwrite: RwSignal<bool>,
    /// How much of it is there.
    pub transfer: RwSignal<Transfer>,
    /// How far it is.
    pub state: RwSignal<Sent>,
    /// What the server calls its upload, once it has begun.
    pub upload: RwSignal<Option<String>>,
    /// How often it was begun to be sent.
    pub attempts: StoredValue<u32>,
    /// Which of these times this copy is about.
    pub attempt: u32,
}

impl Item {
    /// A copy for one more attempt. Whatever still waits for an answer in an earlier one ends with it.
    fn begun_again(self) -> Self {
        let attempt = self.attempts.get_value() + 1;
        self.attempts.set_value(attempt);
        Self { attempt, ..self }
    }

    /// Whether this attempt goes on: nobody has stopped it, begun another one, or left the page.
    #[cfg(feature = "hydrate")]
    pub fn goes_on(&self) -> bool {
        self.attempts.try_get_value() == Some(self.attempt)
            && self.state.try_with_untracked(Sent::is_under_way) == Some(true)
    }
}

/// The files on their way.
#[derive(Debug, Clone, Copy)]
struct Items {
    all: RwSignal<Vec<Item>>,
    folder: RwSignal<String>,
    stored: Callback<()>,
}

impl Items {
    fn add(self, files: Vec<Picked>) {
        let folder = self.folder.get_untracked();
        for file in files {
            let item = Item {
                file_name: address::within(&folder, &file.name),
                overwrite: RwSignal::new(false),
                transfer: RwSignal::new(Transfer { sent: 0, total: file.bytes, millis: 0.0 }),
                state: RwSignal::new(Sent::Queued),
                upload: RwSignal::new(None),
                attempts: StoredValue::new(0),
                attempt: 0,
                file,
            };
            if let Some(error) = refused_at_once(&item.file) {
                item.state.set(Sent::Refused(error));
            }
            self.all.update(|all| all.push(item));
        }
        self.go_on();
    }

    /// Adds what was dropped, with all that is in dropped folders.
    #[cfg(feature = "hydrate")]
    fn add_dropped(self, event: &leptos::ev::DragEvent) {
        let dropped = dropping::take(event);
        leptos::task::spawn_local(async move {
            let files = dropping::files(dropped).await;
            // The page may have been left in the meantime.
            if self.all.try_with_untracked(Vec::is_empty).is_some() {
                self.add(sending::keep_named(files));
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn add_dropped(self, event: &leptos::ev::DragEvent) {
        // Nothing is dropped on the server.
        let _ = (self.all, event);
    }

    /// Sends the next ones, where there is room.
    fn go_on(self) {
        let all = self.all.get_untracked();
        let under_way = all.iter().filter(|item| item.state.with_untracked(Sent::is_under_way)).count();
        let queued = all.into_iter().filter(|item| item.state.with_untracked(|state| *state == Sent::Queued));
        for item in queued.take(AT_ONCE.saturating_sub(under_way)) {
            item.state.set(Sent::Sending);
            self.send(item.begun_again());
        }
    }

    #[cfg(feature = "hydrate")]
    fn send(self, item: Item) {
        leptos::task::spawn_local(async move {
            let end = sending::send(&item).await;
            if item.goes_on() {
                item.state.set(end.map_or_else(Sent::Refused, |()| Sent::Stored));
                self.stored.run(());
            }
            // The page may have been left in the meantime.
            if self.all.try_with_untracked(Vec::is_empty).is_some() {
                self.go_on();
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn send(self, item: Item) {
        // There is nothing to be sent on the server.
        let _ = (item.file_name, item.overwrite, item.transfer, item.upload, item.attempt, self.stored);
    }

    /// Stops sending a file, and has removed what was sent of it.
    fn give_up(self, item: &Item) {
        item.state.set(Sent::Cancelled);
        #[cfg(feature = "hydrate")]
        {
            let item = item.clone();
            leptos::task::spawn_local(async move { sending::give_up(&item).await });
        }
        self.go_on();
    }

    fn again(self, item: &Item) {
        item.state.set(Sent::Queued);
        self.go_on();
    }

    fn dismiss(self, id: u32) {
        self.all.update(|all| all.retain(|item| item.file.id != id));
    }
}

/// What need not be sent to be refused.
fn refused_at_once(file: &Picked) -> Option<AppError> {
    if file.bytes == 0 {
        return Some(AppError::new(ErrorKind::Invalid, "The file is empty.", "Export the recording again."));
    }
    (file.bytes > LARGEST).then(|| {
        let message = format!("The file has {}; at most 5 GiB are taken.", readable_size(file.bytes));
        AppError::new(ErrorKind::TooLarge, message, "Send it as one file for each track.")
    })
}

/// The place where recordings are dropped.
#[component]
pub fn UploadBox(
    /// The folder into which they go.
    folder: RwSignal<String>,
    /// Called when a file was stored.
    stored: Callback<()>,
) -> impl IntoView {
    let items = Items { all: RwSignal::new(Vec::new()), folder, stored };
    // The attribute has no name in HTML's standard, and is known by every browser.
    let folders = NodeRef::<html::Input>::new();
    Effect::new(move |_| {
        if let Some(field) = folders.get() {
            // Fails only for names that no element can have.
            field.set_attribute("webkitdirectory", "").ok();
        }
    });
    let over = RwSignal::new(false);
    let drag = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let drop = move |event: leptos::ev::DragEvent| {
        event.prevent_default();
        over.set(false);
        items.add_dropped(&event);
    };
    view! {
        <section class="panel audio-upload" aria-labelledby="upload-title">
            <h2 id="upload-title">"Upload recordings"</h2>
            <form
                class="drop-zone"
                class:is-over=over
                method="post"
                enctype="multipart/form-data"
                action=address::PATH
                on:dragover=drag
                on:dragleave=move |_| over.set(false)
                on:drop=drop
                on:submit=move |event| event.prevent_default()
            >
                <label class="field">
                    <span>"Folder"</span>
                    <input
                        type="text"
                        name=FOLDER
                        autocomplete="off"
                        placeholder="masters"
                        prop:value=folder
                        on:input=move |event| folder.set(event_target_value(&event))
                    />
                </label>
                <label class="without-script">
                    <input type="checkbox" name=OVERWRITE value="true" />
                    " Replace files of the same name"
                </label>
                <label class="file-field">
                    <span>"Pick files, or drop them or folders here"</span>
                    <input
                        type="file"
                        name=FILES
                        accept=ACCEPTED
                        multiple
                        on:change=move |event| items.add(picked(&event))
                    />
                </label>
                <label class="file-field needs-script">
                    <span>"Pick a folder"</span>
                    <input type="file" multiple node_ref=folders on:change=move |event| items.add(picked(&event)) />
                </label>
                <p class="field-help">
                    "WAV, AIFF, FLAC, ALAC, MP3, AAC and Ogg Vorbis, up to 5 GiB each. The content decides, not the name. \
                     Each file is checked as soon as it is there."
                    <span class="needs-script">
                        " An upload that was cut off goes on when you pick the same file again."
                    </span>
                </p>
                <button type="submit" class="button without-script">
                    "Upload"
                </button>
            </form>
            <ul class="uploads" aria-label="Files on their way">
                <For each=move || items.all.get() key=|item| item.file.id let:item>
                    <Line items=items item=item />
                </For>
            </ul>
        </section>
    }
}

/// One file on its way.
#[component]
fn Line(items: Items, item: Item) -> impl IntoView {
    let Item { file, file_name, transfer, state, overwrite, .. } = item.clone();
    let item = StoredValue::new(item);
    let id = file.id;
    let percent = move || (transfer.get().share() * 100.0).floor();
    let words = move || match state.get() {
        Sent::Queued => view! { <p role="status">"Others come first"</p> }.into_any(),
        Sent::Sending => view! { <p>{move || progress_in_words(transfer.get())}</p> }.into_any(),
        Sent::Waiting => {
            view! { <p role="status">"The connection is lost. It goes on as soon as it is back."</p> }
                .into_any()
        }
        Sent::Paused => view! { <p role="status">"Paused. What is there already stays."</p> }.into_any(),
        Sent::Stored => view! {
            <p class="tone-good upload-state" role="status">
                <Icon glyph=Glyph::Check />
                "Stored, and being checked."
            </p>
        }
        .into_any(),
        Sent::Refused(error) => view! { <Refusal error=error /> }.into_any(),
        Sent::Cancelled => view! { <p role="status">"Given up."</p> }.into_any(),
    };
    let name = file.name.clone();
    let bar = move || {
        let label = format!("Progress of {name}");
        state
            .with(Sent::is_under_way)
            .then(|| view! { <progress max="100" prop:value=percent aria-label=label></progress> })
    };
    let button = |text: &'static str, act: Callback<()>| {
        view! {
            <button type="button" class="button" on:click=move |_| act.run(())>
                {text}
            </button>
        }
    };
    let pause = Callback::new(move |()| state.set(Sent::Paused));
    let again = Callback::new(move |()| item.with_value(|item| items.again(item)));
    let cancel = Callback::new(move |()| item.with_value(|item| items.give_up(item)));
    let replace = Callback::new(move |()| {
        overwrite.set(true);
        again.run(());
    });
    let dismiss = Callback::new(move |()| items.dismiss(id));
    let buttons = move || match state.get() {
        Sent::Queued => view! { {button("Give up", cancel)} }.into_any(),
        Sent::Sending | Sent::Waiting => {
            view! { {button("Pause", pause)} {button("Give up", cancel)} }.into_any()
        }
        Sent::Paused => view! { {button("Go on", again)} {button("Give up", cancel)} }.into_any(),
        Sent::Refused(error) if error.kind == ErrorKind::Exists => {
            view! { {button("Replace it", replace)} {button("Dismiss", dismiss)} }.into_any()
        }
        Sent::Refused(_) => view! { {button("Try again", again)} {button("Dismiss", dismiss)} }.into_any(),
        Sent::Stored | Sent::Cancelled => view! { {button("Dismiss", dismiss)} }.into_any(),
    };
    view! {
        <li class="upload">
            <p class="upload-name">
                <strong>{file.name}</strong>
                " "
                <span class="muted">{readable_size(file.bytes)} ", as " {file_name}</span>
            </p>
            {bar}
            {words}
            <div class="upload-actions">{buttons}</div>
        </li>
    }
}

/// `12.0 MB of 40.0 MB, 30 %, 6.0 MB/s, 5 s left`.
fn progress_in_words(transfer: Transfer) -> String {
    let words = transfer.words();
    match seconds_left(transfer) {
        Some(seconds) if seconds >= 60 => format!("{words}, {} min left", seconds.div_ceil(60)),
        Some(seconds) => format!("{words}, {seconds} s left"),
        None => words,
    }
}

/// None while nothing has been measured.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a time that is left is shown in whole seconds"
)]
fn seconds_left(transfer: Transfer) -> Option<u32> {
    let share = transfer.share();
    let seconds = transfer.millis / 1000.0 * (1.0 - share) / share;
    (transfer.millis > 1000.0 && seconds.is_finite()).then_some(seconds.ceil().clamp(0.0, 1e6) as u32)
}

/// Why a recording was refused: the reasons, and what to do.
#[component]
fn Refusal(error: AppError) -> impl IntoView {
    view! {
        <div class="upload-state tone-bad" role="alert">
            <Icon glyph=Glyph::Warning />
            <p>{reasons(&error)}</p>
        </div>
    }
}

/// The reasons in sentences. What is wrong with the file says more than that something is wrong.
fn reasons(error: &AppError) -> String {
    if error.kind == ErrorKind::Exists {
        return "A recording of this name is there already.".to_owned();
    }
    if error.fields.is_empty() {
        return format!("{} {}", error.message, error.remedy).trim().to_owned();
    }
    let sentences = error.fields.iter().map(|field| format!("{}.", field.message.trim_end_matches('.')));
    format!("Not stored: {}", sentences.collect::<Vec<_>>().join(" "))
}

/// What came of the form without JavaScript, file by file.
#[component]
pub fn Dropped(
    /// What came of it.
    outcome: AudioOutcome,
) -> impl IntoView {
    let AudioOutcome { files, error } = outcome;
    view! {
        <section class="panel" aria-label="What came of the upload">
            {error.map(|error| view! { <Refusal error=error /> })}
            <ul class="uploads">
                {files
                    .into_iter()
                    .map(|file| {
                        let end = match file.error {
                            Some(error) => view! { <Refusal error=error /> }.into_any(),
                            None => view! { <p>"Stored, and being checked."</p> }.into_any(),
                        };
                        view! {
                            <li class="upload">
                                <p class="upload-name">
                                    <strong>{file.name}</strong>
                                </p>
                                {end}
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </section>
    }
}

/// The files that were picked in a field, which is emptied.
fn picked(event: &leptos::ev::Event) -> Vec<Picked> {
    #[cfg(feature = "hydrate")]
    {
        let input = event_target::<web_sys::HtmlInputElement>(event);
        let files = sending::keep(input.files());
        // The same file may be picked once more.
        input.set_value("");
        files
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::field::FieldError;

    #[test]
    fn the_time_that_is_left_follows_from_what_was_sent() {
        let transfer = |sent, millis| Transfer { sent, total: 100, millis };
        assert_eq!(seconds_left(transfer(25, 10_000.0)), Some(30));
        assert_eq!(seconds_left(transfer(0, 10_000.0)), None);
        assert_eq!(seconds_left(transfer(25, 500.0)), None);
        assert!(progress_in_words(transfer(1, 10_000.0)).ends_with("17 min left"));
    }

    #[test]
    fn the_reason_of_the_file_is_said() {
        let mut error = AppError::new(ErrorKind::Invalid, "The arguments are wrong.", "Correct them.");
        error.fields = vec![FieldError::new("file", "the content is not audio that Patchline knows")];
        assert_eq!(reasons(&error), "Not stored: the content is not audio that Patchline knows.");
    }

    #[test]
    fn what_is_too_large_or_empty_is_not_sent() {
        let file = |bytes| Picked { id: 1, name: "a.wav".to_owned(), bytes };
        assert_eq!(refused_at_once(&file(LARGEST + 1)).map(|error| error.kind), Some(ErrorKind::TooLarge));
        assert_eq!(refused_at_once(&file(0)).map(|error| error.kind), Some(ErrorKind::Invalid));
        assert_eq!(refused_at_once(&file(LARGEST)), None);
    }
}
