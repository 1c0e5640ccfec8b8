//! Release strategy: what a release did, when the next one should come out, and how to promote it.

mod deadlines;
mod figures;
mod insights;
mod promotion;
mod recommend;
pub(super) mod rules;

pub use insights::GenerateReleaseInsights;
pub use promotion::PlanPromotion;
pub use recommend::RecommendReleaseDate;
