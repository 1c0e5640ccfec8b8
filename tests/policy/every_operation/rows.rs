//! What must happen with each operation, for each role.

use super::door::{Door, form, function, get, post, upload};
use crate::support::{base64, wav};
use serde_json::{Value, json};

/// What must happen.
pub(super) struct Row {
    pub(super) operation: &'static str,
    /// Artist, producer, manager, label, admin: `y` may use it, `o` may use it for what is of `art_1` and not for
    /// what is others', `n` may not.
    pub(super) who: &'static str,
    pub(super) door: Door,
    /// The same for what is others'.
    pub(super) others: Option<Door>,
}

/// Somebody's own artist and release, and those of others.
const ARTISTS: [&str; 2] = ["art_1", "art_2"];
const RELEASES: [&str; 2] = ["rel_1", "rel_2"];

fn row(operation: &'static str, who: &'static str, door: Door) -> Row {
    Row { operation, who, door, others: None }
}

/// An operation that is asked for about one's own, and about the same of others.
fn about(
    operation: &'static str,
    who: &'static str,
    [own, of_others]: [&str; 2],
    door: impl Fn(&str) -> Door,
) -> Row {
    row(operation, who, door(own)).and_of_others(door(of_others))
}

/// A tool. Those that change something get arguments that are wrong, which is told to those only who may use it.
fn tool(name: &'static str, who: &'static str, arguments: Value) -> Row {
    row(name, who, Door::Tool(name, arguments))
}

/// A tool that is asked about one's own, and about the same of others.
fn tool_about(
    name: &'static str,
    who: &'static str,
    whose: [&str; 2],
    arguments: impl Fn(&str) -> Value,
) -> Row {
    about(name, who, whose, |one| Door::Tool(name, arguments(one)))
}

impl Row {
    fn and_of_others(self, door: Door) -> Self {
        Self { others: Some(door), ..self }
    }
}

fn knowledge() -> Vec<Row> {
    let question = json!({ "query": { "search": "loudness", "shown": 3 } });
    let source = json!({ "asked": { "fileName": "nothing.md", "search": "" } });
    vec![
        tool("music_knowledge_search", "yyyyy", json!({ "query": "loudness" })),
        tool("generate_music_insights", "yyyyy", json!({ "prompt": "What is loudness?" })),
        tool("list_knowledge_bases", "yyyyy", json!({})),
        tool("add_knowledge_document", "nnnyy", json!({})),
        tool("list_knowledge_documents", "nnyyy", json!({})),
        tool("remove_knowledge_document", "nnnyy", json!({})),
        row("upload_knowledge_document", "nnnyy", upload("/upload/document?fileName=song.wav")),
        row("list_knowledge_entries", "yyyyy", Door::NoPage),
        row("ask_model_for_task", "yyyyy", Door::NoPage),
        row("browse_knowledge", "yyyyy", function("knowledge-search", question)),
        row("open_knowledge_source", "yyyyy", function("knowledge-source", source)),
        row("browse_knowledge_documents", "nnyyy", function("knowledge-documents", json!({}))),
    ]
}

/// The pages of `patchline-audio/artists/art_1/live.wav`, and of the same of `art_2`.
const LIVE: [&str; 2] = [
    "/audio/cGF0Y2hsaW5lLWF1ZGlvL2FydGlzdHMvYXJ0XzEvbGl2ZS53YXY",
    "/audio/cGF0Y2hsaW5lLWF1ZGlvL2FydGlzdHMvYXJ0XzIvbGl2ZS53YXY",
];

/// The form that states a tempo.
const STATED: &str = "change=state&tempo=128&key=&content=none&revision=0";

fn of_artist(artist: &str, file: &str) -> String {
    format!("artists/{artist}/{file}")
}

fn release(id: &str) -> Value {
    json!({ "releaseId": id })
}

