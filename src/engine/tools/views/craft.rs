//! The analyses of the server `music` as pages read them: the same implementation behind the same door, without
//! counting against the limits of calls, as what pages show does not.

use crate::engine::catalog::Catalog;
use crate::engine::tools::music::planning::{GenerateReleaseInsights, PlanPromotion, RecommendReleaseDate};
use crate::engine::tools::music::royalties::CalculateRoyalties;
use crate::engine::tools::music::{AnalyzeArtistPerformance, IdentifyGenreTrends};
use crate::engine::tools::{Class, Context, Effect, Operation, Subject, ToolError};
use crate::model::tool::AwsResource;

/// An operation of a page for each tool.
macro_rules! of_pages {
    ($($(#[$doc:meta])* $page:ident, $name:literal => $tool:ty;)*) => {$(
        $(#[$doc])*
        pub struct $page;

        impl Operation for $page {
            const NAME: &'static str = $name;
            const EFFECT: Effect = Effect::Reads;
            const CLASS: Class = Class::Page;
            const SCOPED: bool = <$tool as Operation>::SCOPED;
            type Input = <$tool as Operation>::Input;
            type Output = <$tool as Operation>::Output;

            fn resources(input: &Self::Input, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
                <$tool as Operation>::resources(input, catalog)
            }

            fn subject(input: &Self::Input) -> Subject {
                <$tool as Operation>::subject(input)
            }

            async fn run(input: Self::Input, context: Context) -> Result<Self::Output, ToolError> {
                <$tool as Operation>::run(input, context).await
            }
        }
    )*};
}

of_pages! {
    /// What happened to an artist's figures, on the artist's page.
    ViewArtistAnalysis, "view_artist_analysis" => AnalyzeArtistPerformance;
    /// How genres and territories move.
    ViewMarket, "view_market" => IdentifyGenreTrends;
    /// What a release did, on its page.
    ViewReleaseInsights, "view_release_insights" => GenerateReleaseInsights;
    /// When a release should come out, on its page.
    ViewReleaseDates, "view_release_dates" => RecommendReleaseDate;
    /// How a release is promoted, on its page.
    ViewPromotionPlan, "view_promotion_plan" => PlanPromotion;
    /// An artist's statement of royalties.
    ViewRoyalties, "view_royalties" => CalculateRoyalties;
}
