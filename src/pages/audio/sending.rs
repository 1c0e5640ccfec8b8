//! Sends picked files in parts, each with its checksum, and goes on where an upload stopped. Only in a browser.

use super::upload::{Item, Picked, Sent};
use crate::api::error::{AppError, ErrorKind};
use crate::components::browser::now_millis;
use crate::model::upload::{NewUpload, UploadSoFar};
use crate::pages::query_string;
use crate::pages::tools::stream::Transfer;
use leptos::prelude::*;
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::cell::RefCell;
use std::collections::HashMap;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FileList, ProgressEvent, XmlHttpRequest};

/// The first bytes of a file, which decide what it is.
const HEAD: f64 = 8192.0;

/// How long it is waited before another try, in milliseconds: twice as long each time, up to the longest.
const FIRST_WAIT: i32 = 1_000;
const LONGEST_WAIT: i32 = 30_000;

thread_local! {
    // Handles of the browser cannot live in signals that the server shares between threads.
    static FILES: RefCell<HashMap<u32, File>> = RefCell::default();
}

/// Keeps files, with numbers of this page.
pub(super) fn keep(list: Option<FileList>) -> Vec<Picked> {
    let Some(list) = list else { return Vec::new() };
    let files = (0..list.length()).filter_map(|place| list.get(place));
    keep_named(files.map(|file| (path(&file), file)))
}

/// Keeps files under these names.
pub(super) fn keep_named(files: impl IntoIterator<Item = (String, File)>) -> Vec<Picked> {
    FILES.with_borrow_mut(|all| {
        files
            .into_iter()
            .map(|(name, file)| {
                let id = u32::try_from(all.len()).unwrap_or(u32::MAX) + 1;
                let picked = Picked { id, name, bytes: whole(file.size()) };
                all.insert(id, file);
                picked
            })
            .collect()
    })
}

/// The name of a file, with its folders where a folder was picked.
fn path(file: &File) -> String {
    let path = js_sys::Reflect::get(file, &JsValue::from_str("webkitRelativePath"));
    let path = path.ok().and_then(|path| path.as_string()).unwrap_or_default();
    if path.is_empty() { file.name() } else { path }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "sizes are whole numbers")]
fn whole(bytes: f64) -> u64 {
    bytes as u64
}

#[expect(clippy::cast_precision_loss, reason = "no file has 2^53 bytes")]
fn real(bytes: u64) -> f64 {
    bytes as f64
}

/// What the server answered.
struct Reply {
    /// 0 when there was no answer.
    status: u16,
    body: String,
    /// After how many seconds to ask again, where it says so.
    retry_after: Option<i32>,
}

/// An error as the routes of machines answer it.
#[derive(Deserialize)]
struct Wrong {
    error: AppError,
}

impl Reply {
    fn error(&self) -> AppError {
        serde_json::from_str::<Wrong>(&self.body).map_or_else(
            |_| {
                let message = format!("Patchline answered with the status {}.", self.status);
                AppError::new(ErrorKind::Internal, message, "Try again.")
            },
            |wrong| wrong.error,
        )
    }

    /// Whether it makes sense to ask again by itself.
    fn passes(&self) -> bool {
        matches!(self.status, 0 | 429 | 502 | 503 | 504)
    }
}

/// Sends a file, until it is there, is refused, or somebody stops it: then it just returns.
pub(super) async fn send(item: &Item) -> Result<(), AppError> {
    let Some(file) = FILES.with_borrow(|all| all.get(&item.file.id).cloned()) else {
        let message = "The browser does not have the file any more.";
        return Err(AppError::new(ErrorKind::Invalid, message, "Pick it again."));
    };
    // An upload that was given up meanwhile is begun once more.
    for _ in 0..2 {
        let Some(so_far) = begin(item, &file).await? else { return Ok(()) };
        item.upload.try_set(Some(so_far.upload_id.clone()));
        match send_parts(item, &file, &so_far).await? {
            End::Done | End::Stopped => return Ok(()),
            End::GivenUp => {}
        }
    }
    let message = "The upload was given up again and again.";
    Err(AppError::new(ErrorKind::Unavailable, message, "Try again later."))
}