fn recording(key: &str) -> Door {
    let id = patchline::engine::tools::views::recording_id("patchline-audio", key);
    function("recording", json!({ "asked": { "id": id } }))
}

fn begun(name: &str) -> Door {
    let head = base64(&wav()[..200]);
    Door::Json(
        "/upload/parts",
        json!({ "fileName": name, "sizeBytes": 1_000, "modified": "1", "head": head }),
    )
}

fn files() -> Vec<Row> {
    let named = |name: &str| json!({ "fileName": name });
    let small = |name: &str| json!({ "fileName": name, "fileContent": base64(&wav()) });
    let announced = |name: &str| json!({ "fileName": name, "sizeBytes": 100 });
    let below = |prefix: &str| json!({ "prefix": prefix });
    let master = |release: &str| named(&format!("masters/{release}.wav"));
    let agreement = |artist: &str| named(&format!("{artist}/agreement.md"));
    let part = |artist: &str| upload(format!("/upload/parts/none/1?fileName=artists/{artist}/d.wav"));
    let finish = |artist: &str| post(format!("/upload/parts/none/finish?fileName=artists/{artist}/d.wav"));
    let spectrogram =
        |release: &str| get(format!("/media/spectrogram/patchline-audio/masters/{release}.wav"));
    vec![
        tool_about("upload_audio_file", "oynyy", ARTISTS, |artist| small(&of_artist(artist, "a.wav"))),
        row("upload_audio_stream", "oynyy", upload("/upload/audio?fileName=artists/art_1/b.wav"))
            .and_of_others(upload("/upload/audio?fileName=masters/rel_1.wav&overwrite=true")),
        tool_about("create_upload_url", "oynyy", ARTISTS, |artist| announced(&of_artist(artist, "c.wav"))),
        tool_about("get_audio_file", "oyoyy", RELEASES, master),
        tool_about("process_audio", "oyoyy", RELEASES, master),
        tool_about("get_waveform", "oyoyy", RELEASES, master),
        tool_about("list_audio_files", "oyoyy", ARTISTS, |artist| below(&of_artist(artist, ""))),
        about("begin_upload", "oynyy", ARTISTS, |artist| begun(&of_artist(artist, "d.wav"))),
        about("upload_part", "oynyy", ARTISTS, part),
        about("finish_upload", "oynyy", ARTISTS, finish),
        row("cancel_upload", "oynyy", Door::NoPage),
        row("browse_recordings", "oyoyy", function("recordings", json!({ "query": {} }))),
        about("view_recording", "oyoyy", ARTISTS, |artist| recording(&of_artist(artist, "live.wav"))),
        about("process_recording", "oynyy", LIVE, |address| post(address.to_owned())),
        row("state_tempo_and_key", "oynyy", form(LIVE[0], STATED)).and_of_others(form(LIVE[1], STATED)),
        tool_about("upload_artwork", "oynyy", ARTISTS, |artist| small(&of_artist(artist, "a.png"))),
        tool("get_artwork", "yyyyy", named("covers/rel_2.png")),
        about("open_spectrogram", "oyoyy", RELEASES, spectrogram),
        tool_about("check_artwork", "oyoyy", ARTISTS, |artist| named(&of_artist(artist, "a.png"))),
        tool("store_contract", "nnnyy", json!({})),
        tool_about("get_contract", "nnoyy", ARTISTS, agreement),
        tool_about("summarize_contract", "nnoyy", ARTISTS, agreement),
        tool("find_asset_access", "nnnyy", master("rel_1")),
        tool_about("list_contracts", "nnoyy", ARTISTS, |artist| below(&format!("{artist}/"))),
        row("list_files", "oyoyy", Door::NoPage),
        row("read_file", "oyoyy", Door::NoPage),
        about("open_file", "oyoyy", RELEASES, |release| {
            get(format!("/media/patchline-audio/masters/{release}.wav"))
        }),
    ]
}

