//! Where recordings are dropped: each file is sent in parts with its progress, can be paused, and goes on after a lost
//! connection or a closed tab, when the same file is picked again. Without JavaScript a plain form does the same for
//! whole files.

use super::TypedUpload;
use super::address::{self, FILES, FOLDER, OVERWRITE, REPLACE_NAMED};
use super::on_their_way::OnTheirWay;
#[cfg(feature = "hydrate")]
use super::{dropping, sending};
use crate::api::error::{AppError, ErrorKind};
#[cfg(feature = "hydrate")]
use crate::api::release_files::view_file_uses;
use crate::model::release_file::FileUses;
#[cfg(feature = "hydrate")]
use crate::model::release_file::{FilePurpose, FileUsesAsked};
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
    pub(super) fn is_under_way(&self) -> bool {
        matches!(self, Sent::Sending | Sent::Waiting)
    }

    /// Whether nothing more happens to it by itself, and nobody can let it go on.
    fn is_over(&self) -> bool {
        matches!(self, Sent::Stored | Sent::Refused(_) | Sent::Cancelled)
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
    /// Where it was refused because a file of its name is there: the releases that name that one, once they are known.
    pub uses: RwSignal<Option<Result<FileUses, AppError>>>,
    /// What the server calls its upload, once it has begun.
    pub upload: RwSignal<Option<String>>,
    /// How often it was begun to be sent.
    pub attempts: StoredValue<u32>,
    /// Which of these times this copy is about.
    pub attempt: u32,
}

impl Item {
    fn new(file: Picked, file_name: String) -> Self {
        let state = refused_at_once(&file).map_or(Sent::Queued, Sent::Refused);
        Self {
            file_name,
            overwrite: RwSignal::new(false),
            transfer: RwSignal::new(Transfer { sent: 0, total: file.bytes, millis: 0.0 }),
            state: RwSignal::new(state),
            uses: RwSignal::new(None),
            upload: RwSignal::new(None),
            attempts: StoredValue::new(0),
            attempt: 0,
            file,
        }
    }

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

/// The files on their way. Copies share them.
#[derive(Debug, Clone, Copy)]
pub struct Items {
    pub(super) all: RwSignal<Vec<Item>>,
    ended: Callback<Sent>,
}

impl Items {
    /// None so far. It is told how each of them ends.
    pub fn new(ended: Callback<Sent>) -> Self {
        Self { all: RwSignal::new(Vec::new()), ended }
    }

    /// Whether the page on which they are is still there.
    pub fn is_there(self) -> bool {
        self.all.try_with_untracked(Vec::is_empty).is_some()
    }

    /// Whether one of them is not over yet.
    pub fn is_busy(self) -> bool {
        self.all.with(|all| all.iter().any(|item| item.state.with(|state| !state.is_over())))
    }

    /// Shows those before no more. None of them is still on its way.
    pub fn forget(self) {
        self.all.set(Vec::new());
    }

    /// Sends one file under a name, in place of those before. It replaces a file of that name: whoever calls this has
    /// asked about it.
    pub fn begin(self, file: Picked, file_name: String) {
        let item = Item::new(file, file_name);
        item.overwrite.set(true);
        self.all.set(vec![item]);
        self.go_on();
    }

    fn add(self, folder: &str, files: Vec<Picked>) {
        for file in files {
            let file_name = address::within(folder, &file.name);
            self.all.update(|all| all.push(Item::new(file, file_name)));
        }
        self.go_on();
    }

