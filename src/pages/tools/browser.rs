//! What this page asks of the browser. On the server each of these is silent: there is nobody to ask.

pub(crate) use crate::components::browser::{focus, focus_soon};

use super::form::base64::readable_size;

/// The scheme and host of this page: `https://patchline.example`.
pub fn origin() -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        leptos::prelude::window().location().origin().ok()
    }
    #[cfg(not(feature = "hydrate"))]
    None
}

/// Whether the element with this id has a place on the page: one that the style sheet takes away has none.
pub fn is_shown(id: &str) -> bool {
    #[cfg(feature = "hydrate")]
    {
        let element = leptos::prelude::document().get_element_by_id(id);
        element.is_some_and(|element| element.get_client_rects().length() > 0)
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        false
    }
}

/// Writes the address bar without leaving the page and without a new step in the history.
pub fn replace_address(address: &str) {
    #[cfg(feature = "hydrate")]
    if let Ok(history) = leptos::prelude::window().history() {
        // Browsers refuse when asked too often; the next run writes it again.
        let state = history.state().unwrap_or_default();
        history.replace_state_with_url(&state, "", Some(address)).ok();
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = address;
}

/// A file that a person picked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PickedFile {
    /// Its name on the person's computer.
    pub name: String,
    /// Its media type; empty when the browser does not know it.
    pub media_type: String,
    /// Its content, as base64.
    pub base64: String,
}

/// Why a picked file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// It is larger than the tool takes. Not read at all.
    #[error("“{name}” has {}; at most {} are allowed.", readable_size(*bytes), readable_size(*most))]
    TooLarge {
        /// The file's name.
        name: String,
        /// Its size, in bytes.
        bytes: u64,
        /// The largest size, in bytes.
        most: u64,
    },
    /// The browser could not read it.
    #[error("“{name}” could not be read. Pick it again; it may have been moved or changed.")]
    Unreadable {
        /// The file's name.
        name: String,
    },
}

/// Reads the file that was picked in a file field, unless it is larger than `most` bytes. `done` is not
/// called when no file is picked.
pub fn read_picked_file(
    event: &leptos::ev::Event,
    most: Option<u64>,
    done: impl FnOnce(Result<PickedFile, FileError>) + 'static,
) {
    #[cfg(feature = "hydrate")]
    {
        let input = leptos::prelude::event_target::<web_sys::HtmlInputElement>(event);
        if let Some(file) = input.files().and_then(|files| files.get(0)) {
            reading::read(&file, most, done);
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (event, most, done);
}

#[cfg(feature = "hydrate")]
mod reading {
    use super::{FileError, PickedFile};
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;

    /// Reads through a data URL, because then the browser itself makes the base64.
    pub(super) fn read(
        file: &web_sys::File,
        most: Option<u64>,
        done: impl FnOnce(Result<PickedFile, FileError>) + 'static,
    ) {
        let (name, media_type) = (file.name(), file.type_());
        if let Some(most) = most.filter(|most| size(file) > *most) {
            return done(Err(FileError::TooLarge { name, bytes: size(file), most }));
        }
        let Ok(reader) = web_sys::FileReader::new() else { return done(Err(FileError::Unreadable { name })) };
        let finished = reader.clone();
        let callback = Closure::once_into_js(move || {
            let text = finished.result().ok().and_then(|result| result.as_string());
            let base64 =
                text.as_deref().and_then(|url| url.split_once(',')).map(|(_, base64)| base64.to_owned());
            // An empty file has a data URL without a comma in some browsers.
            done(match base64 {
                Some(base64) => Ok(PickedFile { name, media_type, base64 }),
                None => Err(FileError::Unreadable { name }),
            });
        });
        reader.set_onloadend(callback.dyn_ref());
        // A file that cannot be read ends in `onloadend`, too, without a result.
        reader.read_as_data_url(file).ok();
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a file's size is a whole number"
    )]
    fn size(file: &web_sys::File) -> u64 {
        file.size() as u64
    }
}
