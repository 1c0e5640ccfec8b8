//! Server functions, a file for each area: the seam between the face and the engine.
//!
//! Each is thin: who is asking → is the request well formed → one call at the gateway → map the error.

#[cfg_attr(
    feature = "ssr",
    expect(clippy::unused_async, reason = "server functions are async in the browser")
)]
pub mod account;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod artist_views;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod artists;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod audio;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod audit;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod automation;
#[cfg(feature = "ssr")]
mod caller;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod checks;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod contracts;
pub mod error;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
#[cfg_attr(
    feature = "ssr",
    expect(clippy::unused_async, reason = "server functions are async in the browser")
)]
pub mod fleet;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod imports;
pub mod keys;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
#[cfg_attr(
    feature = "ssr",
    expect(clippy::unused_async, reason = "server functions are async in the browser")
)]
pub mod knowledge;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod log_search;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod logs;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod market;
pub mod overview;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod own_account;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod performance;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod policy;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod release_calendar;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod release_files;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod releases;
pub mod settings;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod statements;
pub mod task_templates;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod tasks;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
#[cfg_attr(
    feature = "ssr",
    expect(clippy::unused_async, reason = "server functions are async in the browser")
)]
pub mod tools;
#[expect(missing_docs, reason = "the server macro makes an undocumented public field of each argument")]
pub mod users;