fn catalogue() -> Vec<Row> {
    let artist = |id: &str| json!({ "artistId": id });
    let change =
        |id: &str| json!({ "releaseId": id, "expectedVersion": 9, "updateData": { "title": "Day" } });
    let change_artist = |id: &str| json!({ "artistId": id, "expectedVersion": 9, "updateData": { "disambiguation": "of the day" } });
    let change_track = |id: &str| {
        json!({
            "releaseId": id, "trackId": "trk_1", "expectedVersion": 9, "updateData": { "title": "Day" }
        })
    };
    // The releases name masters of the label's already.
    let new_cover = |id: &str| {
        json!({
            "releaseId": id, "subject": "cover", "expectedVersion": 9, "fileName": "a.png", "everywhere": ""
        })
    };
    let figures = |id: &str| json!({ "filterExpression": format!("artistId = \"{id}\"") });
    vec![
        tool_about("query_artist_data", "oyoyy", ARTISTS, artist),
        tool_about("query_release_data", "oyoyy", RELEASES, release),
        tool_about("update_release_data", "nnoyy", RELEASES, change),
        tool_about("update_artist_data", "nnoyy", ARTISTS, change_artist),
        tool_about("update_track_data", "nnoyy", RELEASES, change_track),
        row(
            "view_file_uses",
            "oyoyy",
            function(
                "file-uses",
                json!({ "asked": { "purpose": "master", "fileNames": ["masters/rel_1.wav"] } }),
            ),
        ),
        about("plan_release_file", "oyoyy", RELEASES, |id| {
            function("plan-release-file", json!({ "new": new_cover(id) }))
        }),
        about("name_release_file", "oyoyy", RELEASES, |id| {
            let mut named = new_cover(id);
            named["fileName"] = json!(format!("artists/art_1/{id}/cover.png"));
            function("name-release-file", json!({ "named": named }))
        }),
        tool_about("scan_analytics_data", "onoyy", ARTISTS, figures),
        tool("record_analytics", "nnnyy", json!({})),
        tool_about("analyze_artist_performance", "onoyy", ARTISTS, artist),
        tool("compare_artists", "onoyy", json!({ "artistIds": ["art_1"] }))
            .and_of_others(Door::Tool("compare_artists", json!({ "artistIds": ["art_1", "art_2"] }))),
        tool("identify_genre_trends", "onoyy", json!({})),
        tool("find_breakouts", "onoyy", json!({})),
        tool_about("explain_change", "onoyy", ARTISTS, artist),
        tool_about("assess_stream_authenticity", "onoyy", ARTISTS, artist),
        tool("generate_weekly_report", "onoyy", json!({})),
        row("label_overview", "onoyy", get("/fn/overview")),
        row("browse_artists", "oyoyy", function("artists", json!({ "query": {} }))),
        about("view_artist", "oyoyy", ARTISTS, |id| get(format!("/fn/artist?artist_id={id}"))),
        row("browse_releases", "oyoyy", function("releases", json!({ "query": {} }))),
        about("view_release", "oyoyy", RELEASES, |id| get(format!("/fn/release?release_id={id}"))),
        row("find_names", "oyoyy", Door::NoPage),
        row("save_artist_view", "yyyyy", form("/fn/keep-artist-view", "name=&query=")),
        row("remove_artist_view", "yyyyy", form("/fn/remove-artist-view", "name=mine")),
        about("view_artist_analysis", "onoyy", ARTISTS, |id| {
            get(format!("/fn/artist-analysis?artist_id={id}"))
        }),
        about("view_comparison", "onoyy", ARTISTS, |id| {
            function("similar-artists", json!({ "artist_id": id }))
        }),
    ]
}

