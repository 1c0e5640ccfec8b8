//! Who may use which operation, as a table. The built-in policies are made from it, and what has no row is
//! permitted to nobody.

use super::Kind;
use crate::engine::gateway::Role;
use Access::{No, Own, Yes};
use Kind::{Bucket, Database, KnowledgeBase, LogGroup, Metrics, Model, Table};
use Part::{Administration, Bedrock, CloudWatch, DynamoDb, Foreign, Music, Pages, Rds, S3};

/// What a role may do with an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Use it for everything.
    Yes,
    /// Use it for artists of one's own.
    Own,
    /// Not use it.
    No,
}

/// What an operation belongs to. A policy may name it in place of each operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Bedrock,
    S3,
    DynamoDb,
    CloudWatch,
    Rds,
    Music,
    /// What pages are made of.
    Pages,
    /// What admins do to Patchline itself.
    Administration,
    /// The tools of third parties.
    Foreign,
}

impl Part {
    pub(super) const ALL: [Part; 9] =
        [Bedrock, S3, DynamoDb, CloudWatch, Rds, Music, Pages, Administration, Foreign];

    pub(super) fn id(self) -> &'static str {
        match self {
            Bedrock => "bedrock",
            S3 => "s3",
            DynamoDb => "dynamodb",
            CloudWatch => "cloudwatch",
            Rds => "rds",
            Music => "music",
            Pages => "pages",
            Administration => "administration",
            Foreign => "third parties",
        }
    }
}

/// A row of the table.
#[derive(Debug)]
pub struct Permission {
    /// The name of the operation at the door.
    pub operation: &'static str,
    pub(super) part: Part,
    /// The kinds of places that it touches.
    pub(super) touches: &'static [Kind],
    /// Artist, producer, manager, label.
    others: [Access; 4],
}

impl Permission {
    /// The kinds of places that it touches, the most important first.
    pub fn places(&self) -> impl Iterator<Item = Kind> {
        self.touches.iter().copied()
    }

    /// What a role may do with the operation. Admins may use everything.
    pub fn access(&self, role: Role) -> Access {
        let [artist, producer, manager, label] = self.others;
        match role {
            Role::Artist => artist,
            Role::Producer => producer,
            Role::Manager => manager,
            Role::Label => label,
            Role::Admin => Yes,
        }
    }
}

/// The action of every tool of a third party, and of names that nobody knows.
pub(super) const FOREIGN: &str = "call_third_party_tool";

const fn row(
    operation: &'static str,
    part: Part,
    touches: &'static [Kind],
    others: [Access; 4],
) -> Permission {
    Permission { operation, part, touches, others }
}

