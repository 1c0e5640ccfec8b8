//! Every operation, asked for by each role and by nobody through the door that people use: what must happen.

use super::ROLES;
use super::people::People;
use crate::support::{Answer, base64, wav};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use patchline::engine::gateway::Role;
use patchline::engine::gateway::policy::PERMISSIONS;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How an operation is asked for.
enum Door {
    /// As a tool, at the page of tools.
    Tool(&'static str, Value),
    /// As a server function that takes JSON.
    Function(&'static str, Value),
    /// As a server function that takes a form.
    Form(&'static str, &'static str),
    Get(&'static str),
    Upload(&'static str),
    /// A form without fields.
    Post(&'static str),
    /// JSON at an address.
    Json(&'static str, Value),
    /// By programs with a key only, or not over HTTP at all: then it is asked whether it is offered.
    NoPage,
}

/// What must happen.
struct Row {
    operation: &'static str,
    /// Artist, producer, manager, label, admin: `y` may use it, `o` may use it for `art_1` and not for what is
    /// others', `n` may not.
    who: &'static str,
    door: Door,
    /// The same for what is others'.
    others: Option<Door>,
}

impl Door {
    fn request(&self) -> Option<Request<Body>> {
        const FORM: &str = "application/x-www-form-urlencoded";
        let encoded = |text: &str| {
            percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string()
        };
        let post = |path: String, content_type: &str, body: String| {
            Request::post(path).header(header::CONTENT_TYPE, content_type).body(Body::from(body))
        };
        let request = match self {
            Door::Tool(name, arguments) => {
                let body = format!("tool={name}&arguments={}", encoded(&arguments.to_string()));
                post("/fn/run-tool".to_owned(), FORM, body)
            }
            Door::Function(name, body) => post(format!("/fn/{name}"), "application/json", body.to_string()),
            Door::Form(path, body) => post((*path).to_owned(), FORM, (*body).to_owned()),
            Door::Get(path) => Request::get(*path).body(Body::empty()),
            Door::Post(path) => Request::post(*path).header(header::CONTENT_TYPE, FORM).body(Body::empty()),
            Door::Json(path, body) => post((*path).to_owned(), "application/json", body.to_string()),
            Door::Upload(path) => Request::put(*path).body(Body::from(wav())),
            Door::NoPage => return None,
        };
        let mut request = request.expect("a request");
        let json = header::HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::ACCEPT, json);
        Some(request)
    }
}

fn row(operation: &'static str, who: &'static str, door: Door) -> Row {
    Row { operation, who, door, others: None }
}

/// A tool. Those that change something get arguments that are wrong, which is told to those only who may use it.
fn tool(name: &'static str, who: &'static str, arguments: Value) -> Row {
    row(name, who, Door::Tool(name, arguments))
}

impl Row {
    fn and_of_others(self, door: Door) -> Self {
        Self { others: Some(door), ..self }
    }

    fn and_with(self, arguments: Value) -> Self {
        let door = Door::Tool(self.operation, arguments);
        self.and_of_others(door)
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
        row("upload_knowledge_document", "nnnyy", Door::Upload("/upload/document?fileName=song.wav")),
        row("list_knowledge_entries", "yyyyy", Door::NoPage),
        row("ask_model_for_task", "yyyyy", Door::NoPage),
        row("browse_knowledge", "yyyyy", Door::Function("knowledge-search", question)),
        row("open_knowledge_source", "yyyyy", Door::Function("knowledge-source", source)),
        row("browse_knowledge_documents", "nnyyy", Door::Function("knowledge-documents", json!({}))),
    ]
}

/// The names in addresses of `patchline-audio/artists/art_1/live.wav`, and of the same of `art_2`.
const LIVE_OF_ART_1: &str = "/audio/cGF0Y2hsaW5lLWF1ZGlvL2FydGlzdHMvYXJ0XzEvbGl2ZS53YXY";
const LIVE_OF_ART_2: &str = "/audio/cGF0Y2hsaW5lLWF1ZGlvL2FydGlzdHMvYXJ0XzIvbGl2ZS53YXY";

fn recording(key: &str) -> Door {
    let id = patchline::engine::tools::views::recording_id("patchline-audio", key);
    Door::Function("recording", json!({ "asked": { "id": id } }))
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
    vec![
        tool("upload_audio_file", "oynyy", small("artists/art_1/a.wav"))
            .and_with(small("artists/art_2/a.wav")),
        row("upload_audio_stream", "oynyy", Door::Upload("/upload/audio?fileName=artists/art_1/b.wav"))
            .and_of_others(Door::Upload("/upload/audio?fileName=masters/rel_1.wav&overwrite=true")),
        tool("create_upload_url", "oynyy", announced("artists/art_1/c.wav"))
            .and_with(announced("artists/art_2/c.wav")),
        tool("get_audio_file", "oyoyy", named("masters/rel_1.wav")).and_with(named("masters/rel_2.wav")),
        tool("process_audio", "oyoyy", named("masters/rel_1.wav")).and_with(named("masters/rel_2.wav")),
        tool("get_waveform", "oyoyy", named("masters/rel_1.wav")).and_with(named("masters/rel_2.wav")),
        tool("list_audio_files", "oyoyy", below("artists/art_1/")).and_with(below("artists/art_2/")),
        row("begin_upload", "oynyy", begun("artists/art_1/d.wav"))
            .and_of_others(begun("artists/art_2/d.wav")),
        row("upload_part", "oynyy", Door::Upload("/upload/parts/none/1?fileName=artists/art_1/d.wav"))
            .and_of_others(Door::Upload("/upload/parts/none/1?fileName=artists/art_2/d.wav")),
        row("finish_upload", "oynyy", Door::Post("/upload/parts/none/finish?fileName=artists/art_1/d.wav"))
            .and_of_others(Door::Post("/upload/parts/none/finish?fileName=artists/art_2/d.wav")),
        row("cancel_upload", "oynyy", Door::NoPage),
        row("browse_recordings", "oyoyy", Door::Function("recordings", json!({ "query": {} }))),
        row("view_recording", "oyoyy", recording("artists/art_1/live.wav"))
            .and_of_others(recording("artists/art_2/live.wav")),
        row("process_recording", "oynyy", Door::Post(LIVE_OF_ART_1)).and_of_others(Door::Post(LIVE_OF_ART_2)),
        tool("upload_artwork", "oynyy", small("artists/art_1/a.png")).and_with(small("artists/art_2/a.png")),
        tool("get_artwork", "yyyyy", named("covers/rel_2.png")),
        row("open_spectrogram", "oyoyy", Door::Get("/media/spectrogram/patchline-audio/masters/rel_1.wav"))
            .and_of_others(Door::Get("/media/spectrogram/patchline-audio/masters/rel_2.wav")),
        tool("check_artwork", "oyoyy", named("artists/art_1/a.png")).and_with(named("artists/art_2/a.png")),
        tool("store_contract", "nnnyy", json!({})),
        tool("get_contract", "nnoyy", named("art_1/agreement.md")).and_with(named("art_2/agreement.md")),
        tool("summarize_contract", "nnoyy", named("art_1/agreement.md"))
            .and_with(named("art_2/agreement.md")),
        tool("find_asset_access", "nnnyy", named("masters/rel_1.wav")),
        tool("list_contracts", "nnoyy", below("art_1/")).and_with(below("art_2/")),
        row("list_files", "oyoyy", Door::NoPage),
        row("read_file", "oyoyy", Door::NoPage),
        row("open_file", "oyoyy", Door::Get("/media/patchline-audio/masters/rel_1.wav"))
            .and_of_others(Door::Get("/media/patchline-audio/masters/rel_2.wav")),
    ]
}

fn catalogue() -> Vec<Row> {
    let change =
        |id: &str| json!({ "releaseId": id, "expectedVersion": 9, "updateData": { "title": "Day" } });
    let change_artist = |id: &str| json!({ "artistId": id, "expectedVersion": 9, "updateData": { "disambiguation": "of the day" } });
    let change_track = |id: &str| {
        json!({
            "releaseId": id, "trackId": "trk_1", "expectedVersion": 9, "updateData": { "title": "Day" }
        })
    };
    let of = |artist: &str| json!({ "filterExpression": format!("artistId = \"{artist}\"") });
    vec![
        tool("query_artist_data", "oyoyy", json!({ "artistId": "art_1" }))
            .and_with(json!({ "artistId": "art_2" })),
        tool("query_release_data", "oyoyy", json!({ "releaseId": "rel_1" }))
            .and_with(json!({ "releaseId": "rel_2" })),
        tool("update_release_data", "nnoyy", change("rel_1")).and_with(change("rel_2")),
        tool("update_artist_data", "nnoyy", change_artist("art_1")).and_with(change_artist("art_2")),
        tool("update_track_data", "nnoyy", change_track("rel_1")).and_with(change_track("rel_2")),
        tool("scan_analytics_data", "onoyy", of("art_1")).and_with(of("art_2")),
        tool("record_analytics", "nnnyy", json!({})),
        tool("analyze_artist_performance", "onoyy", json!({ "artistId": "art_1" }))
            .and_with(json!({ "artistId": "art_2" })),
        tool("compare_artists", "onoyy", json!({ "artistIds": ["art_1"] }))
            .and_with(json!({ "artistIds": ["art_1", "art_2"] })),
        tool("identify_genre_trends", "onoyy", json!({})),
        tool("find_breakouts", "onoyy", json!({})),
        tool("explain_change", "onoyy", json!({ "artistId": "art_1" }))
            .and_with(json!({ "artistId": "art_2" })),
        tool("assess_stream_authenticity", "onoyy", json!({ "artistId": "art_1" }))
            .and_with(json!({ "artistId": "art_2" })),
        tool("generate_weekly_report", "onoyy", json!({})),
        row("label_overview", "onoyy", Door::Get("/fn/overview")),
        row("browse_artists", "oyoyy", Door::Function("artists", json!({ "query": {} }))),
        row("view_artist", "oyoyy", Door::Get("/fn/artist?artist_id=art_1"))
            .and_of_others(Door::Get("/fn/artist?artist_id=art_2")),
        row("browse_releases", "oyoyy", Door::Function("releases", json!({ "query": {} }))),
        row("view_release", "oyoyy", Door::Get("/fn/release?release_id=rel_1"))
            .and_of_others(Door::Get("/fn/release?release_id=rel_2")),
        row("find_names", "oyoyy", Door::NoPage),
        row("list_artist_views", "yyyyy", Door::Get("/fn/artist-views")),
        row("save_artist_view", "yyyyy", Door::Form("/fn/keep-artist-view", "name=&query=")),
        row("remove_artist_view", "yyyyy", Door::Form("/fn/remove-artist-view", "name=mine")),
        row("view_artist_analysis", "onoyy", Door::Get("/fn/artist-analysis?artist_id=art_1"))
            .and_of_others(Door::Get("/fn/artist-analysis?artist_id=art_2")),
        row("view_comparison", "onoyy", Door::Function("similar-artists", json!({ "artist_id": "art_1" })))
            .and_of_others(Door::Function("similar-artists", json!({ "artist_id": "art_2" }))),
    ]
}

fn imports() -> Vec<Row> {
    vec![
        row("list_imports", "nnoyy", Door::Get("/fn/imports")),
        row("view_import", "nnoyy", Door::Get("/fn/import?id=none")),
        row("read_import_problems", "nnoyy", Door::Get("/export/imports/none")),
        // A form with a file: tests/tools/imports.rs sends it.
        row("begin_import", "nnoyy", Door::NoPage),
        row("fetch_figures", "nnnyy", Door::Post("/imports/fetch")),
        row("preview_import", "nnoyy", Door::Form("/imports/none", "step=check&version=1")),
        row("map_import", "nnoyy", Door::Form("/imports/none", "step=map&version=1")),
        row("run_import", "nnoyy", Door::Form("/imports/none", "step=run&version=1")),
        row("undo_import", "nnoyy", Door::Form("/imports/none", "step=undo&version=1")),
    ]
}

fn craft() -> Vec<Row> {
    let named = |id: &str| json!({ "releaseId": id });
    let copies = json!({ "units": 1, "year": 2026, "tracks": [{ "seconds": 180 }] });
    vec![
        tool("generate_release_insights", "onoyy", named("rel_1")).and_with(named("rel_2")),
        tool("check_release", "oyoyy", named("rel_1")).and_with(named("rel_2")),
        row("browse_contracts", "nnoyy", Door::Function("contracts", json!({ "query": {} }))),
        row("view_contract", "nnoyy", Door::Get("/fn/contract?file_name=art_1/agreement.md"))
            .and_of_others(Door::Get("/fn/contract?file_name=art_2/agreement.md")),
        // The id of art_1/a.md, with a day that is none.
        row("set_contract_terms", "nnnyy", Door::Form("/contracts/6172745f312f612e6d64", "endsOn=soon")),
        row(
            "waive_finding",
            "nnnyy",
            Door::Form("/releases/rel_1", "change=waive&subject=release&code=none"),
        ),
        row(
            "take_back_waiver",
            "nnnyy",
            Door::Form("/releases/rel_1", "change=takeBack&subject=release&code=none"),
        ),
        row("view_release_splits", "nnoyy", Door::Get("/fn/release-splits?release_id=rel_1"))
            .and_of_others(Door::Get("/fn/release-splits?release_id=rel_2")),
        row("set_release_splits", "nnnyy", Door::Form("/releases/rel_1", "change=splits&recordings=half")),
        tool("recommend_release_date", "onoyy", named("rel_1")).and_with(json!({ "artistId": "art_2" })),
        tool("plan_promotion", "onoyy", named("rel_1")).and_with(named("rel_2")),
        tool("plan_waterfall", "onoyy", named("rel_1")).and_with(named("rel_2")),
        row("view_release_insights", "onoyy", Door::Get("/fn/release-insights?release_id=rel_1"))
            .and_of_others(Door::Get("/fn/release-insights?release_id=rel_2")),
        row("view_release_dates", "onoyy", Door::Get("/fn/release-dates?release_id=rel_1"))
            .and_of_others(Door::Get("/fn/release-dates?release_id=rel_2")),
        row("view_release_calendar", "onoyy", Door::Function("release-calendar", json!({ "question": {} })))
            .and_of_others(Door::Function("release-calendar", json!({ "question": { "artist": "art_2" } }))),
        row("view_promotion_plan", "onoyy", Door::Get("/fn/promotion-plan?release_id=rel_1&waterfall=false"))
            .and_of_others(Door::Get("/fn/promotion-plan?release_id=rel_2&waterfall=false")),
        row("view_market", "onoyy", Door::Get("/fn/market?days=90")),
        row("view_weekly_report", "onoyy", Door::Function("weekly-report", json!({ "question": {} }))),
        row("view_royalties", "nnnyy", Door::Get("/fn/release-money?release_id=rel_1")),
        row("view_statement_inputs", "nnnyy", Door::Get("/export/statement-lines/art_1.csv")),
        // Without a source it is no rate.
        row("set_exchange_rate", "nnnyy", Door::Form("/artists/art_1/statement", "from=EUR&to=USD")),
        tool("calculate_royalties", "nnnyy", json!({ "mechanicals": copies })),
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
        row("list_task_templates", "yyyyy", Door::Get("/fn/task-templates")),
        row("save_task_template", "yyyyy", Door::Form("/tasks/templates", "change=save&name=&task=")),
        row("rename_task_template", "yyyyy", Door::Form("/tasks/templates", "change=rename&name=a&newName=")),
        row("remove_task_template", "yyyyy", Door::Form("/tasks/templates", "change=remove&name=mine")),
        row("decide_task", "yyyyy", Door::NoPage),
        row("share_task", "yyyyy", Door::NoPage),
        row("stop_sharing_task", "yyyyy", Door::NoPage),
        row("view_task_sharing", "yyyyy", Door::NoPage),
        row("view_shared_task", "yyyyy", Door::NoPage),
        row("list_automations", "yyyyy", Door::Get("/fn/automations")),
        row("view_automation", "yyyyy", Door::Function("automation", json!({ "id": "none" }))),
        row("create_automation", "yyyyy", Door::Form("/tasks/automation", "change=create&when=never")),
        row("change_automation", "yyyyy", Door::Form("/tasks/automation/none", "change=change&when=never")),
        row("pause_automation", "yyyyy", Door::Form("/tasks/automation/none", "change=pause")),
        row("delete_automation", "yyyyy", Door::Form("/tasks/automation/none", "change=delete")),
        row("run_automation_now", "yyyyy", Door::Form("/tasks/automation/none", "change=run")),
        row("send_notice", "yyyyy", Door::NoPage),
        row("list_alarms", "nnnyy", Door::NoPage),
        row("list_all_automations", "nnnny", Door::Get("/fn/all-automations")),
        row(
            "pause_any_automation",
            "nnnny",
            Door::Form("/tasks/automation", "change=pauseAny&owner=usr_none&id=none"),
        ),
        row("view_fleet", "nnnyy", Door::Get("/fn/fleet")),
        row("view_performance", "nnnyy", Door::Function("performance", figures)),
        row("search_logs", "nnnny", Door::Function("search-logs", search)),
        row("start_log_query", "nnnny", Door::Function("start-log-query", query)),
        row("read_log_query", "nnnny", Door::Function("log-query", look)),
        row("read_log_histogram", "nnnny", Door::Function("log-histogram", counting)),
        row("stop_log_query", "nnnny", Door::Form("/fn/stop-log-query", "query_id=none")),
        row("list_log_groups", "nnnny", Door::Get("/fn/log-groups")),
        row("list_saved_queries", "nnnny", Door::Get("/fn/saved-log-queries")),
        row("save_query", "nnnny", Door::Function("save-log-query", kept)),
        row("remove_saved_query", "nnnny", Door::Form("/fn/remove-log-query", "name=mine")),
    ]
}

fn administration() -> Vec<Row> {
    let question = json!({ "question": { "role": "artist", "operation": "browse_artists" } });
    let artists = json!({ "form": { "user": "usr_none", "chosen": null, "find": "" } });
    let record = json!({ "record": "log#none#2026112600/01" });
    vec![
        row("drain_server", "nnnny", Door::Form("/health", "server=nowhere&change=drain")),
        row("enable_server", "nnnny", Door::Form("/health", "server=nowhere&change=enable")),
        row("approve_tool", "nnnny", Door::Form("/health", "server=nowhere&change=approve&tool=a&sha256=b")),
        row("view_policy", "nnnny", Door::Get("/fn/policy")),
        row("try_policy", "nnnny", Door::Function("try-policy", question)),
        row("review_policy", "nnnny", Door::Get("/fn/policy-report")),
        row(
            "change_policy",
            "nnnny",
            Door::Form("/admin/policy", "step=save&what=remove&id=none&expected=0"),
        ),
        row(
            "change_security_mode",
            "nnnny",
            Door::Form("/admin/policy", "step=save&what=mode&mode=none&expected=0"),
        ),
        row("view_settings", "nnnny", Door::Get("/fn/settings")),
        row("change_limits", "nnnny", Door::Form("/admin/settings", "version=9&MCP_RATE_LIMIT=0")),
        row("view_audit", "nnnny", Door::Function("audit", json!({ "question": {} }))),
        // A stream of events has no end that could be waited for: tests/web/audit.rs asks for it.
        row("follow_audit", "nnnny", Door::NoPage),
        row("verify_record", "nnnny", Door::Function("verify-record", record)),
        row("export_audit", "nnnny", Door::Get("/export/audit?format=jsonl")),
        row("erase_audit_payloads", "nnnny", Door::NoPage),
        row("list_keys", "nnnny", Door::Get("/fn/all-keys")),
        row("revoke_key", "nnnny", Door::Form("/admin/keys", "change=revoke&id=none")),
        row("list_users", "nnnny", Door::Get("/fn/users")),
        row("add_user", "nnnny", Door::Form("/admin/users", "change=invite")),
        row("set_user_role", "nnnny", Door::Form("/admin/users", "change=role&user=usr_none&role=label")),
        row("find_user_artists", "nnnny", Door::Function("user-artists", artists)),
        row("set_user_artists", "nnnny", Door::Form("/admin/users", "change=artists&user=usr_none")),
        row("disable_user", "nnnny", Door::Form("/admin/users", "change=disable&user=usr_none")),
        row("enable_user", "nnnny", Door::Form("/admin/users", "change=enable&user=usr_none")),
        row("list_user_sessions", "nnnny", Door::Get("/fn/user-sessions?user=usr_none")),
        row(
            "end_user_session",
            "nnnny",
            Door::Form("/admin/users", "change=endSession&user=usr_none&session=none"),
        ),
        row("end_user_sessions", "nnnny", Door::Form("/admin/users", "change=endSessions&user=usr_none")),
        row("make_password_link", "nnnny", Door::Form("/admin/users", "change=link&user=usr_none")),
    ]
}

fn own_account() -> Vec<Row> {
    vec![
        row("view_account", "yyyyy", Door::Get("/fn/account")),
        row("view_own_activity", "yyyyy", Door::Get("/fn/own-activity")),
        row("view_own_limits", "yyyyy", Door::Get("/fn/own-limits")),
        row("end_own_session", "yyyyy", Door::Form("/account", "change=endSession&session=none")),
        row("change_own_password", "yyyyy", Door::Form("/account", "change=password&old=wrong&new=short")),
        // It would end the sessions that the other rows ask with.
        row("sign_out_everywhere", "yyyyy", Door::NoPage),
        // Only coming back from the provider asks for it: tests/identity/openid.rs does.
        row("change_account_at_sign_in", "yyyyy", Door::NoPage),
        row("list_own_keys", "yyyyy", Door::Get("/fn/own-keys")),
        row("create_key", "yyyyy", Door::Form("/keys", "change=create&days=none")),
        row("revoke_own_key", "yyyyy", Door::Form("/keys", "change=revoke&id=none")),
    ]
}

fn rows() -> Vec<Row> {
    [knowledge(), files(), catalogue(), imports(), craft(), watching(), administration(), own_account()]
        .into_iter()
        .flatten()
        .collect()
}

/// Whether somebody was let through, whatever came of it then.
fn let_through(answer: &Answer, case: &str) -> bool {
    assert_ne!(answer.status, StatusCode::UNAUTHORIZED, "{case}: {}", answer.text());
    assert!(!answer.status.is_server_error() || answer.status == StatusCode::SERVICE_UNAVAILABLE, "{case}");
    answer.status != StatusCode::FORBIDDEN
}

#[test]
fn each_operation_has_a_row_that_says_what_must_happen() {
    let rows: Vec<_> = rows().iter().map(|row| row.operation).collect();
    let distinct: BTreeSet<_> = rows.iter().copied().collect();
    assert_eq!(rows.len(), distinct.len(), "a row is there twice");
    let operations: BTreeSet<_> = PERMISSIONS.iter().map(|permission| permission.operation).collect();
    let missing: Vec<_> = operations.difference(&distinct).collect();
    assert!(missing.is_empty(), "say in a row what must happen with {missing:?}");
    let unknown: Vec<_> = distinct.difference(&operations).collect();
    assert!(unknown.is_empty(), "there is no operation {unknown:?}");
}

#[tokio::test]
async fn each_role_gets_what_its_row_says_and_nobody_gets_anything() {
    let people = People::of(&[("ENABLE_BEDROCK", "true"), ("ENABLE_RDS", "true")]).await;
    people.patchline.knowledge_settled().await;
    for Row { operation, who, door, others } in rows() {
        let Some(of_nobody) = door.request() else {
            for (role, what) in ROLES.into_iter().zip(who.chars()) {
                let offered = people.patchline.engine.gateway.offers(people.principal(role), operation);
                assert_eq!(offered, what != 'n', "{} {operation}", role.id());
            }
            continue;
        };
        let refused = people.send(None, of_nobody).await;
        let led_away = refused.status == StatusCode::SEE_OTHER;
        assert!(
            led_away || refused.status == StatusCode::UNAUTHORIZED,
            "nobody {operation}: {}",
            refused.text()
        );
        for (role, what) in ROLES.into_iter().zip(who.chars()) {
            let ask = async |door: &Door, whose: &str| {
                let case = format!("{} {operation} {whose}", role.id());
                let request = door.request().expect("a request");
                (let_through(&people.send(Some(role), request).await, &case), case)
            };
            let (passed, case) = ask(&door, "of art_1").await;
            assert_eq!(passed, what != 'n', "{case}");
            if let Some(others) = &others {
                let (passed, case) = ask(others, "of others").await;
                assert_eq!(passed, what == 'y', "{case}");
            }
        }
    }
}

#[tokio::test]
async fn the_list_of_tools_has_what_the_row_says() {
    let people = People::of(&[("ENABLE_BEDROCK", "true"), ("ENABLE_RDS", "true")]).await;
    let all = rows();
    for (place, role) in ROLES.into_iter().enumerate() {
        let listed = people.get(role, "/fn/tools").await;
        assert_eq!(listed.status, StatusCode::OK, "{}", listed.text());
        let listed: Vec<_> = listed.json().as_array().cloned().unwrap_or_default();
        let listed: BTreeSet<_> = listed.iter().filter_map(|tool| tool["name"].as_str()).collect();
        let tools = all.iter().filter(|row| matches!(row.door, Door::Tool(name, _) if name == row.operation));
        let expected: BTreeSet<_> =
            tools.filter(|row| row.who.as_bytes()[place] != b'n').map(|row| row.operation).collect();
        assert_eq!(listed, expected, "{}", role.id());
    }
}

#[tokio::test]
async fn the_menu_of_each_role_has_the_pages_that_it_may_see() {
    let people = People::of(&[]).await;
    for (role, pages) in [
        (Role::Artist, &["/", "/artists", "/releases", "/audio", "/market", "/knowledge", "/tools"][..]),
        (Role::Producer, &["/artists", "/releases", "/audio", "/knowledge", "/tools"][..]),
        (
            Role::Manager,
            &[
                "/",
                "/artists",
                "/releases",
                "/audio",
                "/contracts",
                "/market",
                "/imports",
                "/knowledge",
                "/tools",
            ][..],
        ),
        (
            Role::Label,
            &[
                "/",
                "/artists",
                "/releases",
                "/audio",
                "/contracts",
                "/market",
                "/imports",
                "/knowledge",
                "/tools",
                "/health",
                "/performance",
            ][..],
        ),
    ] {
        let page = people.get(role, "/tools").await.text();
        let menu = page.split("class=\"entries\"").nth(1).and_then(|rest| rest.split("</ul>").next());
        let menu = menu.expect("a menu");
        let all = [
            "/",
            "/artists",
            "/releases",
            "/audio",
            "/contracts",
            "/market",
            "/imports",
            "/knowledge",
            "/tools",
            "/health",
            "/performance",
            "/logs",
            "/admin/users",
            "/admin/keys",
            "/admin/policy",
            "/admin/settings",
            "/admin/audit",
        ];
        let shown: Vec<_> =
            all.into_iter().filter(|address| menu.contains(&format!("href=\"{address}\""))).collect();
        assert_eq!(shown, pages, "{}", role.id());
        for hidden in all.into_iter().filter(|address| !pages.contains(address)) {
            let refused = people.get(role, hidden).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{} {hidden}", role.id());
            assert!(refused.text().contains("Ask an admin for the permission."), "{} {hidden}", role.id());
        }
    }
}

#[tokio::test]
async fn what_a_rule_denies_is_offered_on_no_page() {
    let all = [("ENABLE_BEDROCK", "true"), ("MCP_DENIED_TOOLS", "add_knowledge_document")];
    for (variables, offered) in [(&all[..1], true), (&all[..], false)] {
        let people = People::of(variables).await;
        let page = people.get(Role::Label, "/tools").await.text();
        let may =
            page.split("data-may=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("it is told");
        let may: Vec<_> = may.split(' ').collect();
        assert!(may.contains(&"browse_knowledge_documents"), "{may:?}");
        assert_eq!(may.contains(&"upload_knowledge_document"), offered, "{may:?}");
        assert_eq!(page.contains("add_knowledge_document"), offered);
        let documents = people.get(Role::Label, "/knowledge?view=documents").await;
        assert_eq!(documents.text().contains("type=\"file\""), offered, "{}", documents.text());
    }
}
