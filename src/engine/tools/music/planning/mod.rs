//! Release strategy: what a release did, when the next one should come out, and how to promote it.

mod calendar;
mod check_release;
mod deadlines;
mod figures;
mod insights;
mod measure;
mod own_tracks;
mod plan_waterfall;
mod promotion;
mod recommend;
pub(super) mod rules;

pub use calendar::ViewReleaseCalendar;
pub use check_release::{CheckRelease, CheckReleaseInput};
pub use insights::{GenerateReleaseInsights, ReleaseInsightsInput};
pub use plan_waterfall::{PlanWaterfall, PlanWaterfallInput};
pub use promotion::{PlanKind, PlanPromotion, PlanPromotionInput};
pub use recommend::{RecommendDateInput, RecommendReleaseDate};

use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::tools::choices;
use crate::model::tool::AwsResource;

/// What each of these tools reads: the release and those beside it, its artist, and the artist's figures.
fn what_is_read(catalog: &Catalog) -> [AwsResource; 4] {
    [
        choices::dynamodb("GetItem", catalog.table(TableRole::Releases)),
        choices::dynamodb("Scan", catalog.table(TableRole::Releases)),
        choices::dynamodb("GetItem", catalog.table(TableRole::Artists)),
        choices::dynamodb("Query", catalog.table(TableRole::Analytics)),
    ]
}