enum End {
    Done,
    /// Somebody has paused it, given it up, or left the page.
    Stopped,
    /// The server does not know it any more.
    GivenUp,
}

async fn begin(item: &Item, file: &File) -> Result<Option<UploadSoFar>, AppError> {
    let head = content(file, 0.0, HEAD.min(file.size())).await?;
    let new = NewUpload {
        bucket_name: None,
        file_name: item.file_name.clone(),
        size_bytes: item.file.bytes,
        modified: format!("{:.0}", file.last_modified()),
        head: base64(&head),
        overwrite: item.overwrite.get_untracked(),
    };
    let body = serde_json::to_string(&new).unwrap_or_default();
    let ask = async || request("POST", "/upload/parts", &Body::Json(&body), |_| {}).await;
    let Some(reply) = patiently(item, ask).await else { return Ok(None) };
    if reply.status != 200 {
        return Err(reply.error());
    }
    serde_json::from_str(&reply.body).map(Some).map_err(|_| reply.error())
}

async fn send_parts(item: &Item, file: &File, so_far: &UploadSoFar) -> Result<End, AppError> {
    let began = now_millis();
    let total = item.file.bytes;
    let (mut before, mut sent) = (0, 0);
    let file_query = [("fileName", item.file_name.as_str())];
    for number in 1..=so_far.parts {
        if !item.goes_on() {
            return Ok(End::Stopped);
        }
        let from = real(u64::from(number - 1) * so_far.part_bytes);
        let to = (from + real(so_far.part_bytes)).min(file.size());
        let part = content(file, from, to).await?;
        let checksum = base64(&Sha256::digest(&part));
        // The file may be another one of the same name and size: only what is equal need not be sent.
        if so_far.has(number, &checksum) {
            (before, sent) = (before + whole(to - from), sent + whole(to - from));
            continue;
        }
        let path = format!("/upload/parts/{}/{number}", so_far.upload_id);
        let address = query_string::address(&path, &file_query);
        let transfer = item.transfer;
        let blob = slice(file, from, to)?;
        let ask = async || {
            let report = move |loaded: u64| {
                // What was there before says nothing of the speed.
                let millis = now_millis() - began;
                let now = (sent + loaded).min(total);
                let share = real(now) / real((now - before).max(1));
                transfer.try_set(Transfer { sent: now, total, millis: millis * share });
            };
            request("PUT", &address, &Body::Part(&blob, &checksum), report).await
        };
        let Some(reply) = patiently(item, ask).await else { return Ok(End::Stopped) };
        match reply.status {
            200 => sent = (sent + whole(to - from)).min(total),
            404 | 409 => return Ok(End::GivenUp),
            _ => return Err(reply.error()),
        }
    }
    let address = query_string::address(&format!("/upload/parts/{}/finish", so_far.upload_id), &file_query);
    let ask = async || request("POST", &address, &Body::Nothing, |_| {}).await;
    match patiently(item, ask).await {
        None => Ok(End::Stopped),
        Some(reply) if reply.status == 201 => Ok(End::Done),
        Some(reply) => {
            let error = reply.error();
            // It was given up meanwhile, or what it became is not there any more.
            let is_gone = matches!(reply.status, 404 | 409) && error.kind != ErrorKind::Exists;
            if is_gone { Ok(End::GivenUp) } else { Err(error) }
        }
    }
}

/// Has what was sent of a file removed. Where that fails, the parts are removed when nobody has taken them up again.
pub(super) async fn give_up(item: &Item) {
    let Some(Some(upload)) = item.upload.try_get_untracked() else { return };
    let file_query = [("fileName", item.file_name.as_str())];
    let address = query_string::address(&format!("/upload/parts/{upload}"), &file_query);
    request("DELETE", &address, &Body::Nothing, |_| {}).await;
    item.upload.try_set(None);
}

