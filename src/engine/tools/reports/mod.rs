//! Tools of the server `music` that answer a workflow with what a page shows: the label's week, a contract, the
//! health of the services, and who has used a file. What is worked out for the page is worked out once.

mod asset_access;
mod contract_summary;
mod system_health;
mod weekly_report;

pub use asset_access::{AssetAccessInput, FindAssetAccess};
pub use contract_summary::SummarizeContract;
pub use system_health::{CheckSystemHealth, SystemHealthInput};
pub use weekly_report::{GenerateWeeklyReport, WeeklyReportInput};
