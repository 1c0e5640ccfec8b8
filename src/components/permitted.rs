//! What the viewer may use, so that menus and pages offer nothing that would be refused.
//!
//! The server asks the policy when a page is loaded. What is used all the same is refused at the door.

use super::preferences::Preferences;
use leptos::prelude::with_context;

/// The operations that menus and pages ask about.
pub const ASKED: [&str; 43] = [
    "label_overview",
    "start_task",
    "browse_artists",
    "browse_releases",
    "check_release",
    "waive_finding",
    "update_artist_data",
    "update_release_data",
    "update_track_data",
    "view_release_splits",
    "set_release_splits",
    "browse_contracts",
    "set_contract_terms",
    "browse_recordings",
    "process_recording",
    "state_tempo_and_key",
    "begin_upload",
    "upload_audio_stream",
    "upload_artwork",
    "view_artist_analysis",
    "view_comparison",
    "view_market",
    "view_release_insights",
    "view_release_dates",
    "view_release_calendar",
    "view_promotion_plan",
    "view_royalties",
    "set_exchange_rate",
    "list_imports",
    "fetch_figures",
    "browse_knowledge",
    "browse_knowledge_documents",
    "upload_knowledge_document",
    "remove_knowledge_document",
    "view_fleet",
    "drain_server",
    "view_performance",
    "search_logs",
    "view_policy",
    "view_settings",
    "view_audit",
    "list_users",
    "list_keys",
];

/// Whether the viewer may use an operation that is [`ASKED`] about. It is said where a component begins.
pub fn may(operation: &str) -> bool {
    let is_permitted = |preferences: &Preferences| {
        let viewer = preferences.viewer.as_ref();
        viewer.is_some_and(|viewer| viewer.may.iter().any(|permitted| permitted == operation))
    };
    // Menus ask dozens of times: nothing is copied for it.
    with_context(is_permitted).unwrap_or_default()
}
