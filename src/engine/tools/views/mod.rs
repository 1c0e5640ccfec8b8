//! What pages read: lists, details, the overview and files, each one operation behind the door.

mod alarms;
mod approvals;
mod artists;
mod audit;
mod audit_people;
mod audit_records;
mod audit_tail;
mod comparison;
mod contracts;
mod craft;
mod drains;
mod engagement;
mod figures;
mod file_reading;
mod files;
mod fleet;
mod fleet_history;
mod keys;
mod knowledge;
mod knowledge_entries;
mod log_queries;
mod log_search;
mod long_calls;
mod names;
mod overview;
mod performance;
mod policy;
mod policy_review;
mod query_ownership;
mod recording_statement;
mod recordings;
mod release_files;
mod releases;
mod roster;
mod saved_queries;
mod saved_views;
mod settings;
mod shelf;
mod splits;
mod task_templates;
mod versions;
mod waivers;
mod weekly_report;

pub(crate) use alarms::ListAlarms;
pub use approvals::{Approval, Approvals, ApproveTool, ApproveToolInput};
pub use artists::{BrowseArtists, ViewArtist};
pub(in crate::engine::tools) use audit::MOST_LOOKED_AT;
pub use audit::{
    EraseAuditPayloads, EraseAuditPayloadsInput, ExportAudit, ExportAuditInput, VerifyRecord,
    VerifyRecordInput, ViewAudit,
};
pub use audit_records::AuditRecords;
pub use audit_tail::{AuditTail, FollowAudit};
pub use comparison::ViewComparison;
pub use contracts::{BrowseContracts, ContractInput, SetContractTerms, SetTermsInput, ViewContract};
pub use craft::{
    ViewArtistAnalysis, ViewMarket, ViewPromotionPlan, ViewReleaseDates, ViewReleaseInsights, ViewRoyalties,
};
pub use drains::{DrainServer, Drainable, Drains, EnableServer};
pub use file_reading::{FileContent, ListFiles, ListFilesInput, ReadFile, ReadFileInput};
pub use files::{OpenFile, OpenFileInput};
pub use fleet::{ViewFleet, ViewFleetInput};
pub use fleet_history::DayCounts;
pub use keys::{CreateKey, CreateKeyInput, ListKeys, ListOwnKeys, RevokeKey, RevokeOwnKey};
pub use knowledge::{BrowseDocuments, BrowseKnowledge, OpenKnowledgeSource};
pub use knowledge_entries::{EntryNames, ListKnowledgeEntries, ListKnowledgeEntriesInput};
pub use log_queries::{ListLogGroups, ReadLogHistogram, ReadLogQuery, StartLogQuery, StopLogQuery};
pub use log_search::SearchLogs;
pub use long_calls::{AnswerLongCall, AnswerLongCallInput, StopLongCall, ViewLongCall};
pub use names::{FindNames, FindNamesInput, NameKind, Named};
pub use overview::LabelOverview;
pub use performance::ViewPerformance;
pub use policy::{
    ChangeModeInput, ChangePolicy, ChangePolicyInput, ChangeSecurityMode, TryPolicy, TryPolicyInput,
    ViewPolicy, ViewPolicyInput, former_policy, stored_policy,
};
pub use policy_review::{RecordedCall, RecordedCalls, ReviewPolicy, ReviewPolicyInput};
pub use recording_statement::{StateTempoAndKey, StateTempoAndKeyInput};
pub use recordings::{BrowseRecordings, ProcessRecording, ViewRecording, located, recording_id};
pub(in crate::engine::tools) use release_files::place_in_release;
pub use release_files::{PlanReleaseFile, ViewFileUses};
pub use releases::{BrowseReleases, ViewRelease};
pub use saved_queries::{ListSavedQueries, RemoveSavedQuery, SaveQuery};
pub use saved_views::{RemoveArtistView, SaveArtistView};
pub use settings::{
    CallBudget, ChangeLimits, ChangeLimitsInput, ViewOwnLimits, ViewOwnLimitsInput, ViewSettings,
    ViewSettingsInput, stored_limits,
};
pub use splits::{SetReleaseSplits, SetSplitsInput, ViewReleaseSplits};
pub use task_templates::{ListTaskTemplates, RemoveTaskTemplate, RenameTaskTemplate, SaveTaskTemplate};
pub(in crate::engine::tools) use waivers::FINGERPRINT;
pub use waivers::{TakeBackWaiver, WaiveFinding, WaiverInput};
pub use weekly_report::ViewWeeklyReport;
