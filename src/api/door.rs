//! Interim: answers until the engine stands behind the server functions.

use super::error::{AppError, ErrorKind};
use crate::model::artist::ArtistDetail;
use crate::model::identifier::{ArtistId, ReleaseId};
use crate::model::list::{ArtistList, ArtistQuery, ReleaseList, ReleaseQuery};
use crate::model::overview::Overview;
use crate::model::release::ReleaseDetail;
use crate::model::tool::{ToolDescription, ToolRun};

fn missing() -> AppError {
    AppError::new(ErrorKind::NotImplemented, "The engine is not connected yet.", "")
}

pub(crate) async fn label_overview() -> Result<Overview, AppError> {
    Err(missing())
}
pub(crate) async fn browse_artists(_: ArtistQuery) -> Result<ArtistList, AppError> {
    Err(missing())
}
pub(crate) async fn view_artist(_: ArtistId) -> Result<ArtistDetail, AppError> {
    Err(missing())
}
pub(crate) async fn browse_releases(_: ReleaseQuery) -> Result<ReleaseList, AppError> {
    Err(missing())
}
pub(crate) async fn view_release(_: ReleaseId) -> Result<ReleaseDetail, AppError> {
    Err(missing())
}
pub(crate) async fn list_tools() -> Result<Vec<ToolDescription>, AppError> {
    Err(missing())
}
pub(crate) async fn run_tool(_: String, _: String) -> Result<ToolRun, AppError> {
    Err(missing())
}