/// Asks until there is an answer that does not pass by itself. None where somebody stops it meanwhile.
async fn patiently(item: &Item, ask: impl AsyncFn() -> Reply) -> Option<Reply> {
    let mut wait = FIRST_WAIT;
    loop {
        if !item.goes_on() {
            return None;
        }
        let reply = ask().await;
        if !item.goes_on() {
            return None;
        }
        if !reply.passes() {
            item.state.set(Sent::Sending);
            return Some(reply);
        }
        if reply.status == 0 {
            item.state.set(Sent::Waiting);
        }
        let pause = reply.retry_after.map_or(wait, |seconds| seconds.saturating_mul(1_000)).min(LONGEST_WAIT);
        sleep(pause).await;
        wait = wait.saturating_mul(2).min(LONGEST_WAIT);
    }
}

async fn sleep(millis: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        // A window always has timers.
        window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis).ok();
    });
    // A promise of a timer is never rejected.
    JsFuture::from(promise).await.ok();
}

fn unreadable() -> AppError {
    let message = "The browser cannot read the file any more.";
    AppError::new(ErrorKind::Invalid, message, "It may have been moved or changed; pick it again.")
}

fn slice(file: &File, from: f64, to: f64) -> Result<Blob, AppError> {
    file.slice_with_f64_and_f64(from, to).map_err(|_| unreadable())
}

async fn content(file: &File, from: f64, to: f64) -> Result<Vec<u8>, AppError> {
    let buffer = JsFuture::from(slice(file, from, to)?.array_buffer()).await.map_err(|_| unreadable())?;
    Ok(js_sys::Uint8Array::new(&buffer).to_vec())
}

enum Body<'a> {
    Nothing,
    Json(&'a str),
    /// A part with its checksum.
    Part(&'a Blob, &'a str),
}

/// Sends a request, and says how much of its body is sent.
async fn request(method: &str, address: &str, body: &Body<'_>, progress: impl Fn(u64) + 'static) -> Reply {
    sent(method, address, body, progress).await.unwrap_or(Reply {
        status: 0,
        body: String::new(),
        retry_after: None,
    })
}

async fn sent(
    method: &str,
    address: &str,
    body: &Body<'_>,
    progress: impl Fn(u64) + 'static,
) -> Result<Reply, JsValue> {
    let report =
        Closure::<dyn Fn(ProgressEvent)>::new(move |event: ProgressEvent| progress(whole(event.loaded())));
    let request = XmlHttpRequest::new()?;
    request.open_with_async(method, address, true)?;
    request.upload()?.set_onprogress(Some(report.as_ref().unchecked_ref()));
    // Whatever happens to it, a request ends with this event.
    let ended = js_sys::Promise::new(&mut |resolve, _| request.set_onloadend(Some(&resolve)));
    match body {
        Body::Nothing => request.send()?,
        Body::Json(text) => {
            request.set_request_header("content-type", "application/json")?;
            request.send_with_opt_str(Some(*text))?;
        }
        Body::Part(blob, checksum) => {
            request.set_request_header("content-type", "application/octet-stream")?;
            request.set_request_header("x-amz-checksum-sha256", checksum)?;
            request.send_with_opt_blob(Some(*blob))?;
        }
    }
    JsFuture::from(ended).await?;
    let retry_after = request.get_response_header("retry-after")?.and_then(|text| text.parse().ok());
    Ok(Reply { status: request.status()?, body: request.response_text()?.unwrap_or_default(), retry_after })
}

/// Bytes as base64 (RFC 4648).
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for group in bytes.chunks(3) {
        let value = group.iter().fold(0_u32, |value, byte| (value << 8) | u32::from(*byte))
            << (8 * (3 - group.len()));
        for place in 0..4 {
            let letter = usize::try_from((value >> (18 - 6 * place)) & 63).unwrap_or_default();
            text.push(if place <= group.len() { char::from(LETTERS[letter]) } else { '=' });
        }
    }
    text
}
