//! The calendar of the roster.

use super::error::AppError;
use crate::model::release_calendar::{CalendarQuestion, ReleaseCalendar};
use leptos::prelude::*;

/// A month of the calendar.
///
/// # Errors
/// When the catalogue cannot be read.
#[server(prefix = "/fn", endpoint = "release-calendar", input = leptos::server_fn::codec::Json)]
pub async fn view_calendar(question: CalendarQuestion) -> Result<ReleaseCalendar, AppError> {
    use crate::engine::tools::music::planning::ViewReleaseCalendar;
    super::caller::caller()?.call::<ViewReleaseCalendar>(question).await
}
