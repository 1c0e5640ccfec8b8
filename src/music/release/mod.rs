//! When to release and what a release did: pure, over rules that the caller brings from the knowledge base.

pub mod calendar;
pub mod curve;
pub mod percentile;
pub mod pitch;
pub mod promotion;
pub mod rules;
#[cfg(feature = "ssr")]
pub mod timing;
pub mod track_days;
pub mod waterfall;
