//! The pages of imports: bringing a file, and everything about one that was brought.
//!
//! Files are sent and decided about by plain forms to the page's own address, so that all of it works without
//! JavaScript; with it, a page whose import goes on by itself looks again every two seconds.

pub mod list;
pub mod mapping;
pub mod one;
mod problems;
pub mod state;

use crate::api::error::AppError;
use crate::components::state::answer_with_status;
use leptos::prelude::use_context;

/// Where the imports are.
pub(crate) const PATH: &str = "/imports";

/// Where figures are fetched from the source.
pub(crate) const FETCH: &str = "/imports/fetch";

/// The field of the file.
pub(crate) const FILE: &str = "file";

/// Where an import is.
pub(crate) fn address_of(id: &str) -> String {
    format!("{PATH}/{id}")
}

/// A form that came to nothing, as context of the page that is the answer.
#[derive(Debug, Clone)]
pub struct ImportRefused(pub AppError);

impl ImportRefused {
    /// What the request that is being answered came to; the answer gets its status.
    fn of_request() -> Option<AppError> {
        let Self(error) = use_context::<Self>()?;
        answer_with_status(&error);
        Some(error)
    }
}
