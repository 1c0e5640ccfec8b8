//! What was dropped: files, and folders with all that is in them. Only in a browser.

use js_sys::{Array, Promise};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File, FileList, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

/// What was dropped, taken hold of while the event lasts: afterwards the browser has forgotten it.
pub(super) struct Dropped {
    entries: Vec<FileSystemEntry>,
    files: Option<FileList>,
}

/// Takes hold of what was dropped.
pub(super) fn take(event: &DragEvent) -> Dropped {
    let Some(transfer) = event.data_transfer() else { return Dropped { entries: Vec::new(), files: None } };
    let items = transfer.items();
    let entry = |place| items.get(place)?.webkit_get_as_entry().ok().flatten();
    let entries = (0..items.length()).filter_map(entry).collect();
    Dropped { entries, files: transfer.files() }
}

/// The files that were dropped, with the paths that they have in dropped folders. Hidden files of folders, which
/// systems put there by themselves, are left out, and so is what the browser may not read.
pub(super) async fn files(dropped: Dropped) -> Vec<(String, File)> {
    let Dropped { entries, files } = dropped;
    if entries.is_empty() {
        // Not from the disk, or by a browser that knows no folders.
        let files =
            files.map(|list| (0..list.length()).filter_map(|place| list.get(place)).collect::<Vec<_>>());
        return files.unwrap_or_default().into_iter().map(|file| (file.name(), file)).collect();
    }
    let mut found = Vec::new();
    let mut waiting: Vec<_> = entries.into_iter().rev().collect();
    while let Some(entry) = waiting.pop() {
        if entry.is_directory() {
            let inside = children(entry.unchecked_ref()).await;
            waiting.extend(inside.into_iter().filter(|child| !child.name().starts_with('.')).rev());
        } else if let Some(file) = file(entry.unchecked_ref()).await {
            found.push((entry.full_path().trim_start_matches('/').to_owned(), file));
        }
    }
    found
}

/// What is in a folder. A browser tells a hundred entries at a time.
async fn children(folder: &FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = folder.create_reader();
    let mut all = Vec::new();
    loop {
        let some = Promise::new(&mut |told, failed| {
            if let Err(error) = reader.read_entries_with_callback_and_callback(&told, &failed) {
                // Rejecting a promise cannot fail.
                failed.call1(&JsValue::NULL, &error).ok();
            }
        });
        let Ok(some) = JsFuture::from(some).await else { return all };
        let some = Array::from(&some);
        if some.length() == 0 {
            return all;
        }
        all.extend(some.iter().map(JsCast::unchecked_into::<FileSystemEntry>));
    }
}

async fn file(entry: &FileSystemFileEntry) -> Option<File> {
    let file = Promise::new(&mut |told, failed| entry.file_with_callback_and_callback(&told, &failed));
    Some(JsFuture::from(file).await.ok()?.unchecked_into())
}
