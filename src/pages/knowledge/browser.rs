//! What this page asks of the browser: the focus, and sending files with progress. On the server each of
//! these is silent: there is nobody to ask.

pub(crate) use crate::components::browser::focus;

use crate::api::error::AppError;

/// The id of the element that has the focus, if it has one.
pub fn focused() -> Option<String> {
    #[cfg(feature = "hydrate")]
    {
        let id = leptos::prelude::document().active_element()?.id();
        (!id.is_empty()).then_some(id)
    }
    #[cfg(not(feature = "hydrate"))]
    None
}

/// Puts the focus on an element that is only just coming into the document, and scrolls until the other can
/// be seen.
pub fn focus_soon(id: &'static str, seen: Option<&'static str>) {
    #[cfg(feature = "hydrate")]
    leptos::prelude::request_animation_frame(move || {
        focus(id);
        if let Some(element) = seen.and_then(|seen| leptos::prelude::document().get_element_by_id(seen)) {
            element.scroll_into_view_with_bool(true);
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (id, seen);
}

/// A file that a person picked or dropped. The browser keeps its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picked {
    /// Its number on this page.
    pub id: u32,
    /// Its name on the person's computer.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
}

/// The files that were picked in a file field, which is emptied.
pub fn picked(event: &leptos::ev::Event) -> Vec<Picked> {
    #[cfg(feature = "hydrate")]
    {
        let input = leptos::prelude::event_target::<web_sys::HtmlInputElement>(event);
        let picked = files::keep(input.files());
        // The same file may be picked once more.
        input.set_value("");
        picked
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        Vec::new()
    }
}

/// The files that were picked in the field with this id before the page could listen.
pub fn picked_before(id: &str) -> Vec<Picked> {
    #[cfg(feature = "hydrate")]
    {
        use wasm_bindgen::JsCast;
        let field = leptos::prelude::document().get_element_by_id(id);
        let Some(input) = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok()) else {
            return Vec::new();
        };
        let picked = files::keep(input.files());
        input.set_value("");
        picked
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = id;
        Vec::new()
    }
}

/// The files that were dropped.
pub fn dropped(event: &leptos::ev::DragEvent) -> Vec<Picked> {
    #[cfg(feature = "hydrate")]
    {
        files::keep(event.data_transfer().and_then(|transfer| transfer.files()))
    }
    #[cfg(not(feature = "hydrate"))]
    {
        let _ = event;
        Vec::new()
    }
}

/// Sends a picked file by `PUT`, says how far it is from 0 to 1, and what came of it.
pub fn send(
    id: u32,
    address: &str,
    progress: impl Fn(f64) + 'static,
    done: impl FnOnce(Result<(), AppError>) + 'static,
) {
    #[cfg(feature = "hydrate")]
    files::send(id, address, progress, done);
    #[cfg(not(feature = "hydrate"))]
    let _ = (id, address, progress, done);
}

/// Ends the sending of a file. Its `done` is not called.
pub fn abort(id: u32) {
    #[cfg(feature = "hydrate")]
    files::abort(id);
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

/// Lets a file go.
pub fn forget(id: u32) {
    #[cfg(feature = "hydrate")]
    files::forget(id);
    #[cfg(not(feature = "hydrate"))]
    let _ = id;
}

#[cfg(feature = "hydrate")]
mod files {
    use super::Picked;
    use crate::api::error::AppError;
    use crate::pages::knowledge::refusal::{refusal, unreachable_server};
    use std::cell::RefCell;
    use std::collections::HashMap;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::closure::Closure;
    use web_sys::{File, FileList, ProgressEvent, XmlHttpRequest};

    /// A file with its request, once it is sent.
    struct Kept {
        file: File,
        request: Option<XmlHttpRequest>,
    }

    #[derive(Default)]
    struct Files {
        next: u32,
        kept: HashMap<u32, Kept>,
    }

    thread_local! {
        // Handles of the browser cannot live in signals that the server shares between threads.
        static FILES: RefCell<Files> = RefCell::default();
    }

    pub(super) fn keep(list: Option<FileList>) -> Vec<Picked> {
        let Some(list) = list else { return Vec::new() };
        let files = (0..list.length()).filter_map(|place| list.get(place));
        FILES.with_borrow_mut(|all| {
            files
                .map(|file| {
                    all.next += 1;
                    let picked = Picked { id: all.next, name: file.name(), bytes: size(&file) };
                    all.kept.insert(all.next, Kept { file, request: None });
                    picked
                })
                .collect()
        })
    }

    pub(super) fn forget(id: u32) {
        FILES.with_borrow_mut(|all| all.kept.remove(&id));
    }

    pub(super) fn abort(id: u32) {
        let request = FILES.with_borrow_mut(|all| all.kept.get_mut(&id).and_then(|kept| kept.request.take()));
        if let Some(request) = request {
            request.set_onloadend(None);
            // A request that has ended already cannot fail to be aborted.
            request.abort().ok();
        }
    }

    pub(super) fn send(
        id: u32,
        address: &str,
        progress: impl Fn(f64) + 'static,
        done: impl FnOnce(Result<(), AppError>) + 'static,
    ) {
        let file = FILES.with_borrow(|all| all.kept.get(&id).map(|kept| kept.file.clone()));
        let (Some(file), Ok(request)) = (file, XmlHttpRequest::new()) else {
            return done(Err(unreachable_server()));
        };
        if let Ok(upload) = request.upload() {
            let report = Closure::<dyn FnMut(ProgressEvent)>::new(move |event: ProgressEvent| {
                if event.length_computable() && event.total() > 0.0 {
                    progress((event.loaded() / event.total()).clamp(0.0, 1.0));
                }
            });
            upload.set_onprogress(Some(report.into_js_value().unchecked_ref()));
        }
        let finished = request.clone();
        let ended = Closure::once_into_js(move || done(outcome(&finished)));
        request.set_onloadend(Some(ended.unchecked_ref()));
        let sent = request.open_with_async("PUT", address, true);
        if sent.and_then(|()| request.send_with_opt_blob(Some(&file))).is_err() {
            // What could not be sent ends without the event in some browsers.
            request.set_onloadend(None);
            return;
        }
        FILES.with_borrow_mut(|all| {
            if let Some(kept) = all.kept.get_mut(&id) {
                kept.request = Some(request);
            }
        });
    }

    fn outcome(request: &XmlHttpRequest) -> Result<(), AppError> {
        let status = request.status().unwrap_or_default();
        if (200..300).contains(&status) {
            return Ok(());
        }
        let text = request.response_text().ok().flatten().unwrap_or_default();
        Err(refusal(status, &text))
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a file's size is a whole number"
    )]
    fn size(file: &File) -> u64 {
        file.size() as u64
    }
}
