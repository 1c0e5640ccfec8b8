//! Sends a picked file by `PUT` and tells how far it is, which only `XMLHttpRequest` can.

use super::form::state::control_id;
use super::stream::{LargeFile, Reply, Transfer};
use crate::components::browser;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlInputElement, ProgressEvent, XmlHttpRequest};

/// A request under way. Ends with its owner.
struct Sending {
    request: XmlHttpRequest,
    _progress: Closure<dyn Fn(ProgressEvent)>,
}

impl Drop for Sending {
    fn drop(&mut self) {
        if let Ok(upload) = self.request.upload() {
            upload.set_onprogress(None);
        }
        self.request.set_onloadend(None);
        // Does nothing to a request that is over.
        self.request.abort().ok();
    }
}

/// Sends the file. A reply with the status 0 means that the connection broke off.
///
/// # Errors
/// When the file is no longer in its field, or the browser refuses to send.
pub(super) async fn send(
    file: &LargeFile,
    address: &str,
    progress: impl Fn(Transfer) + 'static,
) -> Result<Reply, JsValue> {
    let picked = picked(&file.path).ok_or(JsValue::UNDEFINED)?;
    let began = browser::now_millis();
    let total = file.bytes;
    let report = Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| {
        progress(Transfer { sent: whole(event.loaded()), total, millis: browser::now_millis() - began });
    });
    let request = XmlHttpRequest::new()?;
    request.open_with_async("PUT", address, true)?;
    request.set_request_header("content-type", "application/octet-stream")?;
    request.upload()?.set_onprogress(Some(report.as_ref().unchecked_ref()));
    let sending = Sending { request, _progress: report };
    // Whatever happens to it, a request ends with this event.
    let ended = js_sys::Promise::new(&mut |resolve, _| sending.request.set_onloadend(Some(&resolve)));
    sending.request.send_with_opt_blob(Some(&picked))?;
    JsFuture::from(ended).await?;
    Ok(Reply {
        status: sending.request.status()?,
        body: sending.request.response_text()?.unwrap_or_default(),
        request_id: sending.request.get_response_header("x-request-id")?,
    })
}

fn picked(path: &str) -> Option<web_sys::File> {
    let control = leptos::prelude::document().get_element_by_id(&control_id(path))?;
    control.dyn_ref::<HtmlInputElement>()?.files()?.get(0)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a count of bytes is a whole number"
)]
fn whole(bytes: f64) -> u64 {
    bytes as u64
}
