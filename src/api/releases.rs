//! The list of releases and the page of one.

use super::error::AppError;
use crate::model::identifier::ReleaseId;
use crate::model::list::{ReleaseList, ReleaseQuery};
use crate::model::promotion::PromotionPlan;
use crate::model::release::ReleaseDetail;
use crate::model::release_dates::RecommendedDates;
use crate::model::release_insights::DrawnInsights;
use crate::model::royalties::ReleaseMoney;
use crate::model::splits::KnownSplits;
use leptos::prelude::*;

/// One page of the list.
///
/// # Errors
/// When the catalogue cannot be read.
#[server(prefix = "/fn", endpoint = "releases", input = leptos::server_fn::codec::Json)]
pub async fn browse_releases(query: ReleaseQuery) -> Result<ReleaseList, AppError> {
    use crate::engine::tools::views::BrowseReleases;
    super::caller::caller()?.call::<BrowseReleases>(query).await
}

/// All that the page of a release shows.
///
/// # Errors
/// `NotFound` when there is no such release.
#[server(prefix = "/fn", endpoint = "release", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_release(release_id: ReleaseId) -> Result<ReleaseDetail, AppError> {
    use crate::engine::tools::views::ViewRelease;
    super::caller::caller()?.call::<ViewRelease>(release_id).await
}

/// What a release did, against the artist's own past.
///
/// # Errors
/// `NotFound` when there is no such release.
#[server(prefix = "/fn", endpoint = "release-insights", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_release_insights(release_id: ReleaseId) -> Result<DrawnInsights, AppError> {
    use crate::engine::charts;
    use crate::engine::tools::music::planning::ReleaseInsightsInput;
    use crate::engine::tools::views::ViewReleaseInsights;
    let input = ReleaseInsightsInput { release_id: release_id.to_string() };
    let insights = super::caller::caller()?.call::<ViewReleaseInsights>(input).await?;
    Ok(DrawnInsights { chart: charts::of_release(&insights), insights })
}

/// When a release should come out, and what must be in order first.
///
/// # Errors
/// `NotFound` when there is no such release.
#[server(prefix = "/fn", endpoint = "release-dates", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_release_dates(release_id: ReleaseId) -> Result<RecommendedDates, AppError> {
    use crate::engine::tools::music::planning::RecommendDateInput;
    use crate::engine::tools::views::ViewReleaseDates;
    let input = RecommendDateInput {
        release_id: Some(release_id.to_string()),
        artist_id: None,
        kind: None,
        ready_on: None,
        earliest: None,
        latest: None,
        lead_days: None,
    };
    super::caller::caller()?.call::<ViewReleaseDates>(input).await
}

/// How a release is promoted, with or without singles ahead of it.
///
/// # Errors
/// `NotFound` when there is no such release; `Invalid` when a single should have singles ahead of it.
#[server(prefix = "/fn", endpoint = "promotion-plan", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_promotion_plan(release_id: ReleaseId, waterfall: bool) -> Result<PromotionPlan, AppError> {
    use crate::engine::tools::music::planning::{PlanKind, PlanPromotionInput};
    use crate::engine::tools::views::ViewPromotionPlan;
    let kind = if waterfall { PlanKind::Waterfall } else { PlanKind::Promotion };
    let input = PlanPromotionInput { release_id: release_id.to_string(), kind, singles: None };
    super::caller::caller()?.call::<ViewPromotionPlan>(input).await
}

/// The statement of the artist of a release.
///
/// # Errors
/// `NotFound` when there is no such release.
#[server(prefix = "/fn", endpoint = "release-money", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_release_money(release_id: ReleaseId) -> Result<ReleaseMoney, AppError> {
    use crate::engine::tools::music::royalties::RoyaltiesInput;
    use crate::engine::tools::views::{ViewRelease, ViewRoyalties};
    let detail = super::caller::caller()?.call::<ViewRelease>(release_id).await?;
    let input = RoyaltiesInput {
        artist_id: Some(detail.release.artist_id.to_string()),
        from: None,
        to: None,
        what_if: None,
        mechanicals: None,
    };
    Ok(match super::caller::caller()?.call_if_there::<ViewRoyalties>(input).await? {
        Ok(answer) => ReleaseMoney { answer: Some(answer), reason: None },
        Err(reason) => ReleaseMoney { answer: None, reason: Some(reason) },
    })
}

/// Who shares in what a release earns.
///
/// # Errors
/// When the splits cannot be read.
#[server(prefix = "/fn", endpoint = "release-splits", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_release_splits(release_id: ReleaseId) -> Result<KnownSplits, AppError> {
    use crate::engine::tools::views::ViewReleaseSplits;
    super::caller::caller()?.call::<ViewReleaseSplits>(release_id).await
}
