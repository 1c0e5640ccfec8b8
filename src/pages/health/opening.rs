//! What the page is opened with.

use crate::api::error::AppError;
use crate::api::fleet::view_fleet;
use crate::model::fleet::FleetView;
use serde::{Deserialize, Serialize};

/// Given by the web layer as context when a button was pressed and it could not be done.
#[derive(Debug, Clone, PartialEq)]
pub struct FailedChange(pub AppError);

/// The servers, and what went wrong with a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Opening {
    /// The servers.
    pub fleet: FleetView,
    /// Why a change was not made.
    pub failed: Option<AppError>,
}

/// Reads the fleet, or one server of it.
pub(super) async fn open(server: Option<String>, failed: Option<FailedChange>) -> Result<Opening, AppError> {
    let failed = failed.map(|FailedChange(error)| error);
    if let Some(error) = &failed {
        crate::components::state::answer_with_status(error);
    }
    Ok(Opening { fleet: view_fleet(server).await?, failed })
}