    /// Adds what was dropped, with all that is in dropped folders.
    #[cfg(feature = "hydrate")]
    fn add_dropped(self, folder: RwSignal<String>, event: &leptos::ev::DragEvent) {
        let dropped = dropping::take(event);
        leptos::task::spawn_local(async move {
            let files = dropping::files(dropped).await;
            // The page may have been left in the meantime.
            if self.is_there() {
                self.add(&folder.get_untracked(), sending::keep_named(files));
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn add_dropped(self, folder: RwSignal<String>, event: &leptos::ev::DragEvent) {
        // Nothing is dropped on the server.
        let _ = (self.all, folder, event);
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
            let end = sending::send(&item).await.map_or_else(Sent::Refused, |()| Sent::Stored);
            if item.goes_on() && matches!(&end, Sent::Refused(error) if error.kind == ErrorKind::Exists) {
                let uses = uses_of(item.file_name.clone()).await;
                item.uses.try_set(Some(uses));
            }
            if item.goes_on() {
                item.state.set(end.clone());
                self.ended.run(end);
            }
            // The page may have been left in the meantime.
            if self.is_there() {
                self.go_on();
            }
        });
    }

    #[cfg(not(feature = "hydrate"))]
    fn send(self, item: Item) {
        // There is nothing to be sent on the server.
        let _ = (item.file_name, item.overwrite, item.transfer, item.upload, item.attempt, self.ended);
    }

    /// Stops sending a file, and has removed what was sent of it.
    pub(super) fn give_up(self, item: &Item) {
        item.state.set(Sent::Cancelled);
        #[cfg(feature = "hydrate")]
        {
            let item = item.clone();
            leptos::task::spawn_local(async move { sending::give_up(&item).await });
        }
        self.go_on();
    }

    pub(super) fn again(self, item: &Item) {
        item.state.set(Sent::Queued);
        self.go_on();
    }

    pub(super) fn dismiss(self, id: u32) {
        self.all.update(|all| all.retain(|item| item.file.id != id));
    }
}

/// The releases that name a stored recording, which are changed when it is replaced.
#[cfg(feature = "hydrate")]
async fn uses_of(file_name: String) -> Result<FileUses, AppError> {
    let asked = FileUsesAsked { purpose: FilePurpose::Master, file_names: vec![file_name], except: None };
    let found = view_file_uses(asked).await?;
    Ok(found.into_iter().next().unwrap_or_default())
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
    /// What the form was sent with, where it was sent without JavaScript and something was refused.
    typed: TypedUpload,
) -> impl IntoView {
    let items = Items::new(Callback::new(move |_| stored.run(())));
    let add = move |event: leptos::ev::Event| items.add(&folder.get_untracked(), picked(&event));
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
        items.add_dropped(folder, &event);
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
                        value=typed.folder
                        prop:value=folder
                        on:input=move |event| folder.set(event_target_value(&event))
                    />
                </label>
                <label class="without-script">
                    <input type="checkbox" name=OVERWRITE value="true" checked=typed.overwrite />
                    " Replace files of the same name"
                </label>
                <label class="without-script">
                    <input type="checkbox" name=REPLACE_NAMED value="true" />
                    " Also those that are masters of releases, which change with them"
                </label>
                <label class="file-field">
                    <span>"Pick files, or drop them or folders here"</span>
                    <input
                        type="file"
                        name=FILES
                        accept=ACCEPTED
                        multiple
                        on:change=add
                    />
                </label>
                <label class="file-field needs-script">
                    <span>"Pick a folder"</span>
                    <input type="file" multiple node_ref=folders on:change=add />
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
            <OnTheirWay items=items />
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

/// The files that stand in a field, which keeps them.
pub fn picked_in(field: NodeRef<html::Input>) -> Vec<Picked> {
    #[cfg(feature = "hydrate")]
    {
        field.get_untracked().map(|input| sending::keep(input.files())).unwrap_or_default()
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = field;
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_or_empty_is_not_sent() {
        let file = |bytes| Picked { id: 1, name: "a.wav".to_owned(), bytes };
        assert_eq!(refused_at_once(&file(LARGEST + 1)).map(|error| error.kind), Some(ErrorKind::TooLarge));
        assert_eq!(refused_at_once(&file(0)).map(|error| error.kind), Some(ErrorKind::Invalid));
        assert_eq!(refused_at_once(&file(LARGEST)), None);
    }
}