/// Every operation that there is.
#[rustfmt::skip]
pub const PERMISSIONS: &[Permission] = &[
    //  operation                     part            touches                    artist producer manager label
    row("music_knowledge_search",     Bedrock,        &[KnowledgeBase],          [Yes,  Yes,     Yes,    Yes]),
    row("generate_music_insights",    Bedrock,        &[KnowledgeBase, Model],   [Yes,  Yes,     Yes,    Yes]),
    row("list_knowledge_bases",       Bedrock,        &[KnowledgeBase],          [Yes,  Yes,     Yes,    Yes]),
    row("add_knowledge_document",     Bedrock,        &[KnowledgeBase],          [No,   No,      No,     Yes]),
    row("upload_knowledge_document",  Bedrock,        &[KnowledgeBase],          [No,   No,      No,     Yes]),
    row("list_knowledge_documents",   Bedrock,        &[KnowledgeBase],          [No,   No,      Yes,    Yes]),
    row("remove_knowledge_document",  Bedrock,        &[KnowledgeBase],          [No,   No,      No,     Yes]),
    row("list_knowledge_entries",     Bedrock,        &[KnowledgeBase],          [Yes,  Yes,     Yes,    Yes]),
    row("ask_model_for_task",         Bedrock,        &[Model],                  [Yes,  Yes,     Yes,    Yes]),
    row("upload_audio_file",          S3,             &[Bucket],                 [Own,  Yes,     No,     Yes]),
    row("upload_audio_stream",        S3,             &[Bucket],                 [Own,  Yes,     No,     Yes]),
    row("create_upload_url",          S3,             &[Bucket],                 [Own,  Yes,     No,     Yes]),
    row("begin_upload",               S3,             &[Bucket],                 [Own,  Yes,     No,     Yes]),
    row("upload_part",                S3,             &[Bucket],                 [Own,  Yes,     No,     Yes]),
    row("finish_upload",              S3,             &[Bucket],                 [Own,  Yes,     No,     Yes]),
    row("cancel_upload",              S3,             &[Bucket],                 [Own,  Yes,     No,     Yes]),
    row("get_audio_file",             S3,             &[Bucket],                 [Own,  Yes,     Own,    Yes]),
    row("list_audio_files",           S3,             &[Bucket],                 [Own,  Yes,     Own,    Yes]),
    row("upload_artwork",             S3,             &[Bucket],                 [Own,  Yes,     No,     Yes]),
    row("get_artwork",                S3,             &[Bucket],                 [Yes,  Yes,     Yes,    Yes]),
    row("store_contract",             S3,             &[Bucket, Table],          [No,   No,      No,     Yes]),
    row("get_contract",               S3,             &[Bucket],                 [No,   No,      Own,    Yes]),
    row("list_contracts",             S3,             &[Bucket],                 [No,   No,      Own,    Yes]),
    row("list_files",                 S3,             &[Bucket],                 [Own,  Yes,     Own,    Yes]),
    row("read_file",                  S3,             &[Bucket],                 [Own,  Yes,     Own,    Yes]),
    row("query_artist_data",          DynamoDb,       &[Table],                  [Own,  Yes,     Own,    Yes]),
    row("query_release_data",         DynamoDb,       &[Table],                  [Own,  Yes,     Own,    Yes]),
    row("update_artist_data",         DynamoDb,       &[Table],                  [No,   No,      Own,    Yes]),
    row("update_release_data",        DynamoDb,       &[Table],                  [No,   No,      Own,    Yes]),
    row("update_track_data",          DynamoDb,       &[Table],                  [No,   No,      Own,    Yes]),
    row("scan_analytics_data",        DynamoDb,       &[Table],                  [Own,  No,      Own,    Yes]),
    row("record_analytics",           DynamoDb,       &[Table],                  [No,   No,      No,     Yes]),
    row("query_performance_logs",     CloudWatch,     &[LogGroup],               [No,   No,      No,     No]),
    row("analyze_user_activity",      CloudWatch,     &[LogGroup],               [No,   No,      No,     No]),
    row("get_performance_metrics",    CloudWatch,     &[Metrics],                [No,   No,      No,     Yes]),
    row("list_database_instances",    Rds,            &[Database],               [No,   No,      No,     Yes]),
    row("query_database",             Rds,            &[Database],               [No,   No,      No,     Yes]),
    row("analyze_artist_performance", Music,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("compare_artists",            Music,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("identify_genre_trends",      Music,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("find_breakouts",             Music,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("explain_change",             Music,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("assess_stream_authenticity", Music,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("generate_release_insights",  Music,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("recommend_release_date",     Music,          &[Table, Bucket],          [Own,  No,      Own,    Yes]),
    row("plan_promotion",             Music,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("plan_waterfall",             Music,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("calculate_royalties",        Music,          &[Table, Database],        [No,   No,      No,     Yes]),
    row("summarize_earnings",         Music,          &[Table, Database],        [No,   No,      No,     Yes]),
    row("generate_weekly_report",     Music,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("check_system_health",        Music,          &[Table],                  [No,   No,      No,     Yes]),
    row("process_audio",              Music,          &[Bucket],                 [Own,  Yes,     Own,    Yes]),
    row("get_waveform",               Music,          &[Bucket],                 [Own,  Yes,     Own,    Yes]),
    row("check_artwork",              Music,          &[Bucket],                 [Own,  Yes,     Own,    Yes]),
    row("open_spectrogram",           Music,          &[Bucket],                 [Own,  Yes,     Own,    Yes]),
    row("check_release",              Music,          &[Table, Bucket],          [Own,  Yes,     Own,    Yes]),
    row("summarize_contract",         Music,          &[Bucket],                 [No,   No,      Own,    Yes]),
    row("find_asset_access",          Music,          &[Bucket, Table],          [No,   No,      No,     Yes]),
    row(FOREIGN,                      Foreign,        &[],                       [No,   No,      No,     Yes]),
    row("label_overview",             Pages,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("browse_artists",             Pages,          &[Table],                  [Own,  Yes,     Own,    Yes]),
    row("view_artist",                Pages,          &[Table],                  [Own,  Yes,     Own,    Yes]),
    row("browse_releases",            Pages,          &[Table],                  [Own,  Yes,     Own,    Yes]),
    row("view_release",               Pages,          &[Table],                  [Own,  Yes,     Own,    Yes]),
    row("view_file_uses",             Pages,          &[Table],                  [Own,  Yes,     Own,    Yes]),
    row("plan_release_file",          Pages,          &[Table],                  [Own,  Yes,     Own,    Yes]),
    row("name_release_file",          Pages,          &[Table, Bucket],          [Own,  Yes,     Own,    Yes]),
    row("waive_finding",              Pages,          &[Table],                  [No,   No,      No,     Yes]),
    row("take_back_waiver",           Pages,          &[Table],                  [No,   No,      No,     Yes]),
    row("view_release_splits",        Pages,          &[Table],                  [No,   No,      Own,    Yes]),
    row("set_release_splits",         Pages,          &[Table],                  [No,   No,      No,     Yes]),
    row("browse_contracts",           Pages,          &[Bucket, Table],          [No,   No,      Own,    Yes]),
    row("view_contract",              Pages,          &[Bucket],                 [No,   No,      Own,    Yes]),
    row("set_contract_terms",         Pages,          &[Bucket, Table],          [No,   No,      No,     Yes]),
    row("save_artist_view",           Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("remove_artist_view",         Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("list_task_templates",        Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("save_task_template",         Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("rename_task_template",       Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("remove_task_template",       Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("view_artist_analysis",       Pages,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("view_comparison",            Pages,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("view_market",                Pages,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("view_release_insights",      Pages,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("view_release_dates",         Pages,          &[Table, Bucket],          [Own,  No,      Own,    Yes]),
    row("view_release_calendar",      Pages,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("view_promotion_plan",        Pages,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("view_weekly_report",         Pages,          &[Table],                  [Own,  No,      Own,    Yes]),
    row("view_royalties",             Pages,          &[Table, Database],        [No,   No,      No,     Yes]),
    row("view_statement_inputs",      Pages,          &[Table, Database],        [No,   No,      No,     Yes]),
    row("view_unsettled_lines",       Pages,          &[Table, Database],        [No,   No,      No,     Yes]),
    row("set_exchange_rate",          Pages,          &[Table],                  [No,   No,      No,     Yes]),
    row("find_names",                 Pages,          &[Table],                  [Own,  Yes,     Own,    Yes]),
    row("open_file",                  Pages,          &[Bucket],                 [Own,  Yes,     Own,    Yes]),
    row("browse_recordings",          Pages,          &[Table],                  [Own,  Yes,     Own,    Yes]),
    row("view_recording",             Pages,          &[Bucket],                 [Own,  Yes,     Own,    Yes]),
    row("process_recording",          Pages,          &[Bucket],                 [Own,  Yes,     No,     Yes]),
    row("state_tempo_and_key",        Pages,          &[Bucket],                 [Own,  Yes,     No,     Yes]),
    row("browse_knowledge",           Pages,          &[KnowledgeBase],          [Yes,  Yes,     Yes,    Yes]),
    row("open_knowledge_source",      Pages,          &[KnowledgeBase],          [Yes,  Yes,     Yes,    Yes]),
    row("browse_knowledge_documents", Pages,          &[KnowledgeBase],          [No,   No,      Yes,    Yes]),
    row("view_long_call",             Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("answer_long_call",           Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("stop_long_call",             Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("list_known_names",           Pages,          &[Table],                  [Own,  Yes,     Own,    Yes]),
    row("start_task",                 Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("view_task",                  Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("list_tasks",                 Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("decide_task",                Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("share_task",                 Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("stop_sharing_task",          Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("view_task_sharing",          Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("view_shared_task",           Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("list_automations",           Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("view_automation",            Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("create_automation",          Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("change_automation",          Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("pause_automation",           Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("delete_automation",          Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("run_automation_now",         Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("send_notice",                Pages,          &[],                       [Yes,  Yes,     Yes,    Yes]),
    row("list_alarms",                Pages,          &[Metrics],                [No,   No,      No,     Yes]),
    row("list_imports",               Pages,          &[Table],                  [No,   No,      Own,    Yes]),
    row("view_import",                Pages,          &[Table],                  [No,   No,      Own,    Yes]),
    row("read_import_problems",       Pages,          &[Table, Bucket],          [No,   No,      Own,    Yes]),
    row("begin_import",               Pages,          &[Bucket, Table],          [No,   No,      Own,    Yes]),
    row("fetch_figures",              Pages,          &[Bucket, Table],          [No,   No,      No,     Yes]),
    row("preview_import",             Pages,          &[Table],                  [No,   No,      Own,    Yes]),
    row("map_import",                 Pages,          &[Table],                  [No,   No,      Own,    Yes]),
    row("run_import",                 Pages,          &[Table, Bucket],          [No,   No,      Own,    Yes]),
    row("undo_import",                Pages,          &[Table, Bucket],          [No,   No,      Own,    Yes]),
    row("create_key",                 Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("list_own_keys",              Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("revoke_own_key",             Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("view_fleet",                 Pages,          &[Table],                  [No,   No,      No,     Yes]),
    row("view_performance",           Pages,          &[Metrics],                [No,   No,      No,     Yes]),
    row("search_logs",                Pages,          &[LogGroup],               [No,   No,      No,     No]),
    row("start_log_query",            Pages,          &[LogGroup],               [No,   No,      No,     No]),
    row("read_log_query",             Pages,          &[LogGroup],               [No,   No,      No,     No]),
    row("read_log_histogram",         Pages,          &[LogGroup],               [No,   No,      No,     No]),
    row("stop_log_query",             Pages,          &[LogGroup],               [No,   No,      No,     No]),
    row("list_log_groups",            Pages,          &[LogGroup],               [No,   No,      No,     No]),
    row("list_saved_queries",         Pages,          &[Table],                  [No,   No,      No,     No]),
    row("save_query",                 Pages,          &[Table],                  [No,   No,      No,     No]),
    row("remove_saved_query",         Pages,          &[Table],                  [No,   No,      No,     No]),
    row("view_account",               Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("view_own_activity",          Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("list_own_programs",          Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("end_own_session",            Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("sign_out_everywhere",        Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("view_own_limits",            Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("change_own_password",        Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("change_account_at_sign_in",  Pages,          &[Table],                  [Yes,  Yes,     Yes,    Yes]),
    row("list_users",                 Administration, &[Table],                  [No,   No,      No,     No]),
    row("add_user",                   Administration, &[Table],                  [No,   No,      No,     No]),
    row("set_user_role",              Administration, &[Table],                  [No,   No,      No,     No]),
    row("find_user_artists",          Administration, &[Table],                  [No,   No,      No,     No]),
    row("set_user_artists",           Administration, &[Table],                  [No,   No,      No,     No]),
    row("disable_user",               Administration, &[Table],                  [No,   No,      No,     No]),
    row("enable_user",                Administration, &[Table],                  [No,   No,      No,     No]),
    row("list_user_sessions",         Administration, &[Table],                  [No,   No,      No,     No]),
    row("end_user_session",           Administration, &[Table],                  [No,   No,      No,     No]),
    row("end_user_sessions",          Administration, &[Table],                  [No,   No,      No,     No]),
    row("make_password_link",         Administration, &[Table],                  [No,   No,      No,     No]),
    row("list_all_automations",       Administration, &[Table],                  [No,   No,      No,     No]),
    row("pause_any_automation",       Administration, &[Table],                  [No,   No,      No,     No]),
    row("drain_server",               Administration, &[Table],                  [No,   No,      No,     No]),
    row("enable_server",              Administration, &[Table],                  [No,   No,      No,     No]),
    row("approve_tool",               Administration, &[Table],                  [No,   No,      No,     No]),
    row("list_keys",                  Administration, &[Table],                  [No,   No,      No,     No]),
    row("revoke_key",                 Administration, &[Table],                  [No,   No,      No,     No]),
    row("view_policy",                Administration, &[Table],                  [No,   No,      No,     No]),
    row("try_policy",                 Administration, &[],                       [No,   No,      No,     No]),
    row("review_policy",              Administration, &[Table],                  [No,   No,      No,     No]),
    row("change_policy",              Administration, &[Table],                  [No,   No,      No,     No]),
    row("change_security_mode",       Administration, &[Table],                  [No,   No,      No,     No]),
    row("view_settings",              Administration, &[Table],                  [No,   No,      No,     No]),
    row("change_limits",              Administration, &[Table],                  [No,   No,      No,     No]),
    row("view_audit",                 Administration, &[Table],                  [No,   No,      No,     No]),
    row("follow_audit",               Administration, &[Table],                  [No,   No,      No,     No]),
    row("verify_record",              Administration, &[Table],                  [No,   No,      No,     No]),
    row("export_audit",               Administration, &[Table],                  [No,   No,      No,     No]),
    row("erase_audit_payloads",       Administration, &[Table],                  [No,   No,      No,     No]),
];

/// The row of an operation.
pub(super) fn of(operation: &str) -> Option<&'static Permission> {
    PERMISSIONS.iter().find(|permission| permission.operation == operation)
}

/// Whether an operation is what admins do to Patchline itself.
pub(in crate::engine::gateway) fn is_administration(operation: &str) -> bool {
    of(operation).is_some_and(|row| row.part == Administration)
}

/// Whether a role may use an operation for artists of one's own only.
pub fn is_for_own_artists(operation: &str, role: Role) -> bool {
    of(operation).is_some_and(|row| row.access(role) == Own)
}

/// The tools that rules may name, those of third parties as one.
pub fn nameable_tools() -> impl Iterator<Item = &'static str> {
    let tools = PERMISSIONS.iter().filter(|row| super::rules::is_of_a_server(row.part));
    tools.map(|row| row.operation)
}