fn imports() -> Vec<Row> {
    vec![
        row("list_imports", "nnoyy", get("/fn/imports")),
        row("view_import", "nnoyy", get("/fn/import?id=none")),
        row("read_import_problems", "nnoyy", get("/export/imports/none")),
        // A form with a file: tests/tools/imports.rs sends it.
        row("begin_import", "nnoyy", Door::NoPage),
        row("fetch_figures", "nnnyy", post("/imports/fetch")),
        row("preview_import", "nnoyy", form("/imports/none", "step=check&version=1")),
        row("map_import", "nnoyy", form("/imports/none", "step=map&version=1")),
        row("run_import", "nnoyy", form("/imports/none", "step=run&version=1")),
        row("undo_import", "nnoyy", form("/imports/none", "step=undo&version=1")),
    ]
}

fn craft() -> Vec<Row> {
    let copies = json!({ "units": 1, "year": 2026, "tracks": [{ "seconds": 180 }] });
    vec![
        tool_about("generate_release_insights", "onoyy", RELEASES, release),
        tool_about("check_release", "oyoyy", RELEASES, release),
        row("browse_contracts", "nnoyy", function("contracts", json!({ "query": {} }))),
        about("view_contract", "nnoyy", ARTISTS, |artist| {
            get(format!("/fn/contract?file_name={artist}/agreement.md"))
        }),
        // The id of art_1/a.md, with a day that is none.
        row("set_contract_terms", "nnnyy", form("/contracts/6172745f312f612e6d64", "endsOn=soon")),
        row("waive_finding", "nnnyy", form("/releases/rel_1", "change=waive&subject=release&code=none")),
        row(
            "take_back_waiver",
            "nnnyy",
            form("/releases/rel_1", "change=takeBack&subject=release&code=none"),
        ),
        about("view_release_splits", "nnoyy", RELEASES, |id| {
            get(format!("/fn/release-splits?release_id={id}"))
        }),
        row("set_release_splits", "nnnyy", form("/releases/rel_1", "change=splits&recordings=half")),
        tool("recommend_release_date", "onoyy", release("rel_1"))
            .and_of_others(Door::Tool("recommend_release_date", json!({ "artistId": "art_2" }))),
        tool_about("plan_promotion", "onoyy", RELEASES, release),
        tool_about("plan_waterfall", "onoyy", RELEASES, release),
        about("view_release_insights", "onoyy", RELEASES, |id| {
            get(format!("/fn/release-insights?release_id={id}"))
        }),
        about("view_release_dates", "onoyy", RELEASES, |id| {
            get(format!("/fn/release-dates?release_id={id}"))
        }),
        row("view_release_calendar", "onoyy", function("release-calendar", json!({ "question": {} })))
            .and_of_others(function("release-calendar", json!({ "question": { "artist": "art_2" } }))),
        about("view_promotion_plan", "onoyy", RELEASES, |id| {
            get(format!("/fn/promotion-plan?release_id={id}&waterfall=false"))
        }),
        row("view_market", "onoyy", get("/fn/market?days=90")),
        row("view_weekly_report", "onoyy", function("weekly-report", json!({ "question": {} }))),
        row("view_royalties", "nnnyy", get("/fn/release-money?release_id=rel_1")),
        row("view_statement_inputs", "nnnyy", get("/export/statement-lines/art_1.csv")),
        row("view_unsettled_lines", "nnnyy", get("/export/unsettled-lines/art_1.csv")),
        // Without a source it is no rate.
        row("set_exchange_rate", "nnnyy", form("/artists/art_1/statement", "from=EUR&to=USD")),
        tool("calculate_royalties", "nnnyy", json!({ "mechanicals": copies })),
        tool("summarize_earnings", "nnnyy", json!({})),
    ]
}

