//! The list of recordings with the place where files are dropped, and the page of one with its report.

pub mod address;
#[cfg(feature = "hydrate")]
mod dropping;
pub mod findings;
mod finer;
pub mod list;
pub mod on_their_way;
pub mod recording;
pub mod report;
#[cfg(feature = "hydrate")]
mod sending;
pub mod state;
pub mod tempo_and_key;
pub mod upload;

use crate::api::error::AppError;
use crate::components::state::answer_with_status;
use crate::model::release_file::FileUses;
use crate::model::tempo_and_key::TempoAndKeyForm;
use serde::{Deserialize, Serialize};

/// What came of a form that was sent without JavaScript.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct AudioOutcome {
    /// The files that it had.
    pub files: Vec<FileOutcome>,
    /// Why nothing could be done with it at all.
    pub error: Option<AppError>,
    /// What it said beside its files.
    pub typed: TypedUpload,
    /// What was stated of tempo and key, where it was that form.
    pub stated: Option<TempoAndKeyForm>,
}

/// What a form with files says beside them, which it keeps when something of it was refused.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TypedUpload {
    /// The folder into which they go.
    pub folder: String,
    /// Whether files of the same name are replaced. Whether masters of releases are is asked anew each time.
    pub overwrite: bool,
}

/// What came of a file of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FileOutcome {
    /// Its name on the sender's side.
    pub name: String,
    /// Why it was refused; none where it was stored.
    pub error: Option<AppError>,
    /// Where it would have replaced one that releases name: which releases.
    pub uses: Option<FileUses>,
}

impl AudioOutcome {
    /// What came of the form whose answer the page is, if it is one; the answer gets its status.
    fn of_request() -> Option<Self> {
        let outcome = leptos::prelude::use_context::<Self>()?;
        let refused = outcome.files.iter().find_map(|file| file.error.as_ref());
        if let Some(error) = outcome.error.as_ref().or(refused) {
            answer_with_status(error);
        }
        Some(outcome)
    }
}
