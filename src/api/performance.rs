//! How fast, how busy and how expensive the tools are.

use super::error::AppError;
use crate::model::performance::{PerformancePicture, PerformanceRequest};
use leptos::prelude::*;

/// The figures of a range with their charts.
///
/// # Errors
/// `Invalid` where the range cannot be read; else when `CloudWatch` cannot be reached.
#[server(prefix = "/fn", endpoint = "performance", input = leptos::server_fn::codec::Json)]
pub async fn view_performance(request: PerformanceRequest) -> Result<PerformancePicture, AppError> {
    use crate::engine::charts;
    use crate::engine::tools::views::ViewPerformance;
    let view = super::caller::caller()?.call::<ViewPerformance>(request).await?;
    let read_at = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    Ok(PerformancePicture { charts: charts::of_performance(&view), view, read_at })
}