fn watching() -> Vec<Row> {
    let search =
        json!({ "search": { "query": "fields @message", "range": "hour", "limit": 1, "waitMillis": 0 } });
    let counting = json!({ "look": {
        "histogramQueryId": "none", "startTime": "2026-11-01T00:00:00Z", "endTime": "2026-11-02T00:00:00Z",
        "binSeconds": 3600
    } });
    let query = json!({ "request": { "query": "fields @message", "limit": 1 } });
    let look = json!({ "look": { "queryId": "none", "limit": 1 } });
    let kept = json!({ "query": { "name": "mine", "query": "fields @message" } });
    let figures = json!({ "request": { "range": "hour", "compare": false } });
    vec![
        tool("query_performance_logs", "nnnny", json!({ "query": "fields @message" })),
        tool("analyze_user_activity", "nnnny", json!({ "userId": "usr_1" })),
        tool("get_performance_metrics", "nnnyy", json!({})),
        tool("check_system_health", "nnnyy", json!({})),
        tool("list_database_instances", "nnnyy", json!({})),
        tool("query_database", "nnnyy", json!({})),
        row("call_third_party_tool", "nnnyy", Door::Tool("tickets_find", json!({}))),
        row("view_long_call", "yyyyy", Door::NoPage),
        row("answer_long_call", "yyyyy", Door::NoPage),
        row("stop_long_call", "yyyyy", Door::NoPage),
        row("list_known_names", "oyoyy", Door::NoPage),
        row("start_task", "yyyyy", Door::NoPage),
        row("view_task", "yyyyy", Door::NoPage),
        row("list_tasks", "yyyyy", Door::NoPage),
        row("list_task_templates", "yyyyy", get("/fn/task-templates")),
        row("save_task_template", "yyyyy", form("/tasks/templates", "change=save&name=&task=")),
        row("rename_task_template", "yyyyy", form("/tasks/templates", "change=rename&name=a&newName=")),
        row("remove_task_template", "yyyyy", form("/tasks/templates", "change=remove&name=mine")),
        row("decide_task", "yyyyy", Door::NoPage),
        row("share_task", "yyyyy", Door::NoPage),
        row("stop_sharing_task", "yyyyy", Door::NoPage),
        row("view_task_sharing", "yyyyy", Door::NoPage),
        row("view_shared_task", "yyyyy", Door::NoPage),
        row("list_automations", "yyyyy", get("/fn/automations")),
        row("view_automation", "yyyyy", function("automation", json!({ "id": "none" }))),
        row("create_automation", "yyyyy", form("/tasks/automation", "change=create&when=never")),
        row("change_automation", "yyyyy", form("/tasks/automation/none", "change=change&when=never")),
        row("pause_automation", "yyyyy", form("/tasks/automation/none", "change=pause")),
        row("delete_automation", "yyyyy", form("/tasks/automation/none", "change=delete")),
        row("run_automation_now", "yyyyy", form("/tasks/automation/none", "change=run")),
        row("send_notice", "yyyyy", Door::NoPage),
        row("list_alarms", "nnnyy", Door::NoPage),
        row("list_all_automations", "nnnny", get("/fn/all-automations")),
        row(
            "pause_any_automation",
            "nnnny",
            form("/tasks/automation", "change=pauseAny&owner=usr_none&id=none"),
        ),
        row("view_fleet", "nnnyy", get("/fn/fleet")),
        row("view_performance", "nnnyy", function("performance", figures)),
        row("search_logs", "nnnny", function("search-logs", search)),
        row("start_log_query", "nnnny", function("start-log-query", query)),
        row("read_log_query", "nnnny", function("log-query", look)),
        row("read_log_histogram", "nnnny", function("log-histogram", counting)),
        row("stop_log_query", "nnnny", form("/fn/stop-log-query", "query_id=none")),
        row("list_log_groups", "nnnny", get("/fn/log-groups")),
        row("list_saved_queries", "nnnny", get("/fn/saved-log-queries")),
        row("save_query", "nnnny", function("save-log-query", kept)),
        row("remove_saved_query", "nnnny", form("/fn/remove-log-query", "name=mine")),
    ]
}

