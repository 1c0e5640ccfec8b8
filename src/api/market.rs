//! The market as the label sees it, and the weekly report.

use super::error::AppError;
use crate::model::analysis::GenreTrends;
use crate::model::weekly_report::{WeekQuestion, WeeklyReport};
use leptos::prelude::*;

/// How genres move, everywhere or in a territory, and who stands out.
///
/// # Errors
/// `Invalid` when the territory is none, or there are too few or too many days.
#[server(prefix = "/fn", endpoint = "market", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_trends(
    genre: Option<String>,
    territory: Option<String>,
    days: u32,
) -> Result<GenreTrends, AppError> {
    use crate::engine::tools::music::GenreTrendsInput;
    use crate::engine::tools::views::ViewMarket;
    let days = days.clamp(56, 120);
    let input = GenreTrendsInput { genre, territory, days, by_territory: false };
    super::caller::caller()?.call::<ViewMarket>(input).await
}

/// A week of the label.
///
/// # Errors
/// `Invalid` when the figures of the week are not at hand.
#[server(prefix = "/fn", endpoint = "weekly-report", input = leptos::server_fn::codec::Json)]
pub async fn view_week(question: WeekQuestion) -> Result<WeeklyReport, AppError> {
    use crate::engine::tools::views::ViewWeeklyReport;
    super::caller::caller()?.call::<ViewWeeklyReport>(question).await
}
