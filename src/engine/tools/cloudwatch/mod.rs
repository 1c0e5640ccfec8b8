//! The server `cloudwatch`: logs, what people did, and metrics.

mod analyze_activity;
mod performance_logs;
mod performance_metrics;
mod range;

pub use analyze_activity::{AnalyzeUserActivity, UserActivityInput};
pub use performance_logs::QueryPerformanceLogs;
pub use performance_metrics::GetPerformanceMetrics;
pub(super) use range::{log_query, time_range};