fn administration() -> Vec<Row> {
    let question = json!({ "question": { "role": "artist", "operation": "browse_artists" } });
    let artists = json!({ "form": { "user": "usr_none", "chosen": null, "find": "" } });
    let record = json!({ "record": "log#none#2026112600/01" });
    vec![
        row("drain_server", "nnnny", form("/health", "server=nowhere&change=drain")),
        row("enable_server", "nnnny", form("/health", "server=nowhere&change=enable")),
        row("approve_tool", "nnnny", form("/health", "server=nowhere&change=approve&tool=a&sha256=b")),
        row("view_policy", "nnnny", get("/fn/policy")),
        row("try_policy", "nnnny", function("try-policy", question)),
        row("review_policy", "nnnny", get("/fn/policy-report")),
        row("change_policy", "nnnny", form("/admin/policy", "step=save&what=remove&id=none&expected=0")),
        row(
            "change_security_mode",
            "nnnny",
            form("/admin/policy", "step=save&what=mode&mode=none&expected=0"),
        ),
        row("view_settings", "nnnny", get("/fn/settings")),
        row("change_limits", "nnnny", form("/admin/settings", "version=9&MCP_RATE_LIMIT=0")),
        row("view_audit", "nnnny", function("audit", json!({ "question": {} }))),
        // A stream of events has no end that could be waited for: tests/web/audit.rs asks for it.
        row("follow_audit", "nnnny", Door::NoPage),
        row("verify_record", "nnnny", function("verify-record", record)),
        row("export_audit", "nnnny", get("/export/audit?format=jsonl")),
        row("erase_audit_payloads", "nnnny", Door::NoPage),
        row("list_keys", "nnnny", get("/fn/all-keys")),
        row("revoke_key", "nnnny", form("/admin/keys", "change=revoke&id=none")),
        row("list_users", "nnnny", get("/fn/users")),
        row("add_user", "nnnny", form("/admin/users", "change=invite")),
        row("set_user_role", "nnnny", form("/admin/users", "change=role&user=usr_none&role=label")),
        row("find_user_artists", "nnnny", function("user-artists", artists)),
        row("set_user_artists", "nnnny", form("/admin/users", "change=artists&user=usr_none")),
        row("disable_user", "nnnny", form("/admin/users", "change=disable&user=usr_none")),
        row("enable_user", "nnnny", form("/admin/users", "change=enable&user=usr_none")),
        row("list_user_sessions", "nnnny", get("/fn/user-sessions?user=usr_none")),
        row(
            "end_user_session",
            "nnnny",
            form("/admin/users", "change=endSession&user=usr_none&session=none"),
        ),
        row("end_user_sessions", "nnnny", form("/admin/users", "change=endSessions&user=usr_none")),
        row("make_password_link", "nnnny", form("/admin/users", "change=link&user=usr_none")),
    ]
}

fn own_account() -> Vec<Row> {
    vec![
        row("view_account", "yyyyy", get("/fn/account")),
        row("view_own_activity", "yyyyy", get("/fn/own-activity")),
        row("list_own_programs", "yyyyy", get("/fn/own-programs")),
        row("view_own_limits", "yyyyy", get("/fn/own-limits")),
        row("end_own_session", "yyyyy", form("/account", "change=endSession&session=none")),
        row("change_own_password", "yyyyy", form("/account", "change=password&old=wrong&new=short")),
        // It would end the sessions that the other rows ask with.
        row("sign_out_everywhere", "yyyyy", Door::NoPage),
        // Only coming back from the provider asks for it: tests/identity/openid.rs does.
        row("change_account_at_sign_in", "yyyyy", Door::NoPage),
        row("list_own_keys", "yyyyy", get("/fn/own-keys")),
        row("create_key", "yyyyy", form("/keys", "change=create&days=none")),
        row("revoke_own_key", "yyyyy", form("/keys", "change=revoke&id=none")),
    ]
}

/// All of it.
pub(super) fn rows() -> Vec<Row> {
    [knowledge(), files(), catalogue(), imports(), craft(), watching(), administration(), own_account()]
        .into_iter()
        .flatten()
        .collect()
}
